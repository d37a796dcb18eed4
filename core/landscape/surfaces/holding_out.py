"""Held-out points: drawn, computed and judged, and the certificate that comes of them."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from core.landscape.plane import FloatArray
from core.landscape.surface import Certificate, HeldOut
from core.landscape.surfaces.certificate import (
    CONFIDENCE,
    COVERAGE,
    LOOKS,
    Population,
    certified_error,
    last_risk_of,
    plan,
    risk_of,
)
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


def display_error(estimate: FloatArray, loss: FloatArray) -> FloatArray:
    """|log(estimate + 0.1) − log(loss + 0.1)|; infinite where only one of them is finite, 0 where neither is."""
    one, other = height(estimate), height(loss)
    error = np.abs(one - other)
    error[np.isnan(one) ^ np.isnan(other)] = np.inf
    error[np.isnan(one) & np.isnan(other)] = 0.0
    return error


def look(work: Work, candidates: BoolArray, tolerance: float) -> Judged | None:
    """Draw points among the candidates, compute and judge them; write the certificate if it is proved, or none can be.

    Only points count that are shown: whose estimate or exact loss is within the display limit. With those computed
    before they are the plane that the certificate speaks of; what the surface shows far above the limit, or as the
    inside of a hole, is not part of it. The estimates are
    those that the surface shows, and stay so: a certificate is about what is shown when its points are computed.

    Parameters
    ----------
    candidates : (ny, nx) bool
        Cells whose estimate is shown, or may be shown if it is wrong.

    Returns
    -------
    None where the candidates ran out: all of them are computed then, and nothing is left to prove.
    """
    growing = work.growing
    limit, number = growing.subject.request.display_limit, growing.course.looks
    shown = growing.shown()
    test, last = plan(risk_of(number), _population(growing, candidates, shown)), number + 1 >= LOOKS
    # Seeded by the look, so that a run can be repeated and no look repeats another's points.
    order = np.random.default_rng([20180630, number, growing.kind.size]).permutation(np.argwhere(candidates))
    if len(order) <= test.first:
        work.exactly(order, "the last points")
        return None
    growing.course = replace(growing.course, looks=number + 1)  # spent, even if it is stopped half-way
    used, misses, proved = np.zeros((0, 2), dtype=np.int64), 0, False
    while not proved and not (test.hopeless(len(used), misses) and not last) and len(used) < test.most:
        if len(order) == 0:
            return None
        piece, order = np.split(order, [min(PIECE, test.next_stage(misses) - len(used))])
        work.exactly(piece, f"{len(used)} held-out points")
        exact, estimate = growing.values["loss"][tuple(piece.T)], shown[tuple(piece.T)]
        used = np.concatenate([used, piece[(exact <= limit) | (estimate <= limit)]])
        loss, estimate = growing.values["loss"][tuple(used.T)], shown[tuple(used.T)]
        misses = int((display_error(estimate, loss) > tolerance).sum())
        proved = test.proved(len(used), misses)
    if proved or last:
        _write(growing, used, loss, estimate, tolerance, proved=proved, risk=last_risk_of(number))
    return Judged(used, loss, estimate, proved or last)


def _population(growing: GrowingSurface, candidates: BoolArray, shown: FloatArray) -> Population:
    """What is known of the plane shown before any candidate is computed."""
    limit = growing.subject.request.display_limit
    return Population(
        exact=int((growing.exact & (growing.values["loss"] <= limit)).sum()),
        fewest=int((candidates & (shown <= limit)).sum()),
        most=int(candidates.sum()),
    )


def _write(
    growing: GrowingSurface,
    cells: IntArray,
    loss: FloatArray,
    estimate: FloatArray,
    tolerance: float,
    *,
    proved: bool,
    risk: float,
) -> None:
    rows, columns = cells.T
    error = display_error(estimate, loss)
    growing.held_out = HeldOut(x=growing.subject.x[columns], y=growing.subject.y[rows], loss=loss, estimate=estimate)
    growing.certificate = Certificate(
        points=len(cells),
        confidence=CONFIDENCE,
        coverage=COVERAGE,
        tolerance=tolerance if proved else certified_error(error, risk),
        display_limit=growing.subject.request.display_limit,
        max_seen=float(error.max()),
        holds=proved,
    )
