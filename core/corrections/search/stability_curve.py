"""How much dearer a correction gets the more stable it is to be: the nearest distance over the half-widths."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.bracket import Bracket
from core.corrections.search.nearest import TOLERANCE, Seeds
from core.corrections.search.question import Question
from core.corrections.search.ways import Ways
from core.errors import InvalidRequest
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
SCALES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class CurvePoint:
    """The nearest correction when all half-widths are multiplied by `scale`."""

    scale: float
    bracket: Bracket
    half_width: FloatArray | None = field(default=None, repr=False)  # (k,), of the box; None: not known, or no point


def stability_curve(
    question: Question,
    network: PiecewiseLinear,
    job: JobContext,
    *,
    scales: Sequence[float] = SCALES,
    seconds: float = 5.0,
    tolerance: float = TOLERANCE,
    most_changed: int = 0,
    order: Sequence[int] = (),
    known: Mapping[float, Bracket] | None = None,
) -> Iterator[tuple[CurvePoint, ...]]:
    """The points so far, in the order of their scales, again after each that is added.

    Parameters
    ----------
    scales : of the half-widths of the question, 1 for what was asked
    seconds : float
        Spent on one point at most; then its bracket stays open.
    most_changed, order
        As for `Ways`.
    known : brackets by scale
        Points that need not be searched any more.

    Notes
    -----
    What is stable for a larger box is so for a smaller one. From the largest scale down each point is a seed of the
    next; and no point costs less than the lower bound of a smaller scale. Where steps round half-widths down, some
    points are the same.
    """
    if not scales or min(scales) < 0:
        raise InvalidRequest("Scales of the stability must be zero or more, and at least one is needed.")
    question = question.keeping_lanes()
    points: list[CurvePoint] = []
    seeds: Seeds = ()
    for scale in sorted({*scales, *(known or {})}, reverse=True):
        newest, half_width = (known or {}).get(scale), None
        if newest is None:
            started, ways = time.monotonic(), Ways(question.with_stability(scale), most_changed, order)
            for bracket in ways.brackets(network, job, tolerance=tolerance, seeds=seeds):
                newest = bracket
                if time.monotonic() - started > seconds:
                    break
            if newest is not None and newest.point is not None:
                half_width = ways.half_widths(newest)
        if newest is None:
            continue
        if newest.point is not None:
            seeds = [(newest.point, newest.levels)]
        points.insert(0, CurvePoint(scale=scale, bracket=newest, half_width=half_width))
        points = _raised(points, tolerance)
        job.partial(tuple(points))
        yield tuple(points)


def _raised(points: list[CurvePoint], tolerance: float) -> list[CurvePoint]:
    """Every lower bound holds for larger scales as well."""
    lower = 0.0
    raised = []
    for point in points:
        lower = max(lower, point.bracket.lower)
        raised.append(replace(point, bracket=point.bracket.raised(lower, tolerance)))
    return raised
