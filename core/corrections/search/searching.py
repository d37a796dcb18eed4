"""The state of one search: open boxes of centres, the best stable centre so far, and what of it is proved.

Best-first branch and bound over boxes of centres (`pruning`), steered by where they are likely to be rejected
(`steering`), with candidates from sampling and linear programs (`incumbents`). A centre is an answer only after the
proof that its whole box is accepted (`bounds`).
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows, boxes_at_a_time
from core.corrections.bounds.proving import Counterexample, prove_boxes
from core.corrections.bounds.proving import Proof as Proved
from core.corrections.bounds.restriction import Restriction
from core.corrections.search.adversary import Adversary
from core.corrections.search.bracket import Bracket
from core.corrections.search.distances import Distance
from core.corrections.search.frontier import Frontier, Nodes
from core.corrections.search.incumbents import Candidate, Incumbents
from core.corrections.search.pruning import Pruning
from core.corrections.search.question import Question
from core.corrections.search.steering import steered
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Seed = tuple[FloatArray, tuple[int, ...]]  # a point (k,) and levels
PROOF_BUDGET = 400  # boxes, for a candidate met on the way
MOST_FOR_CANDIDATES, WITHOUT_ANY = 0.15, 0.3  # share of the time, and while nothing was found
LEAST_OFTEN = 16  # steps without a try, however long the last ones took: else a cluster of tiny boxes around a
# stable point, which no bound excludes, would be divided for ever
FREE_FOR_CANDIDATES = 0.05  # seconds beyond
IMPROVED = 2  # of the sampled candidates that descend before the search begins


@dataclass
class Spent:
    """Seconds that went into bounds and into candidates, of one search or of several that belong together."""

    bounding: float = 0.0
    trying: float = 0.0


class Search:
    """A search for the nearest stable centre of one question, as far as it has come.

    Parameters
    ----------
    network : Restriction
        On the subspace of the question and in its lanes.
    rows : Rows
        Of its goal.
    spent : Spent, optional
        Shared by searches that go on in turns.

    Attributes
    ----------
    cutoff : float
        What costs as much is of no use, because as much is known elsewhere. It may only be lowered.
    boxes : int
        That were bounded so far.
    """

    def __init__(
        self,
        question: Question,
        network: Restriction,
        rows: Rows,
        tolerance: float,
        job: JobContext,
        spent: "Spent | None" = None,
    ) -> None:
        self.cutoff = np.inf
        self._question = question
        self._job = job
        self._tolerance = tolerance
        self._network, self._rows = network, rows
        distance = Distance(norm=question.norm, start=question.start, weights=question.weights)
        self._adversary = Adversary(self._network, self._rows, question.half_widths, question.lattice)
        self._finder = Incumbents(question, distance, self._adversary, 0.1 * tolerance)
        self._pruning = Pruning(question, self._network, self._rows, distance)
        self._frontier = Frontier(self._pruning.roots())
        self._best: Candidate | None = None
        self._floor = np.inf  # the least bound of nodes that were dropped because they can hardly be better
        self.boxes = 0
        self._spent = Spent() if spent is None else spent
        self._waited = 0  # steps since something was tried

    @property
    def cost(self) -> float:
        """Of the best stable centre so far."""
        return np.inf if self._best is None else self._best.cost

    @property
    def enough(self) -> float:
        """A node whose bound is this large cannot hold anything that is better by more than the tolerance."""
        return min(self.cost, self.cutoff) * (1 - self._tolerance)

    @property
    def lowest(self) -> float:
        """No stable centre costs less than this, or than the cutoff; infinite if there is none."""
        return min(self._frontier.lowest, self._floor)

    @property
    def over(self) -> bool:
        """Whether nothing is left that could be better."""
        return not len(self._frontier) or self.lowest >= self.enough

    def bracket(self) -> Bracket:
        """What is known now."""
        best, lower = self._best, min(self.lowest, self.cost, self.cutoff)
        nothing = best is None and lower == np.inf
        return Bracket(
            lower=lower,
            distance=None if best is None else best.cost,
            point=None if best is None else best.point,
            levels=() if best is None else self._question.lanes[best.lane].levels,
            boxes=self.boxes,
            closed=nothing or (best is not None and lower >= self.enough),
            proof="none_exists" if nothing else ("unknown" if best is None else "proved"),
        )

    def steps(self, *, sampled: bool = True) -> Iterator[None]:
        """Run to the end, stopping after each piece of work.

        Parameters
        ----------
        sampled : bool
            Whether to begin with the best of many points.
        """
        if sampled and not self.over:
            yield from self._begin()
        while not self.over:
            self._job.check()
            started = time.monotonic()
            nodes = self._bounded(self._frontier.take(boxes_at_a_time(self._network)))
            self._job.check()
            children, points, leads = self._divided(nodes)
            self._spent.bounding += time.monotonic() - started
            yield from self._promising(children, points, leads)
            yield

    def _begin(self) -> Iterator[None]:
        candidates = self._finder.sampled(self._job)
        for candidate in candidates[:IMPROVED]:
            self._improve(candidate.point, candidate.lane)
            yield
        for candidate in candidates:
            if candidate.cost < self.enough:
                self._certify(candidate)
                yield

    def offer(self, seed: Seed) -> bool:
        """Prove a centre, and go on from it to cheaper ones. False if it is none of those asked about."""
        placed = self._question.placed(*seed)
        if placed is None:
            return False
        point, lane = placed
        cost = float(self._finder.cost(point[None], np.array([lane]))[0])
        if cost < self.enough:
            self._certify(Candidate(point=point, lane=lane, cost=cost))
        self._improve(point, lane)
        return True

    def _bounded(self, nodes: Nodes) -> Nodes:
        """What is left of nodes after they were bounded and cut down to where something better may be."""
        nodes = self._pruning.within_reach(nodes, min(self.cost, self.cutoff))
        if not len(nodes):
            return nodes
        self.boxes += len(nodes)
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
        found = steered(self._adversary, children, points)
        children = replace(children, offsets=found.offsets, pulls=found.pulls)
        self._frontier.add(children)
        return children, points, found.leads

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
        share = WITHOUT_ANY if self._best is None else MOST_FOR_CANDIDATES
        self._waited += 1
        busy = self._spent.trying > share * self._spent.bounding + FREE_FOR_CANDIDATES
        if not len(nodes) or (busy and self._waited < LEAST_OFTEN):
            return
        self._waited = 0
        costs = self._finder.cost(points, nodes.lanes)
        cheapest = int(np.where(leads > 0, costs, np.inf).argmin())
        for place in {cheapest, int(np.where(costs < self.enough, leads, -np.inf).argmax())}:
            if costs[place] < self.enough:
                started = time.monotonic()
                self._improve(points[place], int(nodes.lanes[place]))
                self._spent.trying += time.monotonic() - started
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
        self.boxes += answer.boxes
        if isinstance(answer, Proved) and candidate.cost < self.cost:
            self._best = candidate
        if isinstance(answer, Counterexample):
            self._adversary.remember(np.array(answer.point) - candidate.point)
        return isinstance(answer, Proved)
