"""How high the loss rises between two networks, along a computed curve."""

import numpy as np

from core.landscape.curve import Curve
from core.landscape.measures.measure import Measure, amount
from core.landscape.plane import FloatArray

LINE_SOURCE = "Entezari et al. 2022, Definition 2.1; Frankle et al. 2020 subtract the mean of the two ends instead"
HEIGHT_SOURCE = "Garipov et al. 2018, §3, as the largest loss along the path"


def line_barrier(position: FloatArray, loss: FloatArray) -> float:
    """max over 0 ≤ t ≤ 1 of L(t) − ((1 − t)·L(0) + t·L(1)); not below 0.

    Between computed points the loss is taken to be straight. NaN unless both ends are within the positions and have a
    finite loss; a position without a loss in between is left out, an infinite one gives an infinite barrier.

    Parameters
    ----------
    position : (n,), ascending
    loss : (n,)
    """
    ends = _ends(position, loss)
    if ends is None:
        return float("nan")
    inside = (position >= 0) & (position <= 1) & ~np.isnan(loss)
    straight = (1 - position) * ends[0] + position * ends[1]
    return float(max(0.0, np.max((loss - straight)[inside], initial=0.0)))


def line_height(position: FloatArray, loss: FloatArray) -> float:
    """max over 0 ≤ t ≤ 1 of L(t), above the higher of the two ends; not below 0. NaN as in `line_barrier`."""
    ends = _ends(position, loss)
    if ends is None:
        return float("nan")
    inside = (position >= 0) & (position <= 1) & ~np.isnan(loss)
    return float(max(0.0, np.max(loss[inside], initial=-np.inf) - max(ends)))


def _ends(position: FloatArray, loss: FloatArray) -> tuple[float, float] | None:
    if position[0] > 0 or position[-1] < 1:
        return None
    known = ~np.isnan(loss)
    if known.sum() < 2:
        return None
    start, end = np.interp([0.0, 1.0], position[known], loss[known])
    covered = position[known][0] <= 0 and position[known][-1] >= 1
    return (float(start), float(end)) if covered and np.isfinite([start, end]).all() else None


def barrier_measures(curve: Curve, caveat: str) -> tuple[Measure, ...]:
    """Barrier and height between the two networks of a curve, on the training set and on the test set."""
    found = list(_barriers(curve, curve.loss, "training", caveat))
    if curve.test_loss is not None:
        found += _barriers(curve, curve.test_loss, "test", caveat)
    return tuple(found)


def _barriers(curve: Curve, losses: FloatArray, which: str, caveat: str) -> tuple[Measure, Measure]:
    unit = curve.loss_unit
    barrier, height = line_barrier(curve.x, losses[0]), line_height(curve.x, losses[0])
    unknown = "unknown: the curve does not reach from 0 to 1, or has no loss there"
    way = "Bézier curve" if curve.request.directions.kind == "bezier" else "straight line"
    return (
        Measure(
            key=f"barrier-{which}",
            name=f"Barrier, {which} loss",
            value=barrier,
            unit=unit,
            text=unknown if np.isnan(barrier) else f"{amount(barrier, unit)} above the straight course of the loss",
            definition=(
                f"On the {way} from one network (position 0) to the other (position 1): the most by which the "
                f"{which} loss L(t) exceeds what it would be if it changed evenly from end to end, "
                "L(t) − ((1 − t)·L(0) + t·L(1)). Zero if it never does. Taken over the computed positions."
            ),
            source=LINE_SOURCE,
            caveat=caveat,
        ),
        Measure(
            key=f"height-{which}",
            name=f"Height of the way, {which} loss",
            value=height,
            unit=unit,
            text=unknown if np.isnan(height) else f"{amount(height, unit)} above the higher end",
            definition=(
                f"On the {way} between the networks: the largest {which} loss at a computed position between 0 and 1, "
                "less the larger of the two losses at the ends."
            ),
            source=HEIGHT_SOURCE,
            caveat=caveat,
        ),
    )
