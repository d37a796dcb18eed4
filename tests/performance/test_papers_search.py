"""Exact slices against the search of Zhang et al. 2018 on the papers' own networks: distance, area and time.

``CORRIE_PAPER_CASES`` says how many rejected inputs of each application (100), ``CORRIE_PAPER_PROGRAMS`` for how many
of them the paper's linear programs are solved as well (1).
"""

import itertools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
import shapely

from core.corrections.bounds.proving import Proof
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import Box
from core.corrections.records.goal import Goal
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.nearest import NearestInSlice, nearest_in_slice
from core.corrections.slices.regions import AcceptedRegion, accepted_region
from core.job import JobContext
from tests.core.corrections.examples import (
    MORTGAGE_HALF_WIDTHS,
    MORTGAGE_RANGES,
    PROOF_HALF_WIDTHS,
    PROOF_RANGES,
    PROVABLE,
    proof_network,
    proof_of,
    random_network,
    rejected_theorems,
    typical_applicants,
)
from tests.performance.papers_search import PapersSearch
from tests.realdata import realdata_path

CASES = int(os.environ.get("CORRIE_PAPER_CASES", "100"))
WITH_PROGRAMS = int(os.environ.get("CORRIE_PAPER_PROGRAMS", "1"))
NO_STABILITY = (0.0, 0.0)
MARGIN = 1e-4  # relative: our region keeps away from its edge by a margin that guards it against rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """Rejected inputs of one network, and the features that may change."""

    network: PiecewiseLinear
    inputs: list[np.ndarray] = field(repr=False)
    ranges: dict[int, tuple[float, float]]
    half_widths: dict[int, float]
    spread: np.ndarray = field(repr=False)  # standard deviation of every column
    target: int

    def limits(self, pair: tuple[int, int]) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.ranges[pair[0]], self.ranges[pair[1]]

    def half_width(self, pair: tuple[int, int]) -> tuple[float, float]:
        return self.half_widths[pair[0]], self.half_widths[pair[1]]

    def weights(self, pair: tuple[int, int]) -> tuple[float, float]:
        x, y = (1.0 / (high - low) for low, high in self.limits(pair))
        return x, y

    def region(self, base: np.ndarray, pair: tuple[int, int]) -> AcceptedRegion:
        """Exact."""
        cells = exact_slice(self.network, base, pair, *self.limits(pair), JobContext())
        return accepted_region(cells, Goal(classes=(self.target,)), JobContext())

    def nearest(
        self, region: AcceptedRegion, base: np.ndarray, pair: tuple[int, int], half: tuple[float, float]
    ) -> NearestInSlice:
        """In the exact region, proved."""
        (x_low, x_high), (y_low, y_high) = self.limits(pair)
        x, y = base[list(pair)].tolist()
        found = nearest_in_slice(region, (x_low, y_low, x_high, y_high), half, (x, y), self.weights(pair), "L1")
        if found.centre is not None:
            box = Box(centre=found.centre, half_width=half)
            assert isinstance(proof_of(self.network, base, pair, box, self.target), Proof)
        return found

    def search(self, base: np.ndarray, pair: tuple[int, int], *, programs: bool = False) -> PapersSearch:
        """The paper's, of one pair."""
        x, y = self.spread[list(pair)].tolist()
        return PapersSearch(self.network, base, pair, self.limits(pair), (x, y), self.target, programs=programs)


def theorems() -> Task:
    network, module = proof_network()
    spread = np.array(module.card.input.std)
    rows = list(rejected_theorems(network, CASES))
    return Task(
        network=network,
        inputs=rows,
        ranges=PROOF_RANGES,
        half_widths=PROOF_HALF_WIDTHS,
        spread=spread,
        target=PROVABLE,
    )


def applicants() -> Task:
    network, rows, columns = typical_applicants(CASES)
    with np.load(realdata_path("polaris-models/mortgage_5x200.npz"), allow_pickle=False) as file:
        spread = file["std"].astype(np.float64)
    ranges = {columns[name]: span for name, span in MORTGAGE_RANGES.items()}
    half_widths = {columns[name]: half for name, half in MORTGAGE_HALF_WIDTHS.items()}
    return Task(network=network, inputs=rows, ranges=ranges, half_widths=half_widths, spread=spread, target=0)


def random_task(seed: int) -> tuple[Task, np.ndarray]:
    network = random_network((4, 12, 12, 12, 2), seed)
    base = np.random.default_rng(seed).uniform(-1, 1, 4)
    target = int(network.forward(base[None])[0].argmin())
    ranges, halves = {0: (-1.5, 1.5), 2: (-1.0, 2.0)}, {0: 0.04, 2: 0.03}
    task = Task(
        network=network, inputs=[base], ranges=ranges, half_widths=halves, spread=np.full(4, 0.7), target=target
    )
    return task, base


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 7])
def test_linear_programs_and_clipping_find_the_same_regions_and_these_lie_in_the_exact_one(seed: int) -> None:
    task, base = random_task(seed)
    region = task.region(base, (0, 2))
    clipping, programs = task.search(base, (0, 2)), task.search(base, (0, 2), programs=True)
    by_clipping, by_programs = clipping.found(), programs.found()
    assert (by_programs.programs > 0) == (by_programs.regions > 0)
    assert by_clipping.programs == 0
    assert by_clipping.regions == by_programs.regions
    assert by_clipping.union.symmetric_difference(by_programs.union).area < 1e-6
    assert shapely.difference(by_clipping.union, region.outer).area < 1e-6
    for half in (task.half_width((0, 2)), NO_STABILITY):
        theirs, ours = (
            clipping.nearest(by_clipping, half, task.weights((0, 2))),
            task.nearest(region, base, (0, 2), half),
        )
        assert theirs is None or (ours.distance is not None and ours.distance <= theirs * (1 + MARGIN))
    if 0 < by_clipping.regions < 100:  # then nothing was left to be found from there on
        (part,) = [part for part in region.inner.geoms if part.intersects(by_clipping.union.buffer(-1e-4))]
        assert by_clipping.union.area == pytest.approx(part.area, rel=1e-3)


@dataclass(kw_only=True)
class Tally:
    """What came out for the inputs so far."""

    missed: list[float] = field(default_factory=list)  # share of the accepted area, of every pair with some
    seconds: list[tuple[float, float]] = field(default_factory=list)  # of processor time: ours, theirs
    stable: list[tuple[float, float]] = field(default_factory=list)  # least distance of all pairs: ours, theirs
    bare: list[tuple[float, float]] = field(default_factory=list)  # the same without stability; inf: none

    def judge(self, task: Task, base: np.ndarray) -> None:
        """All pairs of one input by both, none of theirs nearer than ours."""
        spent, stable, bare = [0.0, 0.0], [np.inf, np.inf], [np.inf, np.inf]
        for pair in itertools.combinations(task.ranges, 2):
            half, weights = task.half_width(pair), task.weights(pair)
            began = time.process_time()
            region = task.region(base, pair)
            ours = task.nearest(region, base, pair, half)
            between = time.process_time()
            search = task.search(base, pair)
            found = search.found()
            theirs = search.nearest(found, half, weights)
            spent[0] += between - began
            spent[1] += time.process_time() - between
            if region.inner.area > 0:
                self.missed.append(1 - shapely.intersection(found.union, region.outer).area / region.outer.area)
            compare(ours, theirs, stable)
            compare(task.nearest(region, base, pair, NO_STABILITY), search.nearest(found, NO_STABILITY, weights), bare)
        self.seconds.append((spent[0], spent[1]))
        self.stable.append((stable[0], stable[1]))
        self.bare.append((bare[0], bare[1]))

    def words(self) -> str:
        """All of it in a few lines."""
        own, other = np.array(self.seconds).T
        return (
            f"{len(own)} inputs; with the stability of the paper {answers(self.stable)}; without any "
            f"{answers(self.bare)}; their regions miss {np.median(self.missed):.1%} of the accepted area (median of "
            f"{len(self.missed)} pairs; mean {np.mean(self.missed):.1%}); processor time of an input, all pairs: "
            f"{np.median(own):.2f} s ours, {np.median(other):.2f} s theirs by clipping"
        )


def compare(ours: NearestInSlice, theirs: float | None, best: list[float]) -> None:
    """No distance of theirs is smaller; keep the smallest of both."""
    if theirs is not None:
        assert ours.lower_bound is not None
        assert ours.lower_bound <= theirs
        assert ours.distance is not None
        assert ours.distance <= theirs * (1 + MARGIN)
        best[1] = min(best[1], theirs)
    if ours.distance is not None:
        best[0] = min(best[0], ours.distance)


def answers(distances: list[tuple[float, float]]) -> str:
    """Who has answered how often, and how much nearer ours is."""
    ours, theirs = np.array(distances).T
    both = np.isfinite(theirs)
    text = f"{np.isfinite(ours).sum()} are answered by the exact region, {both.sum()} by the paper's search"
    if not both.any():
        return text
    ratio = theirs[both] / ours[both]
    return (
        f"{text}, {np.median(ratio):.2f} times as far away (median; at most {ratio.max():.1f}, within 1 % in "
        f"{(ratio < 1.01).mean():.0%})"
    )


@pytest.mark.slow
@pytest.mark.bench
@pytest.mark.realdata
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(("name", "make"), [("theorems", theorems), ("applicants", applicants)])
def test_no_correction_of_the_papers_search_is_nearer_than_the_exact_one(
    name: str, make: Callable[[], Task], one_thread: None
) -> None:
    task, tally = make(), Tally()
    for base in task.inputs:
        tally.judge(task, base)
    programs = [seconds_with_programs(task, base) for base in task.inputs[:WITH_PROGRAMS]]
    by_programs = "".join(f"; {seconds:.0f} s by {count} linear programs" for seconds, count in programs)
    print(f"\n{name}: {tally.words()}{by_programs}")  # noqa: T201  what a benchmark is for


def seconds_with_programs(task: Task, base: np.ndarray) -> tuple[float, int]:
    """Of processor time for one input as the paper decides it, and how many linear programs that took."""
    began = time.process_time()
    pairs = itertools.combinations(task.ranges, 2)
    solved = sum(task.search(base, pair, programs=True).found().programs for pair in pairs)
    return time.process_time() - began, solved
