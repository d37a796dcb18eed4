"""Speed of exact slices: as a ratio within one run, and on the papers' own networks in seconds of processor time."""

import itertools
import time
from collections.abc import Iterable

import numpy as np
import pytest

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.subspace import Subspace
from core.corrections.slices.exact import exact_slice, subspace_slice
from core.job import JobContext
from tests.core.corrections.clipping import cells_one_by_one
from tests.core.corrections.examples import (
    MORTGAGE_RANGES,
    PROOF_RANGES,
    proof_network,
    random_network,
    rejected_applicants,
    rejected_theorems,
)
from tests.core.corrections.modules import architecture, lowered

INPUTS = 20


def test_the_shared_mesh_is_several_times_faster_than_clipping_every_cell_on_its_own() -> None:
    network = random_network((2, 24, 24, 24, 2), seed=0)
    started = time.perf_counter()
    plain = cells_one_by_one(network, (-1, 1), (-1, 1))
    one_by_one = time.perf_counter() - started
    times = []
    for _ in range(3):
        started = time.perf_counter()
        cells = exact_slice(network, np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
        times.append(time.perf_counter() - started)
    assert cells.cells == len(plain)
    assert min(times) < one_by_one / 4  # measured: about 1/15


def median_seconds(
    network: PiecewiseLinear, inputs: Iterable[np.ndarray], ranges: dict[int, tuple[float, float]]
) -> float:
    """Of processor time, over all inputs and all pairs of columns."""
    times = []
    for base, pair in itertools.product(inputs, itertools.combinations(ranges, 2)):
        started = time.process_time()
        exact_slice(network, base, pair, ranges[pair[0]], ranges[pair[1]], JobContext())
        times.append(time.process_time() - started)
    return float(np.median(times))


@pytest.mark.slow
@pytest.mark.bench
@pytest.mark.realdata
def test_slices_of_the_proof_network_take_less_than_three_tenths_of_a_second() -> None:
    network, _ = proof_network()
    assert (
        median_seconds(network, rejected_theorems(network, INPUTS), PROOF_RANGES) <= 0.3
    )  # measured: 0.03 with one thread


@pytest.mark.slow
@pytest.mark.bench
@pytest.mark.realdata
def test_slices_of_the_mortgage_network_take_less_than_a_second_and_a_half() -> None:
    network, rejected, columns = rejected_applicants(INPUTS)
    ranges = {columns[name]: span for name, span in MORTGAGE_RANGES.items()}
    assert median_seconds(network, rejected, ranges) <= 1.5  # measured: 0.06 with one thread


@pytest.mark.slow
@pytest.mark.bench
def test_slices_of_a_deep_network_without_shortcuts_take_seconds() -> None:
    shape = (1, 8, 8)
    network = lowered(architecture("resnet44_w8_noshort", shape, 10), shape)  # 43 layers of 512 to 128 neurons
    generator = np.random.default_rng(0)
    plane = Subspace(base=generator.normal(size=64), directions=generator.normal(size=(64, 2)))
    started = time.process_time()
    cells = subspace_slice(network, plane, (-1, 1), (-1, 1), JobContext())
    seconds = time.process_time() - started
    assert cells.cells > 10_000
    assert seconds <= 8  # measured: 3.2 with one thread; 15.5 when every cell had affine maps of its own
