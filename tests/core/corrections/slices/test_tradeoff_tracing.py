"""The curve of the nearest distance over the stability: worked out by hand, asked anew, and searched by brute force."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import NO_CLASS, CorrectionRequest, FreeFeature, Norm
from core.corrections.records.goal import Goal
from core.corrections.records.tradeoff import Tradeoff
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.regions import AcceptedRegion, accepted_region
from core.corrections.slices.stability import nearest_point, stable_centres
from core.corrections.slices.tradeoff_tracing import MOST_PLACES, SMALL_RISE, trace_tradeoff
from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import corner_network, corner_question, random_network

SEEDS = (0, 2, 3, 4, 5)  # with a region that is accepted
BASE = np.array([0.2, -0.3, 0.1, 0.5])


def region_of(request: CorrectionRequest, network: PiecewiseLinear) -> AcceptedRegion:
    x, y = request.free
    base = np.array(request.input)
    cells = exact_slice(network, base, request.columns, (x.low, x.high), (y.low, y.high), JobContext())
    return accepted_region(cells, request.wanted, JobContext())


def traced(request: CorrectionRequest, network: PiecewiseLinear) -> Tradeoff:
    return trace_tradeoff(request, region_of(request, network), JobContext())


def random_case(
    seed: int, half_width: tuple[float, float] = (0.06, 0.06), norm: Norm = "L1"
) -> tuple[CorrectionRequest, PiecewiseLinear]:
    """A network of three classes, and the wish for the commonest one that the input is not given."""
    network = random_network((4, 16, 16, 3), seed)
    points = np.random.default_rng(seed).uniform(-1, 1, (500, 2))
    shares = np.bincount(network.on_slice(BASE, (0, 3), points).argmax(axis=1), minlength=3)
    shares[network.forward(BASE[None])[0].argmax()] = -1
    x, y = (
        FreeFeature(name=str(column), low=-1, high=1, half_width=half, price=1.0 + column)
        for column, half in zip((0, 3), half_width, strict=True)
    )
    inputs = tuple(BASE.tolist())
    return CorrectionRequest(input=inputs, free=(x, y), columns=(0, 3), target=int(shares.argmax()), norm=norm), network


def worked_out(stability: float) -> float:
    """Of the corner network: to the right alone while the box fits there, 1.25 times; else into the corner."""
    return 2 + 0.4 * stability if stability < 1.25 else 3 + 2.2 * stability


def test_the_curve_of_the_corner_network_is_the_one_worked_out_by_hand_with_its_jump() -> None:
    curve = traced(corner_question(), corner_network())
    assert (curve.unit, curve.asked) == ((0.4, 0.5), True)
    assert curve.largest == pytest.approx(5 / 3, abs=1e-4)
    assert curve.largest is not None
    assert curve.largest < curve.none_beyond < curve.largest + 1e-4
    for stability in np.linspace(0, 1.666, 200):
        if abs(stability - 1.25) > 1e-3:
            truth = worked_out(float(stability))
            assert curve.distance_at(float(stability)) == pytest.approx(truth, abs=1e-3)
            low, high = curve.bracket_at(float(stability)) or (np.inf, -np.inf)
            assert low - 1e-12 <= truth <= high + 1e-12
    assert 1.0 in curve.stability.tolist()  # what was asked for is a place of its own
    assert curve.distance_at(1.0) == pytest.approx(2.4, abs=1e-5)
    jump = np.diff(curve.distance).argmax()
    assert curve.stability[jump] <= 1.25 + 1e-5
    assert curve.stability[jump + 1] >= 1.25 - 1e-3
    assert curve.distance[jump + 1] - curve.distance[jump] == pytest.approx(5.75 - 2.5, abs=0.01)


@pytest.mark.parametrize("norm", ["L1", "L2", "Linf"])
@pytest.mark.parametrize("half_width", [(0.06, 0.06), (0.03, 0.0), (0.0, 0.0)])
def test_the_curve_says_at_any_stability_what_the_whole_stable_set_says(
    norm: Norm, half_width: tuple[float, float]
) -> None:
    compared = 0
    for seed in SEEDS:
        request, network = random_case(seed, half_width, norm)
        region = region_of(request, network)
        curve = trace_tradeoff(request, region, JobContext())
        if curve.largest is None:
            assert region.inner.is_empty
            continue
        compared += 1
        weights = request.free[0].weight, request.free[1].weight
        visible = 2 * SMALL_RISE * (curve.distance[-1] - curve.distance[0])
        for stability in np.random.default_rng(seed).uniform(0, curve.largest, 15):
            stable = stable_centres(region.inner, (-1, -1, 1, 1), curve.half_width(float(stability)))
            found = nearest_point(stable, request.point, weights, norm)
            assert found is not None
            low, high = curve.bracket_at(float(stability)) or (np.inf, -np.inf)
            assert low - 1e-9 <= found[1] <= high + 1e-9
            near = [curve.distance_at(float(np.clip(stability + by, 0, curve.largest))) for by in (-1e-3, 0, 1e-3)]
            assert min(abs(found[1] - (value or 0)) for value in near) <= visible + 1e-9
            # … and beyond the largest one there is nothing at all.
        beyond = curve.none_beyond * (1 + 1e-5)
        assert stable_centres(region.inner, (-1, -1, 1, 1), curve.half_width(beyond)).is_empty
    assert compared >= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_curve_rises_in_steps_that_are_small_or_jumps(seed: int) -> None:
    request, network = random_case(seed)
    curve = traced(request, network)
    assert len(curve.stability) <= MOST_PLACES
    assert (np.diff(curve.stability) > 0).all()
    assert (np.diff(curve.distance) >= 0).all()
    assert (np.diff(curve.lower_bound) >= 0).all()
    assert (curve.lower_bound <= curve.distance).all()
    # Only within a jump, which rounding may move by a hair, the proof lags behind.
    assert (curve.distance - curve.lower_bound < 1e-3).mean() > 0.9
    weights = np.array([request.free[0].weight, request.free[1].weight])
    assert np.abs(curve.centres - request.point) @ weights == pytest.approx(curve.distance)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_box_of_the_curve_is_accepted_and_no_nearer_one_of_a_grid_is(seed: int) -> None:
    request, network = random_case(seed)
    curve = traced(request, network)
    assert curve.largest is not None
    generator = np.random.default_rng(seed)
    for stability, centre in zip(curve.stability, curve.centres, strict=True):
        half = np.array(curve.half_width(float(stability)))
        points = np.concatenate([generator.uniform(-1, 1, (300, 2)), [(-1, -1), (-1, 1), (1, -1), (1, 1)]])
        judged = network.on_slice(BASE, (0, 3), centre + half * points).argmax(axis=1)
        assert (judged == request.target).all()
    axis = np.linspace(-1, 1, 201)  # a step of 0.01
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    yes = (network.on_slice(BASE, (0, 3), grid).argmax(axis=1) == request.target).reshape(201, 201)
    for steps in range(1, 40, 4):
        windows = np.lib.stride_tricks.sliding_window_view(yes, (2 * steps + 1, 2 * steps + 1))
        whole = windows.all(axis=(2, 3))
        if not whole.any():
            break
        inside = axis[steps:-steps]
        cost = np.abs(inside[:, None] - 0.2) * 1.0 + np.abs(inside[None, :] - 0.5) * 4.0
        # A rejected corner may hide between the points of the grid, hence one step less; and centres are a grid, too.
        bracket = curve.bracket_at(min((steps - 1) * 0.01 / 0.06, curve.largest))
        assert bracket is not None
        assert bracket[0] <= cost[whole].min() + 1e-9


def test_without_a_wish_stability_counts_in_hundredths_of_the_ranges() -> None:
    curve = traced(corner_question(half_width=(0.0, 0.0)), corner_network())
    assert (curve.unit, curve.asked) == ((0.04, 0.04), False)
    # The largest box in the corner from (x, y) to (2, 2) with x + y = 1 is a square of a side of 1.5.
    assert curve.largest == pytest.approx(0.75 / 0.04, rel=1e-4)
    assert curve.half_width(2.0) == (0.08, 0.08)


def test_a_wish_for_one_feature_is_multiplied_for_that_one_alone() -> None:
    curve = traced(corner_question(half_width=(0.4, 0.0)), corner_network())
    assert curve.unit == (0.4, 0.0)
    assert curve.half_width(3.0)[1] == 0.0
    # At y = 2 everything from −2 to 2 is accepted: ±2 at a price of 2 for three steps up, and of 1 for one step.
    assert curve.largest == pytest.approx(2 / 0.4, rel=1e-3)
    assert curve.distance[-1] <= 1 + 2 * 3


def test_where_less_was_possible_than_asked_for_the_curve_ends_before_it() -> None:
    curve = traced(corner_question(half_width=(0.9, 0.9)), corner_network())
    assert curve.largest == pytest.approx(0.75 / 0.9, rel=1e-4)
    assert curve.none_beyond < 1
    assert curve.distance_at(1.0) is None
    assert curve.bracket_at(1.0) is None


def test_where_nothing_is_accepted_there_is_no_curve() -> None:
    network = PiecewiseLinear(weights=(np.zeros((2, 3)),), biases=(np.array([1.0, 0.0]),))
    curve = traced(corner_question(), network)
    assert curve.largest is None
    assert (len(curve.stability), len(curve.distance), curve.centres.shape) == (0, 0, (0, 2))
    assert curve.none_beyond == 0.0
    assert curve.distance_at(0.0) is None


def test_where_everything_else_is_accepted_the_largest_box_is_as_wide_as_the_ranges() -> None:
    network = PiecewiseLinear(weights=(np.array([[0.0, 0, 0], [1, 0, 0]]),), biases=(np.array([0.0, 1.5]),))
    curve = traced(corner_question(point=(-1.8, 0.0), half_width=(0.5, 0.5)), network)
    # Accepted from x = −1.5 on: 3.5 wide.
    assert curve.largest == pytest.approx(1.75 / 0.5, rel=1e-4)
    for one, other in pairwise(zip(curve.stability, curve.distance, strict=True)):
        slope = (other[1] - one[1]) / (other[0] - one[0])
        assert slope == pytest.approx(0.5, abs=1e-3)


def test_a_part_that_is_nearer_but_narrower_gives_way_to_a_wide_one() -> None:
    # Accepted where 0.5 < x < 0.7, and beyond 1.
    first = np.array([[1.0, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]])
    network = PiecewiseLinear(
        weights=(first, np.array([[0.0, 0, 0, 0], [10, -20, 10, 10]])),
        biases=(np.array([-0.5, -0.6, -0.7, -1.0]), np.zeros(2)),
    )
    curve = traced(corner_question(point=(0.0, 0.0), half_width=(0.05, 0.05)), network)
    assert curve.distance_at(1.0) == pytest.approx(0.55, abs=1e-4)
    assert curve.distance_at(1.99) == pytest.approx(0.5995, abs=2e-3)
    assert curve.distance_at(2.01) == pytest.approx(1.1005, abs=2e-3)


def test_the_curve_of_a_stopped_job_is_cancelled() -> None:
    request = corner_question()
    region = region_of(request, corner_network())
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        trace_tradeoff(request, region, job)


def test_either_of_two_classes_is_nearer_and_has_more_room_than_one_of_them() -> None:
    request, network = random_case(2)
    others = {0, 1, 2} - {int(network.forward(BASE[None])[0].argmax())}
    one = traced(request, network)
    both = traced(replace(request, target=NO_CLASS, goal=Goal(classes=tuple(sorted(others)))), network)
    assert one.largest is not None
    assert both.largest is not None
    assert both.largest >= one.largest * (1 - 1e-5)
    for stability in np.linspace(0, 0.999 * one.largest, 9):
        near, far = both.bracket_at(float(stability)), one.bracket_at(float(stability))
        assert near is not None
        assert far is not None
        assert near[0] <= far[1]
