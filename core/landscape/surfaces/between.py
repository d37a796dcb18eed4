"""What is shown between the computed cells of a surface, from their losses and from what the network answers there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.job import JobContext
from core.landscape.evaluation.answers import Answers
from core.landscape.plane import FloatArray
from core.landscape.surfaces.growing import LOSSES, SHARES, GrowingSurface
from core.landscape.surfaces.heights import Compression
from core.landscape.surfaces.interpolant import LARGEST, Interpolation, interpolate
from core.landscape.surfaces.mixture import Mixture, Told

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
NO_ANSWERS: Mapping[str, Answers] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Maps:
    """Maps that are finite at the same computed cells, which are interpolated at once."""

    finite: BoolArray  # (ny, nx)
    names: list[str]


@dataclass(frozen=True, eq=False)
class Between:
    """What some maps are between their computed cells."""

    found: Interpolation = field(repr=False)
    mixture: Mixture | None = field(repr=False)  # what the answers say besides; None where they say nothing


def finite_together(growing: GrowingSurface) -> list[Maps]:
    """All maps, those with the training loss first. A share counts where its loss is finite, too."""
    found: dict[bytes, Maps] = {}
    for name, values in growing.values.items():
        loss = growing.values[LOSSES[SHARES.index(name)] if name in SHARES else name]
        finite = growing.exact & np.isfinite(loss) & np.isfinite(values)
        found.setdefault(finite.tobytes(), Maps(finite, [])).names.append(name)
    return list(found.values())


def write_between(
    growing: GrowingSurface,
    maps: Maps,
    where: FloatArray,
    near: IntArray,
    compression: Compression,
    job: JobContext,
    answers: Mapping[str, Answers],
    *,
    roughly: bool = False,
) -> Between:
    """Show interpolated values of some maps between their finite ones, and nothing beside the others.

    Parameters
    ----------
    roughly : bool
        Where answers say something, show nothing new and give what the losses say. Of the answers only the errors to be
        expected are taken, which cost next to nothing: they themselves are asked for where they are needed.
    """
    finite = maps.finite
    columns = np.column_stack(
        [
            compression.to(growing.values[name][finite]) if name in LOSSES else growing.values[name][finite]
            for name in maps.names
        ]
    )
    mixture = None
    if answers and len(columns) <= LARGEST:
        mixture = Mixture(Told(maps.names, columns, finite, where), compression, job.check, answers) or None
    errors = None if mixture is None else mixture.errors
    found = interpolate(where[finite.ravel()], columns, where, job.check, errors)
    if mixture is not None:
        if roughly:
            return Between(found, mixture)
        found = replace(found, values=mixture.at(where, found.values))
    beside_hole = ~finite.ravel()[near[:, 0]]
    for name, column in zip(maps.names, found.values.T, strict=True):
        plain = compression.back(column) if name in LOSSES else np.clip(column, 0.0, 1.0)
        growing.between[name] = np.where(beside_hole, np.nan, plain).reshape(finite.shape)
    return Between(found, mixture)


def leave_open(growing: GrowingSurface, maps: Maps) -> None:
    """Show nothing between the computed cells: what coarser levels showed there may be far off by now."""
    for name in maps.names:
        growing.between[name] = np.full(maps.finite.shape, np.nan)
