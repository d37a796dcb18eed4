"""Guesses of what a network gives: by the neurons that were seen on, and never worse for long."""

import numpy as np
import pytest

from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.subspace import Subspace
from core.corrections.search import guesses
from core.corrections.search.guesses import Guesses
from tests.core.corrections.examples import random_network


def quiet_network() -> Restriction:
    """Most of its second layer is off wherever the first input is less than 3."""
    network = random_network((2, 16, 40, 2), 5)
    weights, biases = list(network.weights), list(network.biases)
    weights[0][0], biases[0][0] = [1.0, 0.0], -3.0  # on from 3
    weights[1][8:], biases[1][8:] = 0.0, -1.0
    weights[1][8:, 0] = 5.0
    plain = PiecewiseLinear(weights=tuple(weights), biases=tuple(biases))
    return Restriction.of(plain, Subspace.of_columns(np.zeros(2), (0, 1)))


def points_about(middle: float, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    points = np.random.default_rng(seed).uniform(-1, 1, (count, 2)) + middle
    return points, np.zeros(count, np.intp)


def test_neurons_that_were_never_on_are_left_out_and_nothing_changes_where_they_are_off() -> None:
    network = quiet_network()
    guessed = Guesses(network)
    guessed.outputs(*points_about(0.0, guesses.LEARNT_FROM, 0))
    points, lanes = points_about(0.0, 500, 1)
    thin = guessed._thinned()
    assert 1 < thin.stages[1].width <= 8
    assert np.allclose(guessed.outputs(points, lanes), network.at(points), atol=1e-4)
    rows = np.tile([1.0, -1.0], (500, 1))
    _, patterns = network.patterns(points)
    assert np.allclose(guessed.gradients(points, lanes, rows), network.gradients(patterns, rows), atol=1e-3)


def test_neurons_that_turn_on_elsewhere_are_found_out_about() -> None:
    network = quiet_network()
    guessed = Guesses(network)
    guessed.outputs(*points_about(0.0, guesses.LEARNT_FROM, 0))
    points, lanes = points_about(5.0, 100, 2)
    assert not np.allclose(guessed.outputs(points, lanes), network.at(points), atol=1e-2)
    for _ in range(guesses.LOOKED_AGAIN):
        last = guessed.outputs(points, lanes)
    assert np.allclose(last, network.at(points), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("kept", [0, 1])
def test_a_layer_of_which_nothing_was_on_is_no_obstacle(kept: int) -> None:
    network = quiet_network()
    none = [np.arange(stage.width) < kept for stage in network.stages[:-1]]
    points, _ = points_about(0.0, 5, 3)
    assert network.thinned(none).at(points).shape == (5, 2)
