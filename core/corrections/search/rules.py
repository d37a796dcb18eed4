"""A short list of rules that between them correct most cases: boxes proved for every case they are said to serve.

Candidates are boxes of half-widths around points of the cases' own proved boxes. Which cases a candidate may serve is
sampled; the best is proved case by case, then grown slab by slab as long as it stays proved for all of them. The next
one is chosen for the cases that are left: a greedy cover, by the number of cases over their mean cost.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.lattice import Lattice
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.cases import FAILED, FAILS, HOLDS, NONE_EXISTS, NOT_YET, OWN_LEVEL, PROVED, UNTRIED, Cases
from core.corrections.records.goal import Goal
from core.corrections.search.distances import Distance
from core.corrections.search.many import Crowd
from core.corrections.search.rule_growth import corners_of, grown_for_all
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
MOST_SEEDS = 240
MOST_FOR_SAMPLING = 0.5  # share of the time
ALIKE = 1 / 64  # of a range: nearer seeds count as one
ROUNDINGS = 8
LITTLE_MORE = 1.2  # mean cost for which a shorter list is worth having


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """A box of the free numbers at levels of the categories, and which of the n cases it serves."""

    box: FloatArray = field(repr=False)  # (2, k)
    levels: IntArray  # (c,), OWN_LEVEL: as it is
    covers: Flags = field(repr=False)  # (n,)
    cost: FloatArray = field(repr=False)  # (n,), to the nearest point that is stable in the box; NaN: not covered


class RuleSearch:
    """The candidates, what is known of them, and the rules so far.

    Parameters
    ----------
    cases : Cases
        Of which every one is done.
    goal : Goal
        About the outputs before the head of the network.
    """

    def __init__(self, cases: Cases, lowered: PiecewiseLinear, goal: Goal, job: JobContext) -> None:
        self._cases, self._lowered, self._goal, self._job = cases, lowered, goal, job
        self._lattice = Lattice.from_zero(cases.steps)
        self._half = self._lattice.whole(cases.half_widths)
        self._crowds: dict[tuple[int, ...], Crowd] = {}
        self._eligible: Mask = ~np.isin(cases.proof, (FAILED, NONE_EXISTS, NOT_YET))
        served = cases.distance[cases.corrected]
        self._usual = float(np.median(served)) if len(served) else 0.0
        self.all_sampled = True  # False: with more time there might be other rules

    def run(self) -> Iterator[tuple[Rule, ...]]:
        """Rules in the order of their choice, told again whenever there is one more, or the last one has grown.

        Ends when there are enough, or nothing is left that a rule could correct.
        """
        rules: tuple[Rule, ...] = ()
        candidates = self._candidates()
        proved = [False] * len(candidates)
        left = self._eligible.copy()
        while candidates and len(rules) < self._cases.request.rules:
            scores = [self._score(rule, left) for rule in candidates]
            best = int(np.argmax(scores))
            if scores[best] <= 0:
                break
            if not proved[best]:
                candidates[best] = self._proved(candidates[best])
                proved[best] = True
                continue
            chosen = candidates[best]
            yield (*rules, chosen)
            for grown in self._grown(chosen):
                chosen = grown
                yield (*rules, chosen)
            rules = (*rules, chosen)
            left &= chosen.covers != HOLDS
        if (needed := without_spare(rules)) != rules:
            yield needed

    def _candidates(self) -> list[Rule]:
        """As many as can be sampled in a part of the time."""
        until = time.monotonic() + MOST_FOR_SAMPLING * self._cases.request.rule_seconds
        found = []
        for box, levels in self._seeds():
            if time.monotonic() > until:
                self.all_sampled = False
                break
            found.append(self._sampled(box, levels))
        return found

    def _seeds(self) -> list[tuple[FloatArray, IntArray]]:
        """Boxes of half-widths in the cases' own boxes: at the correction, in the middle, and as far in as they go."""
        cases, half = self._cases, self._half
        found: dict[bytes, tuple[FloatArray, IntArray]] = {}
        extent = np.nanmax(cases.ranges[:, 1] - cases.ranges[:, 0], axis=0, initial=0.0)
        grain = np.where(extent > 0, extent, 1.0) * ALIKE
        places = np.flatnonzero(cases.proof == PROVED)
        order = np.random.default_rng(0).permutation(len(places))
        for place in places[order]:
            low, high = cases.box[place]
            inner = np.minimum(low + half, high), np.maximum(high - half, low)
            middle = self._lattice.nearest((low + high) / 2)
            away = np.where(cases.start[place] < middle, inner[1], inner[0])
            same = cases.levels[place] == cases.present[place]
            levels = np.where(same, OWN_LEVEL, cases.levels[place])
            for point in (cases.point[place], middle, away):
                key = np.round(point / grain).astype(np.int64).tobytes() + levels.astype(np.int64).tobytes()
                found.setdefault(key, (np.stack([point - half, point + half]), levels))
        return list(found.values())[:MOST_SEEDS]

    def _crowd(self, levels: IntArray) -> Crowd:
        """All cases with these levels."""
        key = tuple(levels.tolist())
        if key not in self._crowds:
            cases = self._cases
            taken = np.where(levels == OWN_LEVEL, cases.present, levels)
            self._crowds[key] = Crowd.of(
                self._lowered, self._goal, cases.inputs, cases.moves, cases.steps, cases.categories, taken
            )
        return self._crowds[key]

    def _within(self, box: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The part of a box (n, k) that each case may reach."""
        return np.maximum(box[0], self._cases.ranges[:, 0]), np.minimum(box[1], self._cases.ranges[:, 1])

    def _costs(self, box: FloatArray, levels: IntArray) -> FloatArray:
        """(n,), to the nearest point whose box of half-widths lies in the part that a case may reach; else NaN."""
        cases, half = self._cases, self._half
        low, high = (ends + sign * half for ends, sign in zip(self._within(box), (1, -1), strict=True))
        slack = ROUNDINGS * np.spacing(np.maximum(np.abs(low), np.abs(high)))
        crossed = (low > high) & (low - high <= slack)
        low, high = np.where(crossed, (low + high) / 2, low), np.where(crossed, (low + high) / 2, high)
        low, high = self._lattice.inward(low, high)
        points = self._lattice.nearest(np.clip(cases.start, low, np.maximum(low, high)))
        numbers = half.size
        change = np.abs(points - cases.start)
        unit = Distance(norm=cases.request.norm, start=np.zeros(numbers), weights=np.ones(numbers))
        cost = unit.of(cases.prices[:, :numbers] * change) if numbers else np.zeros(len(points))
        moved = (levels != OWN_LEVEL) & (levels != cases.present)
        cost = cost + (cases.prices[:, numbers:] * moved).sum(axis=1)
        return np.where((low <= high).all(axis=1), cost, np.nan)

    def _sampled(self, box: FloatArray, levels: IntArray) -> Rule:
        """Which cases a candidate may serve: those that no corner of it speaks against."""
        cost = self._costs(box, levels)
        crowd = self._crowd(levels)
        covers = np.where(self._eligible & np.isfinite(cost), UNTRIED, FAILS).astype(np.uint8)
        low, high = self._within(box)
        for share in corners_of(low.shape[1]):
            which = np.flatnonzero(covers == UNTRIED)
            points = (
                self._lattice.nearest(low[which] + share * (high[which] - low[which])) if len(share) else low[which]
            )
            rejected = np.logical_not(crowd.leads(points, which, self._job) > 0)
            covers[which[rejected]] = FAILS
        return Rule(box=box, levels=levels, covers=covers, cost=cost)

    def _proved(self, rule: Rule) -> Rule:
        """With a proof, or none, for each case that it may serve."""
        which = np.flatnonzero(rule.covers == UNTRIED)
        low, high = self._within(rule.box)
        covers = rule.covers.copy()
        covers[which] = self._crowd(rule.levels).judged(low[which], high[which], which, self._job)
        cost = np.where(covers == HOLDS, rule.cost, np.nan)
        return Rule(box=rule.box, levels=rule.levels, covers=covers, cost=cost)

    def _score(self, rule: Rule, left: Mask) -> float:
        """How many of the cases that are left, over their mean cost; no cost counts as less than the usual one."""
        may = left & np.isin(rule.covers, (UNTRIED, HOLDS))
        if not may.any():
            return 0.0
        return float(may.sum() / max(rule.cost[may].mean(), self._usual, np.finfo(np.float64).tiny))

    def _grown(self, rule: Rule) -> Iterator[Rule]:
        """Wider and wider, as long as it can be proved for all cases that it serves."""
        which = np.flatnonzero(rule.covers == HOLDS)
        crowd = self._crowd(rule.levels)
        for box in grown_for_all(rule.box, self._cases.ranges[which], crowd, which, self._job):
            cost = np.where(rule.covers == HOLDS, self._costs(box, rule.levels), np.nan)
            yield Rule(box=box, levels=rule.levels, covers=rule.covers, cost=cost)


def without_spare(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules without those that others make superfluous: they correct the same cases, at little more cost in the mean.

    A rule is chosen before it has grown, and one that is chosen later may then do all that it does.
    """
    kept = list(rules)
    for rule in rules:
        others = [one for one in kept if one is not rule]
        if not others:
            break
        with_it, without = (np.nanmin(_costs_of(those), axis=0) for those in (kept, others))
        served = np.isfinite(with_it)
        if np.isfinite(without[served]).all() and without[served].mean() <= LITTLE_MORE * with_it[served].mean():
            kept = others
    return tuple(kept)


def _costs_of(rules: list[Rule]) -> FloatArray:
    """(rules, n), infinite where a rule does not serve."""
    return np.array([np.where(rule.covers == HOLDS, rule.cost, np.inf) for rule in rules])
