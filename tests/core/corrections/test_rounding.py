"""The bound on rounding, against the same network in exact rational numbers."""

from fractions import Fraction

import numpy as np
import pytest

from core.corrections.goal import Goal
from core.corrections.piecewise import PiecewiseLinear
from core.corrections.regions import RELATIVE_MARGIN, safe_margin
from core.corrections.slices import exact_slice
from core.job import JobContext
from tests.core.corrections.examples import random_network


def exact_logits(network: PiecewiseLinear, x: list[Fraction]) -> list[Fraction]:
    """The forward pass without any rounding."""
    for layer, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        if layer:
            x = [max(value, Fraction(0)) for value in x]
        x = [
            sum((Fraction(w) * value for w, value in zip(row, x, strict=True)), Fraction(b))
            for row, b in zip(weight.tolist(), bias.tolist(), strict=True)
        ]
    return x


@pytest.mark.parametrize(("size", "shift"), [(1.0, 0.0), (1e6, 0.0), (1.0, 1e6)])
def test_logits_of_a_slice_are_within_their_bound_of_the_exact_ones(size: float, shift: float) -> None:
    network = random_network((3, 8, 8, 3), seed=1)
    first = network.weights[0] / size
    network = PiecewiseLinear(
        weights=(first, *network.weights[1:]),
        biases=(network.biases[0] - first[:, :2].sum(axis=1) * shift, *network.biases[1:]),
    )
    span = (shift - size, shift + size)
    cells = exact_slice(network, np.full(3, 0.3), (0, 1), span, span, JobContext())
    worst = 0.0
    for cell in range(0, cells.cells, 3):
        ring = cells.corners[cells.offsets[cell] : cells.offsets[cell + 1]]
        middle = cells.points[ring].mean(axis=0)
        for point in (middle, cells.points[ring[0]]):
            exact = exact_logits(network, [Fraction(v) for v in (*point.tolist(), 0.3)])
            ours = cells.logits_in(np.array([cell]), point[None])[0]
            off = np.array([abs(float(Fraction(a) - b)) for a, b in zip(ours.tolist(), exact, strict=True)])
            assert (off <= cells.error).all()
            worst = max(worst, float((off / cells.error).max()))
    assert worst > 2e-5  # a bound that is met by five orders of magnitude more than needed would say nothing


@pytest.mark.parametrize("seed", range(3))
def test_interpolated_vertices_use_up_little_of_the_tolerance(seed: int) -> None:
    network = random_network((2, 60, 40, 2), seed)
    cells = exact_slice(network, np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
    truth = network.forward(cells.subspace.inputs(cells.points))
    assert np.abs(cells.logits - truth).max() <= 0.1 * cells.error.max()


def test_the_margin_is_twice_the_rounding_where_that_is_large() -> None:
    gentle, far = random_network((2, 8, 2), seed=0), 1e12
    cells = exact_slice(gentle, np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
    largest = np.abs(np.diff(cells.logits)).max()
    assert safe_margin(cells, Goal(classes=(0,))) == RELATIVE_MARGIN * largest
    first = gentle.weights[0]
    shifted = PiecewiseLinear(
        weights=gentle.weights, biases=(gentle.biases[0] - first.sum(axis=1) * far, gentle.biases[1])
    )
    cells = exact_slice(shifted, np.zeros(2), (0, 1), (far - 1, far + 1), (far - 1, far + 1), JobContext())
    assert safe_margin(cells, Goal(classes=(0,))) == 2 * cells.error.sum()
    assert safe_margin(cells, Goal(classes=(0,))) > 1e-4  # of a unit in 10¹², sixteen digits leave four
