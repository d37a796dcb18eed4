"""Corrections in several features, from the request to the answer."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.corrections.engines.joint.engine import compute_joint, stands
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import FoundChange, JointCorrection, JointRequest
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import corner_network, network_of, random_network


def corner_request(**changed: object) -> JointRequest:
    """Class 1 where max(0, x) + max(0, y) > 1, from (−1, −1); x is half as dear as y."""
    x, y = (
        FreeFeature(name=name, low=-3.0, high=3.0, half_width=half, price=price)
        for name, half, price in (("x", 0.4, 1.0), ("y", 0.5, 2.0))
    )
    asked: dict[str, object] = {
        "input": (-1.0, -1.0, 5.0),
        "freedom": Freedom(numbers=(x, y), moves=(Move(columns=(0,)), Move(columns=(1,)))),
        "goal": Goal(classes=(1,)),
        "seconds": 5.0,
    }
    return JointRequest(**{**asked, **changed})  # type: ignore[arg-type]


def mixed(seed: int, **changed: object) -> tuple[JointRequest, PiecewiseLinear]:
    """Two numbers, one in steps, and two categories of a random network."""
    network = random_network((8, 7, 7, 2), seed)
    generator = np.random.default_rng(seed)
    point = np.concatenate([np.round(generator.uniform(-0.5, 0.5, 3) * 5) / 5, [1, 0, 0], [0, 1]])
    numbers = (
        FreeFeature(name="free", low=-1.0, high=1.0, half_width=0.03),
        FreeFeature(name="steps", low=-1.0, high=1.0, half_width=0.0, step=0.2),
        FreeFeature(name="third", low=-1.0, high=1.0, half_width=0.05),
    )
    freedom = Freedom(
        numbers=numbers,
        moves=tuple(Move(columns=(column,)) for column in range(3)),
        categories=(
            FreeCategory(name="kind", columns=(3, 4, 5), levels=("a", "b", "c"), price=0.3),
            FreeCategory(name="state", columns=(6, 7), levels=("off", "on"), price=0.2),
        ),
    )
    goal = Goal(classes=(1 - int(network.forward(point[None])[0].argmax()),))
    asked: dict[str, object] = {"input": tuple(point.tolist()), "freedom": freedom, "goal": goal, "seconds": 6.0}
    return JointRequest(**{**asked, **changed}), network  # type: ignore[arg-type]


def cheapest_on_a_grid(request: JointRequest, network: PiecewiseLinear, changed: tuple[int, ...]) -> float:
    """The least cost of points of a grid whose box's corners and middle are accepted; only some features change."""
    freedom, start = request.freedom, request.start
    axes = [
        np.linspace(-1, 1, 41 if not one.step else 11) if place in changed else start[place : place + 1]
        for place, one in enumerate(freedom.numbers)
    ]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    levels = [
        range(len(one.levels)) if 3 + place in changed else (now,)
        for place, (one, now) in enumerate(zip(freedom.categories, request.present, strict=True))
    ]
    halves = np.array([one.half_width if place in changed else 0.0 for place, one in enumerate(freedom.numbers)])
    inside = (np.abs(grid) + halves <= 1 + 1e-12).all(axis=1)
    offsets = np.array(list(itertools.product((-1, 0, 1), repeat=3))) * halves
    best = np.inf
    for combination in itertools.product(*levels):
        tail = np.concatenate([np.eye(3)[combination[0]], np.eye(2)[combination[1]]])
        cost = np.abs(grid - start) @ [one.weight for one in freedom.numbers]
        cost += sum(
            one.price * (level != now)
            for one, level, now in zip(freedom.categories, combination, request.present, strict=True)
        )
        accepted = inside.copy()
        for offset in offsets:
            rows = np.concatenate([grid + offset, np.tile(tail, (len(grid), 1))], axis=1)
            accepted &= request.goal.leads(network.forward(rows)) > 0
        best = min(best, float(cost[accepted].min(initial=np.inf)))
    return best


def test_the_nearest_stable_correction_is_found_and_proved() -> None:
    found = compute_joint(corner_request(different=2), network_of(corner_network()), "", JobContext())
    assert (found.status, found.verdict, found.nearest.closed, found.nearest.proof) == ("complete", 0, True, "proved")
    # With y left alone x − 0.4 must exceed 1: 2.4 away, and any other way is dearer.
    assert found.nearest.point is not None
    np.testing.assert_allclose(found.nearest.point, [1.4, -1.0], atol=0.01)
    assert found.nearest.lower_bound <= 2.4 <= (found.nearest.distance or 0) + 1e-9
    assert found.box is not None
    assert (found.box.low <= found.nearest.point - [0.4, 0.5] + 1e-12).all()
    assert found.course[-1, 1:].tolist() == [found.nearest.lower_bound, found.nearest.distance]
    # The only other way leaves x alone: y goes to 1.5, at a price of 2.
    (other,) = found.others
    assert other.point is not None
    np.testing.assert_allclose(other.point, [-1.0, 1.5], atol=0.01)
    # Twice the half-widths need x = 1.8 with y between −1 and 1; none at all x = 1.
    costs = dict(found.tradeoff[:, [0, 2]].tolist())
    assert costs[0.0] == pytest.approx(2.0, rel=2e-3)
    assert costs[1.0] == pytest.approx(2.4, rel=2e-3)
    assert (np.diff(found.tradeoff[:, 1]) >= 0).all()
    # The corrections along the curve: each is proved with its own half-widths.
    assert len(found.along) == len(found.tradeoff)
    for (scale, lower, distance), change in zip(found.tradeoff.tolist(), found.along, strict=True):
        assert (change.lower_bound, change.distance, change.proof) == (lower, distance, "proved")
        assert change.point is not None
        assert change.half_width is not None
        np.testing.assert_allclose(change.half_width, scale * np.array([0.4, 0.5]))
        low = change.point - change.half_width
        assert np.maximum(low, 0).sum() > 1  # the worst corner of its box


@pytest.mark.parametrize("seed", [2, 5])
def test_at_most_two_changes_are_the_best_of_all_pairs_on_a_grid(seed: int) -> None:
    request, plain = mixed(seed, most_changed=2)
    found = compute_joint(request, network_of(plain), "", JobContext())
    assert found.nearest.closed
    least = min(cheapest_on_a_grid(request, plain, pair) for pair in itertools.combinations(range(5), 2))
    assert found.nearest.lower_bound <= least + 1e-9
    if found.nearest.point is None:
        assert least == np.inf
        return
    assert least - 0.06 <= (found.nearest.distance or 0)  # a step of the grid is worth 0.05
    moved = found.nearest.point != request.start
    levels = np.array(found.nearest.levels) != request.present
    assert moved.sum() + levels.sum() <= 2
    assert found.nearest.half_width is not None
    assert (found.nearest.half_width[~moved & (np.array([0.03, 0.0, 0.05]) == 0)] == 0).all()
    step = found.nearest.point[1] / 0.2
    assert step == pytest.approx(round(step), abs=1e-9)


@pytest.mark.parametrize("seed", [1, 3])
def test_any_number_of_changes_agrees_with_a_grid_and_further_ways_change_other_features(seed: int) -> None:
    request, plain = mixed(seed, different=2)
    found = compute_joint(request, network_of(plain), "", JobContext())
    assert found.nearest.closed
    least = cheapest_on_a_grid(request, plain, (0, 1, 2, 3, 4))
    assert found.nearest.lower_bound <= least + 1e-9
    sets = []
    for change in (found.nearest, *found.others):
        assert change.point is not None
        moved = np.flatnonzero(np.abs(change.point - request.start) > 1e-9)
        levels = np.flatnonzero(np.array(change.levels) != request.present)
        sets.append(frozenset([*moved.tolist(), *(levels + 3).tolist()]))
    assert not any(one <= other for one, other in itertools.combinations(sets, 2))


def test_where_nothing_is_accepted_within_the_ranges_that_is_proved() -> None:
    x = FreeFeature(name="x", low=-2.0, high=0.9, half_width=0.1)
    request = corner_request(freedom=Freedom(numbers=(x,), moves=(Move(columns=(0,)),)))
    found = compute_joint(request, network_of(corner_network()), "", JobContext())
    assert (found.nearest.proof, found.nearest.closed, found.nearest.lower_bound) == ("none_exists", True, np.inf)
    assert found.box is None
    assert found.tradeoff[-1].tolist() == [2.0, np.inf, np.inf]


def test_categories_alone_are_decided() -> None:
    request, plain = mixed(0)
    request = replace(request, freedom=replace(request.freedom, numbers=(), moves=()))
    found = compute_joint(request, network_of(plain), "", JobContext())
    accepted = {}
    for kind, state in itertools.product(range(3), range(2)):
        row = np.concatenate([request.input[:3], np.eye(3)[kind], np.eye(2)[state]])
        cost = 0.3 * (kind != request.present[0]) + 0.2 * (state != request.present[1])
        if request.goal.leads(plain.forward(row[None]))[0] > 0:
            accepted[kind, state] = cost
    assert found.nearest.closed
    if accepted:
        assert found.nearest.distance == pytest.approx(min(accepted.values()))
        assert found.nearest.levels in accepted
    else:
        assert found.nearest.proof == "none_exists"


def test_a_job_that_is_stopped_leaves_a_true_partial_answer_that_can_be_gone_on_with() -> None:
    request, plain = mixed(1, different=2)
    network = network_of(plain)
    snapshots: list[JointCorrection] = []
    before = {name: value.clone() for name, value in network.module.state_dict().items()}

    def stop(found: object) -> None:
        snapshots.append(found)  # type: ignore[arg-type]
        if snapshots[-1].nearest.point is not None:
            job.cancel()

    job = ControlledJob(on_partial=stop)
    with pytest.raises(Cancelled):
        compute_joint(request, network, "", job)
    partial = snapshots[-1]
    assert partial.status == "partial"
    assert partial.nearest.distance is not None
    later: list[JointCorrection] = []
    on = ControlledJob(on_partial=later.append)  # type: ignore[arg-type]
    found = compute_joint(request, network, "", on, partial)
    assert found.status == "complete"
    assert found.nearest.closed
    assert all(one.nearest.distance is not None for one in later)
    assert all(one.nearest.distance <= partial.nearest.distance for one in later)  # type: ignore[operator]
    assert all(one.nearest.lower_bound >= partial.nearest.lower_bound for one in later)
    assert found.provenance.seconds > partial.provenance.seconds
    again = compute_joint(request, network, "", JobContext(), replace(found, status="partial"))
    assert again.nearest is found.nearest
    assert all((value == before[name]).all() for name, value in network.module.state_dict().items())


def test_an_input_that_is_accepted_and_one_that_does_not_fit_are_refused_in_a_sentence() -> None:
    network = network_of(corner_network())
    with pytest.raises(InvalidRequest, match='already judged "yes"'):
        compute_joint(corner_request(input=(2.0, 0.0, 0.0)), network, "", JobContext())
    with pytest.raises(InvalidRequest, match="takes 3"):
        compute_joint(corner_request(input=(0.0, 0.0)), network, "", JobContext())
    with pytest.raises(InvalidRequest, match="NaN"):
        corner_request(input=(np.nan, 0.0, 0.0))
    with pytest.raises(InvalidRequest, match="cannot be changed"):
        corner_request(most_changed=3)


def test_further_ways_of_a_partial_answer_are_looked_for_anew_where_the_nearest_is_another_one() -> None:
    request, network = corner_request(different=1), network_of(corner_network())
    whole = compute_joint(request, network, "", JobContext())
    (dearer,) = whole.others
    # As it was before the nearest was found: what was thought to be it is open, and the other way is closed.
    then = replace(dearer, lower_bound=0.0, closed=False)
    partial = replace(whole, status="partial", nearest=then, others=(whole.nearest,))
    found = compute_joint(request, network, "", JobContext(), partial)
    assert found.nearest.distance == pytest.approx(whole.nearest.distance, rel=2e-3)
    (other,) = found.others
    assert other.point is not None
    assert other.point[0] == request.start[0]
    assert other.distance == pytest.approx(dearer.distance, rel=2e-3)


@pytest.mark.parametrize(
    ("distance", "bound", "words"),
    [
        (0.3174, 0.28997, "0.3174 found, at least 0.289"),
        (None, 0.99999, "none found yet, none nearer than 0.999"),
        (None, 0.0, "none found yet"),
        (None, np.inf, "none found yet, none nearer than inf"),
    ],
)
def test_progress_never_tells_of_more_than_is_proved(distance: float | None, bound: float, words: str) -> None:
    change = FoundChange(point=None, levels=(), distance=distance, lower_bound=bound, proof="unknown", closed=False)
    assert stands(change) == words
