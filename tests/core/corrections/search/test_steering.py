"""Where a box of centres is bounded: at a point that all of its centres share, if that is rejected."""

from dataclasses import replace

import numpy as np

from core.corrections.bounds.demands import Rows
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.search.adversary import Adversary
from core.corrections.search.distances import Distance
from core.corrections.search.frontier import Nodes
from core.corrections.search.pruning import Pruning, middles
from core.corrections.search.question import Question
from core.corrections.search.steering import steered
from tests.core.corrections.examples import random_network
from tests.core.corrections.search.test_nearest import question_of

HALF_WIDTH = 0.2


def rooms(network: PiecewiseLinear, question: Question) -> tuple[Adversary, Pruning]:
    restricted, rows = question.restricted(network), Rows.of(question.goal, network.classes)
    distance = Distance(norm=question.norm, start=question.start, weights=question.weights)
    return (
        Adversary(restricted, rows, question.half_widths, question.lattice),
        Pruning(question, restricted, rows, distance),
    )


def nodes_at(pruning: Pruning, centres: np.ndarray, halves: np.ndarray) -> Nodes:
    return replace(pruning.roots().part(np.zeros(len(centres), np.intp)), low=centres - halves, high=centres + halves)


def wall_question() -> tuple[PiecewiseLinear, Question]:
    """Accepted where x < 0.5, whatever y is."""
    network = PiecewiseLinear(weights=(np.array([[1.0, 0.0]]), np.array([[-1.0]])), biases=(np.zeros(1), np.ones(1)))
    return network, question_of(network, (0.9, 0.0), half_width=HALF_WIDTH, goal=Goal(at_least=0.5))


def test_a_rejected_point_that_all_centres_share_excludes_them_without_any_box() -> None:
    network = random_network((3, 12, 12, 2), 2)
    question = question_of(network, (0.1, -0.2, 0.3), half_width=HALF_WIDTH)
    adversary, pruning = rooms(network, question)
    generator = np.random.default_rng(0)
    nodes = nodes_at(pruning, generator.uniform(-0.7, 0.7, (300, 3)), generator.uniform(0, HALF_WIDTH, (300, 3)))
    centres, halves = middles(nodes.low, nodes.high)
    found = steered(adversary, nodes, centres)
    core = HALF_WIDTH - halves
    corners = np.clip(adversary.corners, -core[:, None], core[:, None])
    shared = (adversary.leads(centres, nodes.lanes, corners).min(axis=1)) < -1e-3
    assert 100 < shared.sum() < 300
    assert (np.abs(found.offsets[shared]) <= core[shared]).all()
    bounded = pruning.bounded(replace(nodes, offsets=found.offsets, pulls=found.pulls))
    assert np.isinf(bounded.bounds[shared]).all()
    assert (bounded.spans[shared] <= 1e-9).all()


def test_no_box_that_holds_a_stable_centre_is_excluded_wherever_it_is_bounded() -> None:
    network, question = wall_question()
    adversary, pruning = rooms(network, question)
    generator = np.random.default_rng(1)
    nodes = nodes_at(pruning, generator.uniform(-0.6, 0.6, (300, 2)), generator.uniform(0, 0.4, (300, 2)))
    found = steered(adversary, nodes, middles(nodes.low, nodes.high)[0])
    excluded = np.isinf(pruning.bounded(replace(nodes, offsets=found.offsets)).bounds)
    assert excluded.any()
    assert (nodes.low[excluded, 0] > 0.5 - HALF_WIDTH - 1e-9).all()


def test_the_handle_whose_width_keeps_a_rejected_point_away_is_cut() -> None:
    network, question = wall_question()
    adversary, pruning = rooms(network, question)
    # Boxes around x from 0.26 to 0.64 share a width of 0.02 only, where all is accepted; y is wider, and does nothing.
    nodes = nodes_at(pruning, np.array([[0.45, 0.0]]), np.array([[0.19, 0.6]]))
    found = steered(adversary, nodes, middles(nodes.low, nodes.high)[0])
    assert found.pulls[0, 0] > 0.05
    assert found.pulls[0, 1] == 0
    halves = pruning.divided(replace(nodes, pulls=found.pulls))
    assert np.allclose(halves.high[:, 0] - halves.low[:, 0], 0.19)


def test_after_a_loose_bound_the_handles_that_made_it_loose_are_kept_to_the_core_or_beside_it() -> None:
    network = random_network((3, 12, 12, 2), 2)
    question = question_of(network, (0.1, -0.2, 0.3), half_width=HALF_WIDTH)
    adversary, pruning = rooms(network, question)
    centres = np.random.default_rng(0).uniform(-0.5, 0.5, (200, 3))
    halves = np.array([0.1, 0.1, 0.5])  # the third one is wider than the half-width, and as wide as it was before
    nodes = nodes_at(pruning, centres, np.tile(halves, (200, 1)))
    blame, spans = np.tile([1.0, 1.0, 0.0], (200, 1)), np.tile([0.2, 0.2, 0.3], (200, 1))
    nodes = replace(nodes, looseness=np.full(200, 1e4), blame=blame, spans=spans)
    found = steered(adversary, nodes, centres)
    core = np.maximum(HALF_WIDTH - halves, 0.0)
    rejected = adversary.leads(centres, nodes.lanes, np.clip(adversary.corners, -core, core)).min(axis=1) < 0
    assert 50 < rejected.sum() < 200
    assert (np.abs(found.offsets[rejected]) <= core + 0.11 * np.array([0.1, 0.1, 0.5])).all()
