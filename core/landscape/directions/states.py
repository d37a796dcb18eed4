"""What of a network moves, by name in its state dict, and whether other weights belong to the same architecture."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.errors import InvalidRequest, WeightsMismatch
from core.landscape.plane import Moving

Array = npt.NDArray[np.generic]
State = Mapping[str, Array]  # by name in the state dict
SHOWN = 3  # names in a message before "and so on"


def state_of(module: nn.Module) -> dict[str, Array]:
    """The state dict as arrays that share the module's memory: read them before anything moves."""
    return {name: value.detach().cpu().numpy() for name, value in module.state_dict().items()}


def copied_state(module: nn.Module) -> dict[str, Array]:
    """The state dict as arrays of their own."""
    return {name: array.copy() for name, array in state_of(module).items()}


def movable_names(module: nn.Module, moving: Moving) -> tuple[str, ...]:
    """Names of what moves: the parameters, and with ``states`` the running statistics of normalisation.

    Counters such as ``num_batches_tracked`` are integers and play no part in evaluation: they never move. A parameter
    that two layers share moves once, under its first name.
    """
    names = [name for name, _ in module.named_parameters()]
    if moving == "states":
        kept = module.state_dict().keys()
        names += [name for name, value in module.named_buffers() if name in kept and value.is_floating_point()]
    return tuple(names)


def refuse_other_architecture(module: nn.Module, state: State, whose: str) -> None:
    """Raise `WeightsMismatch` unless a state dict has the names and shapes of the module's own.

    Parameters
    ----------
    whose : str
        What the state belongs to, as the beginning of a sentence: ``"the network “B”"``.
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
            f"Weights can only be compared tensor by tensor, but {whose} has another architecture than the network in "
            f"the middle. Tensors {'; '.join(complaints)}. Choose networks of one architecture."
        )


def refuse_not_finite(direction: Mapping[str, Array], whose: str) -> None:
    """Raise `InvalidRequest` if a direction holds NaN or infinity: nothing could be seen along it."""
    for name, array in direction.items():
        if not np.isfinite(array).all():
            raise InvalidRequest(f'{whose} holds NaN or infinity, first in "{name}": no plane goes there.')


def difference(module: nn.Module, state: State, moving: Moving) -> dict[str, npt.NDArray[np.float32]]:
    """``state − module`` for what moves, formed in float64 and rounded once."""
    own = state_of(module)
    with np.errstate(over="ignore", invalid="ignore"):
        return {
            name: (state[name].astype(np.float64) - own[name].astype(np.float64)).astype(np.float32)
            for name in movable_names(module, moving)
        }


def put_state(module: nn.Module, state: State) -> None:
    """Write weights and statistics of a state dict into a module in place; counters stay as they are."""
    tensors: dict[str, Tensor] = dict(module.state_dict())
    with torch.no_grad():
        for name, tensor in tensors.items():
            if tensor.is_floating_point():
                tensor.copy_(torch.from_numpy(np.array(state[name])))


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "scalar"


def _first(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
