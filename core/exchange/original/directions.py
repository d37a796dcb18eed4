"""Direction files of the original tool: lists of tensors without names, in the order of a network's parameters."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.exchange.original.file import original_file
from core.landscape.plane import Direction, Directions, Moving
from core.session.refusal import Refusal

Shapes = Mapping[str, tuple[int, ...]]
Arrays = tuple[npt.NDArray[Any], ...]

COUNTER = "num_batches_tracked"  # newer state dicts count batches; those of the paper's checkpoints do not
_SHOWN = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class OriginalDirections:
    """What a direction file holds: tensors by their place, not by their names."""

    x: Arrays = field(repr=False)
    y: Arrays = field(repr=False)  # empty for a line
    explained_variance: tuple[float, ...] = ()  # of principal axes

    @property
    def by_place(self) -> Directions:
        """Directions called "0", "1" and so on: what identifies the plane where no network is at hand."""
        x, y = (_numbered(axis) for axis in (self.x, self.y))
        return Directions(x=x, y=y, cosine=cosine_of(x, y), explained_variance=self.explained_variance)


def read_original_directions(path: Path) -> OriginalDirections:
    """Read a direction file.

    Raises
    ------
    UnreadableFile
        If it is no direction file, damaged, or built to do harm.
    """
    with original_file(path) as file:
        if not file.has("xdirection"):
            raise Refusal("It holds no directions: there is no xdirection.")
        x = file.listed("xdirection")
        y = file.listed("ydirection") if file.has("ydirection") else ()
        shares: tuple[float, ...] = ()
        if file.has("explained_variance_ratio_"):
            shares = tuple(float(share) for share in file.numbers("explained_variance_ratio_", 1)[:2])
        if not x:
            raise Refusal("Its first direction has no tensors.")
        if y and [array.shape for array in x] != [array.shape for array in y]:
            raise Refusal("Its two directions belong to different networks.")
    return OriginalDirections(x=x, y=y, explained_variance=shares)


def numbered_directions(directions: Directions) -> OriginalDirections:
    """The tensors of `OriginalDirections.by_place` in their order again; others in the order they are held in."""
    x, y = (_in_order(axis) for axis in (directions.x, directions.y))
    return OriginalDirections(x=x, y=y, explained_variance=directions.explained_variance)


def named_directions(original: OriginalDirections, parameters: Shapes, states: Shapes) -> tuple[Directions, Moving]:
    """Give the tensors the names that they have in a network, and tell which layout the file has.

    Parameters
    ----------
    parameters : mapping of name to shape
        In the order of ``module.parameters()``: the layout of ``--dir_type weights``.
    states : mapping of name to shape
        In the order of ``module.state_dict()``, running statistics included: the layout of ``--dir_type states``. Files
        made with networks whose normalisation layers count no batches, as the paper's, lack the counters.

    Raises
    ------
    InvalidRequest
        If the tensors are those of another network; the text says where they part.
    """
    uncounted = {name: shape for name, shape in states.items() if not name.endswith(COUNTER)}
    layouts: Sequence[tuple[Shapes, Moving]] = ((parameters, "weights"), (states, "states"), (uncounted, "states"))
    shapes = [array.shape for array in original.x]
    for names, moving in layouts:
        if shapes == [tuple(shape) for shape in names.values()]:
            x, y = (_named(axis, names) for axis in (original.x, original.y))
            directions = Directions(x=x, y=y, cosine=cosine_of(x, y), explained_variance=original.explained_variance)
            return directions, moving
    raise InvalidRequest(_difference(shapes, parameters, states))


def cosine_of(x: Direction, y: Direction) -> float:
    """The cosine of the angle between two directions; NaN for a line, or where one of them is zero."""
    if not y:
        return math.nan
    pairs = [(x[name].astype(np.float64).ravel(), y[name].astype(np.float64).ravel()) for name in x if name in y]
    dot = sum(float(a @ b) for a, b in pairs)
    lengths = [math.sqrt(sum(float(np.sum(np.square(v, dtype=np.float64))) for v in axis.values())) for axis in (x, y)]
    return dot / (lengths[0] * lengths[1]) if min(lengths) > 0 else math.nan


def _named(axis: Arrays, names: Shapes) -> dict[str, npt.NDArray[np.float32]]:
    return {name: _single(array) for name, array in zip(names, axis, strict=True)} if axis else {}


def _numbered(axis: Arrays) -> dict[str, npt.NDArray[np.float32]]:
    return {str(place): _single(array) for place, array in enumerate(axis)}


def _in_order(axis: Direction) -> Arrays:
    places = [str(place) for place in range(len(axis))]
    return tuple(axis[place] for place in (places if set(places) == set(axis) else axis))


def _single(array: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return np.asarray(array, dtype=np.float32)


def _difference(shapes: list[tuple[int, ...]], parameters: Shapes, states: Shapes) -> str:
    nearest = parameters if abs(len(shapes) - len(parameters)) <= abs(len(shapes) - len(states)) else states
    pairs = zip(shapes, nearest.items(), strict=False)
    apart = [
        f"tensor {place} is {_words(own)}, {name} is {_words(shape)}"
        for place, (own, (name, shape)) in enumerate(pairs)
        if own != tuple(shape)
    ]
    more = f", and {len(apart) - _SHOWN} more" if len(apart) > _SHOWN else ""
    detail = f": {'; '.join(apart[:_SHOWN])}{more}" if apart else ""
    return (
        f"The directions belong to another network: they have {len(shapes)} tensors, this network has "
        f"{len(parameters)} parameters and {len(states)} states{detail}. Choose the direction file of this network."
    )


def _words(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "one number"
