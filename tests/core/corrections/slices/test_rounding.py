"""The bound on rounding, against the same network in exact rational numbers."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from torch import nn

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.slices import exact
from core.corrections.slices.exact import Slice2D, exact_slice, subspace_slice
from core.corrections.slices.mesh import PlanarMesh
from core.corrections.slices.regions import RELATIVE_MARGIN, safe_margin
from core.corrections.slices.rounding import TOLERANCE, USUAL_CUTS, interpolated
from core.job import JobContext
from tests.core.corrections.examples import logits_in, random_network
from tests.core.corrections.modules import bent, lively, lowered, residual


def exact_outputs(network: PiecewiseLinear, x: list[Fraction]) -> list[Fraction]:
    """The forward pass without any rounding."""
    kept = [x]
    for layer in network.layers:
        z = [Fraction(b) for b in layer.bias.tolist()]
        for term in layer.terms:
            matrix = sparse.coo_array(term.matrix)
            for row, column, value in zip(*matrix.coords, matrix.data.tolist(), strict=True):
                z[row] += Fraction(value) * kept[term.source][column]
        kept.append([max(value, Fraction(0)) for value in z])
    return z


def share_of_the_bound_used_up(network: PiecewiseLinear, subspace: Subspace, cells: Slice2D, every: int) -> float:
    """The largest error over its bound, at a corner and in the middle of some cells. Fails if it is more than one."""
    directions = [[Fraction(v) for v in row] for row in subspace.directions.tolist()]
    base = [Fraction(v) for v in subspace.base.tolist()]
    worst = 0.0
    for cell in range(0, cells.cells, every):
        ring = cells.corners[cells.offsets[cell] : cells.offsets[cell + 1]]
        for point in (cells.points[ring].mean(axis=0), cells.points[ring[0]]):
            u = [Fraction(v) for v in point.tolist()]
            x = [
                b + sum((d * v for d, v in zip(row, u, strict=True)), Fraction(0))
                for b, row in zip(base, directions, strict=True)
            ]
            ours = logits_in(cells, np.array([cell]), point[None])[0]
            exact = exact_outputs(network, x)
            off = np.array([abs(float(Fraction(a) - b)) for a, b in zip(ours.tolist(), exact, strict=True)])
            assert (off <= cells.error).all()
            worst = max(worst, float((off / cells.error).max()))
    return worst


@pytest.mark.parametrize(("size", "shift"), [(1.0, 0.0), (1e6, 0.0), (1.0, 1e6)])
def test_logits_of_a_slice_are_within_their_bound_of_the_exact_ones(size: float, shift: float) -> None:
    network = random_network((3, 8, 8, 3), seed=1)
    first = network.weights[0] / size
    network = PiecewiseLinear(
        weights=(first, *network.weights[1:]),
        biases=(network.biases[0] - first[:, :2].sum(axis=1) * shift, *network.biases[1:]),
    )
    span = (shift - size, shift + size)
    subspace = Subspace.of_columns(np.full(3, 0.3), (0, 1))
    cells = subspace_slice(network, subspace, span, span, JobContext())
    # A bound that is met by five orders of magnitude more than needed would say nothing.
    assert share_of_the_bound_used_up(network, subspace, cells, 3) > 2e-5


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (residual(), (6,)),
        (bent(), (6,)),
        (
            lively(nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.MaxPool2d(2, 1), nn.Flatten(), nn.Linear(8, 2))),
            (1, 4, 4),
        ),
    ],
    ids=["residual", "bent", "pooled"],
)
def test_skips_are_within_the_bound_as_well(module: nn.Module, shape: tuple[int, ...]) -> None:
    network = lowered(lively(module), shape)
    generator = np.random.default_rng(4)
    directions = generator.normal(size=(network.inputs, 2))
    subspace = Subspace(base=generator.normal(size=network.inputs), directions=directions)
    cells = subspace_slice(network, subspace, (-2.0, 2.0), (-2.0, 2.0), JobContext())
    assert cells.cells > 20
    assert share_of_the_bound_used_up(network, subspace, cells, max(1, cells.cells // 25)) > 2e-6


@pytest.mark.parametrize("seed", range(3))
def test_interpolated_vertices_use_up_little_of_the_tolerance(seed: int) -> None:
    network = random_network((2, 60, 40, 2), seed)
    cells = exact_slice(network, np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
    truth = network.forward(cells.subspace.inputs(cells.points))
    assert np.abs(cells.logits - truth).max() <= 0.1 * cells.error.max()


def test_what_is_interpolated_again_and_again_is_within_its_bound() -> None:
    mesh = PlanarMesh.rectangle((-1.0, 1.0), (-1.0, 1.0))
    slope, shift = 0.123, 0.77
    mesh.begin_layer([mesh.points.T[:1], slope * mesh.points.T[:1] + shift])
    for place in np.linspace(1, -1, 1502)[1:-1]:
        mesh.values[0] = mesh.points[:, 0] - place  # each line cuts what the one before it left
        mesh.cut(0, 0.0)
    assert mesh.deepest == 1500
    truth = [Fraction(slope) * Fraction(x) + Fraction(shift) for x in mesh.points[:, 0].tolist()]
    off = max(abs(float(Fraction(a) - b)) for a, b in zip(mesh.values[1].tolist(), truth, strict=True))
    # More than what is allowed for a few cuts, so that it has to be counted how many there are.
    assert TOLERANCE * (slope + shift) < off < interpolated(1500) * (slope + shift)


def test_the_bound_holds_for_as_many_cuts_one_upon_another_as_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = 90
    asked: list[int] = []
    network = PiecewiseLinear(
        weights=(np.tile([[1.0, 0.0]], (lines, 1)), np.tile([1.0, -1.0], (2, lines // 2))),
        biases=(np.linspace(-0.9, 0.9, lines), np.zeros(2)),
    )
    followed = exact._followed

    def watched(*given: Any) -> tuple[Slice2D, int]:
        asked.append(given[4])
        return followed(*given)

    monkeypatch.setattr(exact, "_followed", watched)
    subspace = Subspace.of_columns(np.zeros(2), (0, 1))
    cells = subspace_slice(network, subspace, (-1.0, 1.0), (-1.0, 1.0), JobContext())
    assert asked == [USUAL_CUTS, lines]
    assert cells.cells == lines + 1
    assert share_of_the_bound_used_up(network, subspace, cells, 10) > 1e-5


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
