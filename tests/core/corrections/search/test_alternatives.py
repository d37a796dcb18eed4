"""Different corrections one after the other, and their cost over the stability that is asked for."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.alternatives import alternatives, next_apart
from core.corrections.search.lanes import Choice
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.corrections.search.stability_curve import stability_curve
from core.errors import InvalidRequest
from core.job import JobContext
from tests.core.corrections.examples import random_network


def example(seed: int, half_width: float = 0.05) -> tuple[Question, object]:
    network = random_network((5, 10, 10, 2), seed)
    start = np.concatenate([np.random.default_rng(seed).uniform(-0.5, 0.5, 3), [1, 0]])
    goal = Goal(classes=(1 - int(network.forward(start[None])[0].argmax()),))
    handles = tuple(Handle(low=-1, high=1, half_width=half_width, weight=w) for w in (1.0, 1.2, 0.9))
    space = Subspace.of_columns(start, (0, 1, 2))
    return Question(
        subspace=space, start=start[:3], handles=handles, goal=goal, choices=(Choice(columns=(3, 4), price=0.4),)
    ), network


@pytest.mark.parametrize("seed", range(4))
def test_alternatives_come_in_order_and_each_is_the_cheapest_that_changes_what_it_changes(seed: int) -> None:
    question, network = example(seed)
    found = list(itertools.islice(alternatives(question, network, JobContext()), 4))  # type: ignore[arg-type]
    costs = [one.bracket.distance for one in found]
    assert all(a <= b * (1 + 2e-3) for a, b in itertools.pairwise(costs))  # type: ignore[operator]
    assert len({(one.handles, one.choices) for one in found}) == len(found)
    for one in found:
        others = tuple(handle for handle in range(3) if handle not in one.handles)
        choices = question.choices if one.choices else (replace(question.choices[0], allowed=(0,)),)
        alone = replace(question, unchanged=others, choices=choices)
        *_, last = nearest_stable(alone, network, JobContext())  # type: ignore[arg-type]
        assert one.bracket.distance == pytest.approx(last.distance, rel=2.1e-3)
        assert one.bracket.point is not None
        assert (one.bracket.point[list(others)] == question.start[list(others)]).all()


@pytest.mark.parametrize("seed", range(3))
def test_more_stability_never_costs_less(seed: int) -> None:
    question, network = example(seed)
    question = replace(question, choices=())
    *_, points = stability_curve(question, network, JobContext(), scales=(1.0, 0.0, 0.5, 2.0))  # type: ignore[arg-type]
    assert [point.scale for point in points] == [0.0, 0.5, 1.0, 2.0]
    lowers = [point.bracket.lower for point in points]
    costs = [np.inf if point.bracket.distance is None else point.bracket.distance for point in points]
    assert lowers == sorted(lowers)
    assert all(a <= b * (1 + 1e-3) for a, b in itertools.pairwise(costs))
    assert all(point.bracket.closed for point in points)
    *_, alone = nearest_stable(question, network, JobContext())  # type: ignore[arg-type]
    if alone.distance is not None:
        assert costs[2] == pytest.approx(alone.distance, rel=2e-3)
    with pytest.raises(InvalidRequest, match="zero or more"):
        next(stability_curve(question, network, JobContext(), scales=(-1.0,)))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_the_next_one_apart_is_the_nearest_outside_of_the_first_ones_neighbourhood(seed: int) -> None:
    network = random_network((2, 10, 10, 2), seed)
    start = np.random.default_rng(seed).uniform(-0.5, 0.5, 2)
    goal = Goal(classes=(1 - int(network.forward(start[None])[0].argmax()),))
    handles = tuple(Handle(low=-1, high=1, weight=w) for w in (1.0, 1.3))
    question = Question(subspace=Subspace.of_columns(start, (0, 1)), start=start, handles=handles, goal=goal)
    *_, first = nearest_stable(question, network, JobContext())
    *_, second = next_apart(question, [first], 0.5, network, JobContext())
    axis = np.linspace(-1, 1, 401)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    accepted = goal.leads(network.forward(points)) > 0
    assert first.point is not None
    away = np.abs(points - first.point) @ question.weights >= 0.5
    costs = np.abs(points - start) @ question.weights
    assert second.closed
    if (accepted & away).any():
        assert second.point is not None
        assert np.abs(second.point - first.point) @ question.weights >= 0.5
        assert second.lower <= costs[accepted & away].min()
        assert second.distance == pytest.approx(costs[accepted & away].min(), abs=0.02)
    else:
        assert second.proof == "none_exists"
