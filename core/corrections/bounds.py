"""An independent check that a whole box is accepted: linear bounds of every neuron, and smaller boxes where they fail.

Nothing here knows of the exact slice. Each neuron of a box is enclosed between two linear functions of the two free
features, pushed forward layer by layer (Zhang et al., *Efficient Neural Network Robustness Certification with General
Activation Functions*, NeurIPS 2018, in its forward form), with an extra radius that holds all rounding.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.corrections.correction import Box
from core.corrections.enclosure import Enclosure
from core.corrections.piecewise import PiecewiseLinear
from core.corrections.rounding import UNIT
from core.errors import InvalidRequest
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
BATCH = 128  # boxes at a time: 128 × 8 × 200 doubles stay in the cache
QUARTERS = np.array([[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]])


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
    """A point of the box, in the user's units, that the network rejects."""

    point: tuple[float, float]
    lead: float  # of the target's logit over the best other one; not positive
    boxes: int


def prove_box(
    network: PiecewiseLinear,
    base: FloatArray,
    columns: tuple[int, int],
    box: Box,
    target: int,
    job: JobContext,
    max_boxes: int = 20_000,
) -> Proof | Unknown | Counterexample:
    """Prove that the network says `target` in the whole box, or find a point where it does not.

    Parameters
    ----------
    base : (columns,) array
        The input whose other features stay as they are.
    max_boxes : int
        Budget. The two free features are halved where the bounds are too loose, so a box that touches the edge of the
        region costs a few boxes for every halving down to the margin.

    Raises
    ------
    InvalidRequest
        If the network has no such class, or only one.

    Notes
    -----
    "Proved" is about the network of float64 weights evaluated without rounding. A point is tried at the centre of every
    box; a lead of zero counts as rejected.
    """
    if not 0 <= target < network.classes or network.classes < 2:
        raise InvalidRequest(f"Class {target} cannot be proved: the network has {network.classes} outputs.")
    centres = np.array([box.centre])
    # Outward, so that the quarters still cover the box after their centres were rounded.
    ulp = 4 * UNIT * np.abs(np.reshape(box.bounds, (2, 2))).max(axis=0)
    half = np.array(box.half_width) * (1 + 4 * UNIT) + ulp
    open_boxes = [(centres, half)]
    seen = 0
    refuted = _rejected(network, base, columns, target, _corners(box))
    while open_boxes and refuted is None and seen < max_boxes:
        job.check()
        centres, half = open_boxes.pop()
        if len(centres) > BATCH:
            open_boxes.append((centres[BATCH:], half))
            centres = centres[:BATCH]
        seen += len(centres)
        lowest = Enclosure.of_input(network, base, columns, centres, half).lowest_lead(network, target)
        doubtful = centres[~(lowest > 0)]
        if len(doubtful):
            refuted = _rejected(network, base, columns, target, doubtful)
            quarters = (doubtful[:, None] + QUARTERS * half).reshape(-1, 2)
            open_boxes.append((quarters, half / 2 + ulp))
    if refuted is not None:
        return Counterexample(point=refuted[0], lead=refuted[1], boxes=seen)
    return Unknown(boxes=seen) if open_boxes else Proof(boxes=seen)


def _corners(box: Box) -> FloatArray:
    x_low, y_low, x_high, y_high = box.bounds
    return np.array([box.centre, (x_low, y_low), (x_high, y_low), (x_high, y_high), (x_low, y_high)])


def _rejected(
    network: PiecewiseLinear, base: FloatArray, columns: tuple[int, int], target: int, points: FloatArray
) -> tuple[tuple[float, float], float] | None:
    """The point with the smallest lead, if that is not positive."""
    logits = network.on_slice(base, columns, points)
    lead = logits[:, target] - np.delete(logits, target, axis=1).max(axis=1)
    worst = int(lead.argmin())
    if lead[worst] > 0:
        return None
    return (float(points[worst, 0]), float(points[worst, 1])), float(lead[worst])
