"""A box that is proved for many inputs, grown slab by slab as long as it is proved for all of them."""

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from core.corrections.records.cases import HOLDS
from core.corrections.search.many import Crowd
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
FINEST = 1 / 64  # of a range: so much a side goes on at least
MOST_CORNERS = 32


def corners_of(handles: int) -> FloatArray:
    """The middle of a box and its corners (p, k), as shares of its sides; of many corners some."""
    if not handles:
        return np.zeros((1, 0))
    if 2**handles <= MOST_CORNERS:
        corners = np.array(list(itertools.product((0.0, 1.0), repeat=handles)))
    else:
        corners = np.random.default_rng(0).integers(0, 2, (MOST_CORNERS, handles)).astype(np.float64)
    return np.concatenate([np.full((1, handles), 0.5), corners])


def grown_for_all(
    box: FloatArray, ranges: FloatArray, crowd: Crowd, which: IntArray, job: JobContext
) -> Iterator[FloatArray]:
    """Larger and larger boxes (2, k) that are proved for all of some inputs, within the range of each.

    Parameters
    ----------
    box : (2, k) array
        Proved for each of them.
    ranges : (m, 2, k) array
        Of these inputs; beyond its range a box says nothing about an input.
    which : (m,) array
        Places of the inputs in the crowd.

    Raises
    ------
    Cancelled
        And whatever else ``job.check`` raises; the last box that was given stays true.
    """
    outer = np.stack([ranges[:, 0].min(axis=0), ranges[:, 1].max(axis=0)])
    ends = np.array(box, dtype=np.float64)
    extent = outer[1] - outer[0]
    steps = np.maximum(np.stack([ends[0] - outer[0], outer[1] - ends[1]]), 0.0) / 2
    least = np.maximum(FINEST * extent, crowd.lattice.steps[: len(extent)])
    while True:
        gains = np.where(steps >= least * (1 - 1e-9), steps / np.where(extent > 0, extent, 1.0), 0.0)
        if not gains.any():
            return
        side, handle = np.unravel_index(int(gains.argmax()), gains.shape)
        face = ends[side, handle]
        end = face + (steps[side, handle] if side else -steps[side, handle])
        slab = ends.copy()
        slab[1 - side, handle], slab[side, handle] = face, end
        if _proved_for_all(slab, ranges, crowd, which, job):
            ends[side, handle] = end
            steps[side, handle] = min(2 * steps[side, handle], abs(outer[side, handle] - end))
            yield ends.copy()
        else:
            steps[side, handle] /= 2


def _proved_for_all(slab: FloatArray, ranges: FloatArray, crowd: Crowd, which: IntArray, job: JobContext) -> bool:
    """Whether the part of a slab that each input may reach is proved; stops at the first that is not."""
    low, high = np.maximum(slab[0], ranges[:, 0]), np.minimum(slab[1], ranges[:, 1])
    reached = (low <= high).all(axis=1)
    low, high, which = low[reached], high[reached], which[reached]
    inner_low, inner_high = crowd.allowed(low, high)
    for share in corners_of(slab.shape[1]):  # a rejected corner is found much faster than a proof fails
        points = crowd.nearest(np.clip(inner_low + share * (inner_high - inner_low), low, high))
        if not (crowd.leads(points, which, job) > 0).all():
            return False
    return all((flags == HOLDS).all() for _, flags in crowd.judged_in_parts(low, high, which, job))
