"""An independent check that a whole box is accepted: linear bounds of every neuron, and smaller boxes where they fail.

Nothing here knows of the exact slice. Each neuron of a box is enclosed between two linear functions of the handles,
pushed forward layer by layer, and the outputs are bounded by going back through those (Zhang et al., *Efficient Neural
Network Robustness Certification with General Activation Functions*, NeurIPS 2018), with room for all rounding.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.backward import Minorant
from core.corrections.bounds.demands import Rows, boxes_at_a_time
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.restriction import Restriction
from core.corrections.records.goal import Goal
from core.errors import InvalidRequest
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
NARROWEST = 64.0  # a side may be this much shorter than the longest one, as shares of the whole box
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Every point of the box is accepted, without any doubt left to rounding."""

    boxes: int  # that the box was divided into and that were looked at


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Neither proved nor refuted within the budget of boxes."""

    boxes: int


@dataclass(frozen=True, kw_only=True)
class Counterexample:
    """A point of the box, in the units of the handles, that the network rejects."""

    point: tuple[float, ...]
    lead: float  # how far the goal is reached there; not positive
    boxes: int


Answer = Proof | Unknown | Counterexample


def prove_box(
    network: Restriction,
    goal: Goal,
    low: FloatArray,
    high: FloatArray,
    job: JobContext,
    *,
    max_boxes: int = 20_000,
    lane: int = 0,
    lattice: Lattice | None = None,
) -> Answer:
    """Prove that the network reaches the goal in the whole box, or find a point where it does not.

    Parameters
    ----------
    low, high : (k,) arrays
        Of the handles. A handle with low = high stays where it is.
    max_boxes : int
        Budget. A box is halved where the bounds are too loose, so one that touches the edge of the region costs a few
        boxes for every halving down to the margin.
    lattice : Lattice, optional
        Where handles go in steps, only the allowed values are to be accepted.

    Raises
    ------
    InvalidRequest
        If the box does not fit, or the network cannot reach the goal at all.

    Notes
    -----
    "Proved" is about the network of float64 weights evaluated without rounding. A lead of zero counts as rejected.
    A box is proved if in each of its parts all rows of one of the goal's alternatives are positive. A point is tried in
    every part, at its centre and in the corner where the bounds are lowest.
    """
    if low.shape != (network.handles,) or high.shape != low.shape or not (low <= high).all():
        raise InvalidRequest(f"A box needs a lowest and a highest value for each of the {network.handles} handles.")
    return prove_boxes(network, Rows.of(goal, network.outputs), low[None], high[None], job, max_boxes, lane, lattice)


def prove_boxes(
    network: Restriction,
    rows: Rows,
    low: FloatArray,
    high: FloatArray,
    job: JobContext,
    max_boxes: int,
    lane: int = 0,
    lattice: Lattice | None = None,
) -> Answer:
    """The same of several boxes (n, k) together: proved if all are.

    Between two steps there is no allowed value. A box that lies there is proved for every number in it, or not at all.
    """
    allowed = lattice or Lattice.free(network.handles)
    between = allowed.between(low, high)
    if between.any():
        return _between_steps(network, rows, low, high, job, max_boxes, lane, allowed, between)
    low, high = allowed.inward(low, high)
    size = np.maximum((high - low).max(axis=0, initial=0.0), np.finfo(np.float64).tiny)
    batch = boxes_at_a_time(network)
    waiting = [(low, high)] if len(low) else []
    seen = 0
    while waiting:
        job.check()
        if seen >= max_boxes:
            return Unknown(boxes=seen)
        low, high = waiting.pop()
        if len(low) > batch:
            waiting.append((low[:-batch], high[:-batch]))
            low, high = low[-batch:], high[-batch:]
        seen += len(low)
        boxes = Boxes.between(low, high, np.full(len(low), lane, np.intp))
        bounds = rows.below(network, boxes)
        doubtful = ~(rows.of_rows(bounds.lowest()) > 0)
        if not doubtful.any():
            continue
        low, high = low[doubtful], high[doubtful]
        tried = np.concatenate([low / 2 + high / 2, _lowest_corners(bounds, rows, doubtful, low, high)])
        refuted = _rejected(network, rows, allowed.nearest(tried), lane)
        if refuted is not None:
            return Counterexample(point=refuted[0], lead=refuted[1], boxes=seen)
        divisible = allowed.divisible(low, high)
        if not divisible.any(axis=1).all():
            return Unknown(boxes=seen)  # a single point whose lead is below what rounding can decide
        moved = np.abs(bounds.slopes[doubtful]).max(axis=1) * bounds.halves[doubtful]
        cut = handles_to_cut(bounds.blame[doubtful], moved, (high - low) / size, divisible)
        waiting.append(halves_of(allowed, low, high, cut))
    return Proof(boxes=seen)


def _between_steps(
    network: Restriction,
    rows: Rows,
    low: FloatArray,
    high: FloatArray,
    job: JobContext,
    max_boxes: int,
    lane: int,
    lattice: Lattice,
    between: Mask,
) -> Answer:
    """Boxes of which sides (n, k) hold no allowed value: there, every number counts."""
    seen = 0
    for sides in np.unique(between, axis=0):
        which = (between == sides).all(axis=1)
        numbers = lattice.without_steps(sides)
        answer = prove_boxes(network, rows, low[which], high[which], job, max_boxes - seen, lane, numbers)
        seen += answer.boxes
        if not isinstance(answer, Proof):
            return answer
    return Proof(boxes=seen)


def halves_of(lattice: Lattice, low: FloatArray, high: FloatArray, cut: IntArray) -> tuple[FloatArray, FloatArray]:
    """Both parts of boxes (n, k) cut across one handle each: low and high (2 n, k), all left parts first."""
    left_end, right_start = lattice.divide(low, high, cut)
    places = np.arange(len(low))
    left_high, right_low = high.copy(), low.copy()
    left_high[places, cut] = left_end
    right_low[places, cut] = right_start
    return np.concatenate([low, right_low]), np.concatenate([left_high, high])


def _lowest_corners(bounds: Minorant, rows: Rows, doubtful: Mask, low: FloatArray, high: FloatArray) -> FloatArray:
    """The corner of each doubtful box where the row that keeps it from being proved may be least."""
    row = rows.deciding(bounds.lowest()[doubtful])
    return np.where(bounds.slopes[doubtful][np.arange(len(row)), row] > 0, low, high)


def handles_to_cut(blame: FloatArray, moved: FloatArray, sides: FloatArray, divisible: Mask) -> IntArray:
    """Across which handle (n,) each box is to be cut.

    The one that makes the bound loose, or else moves it; but no box becomes too narrow beside its other sides, for a
    bound that is loose for a reason which is not seen must get tighter some day as well.

    Parameters
    ----------
    blame, moved : (n, k) arrays
        How much each handle loosens the bound, and how much it moves it.
    sides : (n, k) array
        Widths as shares of the whole.
    divisible : (n, k) array
    """
    total = blame + 0.1 * moved
    share = total / np.maximum(total.max(axis=1, keepdims=True), TINY) + 1e-3 * sides
    allowed = divisible & (sides * NARROWEST >= np.where(divisible, sides, 0.0).max(axis=1, keepdims=True))
    cut: IntArray = np.where(allowed, share, -1.0).argmax(axis=1)
    return cut


def _rejected(
    network: Restriction, rows: Rows, points: FloatArray, lane: int
) -> tuple[tuple[float, ...], float] | None:
    """The point with the smallest lead, if that is not positive."""
    lead = rows.leads(network.at(points, np.full(len(points), lane, np.intp)))
    worst = int(lead.argmin())
    if lead[worst] > 0:
        return None
    return tuple(points[worst].tolist()), float(lead[worst])
