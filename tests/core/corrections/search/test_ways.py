"""The sets of features that further corrections may change."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.search.asking import question_of
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Question
from core.corrections.search.subsets import changed_features, needed_features
from core.corrections.search.ways import Ways
from core.job import JobContext
from tests.core.corrections.search.choosing import example


def question(half_width: float = 0.25, allowed: tuple[int, ...] = ()) -> Question:
    """A length in the middle of its range, a rate at the end of its own, and a kind."""
    numbers = (
        FreeFeature(name="length", low=0.0, high=10.0, half_width=1.0),
        FreeFeature(name="rate", low=1.0, high=4.0, half_width=half_width),
    )
    kind = FreeCategory(name="kind", columns=(2, 3), levels=("a", "b"), allowed=allowed)
    freedom = Freedom(numbers=numbers, moves=(Move(columns=(0,)), Move(columns=(1,))), categories=(kind,))
    return question_of((5.0, 4.0, 1.0, 0.0), freedom, Goal(classes=(1,)))


def test_what_has_no_room_for_its_stability_where_it_is_needs_a_change() -> None:
    assert needed_features(question()) == {1}
    assert needed_features(question(half_width=0.0)) == frozenset()
    assert needed_features(question(allowed=(1,))) == {1, 2}
    assert needed_features(replace(question(), start=np.array([0.5, 3.0]))) == {0}


def test_no_further_way_leaves_alone_what_needs_a_change() -> None:
    ways = Ways(question())
    ways.exclude(np.array([3.0, 3.75]), (0,), 0.2)  # changes length and rate
    assert [set(ways._sets[place]) for place in range(len(ways))] == [{1, 2}]
    ways = Ways(question(half_width=0.0))
    ways.exclude(np.array([3.0, 3.75]), (0,), 0.2)
    assert sorted(sorted(ways._sets[place]) for place in range(len(ways))) == [[0, 2], [1, 2]]


def test_where_at_most_some_are_changed_the_others_are_exactly_known_and_need_no_room() -> None:
    ways = Ways(question(), most_changed=1)
    ways.exclude(np.array([3.0, 4.0]), (0,), 0.2)  # changes the length
    assert sorted(sorted(ways._sets[place]) for place in range(len(ways))) == [[1], [2]]


@pytest.mark.parametrize("seed", [6, 7])
def test_corrections_come_in_order_and_each_is_the_cheapest_that_changes_what_it_changes(seed: int) -> None:
    asked, network = example(seed)
    ways, found = Ways(asked), []
    while ways.any and len(found) < 4:
        *_, bracket = ways.brackets(network, JobContext())
        if bracket.point is None:
            break
        found.append(bracket)
        ways.exclude(bracket.point, bracket.levels, bracket.lower)
    assert all(one.distance <= other.distance * (1 + 2e-3) for one, other in itertools.pairwise(found))
    changes = [changed_features(asked, one.point, one.levels) for one in found]
    assert len(set(changes)) == len(found) > 1
    for one, changed in zip(found, changes, strict=True):
        others = tuple(handle for handle in range(3) if handle not in changed)
        choices = asked.choices if 3 in changed else (replace(asked.choices[0], allowed=(0,)),)
        *_, alone = nearest_stable(replace(asked, unchanged=others, choices=choices), network, JobContext())
        assert one.distance == pytest.approx(alone.distance, rel=2.1e-3)
        assert (one.point[list(others)] == asked.start[list(others)]).all()
