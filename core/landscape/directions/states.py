"""What of a network moves, by name in its state dict."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from torch import nn

from core.errors import InvalidRequest
from core.landscape.plane import Moving
from core.networks.states import Array, State, state_of


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
