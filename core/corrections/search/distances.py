"""What a change costs, and the least that a point of a box on the right side of a plane can cost.

The bounds hold with rounding: a plane is moved outward by what its sums may be off before anything is concluded.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import Norm
from core.corrections.search.question import Question
from core.corrections.slices.rounding import gamma

FloatArray = npt.NDArray[np.float64]
SAFE = 1e-13  # relative: the few sums and products of a distance are off by less
BISECTIONS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Distance:
    """A weighted norm of the change from `start`."""

    norm: Norm
    start: FloatArray = field(repr=False)  # (k,)
    weights: FloatArray = field(repr=False)  # (k,)

    def of(self, points: FloatArray) -> FloatArray:
        """(n,) of points (n, k)."""
        return self._joined(self.weights * np.abs(points - self.start))

    def from_box(self, low: FloatArray, high: FloatArray) -> FloatArray:
        """The least (n,) over boxes (n, k), no more than it is."""
        nearest: FloatArray = self.of(np.clip(self.start, low, high)) * (1 - SAFE)
        return nearest

    def slope(self, point: FloatArray) -> FloatArray:
        """A (sub)gradient (k,): nowhere is the distance less than this linear function from `start` says."""
        change = self.weights * (point - self.start)
        sign = np.where(change < 0, -1.0, 1.0)
        if self.norm == "L1":
            return np.asarray(self.weights * sign)
        if self.norm == "L2":
            return np.asarray(
                self.weights * (change / np.linalg.norm(change) if change.any() else sign / len(sign) ** 0.5)
            )
        return np.asarray(self.weights * sign * (np.arange(len(sign)) == np.abs(change).argmax()))

    def to_far_corner(self, low: FloatArray, high: FloatArray) -> FloatArray:
        """The most (n,) over boxes (n, k), no less than it is."""
        farthest = np.maximum(np.abs(low - self.start), np.abs(high - self.start))
        most: FloatArray = self._joined(self.weights * farthest) * (1 + SAFE)
        return most

    def beyond(
        self, low: FloatArray, high: FloatArray, slopes: FloatArray, constant: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """The least distance in a box of a point with ``slopes · u + constant ≥ 0``, and that point.

        Parameters
        ----------
        low, high, slopes : (n, k) arrays
        constant : (n,) array

        Returns
        -------
        distances : (n,) array
            No more than they are; infinite where the box has no such point. A plane of NaN or infinity says nothing.
        points : (n, k) array
            Where the distance is attained, up to rounding.
        """
        nearest = np.clip(self.start, low, high)
        size = np.abs(slopes)
        handles = low.shape[1]
        sums = np.abs(constant) + (size * np.maximum(np.abs(low), np.abs(high))).sum(axis=1)
        missing = -(constant + (slopes * nearest).sum(axis=1)) - gamma(4 * handles + 16) * sums
        room = np.where(slopes > 0, high - nearest, nearest - low) * (1 + SAFE)
        moves = self._moves(nearest, room, size, missing)
        points = np.where(slopes > 0, nearest + moves, nearest - moves)
        paid = self._joined(self.weights * (np.abs(nearest - self.start) + moves)) * (1 - 4 * SAFE)
        possible = missing <= (size * room).sum(axis=1) * (1 + SAFE)
        silent = ~(np.isfinite(missing) & np.isfinite(paid) & np.isfinite(size).all(axis=1))
        distances = np.where(silent, self.from_box(low, high), np.where(possible, paid, np.inf))
        return distances, np.where(silent[:, None], nearest, np.clip(points, low, high))

    def reach(self, low: FloatArray, high: FloatArray, limit: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The boxes (n, k) without the parts where the distance is more than `limit` (n,)."""
        own = self.weights * np.abs(np.clip(self.start, low, high) - self.start)
        limit = limit * (1 + 8 * SAFE)  # beside it the differences below are rounded
        if self.norm == "L1":
            left = limit[:, None] - (own.sum(axis=1, keepdims=True) - own)
        elif self.norm == "L2":
            left = np.sqrt(np.maximum(limit[:, None] ** 2 - (own**2).sum(axis=1, keepdims=True) + own**2, 0.0))
        else:
            left = np.broadcast_to(limit[:, None], own.shape)
        span = np.maximum(left, own) / self.weights * (1 + 8 * SAFE) + 4 * np.spacing(np.abs(self.start))
        return np.maximum(low, self.start - span), np.minimum(high, self.start + span)

    def _joined(self, parts: FloatArray) -> FloatArray:
        joined: FloatArray
        if self.norm == "L1":
            joined = parts.sum(axis=1)
        elif self.norm == "L2":
            joined = np.sqrt((parts**2).sum(axis=1))
        else:
            joined = parts.max(axis=1, initial=0.0)
        return joined

    def _moves(self, nearest: FloatArray, room: FloatArray, size: FloatArray, missing: FloatArray) -> FloatArray:
        """How far each handle goes on from the nearest point, so that ``Σ size · move`` is just what is missing."""
        if self.norm == "L1":
            return _cheapest_first(room, size, missing, self.weights)
        before = np.abs(nearest - self.start)

        def moved(level: FloatArray) -> FloatArray:
            if self.norm == "L2":  # the gradient of the squared distance is in proportion to the slopes
                wanted = level[:, None] * size / self.weights**2 - before
            else:
                wanted = level[:, None] / self.weights - before
            return np.clip(wanted, 0.0, room)

        # The lower end of the bisection gives a little less than what is missing: a bound from below.
        none = np.zeros(len(missing))
        most = (self.weights * (before + room)).max(axis=1)
        if self.norm == "L2":
            steepest = np.maximum(size, np.finfo(np.float64).tiny)
            most = np.where(size > 0, self.weights**2 * (before + room) / steepest, 0.0).max(axis=1)
        low, high = none, most
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            enough = (size * moved(middle)).sum(axis=1) >= missing
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.where(missing[:, None] > 0, moved(low), 0.0)


def _cheapest_first(room: FloatArray, size: FloatArray, missing: FloatArray, weights: FloatArray) -> FloatArray:
    """The moves of least total weight: handles in the order of gain per cost, the last one as far as needed."""
    order = np.argsort(-size / weights, axis=1)
    gains = np.take_along_axis(size * room, order, axis=1)
    before = np.cumsum(gains, axis=1) - gains
    needed = np.clip(missing[:, None] - before, 0.0, gains)
    share = np.divide(needed, gains, out=np.zeros_like(gains), where=gains > 0)
    moves = np.empty_like(room)
    np.put_along_axis(moves, order, share * np.take_along_axis(room, order, axis=1), axis=1)
    return moves


def elsewhere_of(question: Question) -> list[tuple[Distance, int]]:
    """The distances from all points that an answer is to keep away from, and the lanes they are in."""
    return [
        (Distance(norm=question.norm, start=point, weights=question.weights), question.lane_of[levels])
        for point, levels in question.elsewhere
        if levels in question.lane_of
    ]
