"""All pairs of features against brute force: every combination of levels, and a fine grid of the numbers."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.engines.pairs.engine import compute_pairs, promising_order
from core.corrections.engines.suggesting import ranked_features
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.pairs import ACCEPTED, REJECTED, Pairs, PairsRequest
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard
from core.networks.network import Network
from tests.core.corrections.examples import as_module, as_network, random_network

COLUMNS = 7  # two numbers, a category of three levels, one of two
GRID = 401
STEPPED = 1  # the second number goes in steps of 0.25


def freedom() -> Freedom:
    return Freedom(
        numbers=(
            FreeFeature(name="income", low=-1.0, high=1.0, half_width=0.05, price=1.0),
            FreeFeature(name="months", low=-1.0, high=1.0, half_width=0.1, price=0.7, step=0.25),
        ),
        moves=(Move(columns=(0,)), Move(columns=(1,))),
        categories=(
            FreeCategory(name="job", columns=(2, 3, 4), levels=("a", "b", "c"), price=0.3),
            FreeCategory(name="home", columns=(5, 6), levels=("own", "rent"), price=0.45),
        ),
    )


def judged_network(seed: int) -> tuple[PiecewiseLinear, Network]:
    network = as_network(as_module(random_network((COLUMNS, 12, 12, 2), seed)), InputCard(shape=(COLUMNS,)))
    return lower(network), network


def request_for(network: PiecewiseLinear, seed: int) -> PairsRequest:
    """Of many inputs one that is not far from being judged the other way, which is what is wanted."""
    generator = np.random.default_rng(seed)
    points = np.zeros((200, COLUMNS))
    points[:, 0] = generator.uniform(-1, 1, 200)
    points[:, 1] = 0.25 * generator.integers(-3, 4, 200)
    rows = np.arange(200)
    points[rows, 2 + generator.integers(3, size=200)] = 1.0
    points[rows, 5 + generator.integers(2, size=200)] = 1.0
    logits = network.forward(points)
    lead = logits[:, 1] - logits[:, 0]
    chosen = int(np.argsort(np.abs(lead))[20])
    wanted = Goal(classes=(int(lead[chosen] < 0),))
    return PairsRequest(input=tuple(points[chosen].tolist()), freedom=freedom(), goal=wanted, row=3)


def accepts(network: PiecewiseLinear, request: PairsRequest, inputs: np.ndarray) -> np.ndarray:
    """By how much the wanted class leads (n,)."""
    (wanted,) = request.goal.classes
    logits = network.forward(inputs)
    return np.asarray(logits[:, wanted] - logits[:, 1 - wanted])


def answered(seed: int) -> tuple[Pairs, PiecewiseLinear, Network]:
    lowered, network = judged_network(seed)
    return compute_pairs(request_for(lowered, seed), network, "data", JobContext()), lowered, network


def levels_of(network: PiecewiseLinear, point: np.ndarray, features: tuple[int, ...]) -> list[tuple[np.ndarray, float]]:
    """The input at every combination of levels of the categories among the features, and what the change costs."""
    found = []
    choices = [one if place + 2 in features else None for place, one in enumerate(freedom().categories)]
    for levels in itertools.product(*(range(len(one.levels)) if one else (None,) for one in choices)):
        changed, cost = point.copy(), 0.0
        for one, level in zip(choices, levels, strict=True):
            if one is not None and not point[one.columns[level]]:
                changed[list(one.columns)] = 0.0
                changed[one.columns[level]] = 1.0
                cost += one.price
        found.append((changed, cost))
    return found


def cheapest_on_the_grid(network: PiecewiseLinear, request: PairsRequest, features: tuple[int, ...]) -> float:
    """The least cost of a grid point whose whole box is accepted at all grid points of it."""
    axis, point = np.linspace(-1, 1, GRID), np.array(request.input)
    numbers = [place for place in features if place < 2]
    best = np.inf
    for changed, cost in levels_of(network, point, features):
        axes = [axis if place in numbers else point[[place]] for place in (0, 1)]
        places = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        inputs = np.tile(changed, (*places.shape[:2], 1))
        inputs[..., :2] = places
        stable = (accepts(network, request, inputs.reshape(-1, COLUMNS)) > 0).reshape(places.shape[:2])
        spend = np.full(stable.shape, cost)
        for place, feature in enumerate(freedom().numbers):
            if place not in numbers:
                continue
            reach = round(feature.half_width / (axis[1] - axis[0]))
            stable = eroded(stable, place, reach)
            if feature.step:
                on_step = np.abs(axis / feature.step - np.round(axis / feature.step)) < 1e-9
                stable &= np.expand_dims(on_step, 1 - place)
            spend = spend + feature.weight * np.abs(places[..., place] - point[place])
        best = min(best, float(np.where(stable, spend, np.inf).min()))
    return best


def eroded(accepted: np.ndarray, axis: int, reach: int) -> np.ndarray:
    """What is accepted at all of ±reach along an axis; nothing is beyond the ends."""
    padded = np.pad(accepted, [(reach, reach) if place == axis else (0, 0) for place in (0, 1)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=axis)
    return windows.all(axis=-1)


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_every_pair_is_what_a_fine_grid_and_all_levels_say(seed: int) -> None:
    found, network, _ = answered(seed)
    assert found.status == "complete"
    assert found.done.all()
    some = 0
    for first, second in itertools.combinations_with_replacement(range(4), 2):
        expected = cheapest_on_the_grid(network, found.request, (first, second))
        distance, bound = found.distance[first, second], found.lower_bound[first, second]
        assert bound <= distance
        assert found.distance[second, first] == distance
        # The grid misses what is narrower than its step, and its points miss the nearest by less than one of them.
        assert bound <= expected + 1e-9, (first, second)
        assert distance <= expected + 1e-5 or not np.isfinite(expected), (first, second)
        assert expected <= distance + 2 * 2 / (GRID - 1) or not np.isfinite(distance), (first, second)
        some += np.isfinite(distance)
    assert some >= 4


def test_a_correction_is_accepted_by_the_network_with_all_of_its_box() -> None:
    for seed in range(4):
        found, network, _ = answered(seed)
        for first, second in found.ranked():
            assert found.proof_of(first, second) == "proved"
            corrected = np.array(found.request.input)
            reach = np.zeros(COLUMNS)
            for feature, value in zip((first, second), found.centres[first, second], strict=True):
                if found.request.is_category(feature):
                    columns = list(freedom().categories[feature - 2].columns)
                    corrected[columns] = np.eye(len(columns))[int(value)]
                else:
                    corrected[feature] = value
                    reach[feature] = freedom().numbers[feature].half_width
            box = corrected + reach * np.random.default_rng(seed).uniform(-1, 1, (500, COLUMNS))
            assert (accepts(network, found.request, np.concatenate([box, corrected[None]])) > 0).all()
            if STEPPED in (first, second):
                value = corrected[STEPPED]
                assert value in (found.request.input[STEPPED], 0.25 * round(value / 0.25))


def test_lanes_tell_at_every_value_of_the_number_what_the_network_says() -> None:
    found, network, _ = answered(1)
    point, axis = np.array(found.request.input), np.linspace(-1, 1, 2001)
    lanes = found.lanes_of(2, 0)
    assert lanes is not None
    assert (lanes.number, lanes.category, [lane.level for lane in lanes.lanes]) == (0, 2, [0, 1, 2])
    for lane in lanes.lanes:
        inputs = np.tile(point, (len(axis), 1))
        inputs[:, 0] = axis
        inputs[:, 2:5] = np.eye(3)[lane.level]
        lead = accepts(network, found.request, inputs)
        inside = ((axis[:, None] >= lane.accepted[:, 0]) & (axis[:, None] <= lane.accepted[:, 1])).any(axis=1)
        clear = np.abs(lead) > 1e-4
        assert (inside == (lead > 0))[clear].all()
    best = min((lane for lane in lanes.lanes if lane.distance is not None), key=lambda lane: lane.distance or 0.0)
    assert best.distance == found.distance[0, 2]


def test_tables_have_the_verdict_of_every_two_levels() -> None:
    found, network, _ = answered(2)
    table = found.table_of(3, 2)
    assert table is not None
    assert (table.first, table.second, table.judged.shape) == (2, 3, (3, 2))
    for job, home in itertools.product(range(3), range(2)):
        changed = np.array(found.request.input)
        changed[2:5], changed[5:7] = np.eye(3)[job], np.eye(2)[home]
        lead = accepts(network, found.request, changed[None])[0]
        assert table.leads[job, home] == pytest.approx(lead)
        assert table.judged[job, home] == (ACCEPTED if lead > 0 else REJECTED)
        assert table.verdicts[job, home] == network.forward(changed[None])[0].argmax()


def test_levels_that_are_not_allowed_are_not_chosen() -> None:
    lowered, network = judged_network(2)
    request = request_for(lowered, 2)
    job, home = request.freedom.categories
    present = request.freedom.present(np.array(request.input))[0]
    kept = replace(request.freedom, categories=(replace(job, allowed=(present,)), home))
    found = compute_pairs(replace(request, freedom=kept), network, "data", JobContext())
    table = found.table_of(2, 2)
    assert table is not None
    assert np.isfinite(table.leads[:, 0]).tolist() == [level == present for level in range(3)]
    assert found.proof_of(2, 2) == "none_exists"
    assert found.lower_bound[2, 2] == np.inf
    assert found.distance[2, 3] == found.distance[3, 3]


def test_what_was_looked_at_is_kept_when_a_stopped_search_goes_on() -> None:
    lowered, network = judged_network(0)
    request = request_for(lowered, 0)
    snapshots: list[Pairs] = []

    def kept(snapshot: object) -> None:
        assert isinstance(snapshot, Pairs)
        snapshots.append(snapshot)
        if snapshot.done.sum() >= 5:
            job.cancel()

    job = ControlledJob(on_partial=kept)
    with pytest.raises(Cancelled):
        compute_pairs(request, network, "data", job)
    stopped = snapshots[-1]
    assert stopped.status == "partial"
    assert 5 <= stopped.done.sum() < 16
    resumed = compute_pairs(request, network, "data", JobContext(), stopped)
    assert np.array_equal(resumed.seconds[stopped.done], stopped.seconds[stopped.done])
    anew = compute_pairs(request, network, "data", JobContext())
    assert np.array_equal(resumed.distance, anew.distance)
    assert len(resumed.lanes) == len(anew.lanes) == 6
    assert len(resumed.tables) == len(anew.tables) == 3


def test_what_was_found_of_another_network_is_not_gone_on_with() -> None:
    lowered, network = judged_network(0)
    found = compute_pairs(request_for(lowered, 0), network, "data", JobContext())
    foreign = replace(found, provenance=replace(found.provenance, network_sha256="f" * 64))
    anew = compute_pairs(request_for(lowered, 0), network, "data", JobContext(), foreign)
    assert anew.provenance.network_sha256 == network.sha256
    assert not np.array_equal(anew.seconds, found.seconds)


def test_what_takes_too_long_for_its_slice_is_left_in_a_true_bracket() -> None:
    lowered, network = judged_network(1)
    request = request_for(lowered, 1)
    exact = compute_pairs(request, network, "data", JobContext())
    hasty = compute_pairs(replace(request, seconds=1e-9), network, "data", JobContext())
    assert hasty.status == "complete"
    assert not exact.searched
    assert (hasty.lower_bound[0] <= exact.distance[0] + 1e-9).all()


def curved_network() -> tuple[PiecewiseLinear, Network]:
    """With activations that bend everywhere, so that no slice has linear pieces."""
    torch.manual_seed(3)
    layers = [nn.Linear(COLUMNS, 10), nn.GELU(), nn.Linear(10, 10), nn.GELU(), nn.Linear(10, 2)]
    module = nn.Sequential(*layers).eval()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(2.5)
    network = as_network(module, InputCard(shape=(COLUMNS,)))
    return lower(network, curved=True), network


def test_a_network_without_linear_pieces_is_searched_by_bounds_that_agree_with_a_grid() -> None:
    lowered, network = curved_network()
    request = replace(request_for(lowered, 1), seconds=2.0)
    found = compute_pairs(request, network, "data", JobContext())
    assert found.lanes == ()
    assert found.searched
    some = 0
    for first, second in ((0, 0), (0, 1), (0, 2), (1, 3), (2, 3)):
        expected = cheapest_on_the_grid(lowered, request, (first, second))
        distance, bound = found.distance[first, second], found.lower_bound[first, second]
        assert bound <= expected + 1e-9, (first, second)
        # What is only stable on the steps of a number is no answer.
        assert expected <= distance + 2 * 2 / (GRID - 1) or not np.isfinite(distance), (first, second)
        some += np.isfinite(distance)
    assert some >= 2


def test_what_a_search_by_bounds_has_proved_is_not_proved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lowered, network = curved_network()
    numbers = tuple(replace(one, step=0.0) for one in freedom().numbers)
    asked = replace(freedom().only((0, 1)), numbers=numbers)
    request = replace(request_for(lowered, 2), freedom=asked, seconds=2.0)
    wanted = compute_pairs(request, network, "data", JobContext())
    assert np.isfinite(wanted.distance).all()
    monkeypatch.delattr("core.corrections.engines.pairs.by_bounds.proof_of_box")
    found = compute_pairs(request, network, "data", JobContext())
    assert np.array_equal(found.proof, wanted.proof)
    assert np.allclose(found.distance, wanted.distance, rtol=2e-3)


def test_features_come_in_the_order_of_what_one_of_them_alone_has_to_cost() -> None:
    found, network, _ = answered(1)
    request = found.request
    suggestions = ranked_features(request.input, request.freedom, request.goal, network, JobContext())
    assert sorted(one.name for one in suggestions) == sorted(request.features)
    estimates = [one.estimate for one in suggestions]
    assert estimates == sorted(estimates)
    order = promising_order(request, suggestions).tolist()
    assert [request.features[first] for first, second in order[:4] if first == second] == [s.name for s in suggestions]
    assert len({(min(pair), max(pair)) for pair in order}) == 10
    for one in suggestions:
        place = request.features.index(one.name)
        exact = found.distance[place, place]
        if one.suffices and place != STEPPED:
            # A sample need not be stable, so it may be cheaper than what is; but not than the nearest accepted.
            assert one.estimate <= exact + 2 / 47
        assert one.gain >= one.gradient >= 0


def test_features_that_change_together_are_one_number_of_a_pair() -> None:
    lowered, network = judged_network(2)
    request = request_for(lowered, 2)
    together = FreeFeature(name="both", low=-0.5, high=0.5, price=2.0)
    moves = (Move(columns=(0, 1), amounts=(1.0, -0.5)),)
    kept = replace(request.freedom, numbers=(together,), moves=moves)
    found = compute_pairs(replace(request, freedom=kept), network, "data", JobContext())
    shifts = np.linspace(-0.5, 0.5, 4001)
    for first, second in ((0, 0), (0, 1), (0, 2)):
        features = tuple(place + 1 for place in (first, second) if place > 0)  # as `levels_of` counts them
        expected = np.inf
        for changed, cost in levels_of(lowered, np.array(request.input), features):
            inputs = np.tile(changed, (len(shifts), 1))
            inputs[:, 0] += shifts
            inputs[:, 1] -= 0.5 * shifts
            accepted = accepts(lowered, request, inputs) > 0
            expected = min(expected, float(np.where(accepted, cost + 2.0 * np.abs(shifts), np.inf).min()))
        assert np.isfinite(expected)
        assert found.distance[first, second] == pytest.approx(expected, abs=2 / 4000)


def test_a_request_of_one_feature_is_refused_in_a_sentence() -> None:
    alone = Freedom(numbers=freedom().numbers[:1], moves=freedom().moves[:1])
    with pytest.raises(InvalidRequest, match="Pairs are ranked of 2 to"):
        PairsRequest(input=(0.0,) * COLUMNS, freedom=alone, goal=Goal(classes=(1,)))


def test_a_level_that_may_not_be_chosen_may_be_the_present_one() -> None:
    network, judge = judged_network(1)
    request = request_for(network, 1)
    (job, home), present = request.freedom.categories, request.freedom.present(np.array(request.input))
    others = tuple(level for level in range(3) if level != present[0])
    kept = replace(request.freedom, categories=(replace(job, allowed=others), home))
    request = replace(request, freedom=kept)
    ranked = ranked_features(request.input, kept, request.goal, network, JobContext())
    assert sorted(one.name for one in ranked) == sorted(request.features)
    found = compute_pairs(request, judge, "data", JobContext())
    assert found.status == "complete"
    # The home alone keeps its job; job and home together take another one, whatever that costs.
    job_and_home = found.distance[2, 3]
    assert job_and_home >= 0.3 - 1e-12
