"""What is spared in a search: nothing that might be stable after all."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from core.corrections.bounds.backward import Minorant
from core.corrections.bounds.demands import Rows
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.search.distances import Distance
from core.corrections.search.pruning import Pruning, middles
from core.corrections.search.question import Question
from tests.core.corrections.search.test_nearest import question_of


def pruning_of(question: Question, network: PiecewiseLinear) -> Pruning:
    distance = Distance(norm=question.norm, start=question.start, weights=question.weights)
    rows = Rows.of(question.goal, network.classes)
    return Pruning(question, question.restricted(network), rows, distance)


def test_where_the_network_overflows_nothing_is_said_not_to_exist() -> None:
    # x > 0 is accepted, but what the bounds compute there is infinity less infinity.
    weights = (np.array([[1.0]]), np.array([[1e200]]), np.array([[1e200]]))
    network = PiecewiseLinear(weights=weights, biases=(np.zeros(1), np.zeros(1), -np.ones(1)))
    question = question_of(network, (-0.5,), goal=Goal(at_least=0.0))
    pruning = pruning_of(question, network)
    with np.errstate(all="ignore"):
        nodes = pruning.cut_off(pruning.bounded(pruning.roots()))
        costs, _ = pruning.cheapest(nodes)
    assert nodes.high.tolist() == [[1.0]]
    assert (nodes.bounds <= 0.5).all()
    assert (costs <= 0.5).all()


def test_on_a_lattice_no_point_between_its_values_speaks_against_a_centre() -> None:
    # Rejected from 0.55 to 0.95 after every whole number, none of which is.
    network = PiecewiseLinear(
        weights=(np.array([[1.0], [-1.0]]), np.array([[1.0, 1.0]])), biases=(np.array([-0.75, 0.75]), np.array([-0.2]))
    )
    question = question_of(network, (0.0,), half_width=1.0, goal=Goal(at_least=0.0), side=4.0, step=1.0)
    pruning = pruning_of(question, network)
    node = replace(pruning.roots(), offsets=np.array([[0.75]]))
    moves, _ = pruning._moves(node)
    assert moves.tolist() == [[1.0]]


def test_the_moved_points_are_in_what_is_bounded_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    # A box of centres much narrower than the half-width shrinks to one number, which is rounded.
    half_width = 0.2
    network = PiecewiseLinear(weights=(np.array([[1.0]]), np.array([[-1.0]])), biases=(np.zeros(1), np.ones(1)))
    question = question_of(network, (0.9,), half_width=half_width, goal=Goal(at_least=0.5))
    pruning, generator = pruning_of(question, network), np.random.default_rng(0)
    centres, halves = generator.uniform(-0.7, 0.7, (300, 1)), 0.2 * 10.0 ** generator.uniform(-17, 0, (300, 1))
    low, high = centres - halves, centres + halves
    centres, halves = middles(low, high)
    offsets = generator.choice([-1.0, 1.0, 0.3], (300, 1)) * (half_width - halves)
    nodes = replace(pruning.roots().part(np.zeros(300, np.intp)), low=low, high=high, offsets=offsets)
    seen: list[Boxes] = []
    above = pruning._rows.above

    def watched(_: Rows, network: Restriction, boxes: Boxes) -> Minorant:
        seen.append(boxes)
        return above(network, boxes)

    monkeypatch.setattr(Rows, "above", watched)
    pruning.bounded(nodes)
    moves, shares = pruning._moves(nodes)
    for place in range(300):
        middle, move, share = (Fraction(float(part[place, 0])) for part in (centres, moves, shares))
        for end in (low[place, 0], high[place, 0]):
            moved = middle + move + share * (Fraction(float(end)) - middle)
            box, room = (Fraction(float(part[place, 0])) for part in (seen[0].centres, seen[0].halves))
            assert abs(moved - box) <= room
            assert abs(moved - Fraction(float(end))) <= Fraction(half_width)
