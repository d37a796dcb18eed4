"""What is shown between the computed cells of a surface, from their losses and from what the network answers there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.job import JobContext
from core.landscape.evaluation.answers import Answers
from core.landscape.plane import FloatArray
from core.landscape.surfaces.growing import LOSSES, SHARES, GrowingSurface
from core.landscape.surfaces.heights import Compression
from core.landscape.surfaces.interpolant import LARGEST, Interpolation, Scattered, interpolate

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
NO_ANSWERS: Mapping[str, Answers] = MappingProxyType({})
FINITE = 12  # points with a finite value that an interpolation needs
SEEN = 1.0  # heights so far above the display limit may turn out to be shown
AROUND = 30  # points around a place that say which interpolation is better there
DRAWN = 0.3  # so much the others' say counts besides, to that of those around
MARGIN = 0.4  # heights so far above the display limit are refined too: what seems to lie there may be shown


@dataclass(frozen=True, eq=False)
class Maps:
    """Maps that are finite at the same computed cells, which are interpolated at once."""

    finite: BoolArray  # (ny, nx)
    names: list[str]


def finite_together(growing: GrowingSurface) -> list[Maps]:
    """All maps, those with the training loss first. A share counts where its loss is finite, too."""
    found: dict[bytes, Maps] = {}
    for name, values in growing.values.items():
        loss = growing.values[LOSSES[SHARES.index(name)] if name in SHARES else name]
        finite = growing.exact & np.isfinite(loss) & np.isfinite(values)
        found.setdefault(finite.tobytes(), Maps(finite, [])).names.append(name)
    return list(found.values())


def spans_a_plane(points: FloatArray) -> bool:
    """Whether there are enough points, and not all of them in a line."""
    return len(points) >= FINITE and int(np.linalg.matrix_rank(np.column_stack([np.ones(len(points)), points]))) == 3


def write_between(
    growing: GrowingSurface,
    maps: Maps,
    where: FloatArray,
    near: IntArray,
    compression: Compression,
    job: JobContext,
    answers: Mapping[str, Answers],
) -> Interpolation:
    """Show interpolated values of some maps between their finite ones, and nothing beside the others."""
    finite = maps.finite
    columns = [
        compression.to(growing.values[name][finite]) if name in LOSSES else growing.values[name][finite]
        for name in maps.names
    ]
    known = np.column_stack(columns)
    found = interpolate(where[finite.ravel()], known, where, job.check)
    if len(known) <= LARGEST:
        predictions = _predictions(maps, where, found.values, compression, job.check, answers)
        if predictions:
            found = _mixed(where, maps, known, found, predictions, compression.top + MARGIN, job.check)
    beside_hole = ~finite.ravel()[near[:, 0]]
    for name, column in zip(maps.names, found.values.T, strict=True):
        plain = compression.back(column) if name in LOSSES else np.clip(column, 0.0, 1.0)
        growing.between[name] = np.where(beside_hole, np.nan, plain).reshape(finite.shape)
    return found


def leave_open(growing: GrowingSurface, maps: Maps) -> None:
    """Show nothing between the computed cells: what coarser levels showed there may be far off by now."""
    for name in maps.names:
        growing.between[name] = np.full(maps.finite.shape, np.nan)


@dataclass(frozen=True, eq=False)
class _Prediction:
    """What the answers of the network let expect of a map."""

    everywhere: FloatArray  # (m,)
    missed: FloatArray  # (n,), by how much the other points' answers miss each point


def _predictions(
    maps: Maps,
    where: FloatArray,
    plain: FloatArray,
    compression: Compression,
    check: Callable[[], None],
    answers: Mapping[str, Answers],
) -> dict[str, _Prediction]:
    """By map; where there are too few answers to say anything, or too many to be worth it, none.

    Far above the display limit nobody sees the difference: there they are what the losses say.
    """
    found = {}
    for loss, share in zip(LOSSES, SHARES, strict=True):
        if loss not in maps.names or loss not in answers or not FINITE <= len(answers[loss]) <= LARGEST:
            continue
        rows, columns = answers[loss].cells.T
        cells = rows * maps.finite.shape[1] + columns
        if not (maps.finite.ravel()[cells].all() and spans_a_plane(where[cells])):
            continue
        points, heights = Scattered(where[cells]), plain[:, maps.names.index(loss)].copy()
        inside = np.flatnonzero(heights <= compression.top + SEEN)
        everywhere, without = (
            answers[loss].at(weights, check) for weights in (points.to(where[inside])[0], points.without())
        )
        heights[inside] = compression.to(everywhere.loss)
        missed = np.zeros(len(where))
        missed[cells] = compression.to(answers[loss].own()) - compression.to(without.loss)
        if np.isfinite(heights).all() and np.isfinite(missed).all():
            found[loss] = _Prediction(heights, missed[maps.finite.ravel()])
            if share in maps.names:
                right = plain[:, maps.names.index(share)].copy()
                right[inside] = everywhere.right
                found[share] = _Prediction(right, np.zeros(int(maps.finite.sum())))
    return found


def _mixed(
    where: FloatArray,
    maps: Maps,
    columns: FloatArray,
    plain: Interpolation,
    predictions: Mapping[str, _Prediction],
    shown: float,
    check: Callable[[], None],
) -> Interpolation:
    """As much of what the answers say, corrected at the points, as around each place leaves out points best.

    Near a minimum and on cliffs one of the two interpolations may be far better than the other.
    """
    at = maps.finite.ravel()
    points = where[at]
    others = Scattered(points).without()
    base, shares = np.zeros((len(where), columns.shape[1])), np.zeros((len(where), columns.shape[1]))
    errors = plain.left_out
    for place, name in enumerate(maps.names):
        if name not in predictions:
            continue
        base[:, place] = predictions[name].everywhere
        if name in SHARES:
            shares[:, place] = shares[:, maps.names.index(LOSSES[SHARES.index(name)])]
            continue
        rest = columns[:, place] - base[at, place]
        before = columns[:, place] - others @ columns[:, place]
        after = rest - others @ rest + predictions[name].missed
        shares[:, place], at_points = _shares(points, before, after, columns[:, place] <= shown, where)
        if place == 0:
            errors = before + at_points * (after - before)
    found = interpolate(points, columns - base[at], where, check, errors)
    values = shares * (found.values + base) + (1 - shares) * plain.values
    return Interpolation(values, found.spread, errors)


def _shares(
    points: FloatArray, before: FloatArray, after: FloatArray, shown: BoolArray, where: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """How much of a prediction, 0 to 1, leaves the smallest errors where points nearby are left out.

    Parameters
    ----------
    before, after : (n,)
        Errors at points left out, without the prediction and with all of it.

    Returns
    -------
    (m,) at all places, and (n,) at the points, of which each has no say in its own.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415

    used = points[shown] if shown.any() else points
    before, after = (errors[shown] if shown.any() else errors for errors in (before, after))
    gain, most = before * (before - after), np.square(before - after)
    count = min(AROUND, len(used))
    drawn = DRAWN * count * float(np.median(most)) + 1e-12
    overall = float(np.clip(gain.sum() / (most.sum() + 1e-12), 0.0, 1.0))
    tree = cKDTree(used)

    def around(places: FloatArray, *, itself: bool) -> FloatArray:
        distance, near = (np.asarray(found).reshape(len(places), -1) for found in tree.query(places, k=count))
        counted = (distance > 0) | itself
        top, bottom = (gain[near] * counted).sum(axis=1), (most[near] * counted).sum(axis=1)
        return np.asarray(np.clip((top + drawn * overall) / (bottom + drawn), 0.0, 1.0))

    return around(where, itself=True), around(points, itself=False)
