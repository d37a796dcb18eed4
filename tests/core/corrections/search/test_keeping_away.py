"""The nearest correction that keeps away from others."""

from dataclasses import replace

import numpy as np
import pytest

from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.job import JobContext
from tests.core.corrections.examples import random_network


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_the_next_one_apart_is_the_nearest_outside_of_the_first_ones_neighbourhood(seed: int) -> None:
    network = random_network((2, 10, 10, 2), seed)
    start = np.random.default_rng(seed).uniform(-0.5, 0.5, 2)
    goal = Goal(classes=(1 - int(network.forward(start[None])[0].argmax()),))
    handles = tuple(Handle(low=-1, high=1, weight=w) for w in (1.0, 1.3))
    question = Question(subspace=Subspace.of_columns(start, (0, 1)), start=start, handles=handles, goal=goal)
    *_, first = nearest_stable(question, network, JobContext())
    assert first.point is not None
    away = replace(question, elsewhere=((first.point, first.levels),), apart=0.5)
    *_, second = nearest_stable(away, network, JobContext())
    axis = np.linspace(-1, 1, 401)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    accepted = goal.leads(network.forward(points)) > 0
    far = np.abs(points - first.point) @ question.weights >= 0.5
    costs = np.abs(points - start) @ question.weights
    assert second.closed
    if (accepted & far).any():
        assert second.point is not None
        assert np.abs(second.point - first.point) @ question.weights >= 0.5
        assert second.lower <= costs[accepted & far].min()
        assert second.distance == pytest.approx(costs[accepted & far].min(), abs=0.02)
    else:
        assert second.proof == "none_exists"
