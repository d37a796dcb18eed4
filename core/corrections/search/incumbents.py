"""Stable centres that are as near as sampling, bisection and linear programs can find. A proof has the last word.

The linear programs walk over neighbouring linear pieces: at every rejected offset that is known, the network is
replaced by the affine function that it is there, and the nearest point is taken at which all of them accept, within a
trust region that shrinks where the next piece disagrees.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from core.corrections.search.adversary import Adversary
from core.corrections.search.distances import Distance, elsewhere_of
from core.corrections.search.question import Question
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
SAMPLES = 1500
KEPT = 8  # samples that are moved towards the start
FRACTIONS = np.linspace(0.0, 1.0, 17)[1:]
STEPS = 24  # linear programs one after the other
SMALLEST_TRUST = 1e-6  # share of the widest range
PENALTY = 3.0  # of a missing lead, in multiples of what it costs to gain it by the handle that does least
SMALL_GAIN = 1e-3  # share of the largest gain below which a handle is not counted
MOST_REFUSED = 6  # trial points whose pieces are remembered
MOST_OFFSETS = 16  # rejected offsets that one program holds


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """A centre that nobody has shown to be unstable, and its whole cost."""

    point: FloatArray  # (k,)
    lane: int
    cost: float


class Incumbents:
    """Finds candidates for the nearest stable centre of a question."""

    def __init__(self, question: Question, distance: Distance, adversary: Adversary, margin: float) -> None:
        self._question = question
        self._distance = distance
        self._adversary = adversary
        self._margin = margin  # share of the cost that may be spent on keeping away from the edge
        self._costs = question.lane_costs
        self._low, self._high = question.room
        self._stays = bool((self._low == self._high).all())
        self._elsewhere = elsewhere_of(question)

    def cost(self, points: FloatArray, lanes: IntArray) -> FloatArray:
        """(n,), of points and the lanes they are in."""
        whole: FloatArray = self._distance.of(points) + self._costs[lanes]
        return whole

    def wanted(self, point: FloatArray, lane: int) -> bool:
        """Whether a point (k,) is as far from others as was asked for."""
        return self._clearance(point, lane) >= 0

    def _clearance(self, point: FloatArray, lane: int) -> float:
        """By how much a point is farther from others than it has to be."""
        near = [float(one.of(point[None])[0]) for one, other in self._elsewhere if other == lane]
        return min(near) - self._question.apart if near else np.inf

    def sampled(self, job: JobContext) -> list[Candidate]:
        """The cheapest of many points, moved towards the start as long as nothing speaks against it."""
        generator = np.random.default_rng(0)
        share = generator.random((SAMPLES, len(self._low))) ** 2  # more of them near the start
        start = np.clip(self._question.start, self._low, self._high)
        ends = self._low + generator.random(share.shape) * (self._high - self._low)
        points = self._question.lattice.nearest(start + share * (ends - start))
        points = np.clip(points, self._low, self._high)
        allowed = self._question.open_lanes
        drawn = np.minimum((generator.random(SAMPLES) ** 2 * len(allowed)).astype(np.intp), len(allowed) - 1)
        lanes = allowed[drawn]
        points[: min(SAMPLES, len(allowed))] = start
        lanes[: min(SAMPLES, len(allowed))] = allowed[:SAMPLES]
        job.check()
        accepted = self._adversary.best_of(points, lanes, self._adversary.remembered)[1] > 0
        points, lanes = points[accepted], lanes[accepted]
        order = np.argsort(self.cost(points, lanes))[: 16 * KEPT]
        points, lanes = points[order], lanes[order]
        job.check()
        if len(points):
            held = self._adversary.attack(points, lanes)[1] > 0
            points, lanes = points[held][:KEPT], lanes[held][:KEPT]
        if len(points):
            points = self._pulled_in(points, lanes, job)
        costs = self.cost(points, lanes)
        return [
            Candidate(point=points[best], lane=int(lanes[best]), cost=float(costs[best])) for best in np.argsort(costs)
        ]

    def _pulled_in(self, points: FloatArray, lanes: IntArray, job: JobContext) -> FloatArray:
        """Move each point, all handles together and then one by one, as near to the start as it stays accepted."""
        start = np.clip(self._question.start, self._low, self._high)
        offsets = np.concatenate([self._adversary.corners, self._adversary.remembered])
        handles = points.shape[1]
        moves = [np.ones(handles), *np.eye(handles)]
        for move in [*moves, *moves[1:]]:
            job.check()
            tried = points[:, None] + FRACTIONS[:, None] * move * (start - points)[:, None]
            tried = self._question.lattice.nearest(tried)
            flat = tried.reshape(-1, handles)
            fine = self._adversary.best_of(flat, np.repeat(lanes, len(FRACTIONS)), offsets)[1] > 0
            # As far as everything on the way is accepted: further on it may be so by luck.
            far = np.cumprod(fine.reshape(len(points), -1), axis=1).sum(axis=1)
            rows = np.flatnonzero(far)
            points = points.copy()
            points[rows] = tried[rows, far[rows] - 1]
        return points

    def descended(self, point: FloatArray, lane: int, job: JobContext) -> Candidate | None:
        """By linear programs from a point, stable or not. None if no stable point was met on the way."""
        best: Candidate | None = None
        trust, smallest = 0.25 * (self._high - self._low), SMALLEST_TRUST * (self._high - self._low).max()
        offset, lead, cost = self._judged(point, lane)
        offsets, refused = offset, np.zeros((0, 2, len(point)))
        if lead > 0:
            best = Candidate(point=point, lane=lane, cost=cost)
        if self._stays:
            return best
        for _ in range(STEPS):
            job.check()
            following, penalty = self._program(point, lane, offsets, refused, trust)
            offset, new_lead, new_cost = self._judged(following, lane)
            offsets = np.concatenate([offset, offsets])[:MOST_OFFSETS]
            if new_lead > 0 and (best is None or new_cost < best.cost):
                best = Candidate(point=following, lane=lane, cost=new_cost)
            gain = cost - new_cost + penalty * (min(new_lead, 0.0) - min(lead, 0.0))
            if gain > 0:
                point, lead, cost, trust = following, new_lead, new_cost, 1.5 * trust
                refused = refused[:0]
            else:
                # The piece that disagreed is held against the next program, together with the ones here.
                refused = np.concatenate([np.stack([following, offset[0]])[None], refused])[:MOST_REFUSED]
                trust = 0.5 * trust
            within = np.where(trust >= 0.5 * self._question.lattice.steps, trust, 0.0)  # less goes to no other step
            # A program that stays where it is has found the best of the pieces that it knows.
            settled = new_lead > 0 and abs(gain) < self._margin * cost
            hardly = best is not None and float(within @ self._question.weights) < self._margin * best.cost
            if within.max() < smallest or hardly or settled:
                break
        return best

    def _judged(self, point: FloatArray, lane: int) -> tuple[FloatArray, float, float]:
        """The worst offset (1, k) at a point, the lead there, and what the point costs."""
        lanes = np.array([lane])
        offset, lead = self._adversary.attack(point[None], lanes)
        return offset, min(float(lead[0]), self._clearance(point, lane)), float(self.cost(point[None], lanes)[0])

    def _program(
        self, point: FloatArray, lane: int, offsets: FloatArray, refused: FloatArray, trust: FloatArray
    ) -> tuple[FloatArray, float]:
        """The nearest point within the trust region at which the affine pieces at all offsets accept.

        Also what a missing lead of one was taken to cost, for there may be no such point.
        """
        handles = len(point)
        centres = np.concatenate([np.tile(point, (len(offsets), 1)), refused[:, 0]])
        moved = centres + np.concatenate([offsets, refused[:, 1]])
        values, slopes, which = self._adversary.rows_at(moved, np.full(len(moved), lane, np.intp))
        values = values + (slopes * (point - centres[which])).sum(axis=1)  # all as they are at this point
        start, weights = self._question.start, self._question.weights
        gains = np.abs(slopes) / weights  # of lead for a cost of one
        aside = self._margin * float(self._distance.of(point[None])[0]) * gains.max(axis=1)
        # At the rim of the ranges only the handles with the smaller gains may be left.
        some = gains[gains > SMALL_GAIN * gains.max()]
        penalty = PENALTY / float(some.min()) if len(some) else 1.0
        low = np.maximum(self._low, point - trust)
        high = np.minimum(self._high, point + trust)
        # Variables: the point; what each handle costs, or in the maximum norm the largest of these; the missing lead.
        shared = self._question.norm == "Linf"
        extra = 1 if shared else handles
        each = np.ones((handles, 1)) if shared else np.eye(handles)
        price = np.ones(extra)
        if self._question.norm == "L2":
            change = weights * np.abs(point - start)  # the slopes of the norm are in proportion to the change
            price = np.maximum(change, max(1e-2 * float(change.max()), 1e-12))
            price = price / np.linalg.norm(price)
        away = [one.slope(point) for one, other in self._elsewhere if other == lane]
        if away:
            near = np.array([float(one.of(point[None])[0]) for one, other in self._elsewhere if other == lane])
            slopes = np.concatenate([slopes, away])
            values = np.concatenate([values, near - self._question.apart])
            aside = np.concatenate([aside, np.full(len(away), 1e-9 * self._question.apart)])
        none, scaled = np.zeros((handles, 1)), np.diag(weights)
        matrix = np.concatenate(
            [
                np.concatenate([-slopes, np.zeros((len(values), extra)), -np.ones((len(values), 1))], axis=1),
                np.concatenate([scaled, -each, none], axis=1),
                np.concatenate([-scaled, -each, none], axis=1),
            ]
        )
        limits = np.concatenate([values - slopes @ point - aside, weights * start, -weights * start])
        least = np.concatenate([low, np.zeros(extra + 1)])
        most = np.concatenate([np.maximum(low, high), np.full(extra + 1, np.inf)])
        objective = np.concatenate([np.zeros(handles), price, [penalty]])
        if not (np.isfinite(matrix).all() and np.isfinite(limits).all()):
            return point, penalty  # the network overflows here, and no program can be made of it
        # Without integers: it goes to the same solver as `linprog` does, with less around it.
        solved = milp(objective, constraints=LinearConstraint(matrix, -np.inf, limits), bounds=Bounds(least, most))
        if solved.x is None:
            return point, penalty
        placed = self._question.lattice.nearest(solved.x[:handles])
        return np.clip(placed, self._low, self._high), penalty
