"""What is spared in a search: nothing that might be stable after all."""

from dataclasses import replace

import numpy as np

from core.corrections.bounds.demands import Rows
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.search.distances import Distance
from core.corrections.search.pruning import Pruning
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
