"""The state of a network as arrays, written back in place, and whether other states are of the same architecture."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.errors import WeightsMismatch

Array = npt.NDArray[np.generic]
State = Mapping[str, Array]  # by name in the state dict
SHOWN = 3  # names in a message before "and so on"


def state_of(module: nn.Module) -> dict[str, Array]:
    """The state dict as arrays that share the module's memory: read them before anything moves."""
    return {name: value.detach().cpu().numpy() for name, value in module.state_dict().items()}


def copied_state(module: nn.Module) -> dict[str, Array]:
    """The state dict as arrays of their own."""
    return {name: array.copy() for name, array in state_of(module).items()}


def put_state(module: nn.Module, state: State) -> None:
    """Write weights and statistics of a state dict into a module in place; counters stay as they are."""
    tensors: dict[str, Tensor] = dict(module.state_dict())
    with torch.no_grad():
        for name, tensor in tensors.items():
            if tensor.is_floating_point():
                tensor.copy_(torch.from_numpy(np.array(state[name])))


def refuse_other_architecture(
    module: nn.Module, state: State, whose: str, than: str = "the network in the middle"
) -> None:
    """Raise `WeightsMismatch` unless a state dict has the names and shapes of the module's own.

    Parameters
    ----------
    whose : str
        What the state belongs to, in a sentence: ``"the network “B”"``.
    than : str
        What the module is called there.
    """
    own = {name: value for name, value in module.state_dict().items() if value.is_floating_point()}
    missing = [name for name in own if name not in state]
    left_over = [name for name in state if name not in own and np.issubdtype(state[name].dtype, np.floating)]
    reshaped = [
        f"{name} ({_size(state[name].shape)} instead of {_size(value.shape)})"
        for name, value in own.items()
        if name in state and state[name].shape != tuple(value.shape)
    ]
    complaints = [
        f"{len(names)} {what}: {_first(names)}"
        for what, names in (("missing", missing), ("more", left_over), ("of another shape", reshaped))
        if names
    ]
    if complaints:
        raise WeightsMismatch(
            f"Weights can only be compared tensor by tensor, but {whose} has another architecture than {than}. "
            f"Tensors {'; '.join(complaints)}. Choose networks of one architecture."
        )


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "scalar"


def _first(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
