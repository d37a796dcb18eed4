"""Held-out points: drawn, computed and judged, and the certificate that comes of them."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from core.landscape.plane import FloatArray
from core.landscape.surface import Certificate, HeldOut
from core.landscape.surfaces.certificate import CONFIDENCE, COVERAGE, RISKS, Look, certified_error, plan
from core.landscape.surfaces.growing import GrowingSurface
from core.landscape.surfaces.heights import height
from core.landscape.surfaces.work import Work

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
PIECE = 8  # held-out points computed before it is asked whether the look has failed already


@dataclass(frozen=True, eq=False)
class Judged:
    """Held-out points of one look, in the order in which they were drawn."""

    cells: IntArray = field(repr=False)  # (m, 2) of (row, column)
    loss: FloatArray = field(repr=False)  # (m,), exact
    estimate: FloatArray = field(repr=False)  # (m,), what was shown there before
    finished: bool  # a certificate was written


def looks_left(growing: GrowingSurface) -> int:
    """How many more times held-out points may be asked before the probability of error is spent."""
    return len(RISKS) - growing.course.looks


def next_look(growing: GrowingSurface, expected_share: float) -> Look:
    """The next look, planned before any of its points is computed."""
    return plan(RISKS[growing.course.looks], expected_share)


def display_error(estimate: FloatArray, loss: FloatArray) -> FloatArray:
    """|log(estimate + 0.1) − log(loss + 0.1)|; infinite where only one of them is finite, 0 where neither is."""
    one, other = height(estimate), height(loss)
    error = np.abs(one - other)
    error[np.isnan(one) ^ np.isnan(other)] = np.inf
    error[np.isnan(one) & np.isnan(other)] = 0.0
    return error


def finish_look(work: Work, candidates: BoolArray, look: Look, tolerance: float) -> Judged | None:
    """Draw points among the candidates, compute and judge them; write the certificate if it is proved, or none can be.

    Only points count that are shown: whose estimate or exact loss is within the display limit. The estimates are
    those that the surface shows, and stay so: a certificate is about what is shown when its points are computed.

    Parameters
    ----------
    candidates : (ny, nx) bool
        Cells whose estimate is shown, or may be shown if it is wrong.

    Returns
    -------
    None where the candidates are fewer than the look takes: all of them are computed then.
    """
    growing = work.growing
    limit = growing.subject.request.display_limit
    last = growing.course.looks + 1 >= len(RISKS)
    shown = growing.shown()
    # Seeded by what is asked and by the look, so that a run can be repeated and no look repeats another's points.
    numbers = np.random.default_rng([20180630, growing.course.looks, growing.kind.size])
    order = numbers.permutation(np.argwhere(candidates))
    if len(order) <= look.points:
        work.exactly(order, "the last points")
        return None
    used, misses, taken = np.zeros((0, 2), dtype=np.int64), 0, 0
    while len(used) < look.points and taken < len(order) and (misses <= look.misses or last):
        piece = order[taken : taken + min(PIECE, look.points - len(used))]
        taken += len(piece)
        work.exactly(piece, f"{len(used)} of {look.points} held-out points")
        exact, estimate = growing.values["loss"][tuple(piece.T)], shown[tuple(piece.T)]
        counts = (exact <= limit) | (estimate <= limit)
        used = np.concatenate([used, piece[counts]])
        misses = int((display_error(shown[tuple(used.T)], growing.values["loss"][tuple(used.T)]) > tolerance).sum())
    growing.course = replace(growing.course, looks=growing.course.looks + 1)
    loss, estimate = growing.values["loss"][tuple(used.T)], shown[tuple(used.T)]
    if len(used) < look.points and misses <= look.misses:  # every candidate was computed: nothing is left to prove
        return None
    proved = misses <= look.misses
    if proved or last:
        _write(growing, used, loss, estimate, look, tolerance, proved=proved)
    return Judged(used, loss, estimate, proved or last)


def _write(
    growing: GrowingSurface,
    cells: IntArray,
    loss: FloatArray,
    estimate: FloatArray,
    look: Look,
    tolerance: float,
    *,
    proved: bool,
) -> None:
    rows, columns = cells.T
    error = display_error(estimate, loss)
    growing.held_out = HeldOut(x=growing.subject.x[columns], y=growing.subject.y[rows], loss=loss, estimate=estimate)
    growing.certificate = Certificate(
        points=len(cells),
        confidence=CONFIDENCE,
        coverage=COVERAGE,
        tolerance=tolerance if proved else certified_error(error, look.risk),
        display_limit=growing.subject.request.display_limit,
        max_seen=float(error.max()),
        holds=proved,
    )
