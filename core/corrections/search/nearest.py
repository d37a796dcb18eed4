"""The nearest stable correction in any number of handles, between a proved lower bound and the best that was found."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from core.corrections.bounds.demands import Rows
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.bracket import Bracket
from core.corrections.search.question import Question
from core.corrections.search.searching import Search, Seed, Spent
from core.errors import InvalidRequest
from core.job import JobContext

Seeds = Sequence[Seed]
TOLERANCE = 1e-3
SNAPSHOT_EVERY = 0.1  # seconds
SAMPLED = 3  # of several questions, the first ones that are sampled at the beginning
MOST_FOR_SEEDS = 0.2  # share of the time


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
    yield from nearest_of_several([question], network, job, tolerance=tolerance, seeds=seeds, later=later)


def nearest_of_several(
    questions: Sequence[Question],
    network: PiecewiseLinear,
    job: JobContext,
    *,
    tolerance: float = TOLERANCE,
    seeds: Seeds = (),
    later: Iterable[Seed] = (),
) -> Iterator[Bracket]:
    """The nearest of the answers to several questions, as `nearest_stable` gives it; the most promising first.

    Parameters
    ----------
    questions : sequence of Question
        About the same subspace, the same lanes and the same goal; they differ in what stays unchanged and how stable
        the answer is to be. ``Bracket.place`` says whose answer it is.

    Notes
    -----
    All searches are cut off at the best that is known in any of them, and the one with the least lower bound goes on.
    """
    searches = _Searches(questions, network, tolerance, job)
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
    """A search for each question, of which the most promising one goes on."""

    def __init__(
        self, questions: Sequence[Question], network: PiecewiseLinear, tolerance: float, job: JobContext
    ) -> None:
        if not questions:
            raise InvalidRequest("There is no way left that could be searched.")
        self._tolerance, self._job = tolerance, job
        restricted = questions[0].restricted(network)
        rows = Rows.of(questions[0].goal, network.classes)
        spent = Spent()
        self._all = [Search(question, restricted, rows, tolerance, job, spent) for question in questions]
        self._bounds = np.array([one.lowest for one in self._all])  # kept, because there may be hundreds
        self._costs = np.full(len(self._all), np.inf)
        self._boxes = np.zeros(len(self._all), np.int64)
        self._over = np.zeros(len(self._all), np.bool_)

    def bracket(self) -> Bracket:
        """What is known now."""
        place = int(self._costs.argmin())
        best, cost = self._all[place].bracket(), float(self._costs[place])
        lower = min(float(self._bounds.min()), cost)
        boxes, nothing = int(self._boxes.sum()), lower == np.inf
        if best.distance is None:
            return replace(
                best,
                lower=lower,
                boxes=boxes,
                closed=nothing,
                proof="none_exists" if nothing else "unknown",
            )
        return replace(best, lower=lower, boxes=boxes, closed=lower >= cost * (1 - self._tolerance), place=place)

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
                under_way[place] = self._all[place].steps(sampled=len(under_way) < sampled)
            for _ in under_way[place]:
                break
            else:
                self._over[place] = True  # it may have a bound that is too low, where rounding decides
            self._noted(place)
            yield
            if more and seeding <= MOST_FOR_SEEDS * (time.monotonic() - began):
                started = time.monotonic()
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

    def _offered(self, seed: Seed) -> bool:
        """Let the first search try a seed that it is asked about."""
        for place, one in enumerate(self._all):
            if one.offer(seed):
                self._noted(place)
                return True
        return False

    def _noted(self, place: int) -> None:
        """What a search knows now; and that all others may forget what costs more than the best."""
        one = self._all[place]
        self._boxes[place], self._bounds[place] = one.bracket().boxes, one.lowest
        if one.cost < self._costs.min():
            for other in self._all:
                other.cutoff = one.cost
        self._costs[place] = one.cost
