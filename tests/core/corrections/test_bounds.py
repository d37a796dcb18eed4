"""The independent proof: never of a box with a rejected point, and without rounding where it is decided."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.bounds import Counterexample, Proof, Unknown, prove_box
from core.corrections.correction import Box
from core.corrections.enclosure import Enclosure
from core.corrections.piecewise import PiecewiseLinear
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import corner_network, random_network


def asked(network: PiecewiseLinear, box: Box, target: int = 1, budget: int = 4000) -> Proof | Unknown | Counterexample:
    return prove_box(network, np.zeros(network.inputs), (0, 1), box, target, JobContext(), budget)


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
        assert answer.lead <= 0
    if smallest > 1e-3:
        assert isinstance(answer, Proof)  # it is not merely timid


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


@pytest.mark.parametrize("seed", range(5))
def test_every_neuron_of_the_output_lies_between_its_bounds(seed: int) -> None:
    network = random_network((4, 12, 12, 3), seed)
    base, half = np.array([0.1, 0.2, -0.3, 0.4]), np.array([0.2, 0.3])
    centres = np.random.default_rng(seed).uniform(-1, 1, size=(6, 2))
    bounds = Enclosure.of_input(network, base, (1, 3), centres, half)
    for rows, bias in zip(network.rows[1:], network.biases[1:], strict=True):
        bounds = bounds.relu().affine(rows, bias)
    lowest, highest = bounds.limits()
    for box, centre in enumerate(centres):
        points = centre + np.random.default_rng(9).uniform(-1, 1, size=(2000, 2)) * half
        logits = network.on_slice(base, (1, 3), points)
        assert (logits >= lowest[box]).all()
        assert (logits <= highest[box]).all()


def test_a_class_that_is_not_there_and_a_stopped_job() -> None:
    box = Box(centre=(1.5, 1.5), half_width=(0.1, 0.1))
    with pytest.raises(InvalidRequest, match="Class 5"):
        asked(corner_network(), box, 5)
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        prove_box(corner_network(), np.zeros(3), (0, 1), box, 1, job)
