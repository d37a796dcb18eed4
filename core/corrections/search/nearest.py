"""The nearest stable correction in any number of handles, between a proved lower bound and the best that was found.

Best-first branch and bound over boxes of centres (`pruning`), steered by where they are likely to be rejected
(`steering`), with candidates from sampling and linear programs (`incumbents`). A centre is an answer only after the
proof that its whole box is accepted (`bounds`).
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows, boxes_at_a_time
from core.corrections.bounds.proving import Counterexample, prove_boxes
from core.corrections.bounds.proving import Proof as Proved
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.adversary import Adversary
from core.corrections.search.bracket import Bracket
from core.corrections.search.distances import Distance
from core.corrections.search.frontier import Frontier, Nodes
from core.corrections.search.incumbents import Candidate, Incumbents
from core.corrections.search.pruning import Pruning
from core.corrections.search.question import Question
from core.corrections.search.steering import choose_offsets
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Seeds = Sequence[tuple[FloatArray, tuple[int, ...]]]
TOLERANCE = 1e-3
PROOF_BUDGET = 400  # boxes, for a candidate met on the way
SNAPSHOT_EVERY = 0.1  # seconds
MOST_FOR_CANDIDATES = 0.3  # share of the time


def nearest_stable(
    question: Question,
    network: PiecewiseLinear,
    job: JobContext,
    *,
    tolerance: float = TOLERANCE,
    seeds: Seeds = (),
) -> Iterator[Bracket]:
    """Search, and tell what is known so far again and again. The last bracket is closed, or as far as doubles go.

    Parameters
    ----------
    tolerance : float
        Relative, between lower bound and distance, at which the bracket counts as closed.
    seeds : of points (k,) and levels
        Centres that are worth a try, such as the exact nearest ones of pairs of handles.

    Raises
    ------
    InvalidRequest
        If question and network do not fit.
    Cancelled
        From ``job.check``; the last bracket that was given stays true.

    Notes
    -----
    Every bracket is also given to ``job.partial``. Where the last bracket is not closed, something may be stable only
    within what rounding can decide.
    """
    search = _Search(question, network, tolerance, job)
    told, last = time.monotonic(), search.bracket()
    yield last
    for _ in search.steps(seeds):
        now = search.bracket()
        if now.distance != last.distance or now.closed or time.monotonic() - told >= SNAPSHOT_EVERY:
            told, last = time.monotonic(), now
            job.partial(now)
            yield now
    now = search.bracket()
    if (now.lower, now.distance, now.closed) != (last.lower, last.distance, last.closed):
        job.partial(now)
        yield now


class _Search:
    """The state of one search."""

    def __init__(self, question: Question, network: PiecewiseLinear, tolerance: float, job: JobContext) -> None:
        self._question = question
        self._job = job
        self._tolerance = tolerance
        self._network = question.restricted(network)
        self._rows = Rows.of(question.goal, network.classes)
        distance = Distance(norm=question.norm, start=question.start, weights=question.weights)
        self._adversary = Adversary(self._network, self._rows, question.half_widths, question.lattice)
        self._finder = Incumbents(question, distance, self._adversary, 0.1 * tolerance)
        self._pruning = Pruning(question, self._network, self._rows, distance)
        self._frontier = Frontier(self._pruning.roots())
        self._best: Candidate | None = None
        self._floor = np.inf  # the least bound of nodes that were dropped because they can hardly be better
        self._boxes = 0
        self._bounding, self._trying = 0.0, 0.0  # seconds

    @property
    def cost(self) -> float:
        """Of the best stable centre so far."""
        return np.inf if self._best is None else self._best.cost

    @property
    def enough(self) -> float:
        """A node whose bound is this large cannot hold anything that is better by more than the tolerance."""
        return self.cost * (1 - self._tolerance)

    def bracket(self) -> Bracket:
        """What is known now."""
        best, lower = self._best, min(self._frontier.lowest, self._floor, self.cost)
        nothing = best is None and lower == np.inf
        return Bracket(
            lower=lower,
            distance=None if best is None else best.cost,
            point=None if best is None else best.point,
            levels=() if best is None else self._question.lanes[best.lane].levels,
            boxes=self._boxes,
            closed=nothing or (best is not None and lower >= self.enough),
            proof="none_exists" if nothing else ("unknown" if best is None else "proved"),
        )

    def steps(self, seeds: Seeds) -> Iterator[None]:
        """Run to the end, stopping after each piece of work."""
        if len(self._frontier):
            yield from self._begin(seeds)
        while len(self._frontier) and min(self._frontier.lowest, self._floor) < self.enough:
            self._job.check()
            started = time.monotonic()
            nodes = self._bounded(self._frontier.take(boxes_at_a_time(self._network)))
            self._job.check()
            children, points, leads = self._divided(nodes)
            self._bounding += time.monotonic() - started
            yield from self._promising(children, points, leads)
            yield

    def _begin(self, seeds: Seeds) -> Iterator[None]:
        for point, levels in seeds:
            lane = self._question.lane_of.get(levels)
            if lane is not None:
                cost = self._finder.cost(point[None], np.array([lane]))
                self._certify(Candidate(point=point, lane=lane, cost=float(cost[0])))
                self._improve(point, lane)
                yield
        sampled = self._finder.sampled(self._job)
        for candidate in sampled[:3]:
            self._improve(candidate.point, candidate.lane)
            yield
        for candidate in sampled:
            if candidate.cost < self.enough:
                self._certify(candidate)
                yield

    def _bounded(self, nodes: Nodes) -> Nodes:
        """What is left of nodes after they were bounded and cut down to where something better may be."""
        nodes = self._pruning.within_reach(nodes, self.cost)
        if not len(nodes):
            return nodes
        self._boxes += len(nodes)
        return self._pruning.cut_off(self._still_open(self._pruning.bounded(nodes)))

    def _still_open(self, nodes: Nodes) -> Nodes:
        """Nodes that may hold something better; the others leave their bound behind."""
        possible: Mask = np.logical_not(nodes.bounds >= self.enough)
        self._floor = float(min([self._floor, *nodes.bounds[~possible]]))
        return nodes.part(possible)

    def _divided(self, nodes: Nodes) -> tuple[Nodes, FloatArray, FloatArray]:
        """Put halves of nodes on the frontier; return them, their cheapest points, and the least leads known there."""
        stuck = np.logical_not(np.asarray(self._pruning.divisible(nodes).any(axis=1)))
        for place in np.flatnonzero(stuck):
            self._settle(nodes.part(slice(place, place + 1)))
        children = self._pruning.divided(nodes.part(~stuck))
        costs, _ = self._pruning.cheapest(children)
        children = self._still_open(replace(children, bounds=np.fmax(children.bounds, costs)))
        if not len(children):
            return children, children.low, children.bounds
        _, points = self._pruning.cheapest(children)
        offsets, leads = choose_offsets(self._adversary, children, points)
        children = replace(children, offsets=offsets)
        self._frontier.add(children)
        return children, points, leads

    def _settle(self, node: Nodes) -> None:
        """What is too narrow to be divided: it is proved, refuted, or holds the bound down for good.

        If it is proved, then only at its first point. Others may cost less by some roundings.
        """
        point, lane = node.low[0], int(node.lanes[0])
        cost = float(self._finder.cost(node.low, node.lanes)[0])
        offset, lead = self._adversary.attack(node.low, node.lanes)
        if lead[0] <= 0 and self._pruning.excluded(node, offset[0]):
            return
        if lead[0] > 0 and self._certify(Candidate(point=point, lane=lane, cost=cost), 10 * PROOF_BUDGET):
            self._frontier.give_up(self._pruning.cheapest_of_all(node))
        else:
            self._frontier.give_up(node.bounds)

    def _promising(self, nodes: Nodes, points: FloatArray, leads: FloatArray) -> Iterator[None]:
        """Descend from points that no known offset speaks against, or little: the cheapest, and the best accepted."""
        if not len(nodes) or self._trying > MOST_FOR_CANDIDATES * self._bounding + 0.2:
            return
        costs = self._finder.cost(points, nodes.lanes)
        cheapest = int(np.where(leads > 0, costs, np.inf).argmin())
        for place in {cheapest, int(np.where(costs < self.enough, leads, -np.inf).argmax())}:
            if costs[place] < self.enough:
                started = time.monotonic()
                self._improve(points[place], int(nodes.lanes[place]))
                self._trying += time.monotonic() - started
                yield

    def _improve(self, point: FloatArray, lane: int) -> None:
        """Descend from a point, and prove what comes out."""
        found = self._finder.descended(point, lane, self._job)
        if found is not None and found.cost < self.enough:
            self._certify(found, 10 * PROOF_BUDGET)

    def _certify(self, candidate: Candidate, budget: int = PROOF_BUDGET) -> bool:
        """Try to prove that all of the box around a candidate is accepted, and keep the candidate if so."""
        if not self._finder.wanted(candidate.point, candidate.lane):
            return False
        half, lattice = self._question.half_widths, self._question.lattice
        low, high = candidate.point - half, candidate.point + half
        answer = prove_boxes(
            self._network, self._rows, low[None], high[None], self._job, budget, candidate.lane, lattice
        )
        self._boxes += answer.boxes
        if isinstance(answer, Proved) and candidate.cost < self.cost:
            self._best = candidate
        if isinstance(answer, Counterexample):
            self._adversary.remember(np.array(answer.point) - candidate.point)
        return isinstance(answer, Proved)
