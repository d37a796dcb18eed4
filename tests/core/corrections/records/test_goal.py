"""Goals as alternatives of rows that must be positive."""

import numpy as np
import pytest

from core.corrections.records.goal import Goal
from core.errors import InvalidRequest


def test_a_set_of_classes_is_reached_exactly_where_one_of_them_is_the_largest() -> None:
    outputs = np.random.default_rng(0).normal(size=(500, 5))
    for classes in ((3,), (0, 4), (1, 2, 3)):
        reached = np.isin(outputs.argmax(axis=1), classes)
        assert np.array_equal(Goal(classes=classes).leads(outputs) > 0, reached)


def test_the_lead_is_the_distance_to_the_best_other_class() -> None:
    outputs = np.array([[1.0, 4.0, 2.5]])
    assert Goal(classes=(1,)).leads(outputs) == [1.5]
    assert Goal(classes=(0, 1)).leads(outputs) == [1.5]
    assert Goal(classes=(2,)).leads(outputs) == [-1.5]


def test_a_value_between_two_limits_leads_by_the_distance_to_the_nearer_one() -> None:
    goal = Goal(at_least=2.0, at_most=5.0)
    assert goal.leads(np.array([[1.0], [2.5], [4.75], [6.0]])).tolist() == [-1.0, 0.5, 0.25, -1.0]
    assert Goal(at_most=5.0).leads(np.array([[-100.0]])) == [105.0]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "Ask for a class or for a value"),
        ({"classes": (1,), "at_least": 2.0}, "not for both"),
        ({"at_least": float("nan")}, "finite"),
        ({"at_least": 3.0, "at_most": 3.0}, "smaller one first"),
        ({"classes": (1, 1)}, "twice"),
    ],
)
def test_goals_that_cannot_be_meant_are_refused(fields: dict[str, object], word: str) -> None:
    with pytest.raises(InvalidRequest, match=word):
        Goal(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("goal", "outputs", "word"),
    [
        (Goal(classes=(3,)), 3, "no class 3"),
        (Goal(classes=(0, 1)), 2, "Every class"),
        (Goal(classes=(0,)), 1, "single output"),
        (Goal(at_least=1.0), 2, "2 outputs"),
    ],
)
def test_goals_that_the_network_cannot_reach_are_refused(goal: Goal, outputs: int, word: str) -> None:
    with pytest.raises(InvalidRequest, match=word):
        goal.demands(outputs)
