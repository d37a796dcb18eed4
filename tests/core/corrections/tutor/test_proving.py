"""Proofs about placements go through every order of the lines that occurs."""

import numpy as np

from core.corrections.bounds.proving import Counterexample, Proof, Unknown
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.tutor.placing import Placing
from core.corrections.tutor.proving import PlacementProver
from core.job import JobContext

GOAL = Goal(classes=(1,))
LINES = (np.array([[60.0, 200], [60, 60]]), np.array([[20.0, 200], [80, 200]]))  # the second one lies in the first slot


def network_of_the_first_slot(limit: float) -> PiecewiseLinear:
    """Says class 1 where the first line begins left of a limit."""
    first = np.zeros((1, 512))
    first[0, 0] = 1.0
    outputs = np.array([[0.0], [-1.0]])
    return PiecewiseLinear(weights=(first, outputs), biases=(np.zeros(1), np.array([0.0, limit])))


def test_the_first_slot_is_that_of_whichever_line_comes_first() -> None:
    placing = Placing(drawing=LINES, free=((1, 0),))
    assert placing.slots(placing.start)[0, 0] == 60  # upper left before lower left, of the quarter of the quarter
    assert placing.slots(np.array([20.0, 50]))[0, 0] == 20


def test_a_box_is_proved_across_the_orders_of_its_lines() -> None:
    placing = Placing(drawing=LINES, free=((1, 0),))
    prover = PlacementProver(network_of_the_first_slot(61.0), GOAL, placing)
    low, high = np.array([10.0, 30]), np.array([60.0, 120])
    orders = {part.order for part in prover.parts(low, high, JobContext()) or []}
    assert len(orders) == 2
    assert isinstance(prover.prove(low, high, JobContext(), 600), Proof)


def test_a_rejected_placement_behind_a_change_of_order_is_found() -> None:
    placing = Placing(drawing=LINES, free=((1, 0),))
    prover = PlacementProver(network_of_the_first_slot(50.0), GOAL, placing)
    near = np.array([10.0, 30]), np.array([31.0, 60])  # the free line comes first, and begins left of 50
    assert isinstance(prover.prove(*near, JobContext(), 600), Proof)
    answer = prover.prove(near[0], np.array([31.0, 120]), JobContext(), 600)  # further down the other one comes first
    assert isinstance(answer, Counterexample)
    assert prover.leads(np.array([answer.point]))[0] <= 0


def test_what_is_proved_is_right_for_every_single_placement() -> None:
    placing = Placing(drawing=LINES, free=((1, 0),))
    prover = PlacementProver(network_of_the_first_slot(45.0), GOAL, placing)
    generator = np.random.default_rng(0)
    answers = set()
    for _ in range(60):
        low = generator.integers(0, 120, 2).astype(np.float64)
        high = low + generator.integers(0, 14, 2)
        every = np.stack(np.meshgrid(*(np.arange(a, b + 1) for a, b in zip(low, high, strict=True))), axis=-1)
        accepted = bool((prover.leads(every.reshape(-1, 2)) > 0).all())
        answer = prover.prove(low, high, JobContext(), 600)
        assert isinstance(answer, Unknown) or isinstance(answer, Proof) == accepted
        answers.add(type(answer))
    assert answers >= {Proof, Counterexample}
