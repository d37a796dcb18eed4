"""The whole engine on networks whose answer is known, or can be searched by brute force."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.engines.slice import compute_correction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import NO_CLASS, Correction, CorrectionRequest, FreeFeature
from core.corrections.records.goal import Goal
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard
from core.networks.network import Network
from tests.core.corrections.examples import as_module, as_network, corner_network, corner_question, random_network


def corner() -> Network:
    return as_network(as_module(corner_network()), InputCard(shape=(3,)), ("no", "yes"))


def answered(question: CorrectionRequest, network: Network | None = None) -> Correction:
    return compute_correction(question, network or corner(), "data", JobContext())


def test_the_corner_network_is_corrected_as_one_works_out_by_hand() -> None:
    found = answered(corner_question())
    assert (found.status, found.verdict, found.cells, found.proof) == ("complete", 0, 4, "proved")
    # Any x − 0.4 ≥ 1 will do: 2.4 to the right at a price of 1 is cheaper than 2.5 up at a price of 2.
    assert found.centre == pytest.approx((1.4, -1.0), abs=1e-5)
    assert found.distance == pytest.approx(2.4, abs=1e-5)
    assert found.lower_bound is not None
    assert found.distance - 2e-5 < found.lower_bound <= 2.4 <= found.distance
    assert found.accepted_share == pytest.approx(7.5 / 16, abs=1e-5)
    assert found.box is not None
    assert (found.box.proof, found.box.centre, found.box.half_width) == ("proved", found.centre, (0.4, 0.5))
    assert found.provenance.network_sha256 == corner().sha256
    assert found.provenance.data_sha256 == "data"


def test_every_norm_of_the_change_has_its_own_nearest_correction() -> None:
    plain = corner_question(half_width=(0.0, 0.0), price=(1.0, 1.0), point=(0.0, 0.0))
    by_norm = {norm: answered(replace(plain, norm=norm)) for norm in ("L1", "L2", "Linf")}
    assert by_norm["L1"].distance == pytest.approx(1.0, abs=1e-5)
    assert by_norm["L2"].centre == pytest.approx((0.5, 0.5), abs=1e-5)
    assert by_norm["L2"].distance == pytest.approx(np.sqrt(0.5), abs=1e-5)
    assert by_norm["Linf"].distance == pytest.approx(0.5, abs=1e-5)
    for found in by_norm.values():
        assert found.distance is not None
        assert found.lower_bound is not None
        assert found.distance - 2e-5 < found.lower_bound <= found.distance


def hill(head: nn.Module | None = None) -> Network:
    """``min(x, 0) + min(y, 0)`` of the corner network, as a single number: 0 where both are positive."""
    module = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1), *([head] if head else []))
    with torch.no_grad():
        module[0].weight.copy_(torch.tensor([[-1.0, 0, 0], [0, -1.0, 0]]))
        module[0].bias.zero_()
        module[2].weight.copy_(torch.tensor([[-1.0, -1.0]]))
        module[2].bias.zero_()
    return as_network(module, InputCard(shape=(3,)), ())


def value_question(goal: Goal, point: tuple[float, float] = (-1.0, -1.0)) -> CorrectionRequest:
    return replace(corner_question(half_width=(0.25, 0.0), point=point), target=NO_CLASS, goal=goal)


def test_a_value_of_at_least_so_much_is_reached_where_one_works_it_out_by_hand() -> None:
    found = answered(value_question(Goal(at_least=-1.0)), hill())
    assert (found.verdict, found.value, found.input_accepted) == (NO_CLASS, -2.0, False)
    # x + y ≥ −1 with ±0.25 in x; x costs 1 and y costs 2, and y stays.
    assert found.centre == pytest.approx((0.25, -1.0), abs=1e-5)
    assert found.distance == pytest.approx(1.25, abs=1e-5)
    assert found.proof == "proved"


def test_a_value_between_two_limits_is_reached_from_both_sides() -> None:
    band = Goal(at_least=-1.5, at_most=-0.5)
    below = answered(value_question(band), hill())
    assert below.centre == pytest.approx((-0.25, -1.0), abs=1e-5)
    above = answered(value_question(band, (1.0, 1.0)), hill())
    assert above.value == 0.0
    assert above.centre is not None
    assert above.centre[0] + min(above.centre[1], 0) <= -0.5 - 0.25 + 1e-5 or above.centre[1] <= -0.5 + 1e-5
    assert above.proof == "proved"


def test_a_limit_after_a_sigmoid_is_one_before_it() -> None:
    plain = answered(value_question(Goal(at_least=-1.0)), hill())
    share = float(torch.sigmoid(torch.tensor(-1.0, dtype=torch.float64)))
    bent = answered(value_question(Goal(at_least=share)), hill(nn.Sigmoid()))
    assert bent.centre == pytest.approx(plain.centre, abs=1e-5)
    assert bent.value == pytest.approx(float(torch.sigmoid(torch.tensor(-2.0))))
    with pytest.raises(InvalidRequest, match="between 0 and 1"):
        answered(value_question(Goal(at_least=1.5)), hill(nn.Sigmoid()))


def test_a_value_that_is_reached_already_is_refused_in_words() -> None:
    with pytest.raises(InvalidRequest, match=r"already judged -2, which is at most -1\.5"):
        answered(value_question(Goal(at_most=-1.5)), hill())


def test_the_region_of_several_classes_is_all_that_one_of_them_wins() -> None:
    network = random_network((3, 12, 10, 4), seed=5)
    module = as_network(as_module(network), InputCard(shape=(3,)), ("a", "b", "c", "d"))
    points = np.random.default_rng(0).uniform(-2, 2, (4000, 2))
    said = network.on_slice(np.array([0.0, 0.0, 0.5]), (0, 1), points).argmax(axis=1)
    start = int(np.flatnonzero(said == said[0])[0])
    others = tuple(sorted(set(range(4)) - {int(said[start])}))[:2]
    question = replace(
        corner_question(half_width=(0.0, 0.0), point=tuple(points[start])), target=NO_CLASS, goal=Goal(classes=others)
    )
    question = replace(question, input=(*points[start].tolist(), 0.5))
    found = answered(question, module)
    assert found.accepted_share == pytest.approx(float(np.isin(said, others).mean()), abs=0.03)


def test_stability_costs_and_no_stability_goes_to_the_edge() -> None:
    assert answered(corner_question(half_width=(0.0, 0.0))).distance == pytest.approx(2.0, abs=1e-5)
    # ±1.4 in x fits only where the box is above the corner: y − 0.1 > 1.
    tall = answered(corner_question(half_width=(1.4, 0.1)))
    assert tall.centre == pytest.approx((-0.6, 1.1), abs=1e-5)
    assert tall.proof == "proved"


def test_a_box_that_fits_nowhere_is_proved_not_to_exist() -> None:
    found = answered(corner_question(half_width=(1.6, 1.6)))
    assert (found.centre, found.distance, found.lower_bound, found.box) == (None, None, None, None)
    assert found.proof == "none_exists"
    assert found.stable == ()
    assert len(found.accepted) == 1


def test_a_class_that_never_wins_is_proved_not_to_exist() -> None:
    found = answered(corner_question(side=0.25, half_width=(0.0, 0.0), point=(0.0, 0.0)))
    assert (found.proof, found.accepted, found.accepted_share) == ("none_exists", (), 0.0)


def test_a_box_that_fits_to_the_last_bit_is_neither_promised_nor_denied() -> None:
    # Above y = 1 there is exactly one unit of room: ±0.5 may fit by a hair or not, depending on rounding.
    question = corner_question(half_width=(1.9, 0.5))
    found = answered(question)
    assert (found.centre, found.proof) == (None, "unknown")
    assert found.lower_bound is not None
    # ±1.9 of x leaves −0.1…0.1, and the whole unit above is needed: 0.9 · 1 + 2.5 · 2.
    assert found.lower_bound == pytest.approx(0.9 + 5.0, abs=1e-4)


def test_an_input_outside_the_ranges_is_brought_inside() -> None:
    question = replace(corner_question(point=(-7.0, -1.0)))
    found = answered(question)
    assert found.centre == pytest.approx((1.4, -1.0), abs=1e-5)
    assert found.distance == pytest.approx(8.4, abs=1e-5)


def test_an_input_that_is_accepted_already_is_nothing_to_correct() -> None:
    with pytest.raises(InvalidRequest, match='already judged "yes"'):
        answered(corner_question(point=(1.5, 1.0)))


def test_inputs_and_classes_that_do_not_fit_are_refused() -> None:
    question = corner_question()
    with pytest.raises(InvalidRequest, match="4 columns"):
        answered(replace(question, input=(*question.input, 1.0)))
    with pytest.raises(InvalidRequest, match="no class 2"):
        answered(replace(question, target=2))


@pytest.mark.parametrize("seed", range(6))
def test_no_stable_point_of_a_grid_is_nearer_than_the_answer(seed: int) -> None:
    plain = random_network((4, 16, 16, 3), seed)
    network = as_network(as_module(plain), InputCard(shape=(4,)))
    # What torch holds are these weights in float32; the analysis is of those.
    plain = PiecewiseLinear(
        weights=tuple(w.astype(np.float32).astype(np.float64) for w in plain.weights),
        biases=tuple(b.astype(np.float32).astype(np.float64) for b in plain.biases),
    )
    base = np.array([0.2, -0.3, 0.1, 0.5])
    verdict = int(plain.forward(base[None])[0].argmax())
    for target in {0, 1, 2} - {verdict}:
        free = tuple(FreeFeature(name=str(c), low=-1, high=1, half_width=0.06, price=1.0 + c) for c in (0, 3))
        question = CorrectionRequest(input=tuple(base.tolist()), free=free, columns=(0, 3), target=target)  # type: ignore[arg-type]
        found = answered(question, network)
        axis = np.linspace(-1, 1, 201)  # a step of 0.01, so ±0.06 is six steps
        grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
        yes = (plain.on_slice(base, (0, 3), grid).argmax(axis=1) == target).reshape(201, 201)
        whole = np.lib.stride_tricks.sliding_window_view(yes, (13, 13)).all(axis=(2, 3))
        cost = np.abs(axis[6:-6, None] - 0.2) * 1.0 + np.abs(axis[None, 6:-6] - 0.5) * 4.0
        best = np.where(whole, cost, np.inf).min()
        assert found.proof in {"proved", "none_exists"}
        if found.distance is None:
            # Between the points of the grid a box may be pierced, but hardly by this much.
            assert whole.mean() < 0.01
        else:
            assert found.lower_bound is not None
            assert found.lower_bound <= found.distance
            assert best >= found.lower_bound or not stable_at(plain, base, question, whole, cost)


def stable_at(
    plain: PiecewiseLinear, base: np.ndarray, question: CorrectionRequest, whole: np.ndarray, cost: np.ndarray
) -> bool:
    """Whether the cheapest box of the grid is accepted when it is looked at a hundred times more closely."""
    place = np.unravel_index(np.where(whole, cost, np.inf).argmin(), whole.shape)
    centre = np.linspace(-1, 1, 201)[6:-6][list(place)]
    near = np.stack(np.meshgrid(*[np.linspace(c - 0.06, c + 0.06, 121) for c in centre]), axis=-1).reshape(-1, 2)
    return bool((plain.on_slice(base, question.columns, near).argmax(axis=1) == question.target).all())


def test_progress_is_told_and_the_regions_come_before_the_rest() -> None:
    snapshots: list[object] = []
    told: list[tuple[int, int, str]] = []
    job = ControlledJob(on_progress=lambda *step: told.append(step), on_partial=snapshots.append)
    compute_correction(corner_question(), corner(), "", job)
    early, late = snapshots
    assert isinstance(early, Correction)
    assert isinstance(late, Correction)
    assert (late.status, late.proof, late.tradeoff) == ("partial", "proved", None)
    assert (early.status, early.centre, early.proof, early.box) == ("partial", None, "unknown", None)
    assert len(early.accepted) == 1
    assert any("linear pieces" in text for _, _, text in told)
    assert told[-1][0] == told[-1][1]


def test_a_stopped_job_is_cancelled() -> None:
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        compute_correction(corner_question(), corner(), "", job)


def test_parts_of_the_region_come_cheapest_first() -> None:
    # Accepted where |x| > 1: two strips.
    network = PiecewiseLinear(
        weights=(np.array([[1.0, 0, 0], [-1, 0, 0]]), np.array([[0.0, 0], [1, 1]])),
        biases=(np.zeros(2), np.array([0.0, -1])),
    )
    made = as_network(as_module(network), InputCard(shape=(3,)))
    for x, first in ((0.5, 1), (-0.5, -1)):
        found = answered(corner_question(point=(x, 0.0)), made)
        assert [np.sign(part.exterior[0, 0]) for part in found.accepted] == [first, -first]


def stepped(question: CorrectionRequest, x: float, y: float) -> CorrectionRequest:
    free = tuple(replace(one, step=step) for one, step in zip(question.free, (x, y), strict=True))
    return replace(question, free=free)  # type: ignore[arg-type]


def test_a_feature_that_goes_in_steps_is_corrected_to_a_whole_number_of_them() -> None:
    found = answered(stepped(corner_question(), 0.25, 0.0))
    # 1.4 would do; with ±0.4 to hold in between the steps as well, 1.5 is the next one.
    assert (found.centre, found.proof) == ((1.5, -1.0), "proved")
    assert found.distance == found.lower_bound == 2.5
    assert found.triangle is not None
    assert found.triangle.distance is None or found.triangle.distance >= found.distance
    assert found.accepted_share == pytest.approx(7.5 / 16, abs=1e-5)  # the region holds every number
    both = answered(stepped(corner_question(point=(-1.1, -0.9)), 0.25, 0.5))
    assert both.centre == pytest.approx((1.5, -0.9))  # y may stay where the input has it
    curve = found.tradeoff
    assert curve is not None
    assert all(x / 0.25 == round(x / 0.25) for x in curve.centres[:, 0])
    assert (np.diff(curve.distance) >= 0).all()
    # On x = 1.25, 1.5 and 1.75 a box of ±0.25, ±0.5 and ±0.25 fits; ±0.4 of x is stability 1.
    assert curve.largest is not None
    assert curve.distance_at(0.5) == pytest.approx(2.25, abs=0.05)


def test_between_two_steps_nothing_is_stable_and_that_is_proved() -> None:
    question = corner_question(half_width=(0.45, 0.95))
    assert answered(question).centre == pytest.approx((1.45, -1.0), abs=1e-5)
    # x = 0.9 is too near to the corner and 1.8 to the end of its range; y = 0 is too low, and 1.5 too high.
    none = answered(stepped(question, 0.9, 1.5))
    assert (none.centre, none.box, none.proof) == (None, None, "none_exists")
