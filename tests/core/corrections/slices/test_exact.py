"""The linear pieces of a slice, against the plain forward pass and a plain way of finding them."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.slices.exact import Slice2D, exact_slice
from core.errors import Cancelled, InvalidRequest, NumericalFailure
from core.job import ControlledJob, JobContext
from tests.core.corrections.clipping import cells_one_by_one
from tests.core.corrections.examples import cell_areas, corner_network, logits_in, maps_of, random_network

SQUARE = (-1.0, 1.0)


def sliced(network: PiecewiseLinear, x=SQUARE, y=SQUARE, columns=(0, 1)) -> Slice2D:
    base = np.linspace(-0.5, 0.5, network.inputs)
    return exact_slice(network, base, columns, x, y, JobContext())


def cells_as_polygons(cells: Slice2D) -> np.ndarray:
    corners = np.split(cells.vertices, cells.offsets[1:-1])
    return np.array([shapely.Polygon(ring) for ring in corners])


def test_the_corner_network_has_four_pieces_with_the_maps_one_can_see() -> None:
    cells = exact_slice(corner_network(), np.array([0.0, 0.0, 7.0]), (0, 1), (-2, 2), (-2, 2), JobContext())
    assert cells.cells == 4
    assert sorted(cell_areas(cells.vertices, cells.offsets)) == [4, 4, 4, 4]
    quadrant = cells_as_polygons(cells)
    for x, y in [(1, 1), (-1, 1), (1, -1), (-1, -1)]:
        cell = int(np.flatnonzero(shapely.contains_xy(quadrant, x, y))[0])
        assert np.abs(maps_of(cells)[cell] - [[0, 0, 0], [float(x > 0), float(y > 0), -1]]).max() < 1e-14


@pytest.mark.parametrize("widths", [(2, 12, 3), (2, 15, 15, 2), (5, 20, 20, 20, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_the_cells_cover_the_rectangle_once(widths: tuple[int, ...], seed: int) -> None:
    cells = sliced(random_network(widths, seed), (-1.5, 1.0), (0.25, 2.0))
    areas = cell_areas(cells.vertices, cells.offsets)
    assert (areas > 0).all()
    assert areas.sum() == pytest.approx(cells.area, rel=1e-12)
    assert shapely.union_all(cells_as_polygons(cells)).area == pytest.approx(cells.area, rel=1e-9)


@pytest.mark.parametrize("widths", [(2, 12, 3), (4, 15, 15, 2), (5, 20, 20, 20, 4)])
def test_the_affine_maps_are_the_forward_pass_at_random_points(widths: tuple[int, ...]) -> None:
    network = random_network(widths, seed=5)
    cells = sliced(network, (-1.5, 1.0), (0.25, 2.0), (0, 1))
    generator = np.random.default_rng(0)
    points = generator.uniform((-1.5, 0.25), (1.0, 2.0), size=(4000, 2))
    place, cell = shapely.STRtree(cells_as_polygons(cells)).query(shapely.points(points), predicate="intersects")
    assert set(place) == set(range(len(points)))
    truth = network.forward(cells.subspace.inputs(points[place]))
    assert np.abs(logits_in(cells, cell, points[place]) - truth).max() <= 1e-12 * np.abs(truth).max()


@pytest.mark.parametrize("seed", range(4))
def test_the_pieces_are_those_of_clipping_every_cell_on_its_own(seed: int) -> None:
    network = random_network((2, 10, 10, 8, 3), seed)
    cells = sliced(network)
    plain = cells_one_by_one(network, SQUARE, SQUARE)
    assert cells.cells == len(plain)
    ours = cell_areas(cells.vertices, cells.offsets)
    theirs = [shapely.Polygon(polygon).area for polygon, _ in plain]
    assert np.allclose(np.sort(ours), np.sort(theirs), rtol=1e-9, atol=1e-13)
    centres = np.array([polygon.mean(axis=0) for polygon, _ in plain])
    tree = shapely.STRtree(cells_as_polygons(cells))
    place, cell = tree.query(shapely.points(centres), predicate="intersects")
    maps = np.array([affine for _, affine in plain])[place]
    assert len(place) == len(plain)
    assert np.abs(maps_of(cells)[cell] - maps).max() < 1e-10  # the middle of the square is zero, so they count alike


def test_units_do_not_matter() -> None:
    network = random_network((2, 15, 15, 2), seed=2)
    # The same network of inputs in millions around 185 million, as a loan in cents would be.
    scale, shift = 1e6, 185e6
    first = network.weights[0] / scale
    large = PiecewiseLinear(
        weights=(first, *network.weights[1:]),
        biases=(network.biases[0] - first.sum(axis=1) * shift, *network.biases[1:]),
    )
    span = (shift - scale, shift + scale)
    small, big = sliced(network), sliced(large, span, span)
    assert big.cells == small.cells
    assert np.allclose((big.points - shift) / scale, small.points, atol=1e-7)
    assert (big.error >= small.error).all()  # the units cost digits, and the bound says so


def test_a_neuron_that_only_touches_a_corner_cuts_nothing() -> None:
    network = PiecewiseLinear(
        weights=(np.array([[1.0, 1.0], [1.0, -1.0]]), np.eye(2)), biases=(np.array([2.0, 0.0]), np.zeros(2))
    )
    assert sliced(network).cells == 2  # x + y = −2 meets a corner; the diagonal halves the square, through two corners


def test_two_equal_neurons_cut_once() -> None:
    network = PiecewiseLinear(weights=(np.ones((3, 2)), np.ones((2, 3))), biases=(np.full(3, 0.1), np.zeros(2)))
    assert sliced(network).cells == 2


def test_a_network_without_any_relu_is_one_piece() -> None:
    network = random_network((3, 2), seed=0)
    cells = sliced(network)
    assert cells.cells == 1
    assert np.allclose(maps_of(cells)[0, :, :2], network.weights[0][:, :2])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-2, 2), min_size=24, max_size=24),
    st.lists(st.integers(-2, 2), min_size=8, max_size=8),
)
def test_networks_of_small_integers_whose_lines_coincide_and_meet_in_points(
    numbers: list[int], more: list[int]
) -> None:
    first = np.array(numbers[:8], float).reshape(4, 2)
    second = np.array(numbers[8:24], float).reshape(4, 4)
    network = PiecewiseLinear(
        weights=(first, second, np.array([[1.0, 1, 1, 1], [0, 1, -1, 2]])),
        biases=(np.array(more[:4], float), np.array(more[4:], float), np.zeros(2)),
    )
    cells = sliced(network)
    areas = cell_areas(cells.vertices, cells.offsets)
    assert areas.sum() == pytest.approx(4.0, rel=1e-12)
    middles = np.array([ring.mean(axis=0) for ring in np.split(cells.vertices, cells.offsets[1:-1])])
    truth = network.forward(cells.subspace.inputs(middles))
    assert np.allclose(logits_in(cells, np.arange(cells.cells), middles), truth, atol=1e-12)


def test_deep_layers_cut_along_all_of_their_lines_however_far_the_bound_on_rounding_has_grown() -> None:
    # Each layer turns what it gets: a = Q a + b, by relu(a) and relu(−a), so every line runs straight through it all.
    generator = np.random.default_rng(0)
    weights, biases, lines = [], [], []
    inner, offset = np.eye(2), np.zeros(2)
    for depth in range(60):
        angle, bias = generator.uniform(0, 2 * np.pi), generator.normal(size=2) * 0.1
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        both = np.concatenate([turn, -turn])
        weights.append(both if depth == 0 else np.concatenate([both, -both], axis=1))
        biases.append(np.concatenate([bias, -bias]))
        inner, offset = turn @ inner, turn @ offset + bias
        lines += list(np.concatenate([inner, offset[:, None]], axis=1))
    network = PiecewiseLinear(weights=(*weights, np.ones((1, 4))), biases=(*biases, np.zeros(1)))
    cells = sliced(network)
    assert cells.error[0] > 1e9  # 2.5 times as large with every layer
    x, y, constant = np.array(lines).T
    one, other = np.triu_indices(len(lines), 1)
    under = x[one] * y[other] - x[other] * y[one]
    at = np.stack(
        [y[one] * constant[other] - y[other] * constant[one], constant[one] * x[other] - constant[other] * x[one]]
    )
    crossings = int((np.abs(at) < np.abs(under)).all(axis=0).sum())
    assert cells.cells == 1 + int((np.abs(constant) < np.abs(x) + np.abs(y)).sum()) + crossings  # Euler
    areas = cell_areas(cells.vertices, cells.offsets)
    assert areas.sum() == pytest.approx(4.0, rel=1e-12)


def test_questions_that_make_no_sense_are_refused() -> None:
    network = random_network((3, 4, 2), seed=0)
    with pytest.raises(InvalidRequest, match="2 columns, the network takes 3"):
        exact_slice(network, np.zeros(2), (0, 1), SQUARE, SQUARE, JobContext())
    with pytest.raises(InvalidRequest, match="do not span"):
        exact_slice(network, np.zeros(3), (1, 1), SQUARE, SQUARE, JobContext())
    with pytest.raises(InvalidRequest, match="empty"):
        exact_slice(network, np.zeros(3), (0, 1), (1.0, 1.0), SQUARE, JobContext())


def test_weights_that_are_not_finite_are_a_numerical_failure() -> None:
    network = PiecewiseLinear(weights=(np.full((2, 2), np.nan), np.eye(2)), biases=(np.zeros(2), np.zeros(2)))
    with pytest.raises(NumericalFailure, match="NaN"):
        sliced(network)


def test_a_stopped_job_ends_the_slice() -> None:
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        exact_slice(random_network((2, 9, 2), seed=0), np.zeros(2), (0, 1), SQUARE, SQUARE, job)


@pytest.mark.parametrize("last", [np.inf, np.nan, 1e200])
def test_outputs_that_overflow_are_refused_as_hidden_layers_are(last: float) -> None:
    network = PiecewiseLinear(weights=(np.eye(2) * 1e200, np.full((2, 2), last)), biases=(np.zeros(2), np.zeros(2)))
    with np.errstate(all="ignore"), pytest.raises(NumericalFailure, match="NaN or infinity"):
        sliced(network)
