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
from core.corrections.correction import Box
from core.corrections.goal import Goal
from core.corrections.network.piecewise import PiecewiseLinear
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
from tests.performance.papers_search import Found, PapersSearch
from tests.realdata import realdata_path

CASES = int(os.environ.get("CORRIE_PAPER_CASES", "100"))
WITH_PROGRAMS = int(os.environ.get("CORRIE_PAPER_PROGRAMS", "1"))
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

    def ours(self, base: np.ndarray, pair: tuple[int, int]) -> tuple[AcceptedRegion, NearestInSlice]:
        """The exact region, the nearest stable correction, and its proof: all that is needed to judge an input."""
        x_range, y_range = self.limits(pair)
        cells = exact_slice(self.network, base, pair, x_range, y_range, JobContext())
        region = accepted_region(cells, Goal(classes=(self.target,)), JobContext())
        bounds = (x_range[0], y_range[0], x_range[1], y_range[1])
        x, y = base[list(pair)].tolist()
        found = nearest_in_slice(region, bounds, self.half_width(pair), (x, y), self.weights(pair), "L1")
        if found.centre is not None:
            box = Box(centre=found.centre, half_width=self.half_width(pair))
            assert isinstance(proof_of(self.network, base, pair, box, self.target), Proof)
        return region, found

    def theirs(self, base: np.ndarray, pair: tuple[int, int], *, programs: bool = False) -> Found:
        x, y = self.spread[list(pair)].tolist()
        search = PapersSearch(self.network, base, pair, self.limits(pair), (x, y), self.target, programs=programs)
        return search.found(self.half_width(pair), self.weights(pair))


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
    region, ours = task.ours(base, (0, 2))
    by_clipping = task.theirs(base, (0, 2))
    by_programs = task.theirs(base, (0, 2), programs=True)
    assert (by_programs.programs > 0) == (by_programs.regions > 0)
    assert by_clipping.programs == 0
    assert by_clipping.regions == by_programs.regions
    assert by_clipping.union.symmetric_difference(by_programs.union).area < 1e-6
    assert shapely.difference(by_clipping.union, region.outer).area < 1e-6
    if by_clipping.distance is not None:
        assert ours.distance is not None
        assert ours.distance <= by_clipping.distance * (1 + MARGIN)
    if 0 < by_clipping.regions < 100:  # then nothing was left to be found from there on
        (part,) = [part for part in region.inner.geoms if part.intersects(by_clipping.union.buffer(-1e-4))]
        assert by_clipping.union.area == pytest.approx(part.area, rel=1e-3)


@dataclass(kw_only=True)
class Tally:
    """What came out for the inputs so far."""

    missed: list[float] = field(default_factory=list)  # share of the accepted area, of every pair with some
    seconds: list[tuple[float, float]] = field(default_factory=list)  # of processor time: ours, theirs
    distances: list[tuple[float, float]] = field(default_factory=list)  # over all pairs: ours, theirs; inf: none

    def judge(self, task: Task, base: np.ndarray) -> None:
        """All pairs of one input by both, none of theirs nearer than ours."""
        spent, best = [0.0, 0.0], [np.inf, np.inf]
        for pair in itertools.combinations(task.ranges, 2):
            began = time.process_time()
            region, ours = task.ours(base, pair)
            between = time.process_time()
            theirs = task.theirs(base, pair)
            spent[0] += between - began
            spent[1] += time.process_time() - between
            if region.inner.area > 0:
                self.missed.append(1 - shapely.intersection(theirs.union, region.outer).area / region.outer.area)
            if theirs.distance is not None:
                assert ours.lower_bound is not None
                assert ours.lower_bound <= theirs.distance
                assert ours.distance is not None
                assert ours.distance <= theirs.distance * (1 + MARGIN)
                best[1] = min(best[1], theirs.distance)
            if ours.distance is not None:
                best[0] = min(best[0], ours.distance)
        self.seconds.append((spent[0], spent[1]))
        self.distances.append((best[0], best[1]))

    def words(self) -> str:
        ours, theirs = np.array(self.distances).T
        both = np.isfinite(theirs)
        ratio = theirs[both] / ours[both]
        own, other = np.array(self.seconds).T
        return (
            f"{len(ours)} inputs; answered: {np.isfinite(ours).sum()} by the exact region, {both.sum()} by the paper's "
            f"search; its distance is {np.median(ratio):.2f} times ours (median; at most {ratio.max():.1f}, within 1 % "
            f"in {(ratio < 1.01).mean():.0%}); it misses {np.median(self.missed):.1%} of the accepted area (median of "
            f"pairs; mean {np.mean(self.missed):.1%}); processor time of an input, all pairs: {np.median(own):.2f} s "
            f"ours, {np.median(other):.2f} s theirs by clipping ({np.median(other / own):.2f} times)"
        )


@pytest.mark.slow
@pytest.mark.bench
@pytest.mark.realdata
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
    solved = sum(task.theirs(base, pair, programs=True).programs for pair in pairs)
    return time.process_time() - began, solved
