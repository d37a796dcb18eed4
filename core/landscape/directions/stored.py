"""Directions from a file or another result, held against the network before anything moves along them."""

from dataclasses import replace

import numpy as np

from core.companions import Companions
from core.errors import InvalidRequest, WeightsMismatch
from core.landscape.directions.states import movable_names, refuse_not_finite
from core.landscape.directions.vectors import cosine
from core.landscape.plane import Direction, Directions, FileDirections
from core.networks.network import Network

SHOWN = 3


def stored_directions(asked: FileDirections, network: Network, companions: Companions) -> Directions:
    """The directions that were read, as they are.

    Parameters
    ----------
    companions : Companions
        `directions` by name in the state dict. What a direction lacks stands still.

    Raises
    ------
    InvalidRequest
        If they are not at hand, are others than the request says, or hold NaN; or if nothing would move.
    WeightsMismatch
        If the network has no tensor of that name and shape.
    """
    found = companions.directions
    where = f' from "{asked.origin}"' if asked.origin else ""
    if found is None:
        raise InvalidRequest(f"The directions{where} are not at hand. Open their file again.")
    if asked.sha256 and found.fingerprint != asked.sha256:
        raise InvalidRequest(
            f"The directions{where} are not those that were meant: the fingerprint is {found.fingerprint[:12]}…, not "
            f"{asked.sha256[:12]}…. Open the file that the result was computed with."
        )
    x = _fitting(found.x, network, f"The first direction{where}")
    y = _fitting(found.y, network, f"The second direction{where}")
    if not any(part.any() for part in x.values()):
        raise InvalidRequest(f"The first direction{where} is zero, so nothing would move. Choose another file.")
    if y and not any(part.any() for part in y.values()):
        raise InvalidRequest(f"The second direction{where} is zero, which spans no plane. Choose another file.")
    return replace(found, x=x, y=y, cosine=cosine(x, y))


def _fitting(axis: Direction, network: Network, which: str) -> Direction:
    """The direction in float32, without the counters of normalisation, which the original tool moves as well."""
    state = network.module.state_dict()
    strange = [name for name in axis if name not in state]
    if strange:
        more = f" and {len(strange) - SHOWN} more" if len(strange) > SHOWN else ""
        raise WeightsMismatch(
            f'{which} moves {", ".join(strange[:SHOWN])}{more}, but "{network.name}" has no such weights. Choose the '
            "network that the directions were made for."
        )
    for name, part in axis.items():
        if part.shape != tuple(state[name].shape):
            raise WeightsMismatch(
                f'{which} has {_size(part.shape)} numbers for {name}, but "{network.name}" has '
                f"{_size(tuple(state[name].shape))}. Choose the network that the directions were made for."
            )
    refuse_not_finite(axis, which)
    names = set(movable_names(network.module, "states"))
    return {name: np.asarray(part, dtype=np.float32) for name, part in axis.items() if name in names}


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "1"
