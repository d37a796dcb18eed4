"""The curve of the distance over the stability on the papers' own networks: its time, and whether it is true."""

import itertools
import time
from collections.abc import Iterable

import numpy as np
import pytest

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import CorrectionRequest, FreeFeature
from core.corrections.records.goal import Goal
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.regions import accepted_region
from core.corrections.slices.stability import nearest_point, stable_centres
from core.corrections.slices.tradeoff_tracing import trace_tradeoff
from core.job import JobContext
from tests.core.corrections.examples import (
    MORTGAGE_HALF_WIDTHS,
    MORTGAGE_RANGES,
    PROOF_RANGES,
    proof_network,
    rejected_applicants,
    rejected_theorems,
    theorem_features,
)

INPUTS = 4

pytestmark = [pytest.mark.slow, pytest.mark.bench, pytest.mark.realdata]


def curves_of(network: PiecewiseLinear, inputs: Iterable[np.ndarray], free: dict[int, FreeFeature]) -> list[float]:
    """Seconds of processor time for every pair of every input; what a curve says is held against whole stable sets."""
    times = []
    for base, (one, other) in itertools.product(inputs, itertools.combinations(free, 2)):
        x, y = free[one], free[other]
        request = CorrectionRequest(input=tuple(base.tolist()), free=(x, y), columns=(one, other), target=0)
        cells = exact_slice(network, base, (one, other), (x.low, x.high), (y.low, y.high), JobContext())
        region = accepted_region(cells, Goal(classes=(0,)), JobContext())
        started = time.process_time()
        curve = trace_tradeoff(request, region, JobContext())
        if curve.largest is not None:
            times.append(time.process_time() - started)
        for stability in np.linspace(0, curve.largest or 0, 5) if curve.largest else ():
            half_width = curve.half_width(float(stability))
            stable = stable_centres(region.inner, request.bounds, half_width)
            found = nearest_point(stable, request.point, request.weights)
            bracket = curve.bracket_at(float(stability))
            assert found is not None
            assert bracket is not None
            assert bracket[0] - 1e-9 <= found[1] <= bracket[1] + 1e-9
    return times


def test_curves_of_the_proof_network_take_a_fraction_of_a_second() -> None:
    network, _ = proof_network()
    free = dict(zip(PROOF_RANGES, theorem_features(), strict=True))
    times = curves_of(network, rejected_theorems(network, INPUTS), free)
    assert np.median(times) <= 0.3  # measured: 0.09 with one thread
    assert max(times) <= 1.5


def test_curves_of_the_mortgage_network_take_a_fraction_of_a_second() -> None:
    network, rejected, columns = rejected_applicants(INPUTS)
    free = {
        columns[name]: FreeFeature(name=name, low=low, high=high, half_width=MORTGAGE_HALF_WIDTHS[name])
        for name, (low, high) in MORTGAGE_RANGES.items()
    }
    times = curves_of(network, rejected, free)
    assert np.median(times) <= 0.6  # measured: 0.3 with one thread
    assert max(times) <= 2.0
