"""The nearest stable correction in any number of handles, between a proved lower bound and the best that was found."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from core.corrections.bounds.demands import Rows
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.bracket import Bracket
from core.corrections.search.question import Question
from core.corrections.search.searching import Search, Seed, Spent
from core.corrections.search.subsets import own_values
from core.errors import InvalidRequest
from core.job import JobContext

Seeds = Sequence[Seed]
TOLERANCE = 1e-3
SNAPSHOT_EVERY = 0.1  # seconds
SAMPLED = 3  # of several questions, the first ones that are sampled at the beginning
SEEDS_AFTER = 2.0  # seconds: most searches are over before a seed that takes time could be found
MOST_FOR_SEEDS = 0.1  # share of the time


def nearest_stable(
    question: Question,
    network: PiecewiseLinear,
    job: JobContext,
    *,
    tolerance: float = TOLERANCE,
    seeds: Seeds = (),
    later: Iterable[Seed] = (),
) -> Iterator[Bracket]:
    """Search, and tell what is known so far again and again. The last bracket is closed, or as far as doubles go.

    Parameters
    ----------
    tolerance : float
        Relative, between lower bound and distance, at which the bracket counts as closed.
    seeds : of points (k,) and levels
        Centres that are worth a try, such as those of an earlier search.
    later : the same
        Centres that take time to find, such as the exact nearest ones of pairs of handles. They are asked for one by
        one while the search goes on, as long as they take a small share of the time.

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
    yield from nearest_of_several(
        _Only(own_values(question.keeping_lanes())), network, job, tolerance=tolerance, seeds=seeds, later=later
    )


class Several(Protocol):
    """Questions about the same subspace, lanes and goal: they differ in what may change and how stable it is to be.

    They are asked for when they are looked at. The most promising ones come first.
    """

    def __len__(self) -> int:
        """How many there are."""

    def question(self, place: int) -> Question:
        """One of them."""

    def bound(self, place: int) -> float:
        """What any answer to it costs at least."""

    def owner(self, seed: Seed) -> int | None:
        """The one that a centre may be an answer to; None if there is none."""


@dataclass(frozen=True, eq=False)
class _Only:
    """A single question as several: one for each way to keep values beside the steps."""

    asked: list[Question]

    def __len__(self) -> int:
        return len(self.asked)

    def question(self, place: int) -> Question:
        return self.asked[place]

    def bound(self, place: int) -> float:  # noqa: ARG002
        return 0.0

    def owner(self, seed: Seed) -> int | None:
        """The question that moves the seed least, of those that it fits."""
        moved = [one.placed(*seed) for one in self.asked]
        away = [np.inf if one is None else float(np.abs(one[0] - seed[0]).sum()) for one in moved]
        return int(np.argmin(away))


def nearest_of_several(
    several: Several,
    network: PiecewiseLinear,
    job: JobContext,
    *,
    tolerance: float = TOLERANCE,
    seeds: Seeds = (),
    later: Iterable[Seed] = (),
) -> Iterator[Bracket]:
    """The nearest of the answers to several questions, as `nearest_stable` gives it.

    ``Bracket.place`` says whose answer it is.

    Notes
    -----
    All searches are cut off at the best that is known in any of them, and the one with the least lower bound goes on.
    """
    searches = _Searches(several, network, tolerance, job)
    told, last = time.monotonic(), searches.bracket()
    yield last
    for _ in searches.steps(seeds, iter(later)):
        now = searches.bracket()
        if now.distance != last.distance or now.closed or time.monotonic() - told >= SNAPSHOT_EVERY:
            told, last = time.monotonic(), now
            job.partial(now)
            yield now
    now = searches.bracket()
    if (now.lower, now.distance, now.closed) != (last.lower, last.distance, last.closed):
        job.partial(now)
        yield now


class _Searches:
    """A search for each question that is looked at, of which the most promising one goes on."""

    def __init__(self, several: Several, network: PiecewiseLinear, tolerance: float, job: JobContext) -> None:
        count = len(several)
        if not count:
            raise InvalidRequest("There is no way left that could be searched.")
        self._several, self._tolerance, self._job = several, tolerance, job
        first = several.question(0)
        self._restricted = first.restricted(network)
        self._rows, self._spent = Rows.of(first.goal, network.classes), Spent()
        self._known: dict[int, Search] = {}
        self._bounds = np.array([several.bound(place) for place in range(count)])
        self._costs = np.full(count, np.inf)
        self._boxes = np.zeros(count, np.int64)
        self._over = np.zeros(count, np.bool_)
        self._noted(0)

    def bracket(self) -> Bracket:
        """What is known now."""
        place = int(self._costs.argmin())
        cost = float(self._costs[place])
        lower, boxes = min(float(self._bounds.min()), cost), int(self._boxes.sum())
        if not np.isfinite(cost):
            nothing = lower == np.inf
            proof: Literal["none_exists", "unknown"] = "none_exists" if nothing else "unknown"
            return Bracket(lower=lower, distance=None, point=None, levels=(), boxes=boxes, closed=nothing, proof=proof)
        closed = lower >= cost * (1 - self._tolerance)
        return replace(self._search(place).bracket(), lower=lower, boxes=boxes, closed=closed, place=place)

    def steps(self, seeds: Seeds, later: Iterator[Seed]) -> Iterator[None]:
        """Run to the end, stopping after each piece of work."""
        for seed in seeds:
            if self._offered(seed):
                yield
        sampled = 0 if np.isfinite(self._costs).any() else SAMPLED  # a seed is where to begin already
        began, seeding, more = time.monotonic(), 0.0, True
        under_way: dict[int, Iterator[None]] = {}
        while (place := self._most_promising()) is not None:
            self._job.check()
            if place not in under_way:
                under_way[place] = self._search(place).steps(sampled=len(under_way) < sampled)
            for _ in under_way[place]:
                break
            else:
                self._over[place] = True  # it may have a bound that is too low, where rounding decides
            self._noted(place)
            yield
            started = time.monotonic()
            if more and started - began > SEEDS_AFTER and seeding <= MOST_FOR_SEEDS * (started - began):
                another = next(later, None)
                more = another is not None
                if another is not None and self._offered(another):
                    yield
                seeding += time.monotonic() - started

    def _most_promising(self) -> int | None:
        """The one with the least lower bound; None if none can be better by more than the tolerance."""
        bounds = np.where(self._over, np.inf, self._bounds)
        place = int(bounds.argmin())
        return place if bounds[place] < float(self._costs.min()) * (1 - self._tolerance) else None

    def _search(self, place: int) -> Search:
        if place not in self._known:
            question = self._several.question(place)
            search = Search(question, self._restricted, self._rows, self._tolerance, self._job, self._spent)
            search.cutoff = float(self._costs.min())
            self._known[place] = search
        return self._known[place]

    def _offered(self, seed: Seed) -> bool:
        """Let a seed be tried where it may be an answer."""
        place = self._several.owner(seed)
        if place is None or not self._search(place).offer(seed):
            return False
        self._noted(place)
        return True

    def _noted(self, place: int) -> None:
        """What a search knows now; and that all others may forget what costs more than the best."""
        one = self._search(place)
        self._boxes[place], self._bounds[place] = one.boxes, max(one.lowest, self._bounds[place])
        if one.cost < self._costs.min():
            for other in self._known.values():
                other.cutoff = one.cost
        self._costs[place] = one.cost
