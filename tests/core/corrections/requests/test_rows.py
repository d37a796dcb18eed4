"""From names on a feature card to a request, and sentences for what cannot be asked."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.corrections.records.correction import NO_CLASS
from core.corrections.records.freedom import Freedom, Move
from core.corrections.requests.rows import Wanted, freedom_for_row, request_for_row
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard
from core.data.tables.groups import FeatureGroup
from core.errors import InvalidRequest

FEATURES = (
    Feature(name="housing", kind="category", levels=("own", "rent", "free")),
    Feature(name="amount", unit="EUR", low=0.0, high=5000.0, half_width=50.0, price=0.01),
    Feature(name="months", kind="integer", change="down"),
    Feature(name="age", kind="integer", low=18, high=90, change="up"),
    Feature(name="sex", kind="integer", change="fixed"),
)
CARD = FeatureCard(features=FEATURES, target="credit", classes=("bad", "good"))
ROWS = np.array([[1, 0, 0, 900, 24, 30, 1], [0, 1, 0, 3000, 6, 90, 0], [0, 0, 1, 100, 48, 18, 1]], dtype=np.float32)


def table(card: FeatureCard | None = CARD) -> Dataset:
    return Dataset(name="loans", x=ROWS, y=np.array([0, 1, 1]), features=card)


def asked(free: tuple[str, ...] = ("amount", "months"), row: int = 0, target: str | None = "good", **more: Any) -> Any:
    wanted = Wanted(classes=() if target is None else (target,), at_least=more.pop("at_least", None))
    return request_for_row(more.pop("data", table()), row, free, wanted, more.pop("stability", {}), **more)


def test_columns_ranges_and_prices_come_from_the_card_and_the_data() -> None:
    question = asked()
    assert question.columns == (3, 4)  # the category takes three columns
    assert question.input == (1, 0, 0, 900, 24, 30, 1)
    assert (question.target, question.row, question.point) == (1, 0, (900, 24))
    amount, months = question.free
    assert (amount.low, amount.high, amount.half_width, amount.price) == (0, 5000, 50, 0.01)
    assert (months.low, months.high, months.half_width, months.weight) == (6, 24, 0, 1 / 18)  # only down, from 24


def test_integers_go_in_whole_steps_and_the_norm_is_that_which_was_asked_for() -> None:
    question = asked()
    assert [feature.step for feature in question.free] == [0.0, 1.0]
    assert question.norm == "L1"
    assert asked(norm="Linf").norm == "Linf"


def test_any_of_several_classes_may_be_wanted() -> None:
    three = replace(CARD, classes=("bad", "fair", "good"))
    wanted = Wanted(classes=("good", "fair"))
    question = request_for_row(table(three), 0, ("amount", "months"), wanted, {})
    assert (question.target, question.wanted.classes) == (NO_CLASS, (2, 1))


def test_a_number_is_wanted_at_least_or_at_most_in_its_own_unit() -> None:
    card = replace(CARD, classes=(), target_unit="bar")
    pumps = Dataset(name="pumps", x=ROWS, y=np.array([2.5, 3.0, 4.0]), features=card)
    question = request_for_row(pumps, 0, ("amount", "months"), Wanted(at_least=3.5, at_most=5.0), {})
    assert question.target == NO_CLASS
    assert (question.wanted.at_least, question.wanted.at_most) == (3.5, 5.0)
    with pytest.raises(InvalidRequest, match='what "credit" is to be at least or at most'):
        request_for_row(pumps, 0, ("amount", "months"), Wanted(), {})
    with pytest.raises(InvalidRequest, match="has no classes"):
        request_for_row(pumps, 0, ("amount", "months"), Wanted(classes=("good",)), {})


def test_what_is_given_goes_before_the_card() -> None:
    question = asked(
        stability={"months": 2.0}, ranges={"amount": (800, 1000), "months": (12, 60)}, weights={"amount": 3.0}
    )
    amount, months = question.free
    assert (amount.low, amount.high, amount.price) == (800, 1000, 3)
    assert (months.low, months.high, months.half_width) == (12, 24, 2)


def test_a_feature_that_may_only_grow_starts_at_its_value() -> None:
    assert (asked(("age", "amount")).free[0].low, asked(("age", "amount")).free[0].high) == (30, 90)


def test_the_target_is_the_one_asked_for_or_the_wanted_one_on_the_card() -> None:
    assert asked(target="bad").target == 0
    assert asked(target=None, data=table(replace(CARD, wanted="good"))).target == 1
    with pytest.raises(InvalidRequest, match="Say which class is wanted: bad, good"):
        asked(target=None)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ({"free": ("amount", "income")}, 'no feature "income"'),
        ({"free": ("amount", "housing")}, '"housing" is a category'),
        ({"free": ("amount", "sex")}, '"sex" is marked as fixed'),
        ({"free": ("amount",)}, "1 were named"),
        ({"free": ("amount", "amount")}, "same one"),
        ({"free": ("amount", "months"), "row": 3}, "rows 0 to 2"),
        ({"target": "excellent"}, 'no class "excellent"'),
        ({"target": None, "at_least": 3.0}, "is a class, not a number"),
        ({"stability": {"age": 1.0}}, 'stability is given for "age"'),
        ({"ranges": {"age": (1, 2)}}, 'range is given for "age"'),
        ({"weights": {"age": 1.0}}, 'weight is given for "age"'),
        ({"free": ("age", "amount"), "row": 1}, '"age" is 90 and may only grow'),
        ({"free": ("months", "amount"), "row": 1}, '"months" is 6 and may only shrink'),
        ({"stability": {"months": 10.0}}, "does not fit"),
        ({"data": table(None)}, "no feature card"),
        ({"data": Dataset(name="odd", x=ROWS[:, :5], y=np.zeros(3, np.int64), features=CARD)}, "7 columns"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(question: dict[str, Any], word: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        asked(**question)
    assert word in str(refusal.value)


GROUP = FeatureGroup(name="plan", features=("amount", "months"), amounts=(100.0, 1.0), unit="steps", half_width=1.0)


def freed(*names: str, row: int = 0, **more: Any) -> Freedom:
    return freedom_for_row(table(replace(CARD, groups=(GROUP,))), row, names, **more)


def test_categories_and_numbers_are_freed_by_name() -> None:
    free = freed("housing", "amount", weights={"housing": 0.5})
    assert free.names == ("amount", "housing")
    assert free.moves == (Move(columns=(3,)),)
    assert free.categories[0].columns == (0, 1, 2)
    assert free.categories[0].price == 0.5
    assert free.present(ROWS[0].astype(float)) == (0,)


def test_a_group_moves_its_features_within_the_ranges_and_directions_of_all() -> None:
    free = freed("plan", "age")
    plan = free.numbers[0]
    assert free.moves[0] == Move(columns=(3, 4), amounts=(100.0, 1.0))
    assert (plan.low, plan.high) == (-9.0, 0.0)  # 900 EUR go down to 0; months only down, so never up
    assert (plan.half_width, plan.step) == (1.0, 0.0)
    placed = free.subspace(ROWS[0].astype(float)).inputs(np.array([[-2.0, 40.0]]))[0]
    np.testing.assert_array_equal(placed, [1, 0, 0, 700, 22, 40, 1])


def test_a_group_of_whole_numbers_goes_in_whole_steps() -> None:
    both = FeatureGroup(name="both", features=("months", "age"), amounts=(-1.0, 1.0))
    free = freedom_for_row(table(replace(CARD, groups=(both,))), 0, ("both",))
    assert free.numbers[0].step == 1.0
    assert (free.numbers[0].low, free.numbers[0].high) == (0.0, 18.0)  # from 24 down to 6 months


@pytest.mark.parametrize(
    ("names", "row", "more", "words"),
    [
        (("plan", "amount"), 0, {}, "two ways at once"),
        (("plan",), 1, {"ranges": {"plan": (5.0, 6.0)}}, "nothing to choose|cannot change together"),
        (("housing",), 0, {"stability": {"housing": 1.0}}, "is a category and has none"),
        (("sex", "amount"), 0, {}, "marked as fixed"),
        (("plans",), 0, {}, "no feature"),
        (("amount", "amount"), 0, {}, "two ways at once|named twice"),
    ],
)
def test_a_freedom_that_a_row_does_not_have_is_refused(
    names: tuple[str, ...], row: int, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidRequest, match=words):
        freed(*names, row=row, **more)
