"""Boxes that grow by proved slabs: never over a rejected point, as far as they can, and on lattices."""

import itertools

import numpy as np
import pytest

from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.growth import ProvedBox, grown_box
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import corner_network, random_network


def adversary(network: Restriction, goal: Goal, low: np.ndarray, high: np.ndarray, count: int = 100_000) -> float:
    """The least lead in a box that random points, random corners and descent along the gradient find."""
    generator = np.random.default_rng(3)
    points = low + generator.random((count, len(low))) * (high - low)
    points[: count // 10] = np.where(generator.random((count // 10, len(low))) < 0.5, low, high)
    rows = goal.demands(network.outputs)[0]
    least = np.inf
    for part in np.array_split(points, 20):
        leads = rows.leads(network.at(part))
        worst = part[np.argsort(leads)[:50]]
        least = min(least, leads.min())
        for _ in range(20):
            outputs, patterns = network.patterns(worst)
            row = (outputs @ rows.rows.T + rows.offsets).argmin(axis=1)
            slopes = network.gradients(patterns, rows.rows[row])
            worst = np.clip(worst - 0.05 * (high - low) * np.sign(slopes), low, high)
            least = min(least, rows.leads(network.at(worst)).min())
    return least


def whole(network: Restriction, goal: Goal, centre: np.ndarray, side: float = 1.0, **fields: object) -> ProvedBox:
    ranges = np.full(len(centre), -side), np.full(len(centre), side)
    *_, last = grown_box(network, goal, centre, centre, ranges, JobContext(), **fields)  # type: ignore[arg-type]
    return last


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("widths", [(3, 12, 12, 2), (4, 10, 10, 2)])
def test_an_adversary_finds_nothing_rejected_in_a_grown_box_but_something_just_beyond(
    widths: tuple[int, ...], seed: int
) -> None:
    plain = random_network(widths, seed)
    centre = np.random.default_rng(seed).uniform(-0.5, 0.5, widths[0])
    network = Restriction.of(plain, Subspace.of_columns(centre, tuple(range(widths[0]))))
    goal = Goal(classes=(int(plain.forward(centre[None])[0].argmax()),))
    box = whole(network, goal, centre)
    assert box.finished
    assert adversary(network, goal, box.low, box.high) > 0
    for handle in range(widths[0]):
        for side, ends in ((0, box.low), (1, box.high)):
            if abs(ends[handle]) < 1:
                low, high = box.low.copy(), box.high.copy()
                if side:
                    low[handle], high[handle] = high[handle], min(1.0, high[handle] + 0.06)
                else:
                    low[handle], high[handle] = max(-1.0, low[handle] - 0.06), low[handle]
                assert adversary(network, goal, low, high, 20_000) <= 0.05


def test_a_box_with_a_known_answer_reaches_the_edge_of_the_region() -> None:
    # Accepted where max(0, x) + max(0, y) > 1: from (1.5, −1) the box grows to x = 1 and to the rims.
    network = Restriction.of(corner_network(), Subspace.of_columns(np.zeros(3), (0, 1)))
    box = whole(network, Goal(classes=(1,)), np.array([1.5, -1.0]), 2.0)
    assert box.low[0] == pytest.approx(1.0, abs=4 / 256)
    assert box.low[0] > 1.0
    assert box.low[1] == -2.0
    assert box.high.tolist() == [2.0, 2.0]


def test_on_a_lattice_every_side_stops_at_the_last_accepted_step() -> None:
    network = Restriction.of(corner_network(), Subspace.of_columns(np.zeros(3), (0, 1)))
    lattice = Lattice(steps=np.array([0.25, 0.5]), origins=np.zeros(2))
    box = whole(network, Goal(classes=(1,)), np.array([1.5, -1.0]), 2.0, lattice=lattice)
    assert box.low.tolist() == [1.25, -2.0]  # at x = 1 the lead is zero
    assert box.high.tolist() == [2.0, 2.0]


def test_growth_only_adds_and_can_be_stopped() -> None:
    plain = random_network((3, 12, 12, 2), 1)
    network = Restriction.of(plain, Subspace.of_columns(np.zeros(3), (0, 1, 2)))
    goal = Goal(classes=(int(plain.forward(np.zeros((1, 3)))[0].argmax()),))
    job = ControlledJob()
    ranges = -np.ones(3), np.ones(3)
    boxes: list[ProvedBox] = []

    def watch() -> None:
        for box in grown_box(network, goal, np.zeros(3), np.zeros(3), ranges, job):
            boxes.append(box)
            if len(boxes) == 4:
                job.cancel()

    with pytest.raises(Cancelled):
        watch()
    for before, after in itertools.pairwise(boxes):
        assert (after.low <= before.low).all()
        assert (after.high >= before.high).all()
    assert adversary(network, goal, boxes[-1].low, boxes[-1].high, 20_000) > 0


def test_a_box_outside_its_ranges_is_refused() -> None:
    network = Restriction.of(
        PiecewiseLinear(weights=(np.array([[1.0]]),), biases=(np.zeros(1),)), Subspace.of_columns(np.zeros(1), (0,))
    )
    ranges = np.zeros(1), np.ones(1)
    with pytest.raises(InvalidRequest, match="within its ranges"):
        next(grown_box(network, Goal(at_least=0.0), np.full(1, -1.0), np.ones(1), ranges, JobContext()))
