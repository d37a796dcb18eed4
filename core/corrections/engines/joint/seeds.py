"""Where to begin a search in several features: the exact nearest stable centres of slices of two of them."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.subspace import Subspace
from core.corrections.search.question import Question
from core.corrections.search.searching import Seed
from core.corrections.slices.exact import TooManyPieces, subspace_slice
from core.corrections.slices.nearest import nearest_between
from core.corrections.slices.regions import accepted_region
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
MOST_LANES = 4  # the cheapest ones


def pair_seeds(
    question: Question, order: Sequence[int], network: PiecewiseLinear, job: JobContext, seconds: float
) -> Iterator[Seed]:
    """One for each two handles and each of the cheapest lanes, as they are found; some have none.

    Parameters
    ----------
    order : sequence of int
        The features, the most promising first; those that are no handles are passed over.
    seconds : float
        For one slice at most.

    Notes
    -----
    The other handles stay where they are, or as near as their ranges and stability allow. Nothing is asked of their
    stability, so a seed is where a search may begin, and no answer. A network with curves has no slices, nor seeds.
    """
    promising = [feature for feature in order if feature < len(question.handles)]
    pairs = sorted(itertools.combinations(range(len(promising)), 2), key=sum)
    low, high = question.room
    if not (low <= high).all() or not network.has_pieces:
        return
    rest = np.clip(question.start, low, high)
    for lane in question.open_lanes[:MOST_LANES]:
        for first, second in pairs:
            handles = promising[first], promising[second]
            try:
                timed = Limited(job, seconds)
                centre = _centre(question, handles, rest, question.lanes[lane].added, network, timed)
            except (OutOfTime, TooManyPieces):
                continue
            if centre is not None:
                point = rest.copy()
                point[list(handles)] = centre
                yield point, question.lanes[lane].levels


def _centre(
    question: Question,
    handles: tuple[int, int],
    rest: FloatArray,
    added: FloatArray,
    network: PiecewiseLinear,
    job: JobContext,
) -> tuple[float, float] | None:
    """The nearest stable centre of one slice."""
    x, y = (question.handles[handle] for handle in handles)
    plane = question.subspace.only(handles, rest)
    plane = Subspace(base=plane.base + added, directions=plane.directions)
    cells = subspace_slice(network, plane, (x.low, x.high), (y.low, y.high), job)
    region, start = accepted_region(cells, question.goal, job), question.start[list(handles)]
    return nearest_between(region, x, y, start, question.norm).centre
