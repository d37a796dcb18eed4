"""The independent proof: never of a box with a rejected point, and without rounding where it is decided."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from core.corrections.bounds.backward import minorant
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.proving import Counterexample, Proof, Unknown, prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import Layer, PiecewiseLinear, Term
from core.corrections.records.correction import Box
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import corner_network, proof_of, random_network


def asked(network: PiecewiseLinear, box: Box, target: int = 1, budget: int = 4000) -> Proof | Unknown | Counterexample:
    return proof_of(network, np.zeros(network.inputs), (0, 1), box, target, budget)


def leads(network: PiecewiseLinear, box: Box, target: int, count: int = 3000) -> np.ndarray:
    low, high = np.array(box.bounds[:2]), np.array(box.bounds[2:])
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    points = low + np.concatenate([corners, np.random.default_rng(0).random((count, 2))]) * (high - low)
    logits = network.on_slice(np.zeros(network.inputs), (0, 1), points)
    return logits[:, target] - np.delete(logits, target, axis=1).max(axis=1)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([(2, 8, 2), (3, 10, 10, 3), (2, 12, 12, 12, 4)]),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    st.tuples(st.floats(0, 0.6), st.floats(0, 0.6)),
)
def test_a_box_with_a_rejected_point_is_never_proved(
    seed: int, widths: tuple[int, ...], centre: tuple[float, float], half_width: tuple[float, float]
) -> None:
    network = random_network(widths, seed)
    box = Box(centre=centre, half_width=half_width)
    logits = network.on_slice(np.zeros(network.inputs), (0, 1), np.array([centre]))[0]
    target = int(logits.argmax())  # the centre is accepted, so what is rejected is somewhere in the box
    answer = asked(network, box, target, budget=2000)
    smallest = leads(network, box, target).min()
    if isinstance(answer, Proof):
        assert smallest > 0
    if isinstance(answer, Counterexample):
        x_low, y_low, x_high, y_high = box.bounds
        assert x_low - 1e-12 <= answer.point[0] <= x_high + 1e-12
        assert y_low - 1e-12 <= answer.point[1] <= y_high + 1e-12
        logits = network.on_slice(np.zeros(network.inputs), (0, 1), np.array([answer.point]))[0]
        assert logits[target] - np.delete(logits, target).max() == pytest.approx(answer.lead, abs=1e-12)
        assert answer.lead <= 0
    if smallest > 1e-3:
        assert not isinstance(answer, Unknown)  # it is not merely timid


def test_a_rejected_sliver_that_sampling_misses_is_found_or_left_open() -> None:
    # Rejected only where |x − 0.3| < 1e-7: a ridge that no grid meets.
    first = np.array([[1.0, 0.0], [-1.0, 0.0]])
    network = PiecewiseLinear(
        weights=(first, np.array([[0.0, 0.0], [1.0, 1.0]])), biases=(np.array([-0.3, 0.3]), np.array([1e-7, 0.0]))
    )
    box = Box(centre=(0.0, 0.0), half_width=(1.0, 1.0))
    assert leads(network, box, 1).min() > 0
    assert not isinstance(asked(network, box), Proof)
    beside = Box(centre=(0.65 + 1e-6, 0.0), half_width=(0.35, 1.0))
    assert isinstance(asked(network, beside), Proof)


def test_a_box_that_touches_the_boundary_is_proved_down_to_a_tiny_lead() -> None:
    # The corner (1, 0) of the region pokes into the side of a box above the diagonal x + y = 1.
    for gap in (1e-3, 1e-6, 1e-9):
        box = Box(centre=(1.0 + gap, 0.5), half_width=(0.5, 0.5))
        assert isinstance(asked(corner_network(), box), Counterexample)
        box = Box(centre=(1.5 + gap, 0.0), half_width=(0.5, 0.5))
        assert isinstance(asked(corner_network(), box), Proof)


def test_a_lead_of_zero_is_not_accepted() -> None:
    box = Box(centre=(1.5, 0.5), half_width=(0.5, 0.5))  # its corner (1, 0) lies on the boundary
    answer = asked(corner_network(), box)
    assert isinstance(answer, Counterexample)
    assert answer.point == (1.0, 0.0)


def test_too_small_a_budget_says_unknown() -> None:
    network = random_network((2, 30, 30, 30, 2), seed=3)
    box = Box(centre=(0.0, 0.0), half_width=(0.2, 0.2))
    lead = leads(network, box, 0)
    target = 0 if lead.min() > 0 else 1
    assert leads(network, box, target).min() > 0, "choose a seed whose middle is of one class"
    first = asked(network, box, target, budget=1)
    assert isinstance(first, Unknown)
    assert isinstance(asked(network, box, target), Proof)


def test_a_network_without_relu_is_decided_at_once() -> None:
    network = PiecewiseLinear(weights=(np.array([[0.0, 0], [1, 1]]),), biases=(np.array([0.0, -1]),))
    assert asked(network, Box(centre=(1.0, 1.0), half_width=(0.4, 0.4))) == Proof(boxes=1)


def skipping_network(seed: int, inputs: int = 4) -> PiecewiseLinear:
    """Every layer also reads the input and the layer before the last one, one of them through a sparse matrix."""
    generator = np.random.default_rng(seed)
    widths = (inputs, 9, 11, 8, 3)
    layers = []
    for place, width in enumerate(widths[1:]):
        terms = []
        for source in sorted({0, max(0, place - 1), place}):
            matrix = generator.normal(size=(width, widths[source])) / np.sqrt(widths[source])
            if source == place - 1:
                matrix = sparse.csr_array(np.where(generator.random(matrix.shape) < 0.4, matrix, 0.0))
            terms.append(Term(source=source, matrix=matrix))
        layers.append(Layer(terms=tuple(terms), bias=generator.normal(size=width) * 0.3))
    return PiecewiseLinear.of_layers(inputs, layers)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("columns", [(1,), (1, 3), (0, 1, 2, 3)])
@pytest.mark.parametrize("make", [skipping_network, lambda seed: random_network((4, 12, 12, 3), seed)])
def test_every_output_lies_between_its_linear_bounds_in_every_lane(
    make: Callable[[int], PiecewiseLinear], columns: tuple[int, ...], seed: int
) -> None:
    network = make(seed)
    generator = np.random.default_rng(seed)
    base, half = np.array([0.1, 0.2, -0.3, 0.4]), generator.uniform(0.1, 0.4, size=len(columns))
    lanes = np.array([np.zeros(4), [0.5, 0.0, 0.0, -1.0]]) * ~np.isin(np.arange(4), columns)
    space = Subspace.of_columns(base, columns)
    restricted = Restriction.of(network, space, lanes)
    centres = generator.uniform(-1, 1, size=(6, len(columns)))
    boxes = Boxes(centres=centres, halves=np.tile(half, (6, 1)), lanes=np.array([0, 1, 0, 1, 0, 1]))
    rows, offsets = np.array([[1.0, -1, 0], [0, 1, -1], [0, 0, 1]]), np.array([0.0, 0.3, -0.2])
    lowest, highest = minorant(restricted, boxes, rows, offsets), minorant(restricted, boxes, -rows, -offsets)
    for box in range(6):
        points = centres[box] + generator.uniform(-1, 1, size=(3000, len(columns))) * half
        truth = network.forward(space.inputs(points) + lanes[box % 2])
        assert np.allclose(truth, restricted.at(points, np.full(3000, box % 2)), atol=1e-12)
        values = truth @ rows.T + offsets
        for bounds, sign in ((lowest, 1), (highest, -1)):
            line = bounds.middle[box] + (points - centres[box]) @ bounds.slopes[box].T
            assert (sign * values >= line).all()
            assert (line >= bounds.lowest()[box] - 1e-12).all()
        assert (values.max(axis=0) - values.min(axis=0) > 0.2 * (-highest.lowest()[box] - lowest.lowest()[box])).all()


def test_a_box_is_proved_where_one_alternative_gives_way_to_another() -> None:
    # Classes 1 and 2 win to the right and to the left of x = 0; class 0 nowhere near.
    network = PiecewiseLinear(weights=(np.array([[0.0], [1.0], [-1.0]]),), biases=(np.array([-0.1, 0.0, 0.0]),))
    space = Restriction.of(network, Subspace.of_columns(np.zeros(1), (0,)))
    low, high = np.array([-1.0]), np.array([1.0])
    assert isinstance(prove_box(space, Goal(classes=(1, 2)), low, high, JobContext()), Proof)
    refuted = prove_box(space, Goal(classes=(1,)), low, high, JobContext())
    assert isinstance(refuted, Counterexample)
    assert refuted.point[0] <= 0


def test_on_a_lattice_only_the_allowed_values_are_proved() -> None:
    # Rejected between 0.2 and 0.8, which no whole number meets.
    network = PiecewiseLinear(
        weights=(np.array([[1.0], [-1.0]]), np.array([[1.0, 1.0]])), biases=(np.array([-0.8, 0.2]), np.array([0.0]))
    )
    space = Restriction.of(network, Subspace.of_columns(np.zeros(1), (0,)))
    goal, low, high = Goal(at_least=0.1), np.array([-2.5]), np.array([3.5])
    whole = Lattice(steps=np.ones(1), origins=np.zeros(1))
    assert isinstance(prove_box(space, goal, low, high, JobContext()), Counterexample)
    assert isinstance(prove_box(space, goal, low, high, JobContext(), lattice=whole), Proof)
    halves = Lattice(steps=np.full(1, 0.5), origins=np.zeros(1))
    answer = prove_box(space, goal, low, high, JobContext(), lattice=halves)
    assert isinstance(answer, Counterexample)
    assert answer.point == (0.5,)


def test_a_class_that_is_not_there_and_a_stopped_job() -> None:
    box = Box(centre=(1.5, 1.5), half_width=(0.1, 0.1))
    with pytest.raises(InvalidRequest, match="no class 5"):
        asked(corner_network(), box, 5)
    job = ControlledJob()
    job.cancel()
    space = Restriction.of(corner_network(), Subspace.of_columns(np.zeros(3), (0, 1)))
    with pytest.raises(Cancelled):
        prove_box(space, Goal(classes=(1,)), np.zeros(2), np.ones(2), job)
    with pytest.raises(InvalidRequest, match="lowest and a highest"):
        prove_box(space, Goal(classes=(1,)), np.ones(2), np.zeros(2), JobContext())


def of_one_input(weights: list[list[list[float]]], biases: list[list[float]]) -> Restriction:
    network = PiecewiseLinear(
        weights=tuple(np.array(weight) for weight in weights), biases=tuple(np.array(bias) for bias in biases)
    )
    return Restriction.of(network, Subspace.of_columns(np.zeros(1), (0,)))


def test_what_is_too_small_for_float64_on_the_way_is_not_taken_for_nothing() -> None:
    low, high, goal = np.array([0.9]), np.array([1.0]), Goal(at_least=0.0)
    # Both are a bias less x, which is 1e-400 in the middle of the first one, and its coefficient in that of the second.
    first = of_one_input([[[1e-200]], [[1e-200]], [[1e200]], [[-1e200]]], [[0], [0], [0], [0.5]])
    second = of_one_input([[[1e150]], [[1e150]], [[1e-170]], [[-1e-170]]], [[0], [0], [0], [0.5e-40]])
    for space in (first, second):
        with np.errstate(over="ignore", invalid="ignore"):
            answer = prove_box(space, goal, low, high, JobContext(), max_boxes=200)
        assert not isinstance(answer, Proof)


def test_a_layer_that_is_off_as_a_whole_leaves_the_biases() -> None:
    space = of_one_input([[[1.0]], [[1.0]], [[-1.0]]], [[-2.0], [-0.5], [0.25]])
    assert prove_box(space, Goal(at_least=0.0), np.zeros(1), np.ones(1), JobContext()) == Proof(boxes=1)


def test_a_limit_that_may_be_off_is_not_proved_within_its_doubt() -> None:
    space = of_one_input([[[0.0]]], [[1.0]])
    point = np.zeros(1)
    goal = Goal(at_least=1.0 - 1e-12)
    assert isinstance(prove_box(space, goal, point, point, JobContext()), Proof)
    assert isinstance(prove_box(space, replace(goal, doubt=2e-12), point, point, JobContext()), Unknown)


def test_far_along_a_lattice_its_last_value_still_counts() -> None:
    lattice = Lattice(steps=np.array([0.1]), origins=np.array([0.0]))
    for count in np.random.default_rng(0).integers(10**8, 10**9, size=2000):
        value = np.array([count * 0.1])
        low, high = lattice.inward(value - 0.05, value)
        assert (low == value).all()
        assert (high == value).all()
        assert (lattice.inward(value, value + 0.05)[0] == value).all()
        assert lattice.whole(value) == value
