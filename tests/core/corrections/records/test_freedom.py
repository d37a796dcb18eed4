"""What may change of an input."""

import numpy as np
import pytest

from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.search.asking import question_of
from core.errors import InvalidRequest

POINT = (5.0, 7.0, 0.0, 1.0, 0.0, 9.0, 9.0)
LENGTH = FreeFeature(name="length", low=0.0, high=10.0, half_width=0.5)
SHADE = FreeFeature(name="shade", low=-2.0, high=2.0)
BOTH = FreeFeature(name="both", low=0.0, high=20.0)
KIND = FreeCategory(name="kind", columns=(2, 3, 4), levels=("a", "b", "c"))


def freedom() -> Freedom:
    moves = (Move(columns=(0,)), Move(columns=(0, 1), amounts=(0.0, 2.0)), Move(columns=(5, 6)))
    return Freedom(numbers=(LENGTH, SHADE, BOTH), moves=moves, categories=(KIND,))


def test_the_input_itself_is_where_the_numbers_start() -> None:
    free, point = freedom(), np.array(POINT)
    np.testing.assert_array_equal(free.start(point), [5.0, 0.0, 9.0])
    np.testing.assert_array_equal(free.subspace(point).inputs(free.start(point)[None])[0], point)
    assert free.present(point) == (1,)


def test_some_of_its_features_are_a_freedom_of_their_own() -> None:
    some = freedom().only((1, 3))
    assert some.names == ("shade", "kind")
    assert some.moves == (Move(columns=(0, 1), amounts=(0.0, 2.0)),)


def test_columns_take_the_value_or_shift_by_it() -> None:
    placed = freedom().subspace(np.array(POINT)).inputs(np.array([[1.0, 1.5, 3.0]]))[0]
    np.testing.assert_array_equal(placed, [1.0, 10.0, 0.0, 1.0, 0.0, 3.0, 3.0])


def test_the_question_asks_for_what_is_free() -> None:
    question = question_of(POINT, freedom(), Goal(classes=(1,)), "L2")
    assert [handle.name for handle in question.handles] == ["length", "shade", "both"]
    assert question.handles[0].weight == 0.1
    assert question.present == (1,)
    assert len(question.lanes) == 3
    assert question.norm == "L2"


def test_columns_that_change_together_must_agree() -> None:
    with pytest.raises(InvalidRequest, match="differ"):
        freedom().start(np.array([5.0, 7.0, 0.0, 1.0, 0.0, 9.0, 8.0]))


def test_a_category_is_a_one_among_zeros() -> None:
    with pytest.raises(InvalidRequest, match="one among zeros"):
        freedom().present(np.array([5.0, 7.0, 0.0, 1.0, 1.0, 9.0, 9.0]))


@pytest.mark.parametrize(
    ("numbers", "moves", "categories", "words"),
    [
        ((), (), (), "Nothing may change"),
        ((LENGTH,), (), (), "as many moves"),
        ((LENGTH, LENGTH), (Move(columns=(0,)), Move(columns=(1,))), (), "named twice"),
        ((LENGTH, SHADE), (Move(columns=(0,)), Move(columns=(0,))), (), "same column"),
        ((LENGTH,), (Move(columns=(2,)),), (KIND,), "same column"),
    ],
)
def test_a_freedom_that_makes_no_sense_is_refused(
    numbers: tuple[FreeFeature, ...], moves: tuple[Move, ...], categories: tuple[FreeCategory, ...], words: str
) -> None:
    with pytest.raises(InvalidRequest, match=words):
        Freedom(numbers=numbers, moves=moves, categories=categories)


def test_a_move_that_makes_no_sense_is_refused() -> None:
    for columns, amounts in (((), ()), ((0, 0), ()), ((0, 1), (1.0,)), ((0,), (0.0,)), ((0,), (np.nan,))):
        with pytest.raises(InvalidRequest):
            Move(columns=columns, amounts=amounts)


def test_a_category_that_makes_no_sense_is_refused() -> None:
    for columns, levels, allowed, price in (
        ((0,), ("a",), (), 1.0),
        ((0, 1), ("a",), (), 1.0),
        ((0, 1), ("a", "b"), (2,), 1.0),
        ((0, 1), ("a", "b"), (), np.nan),
    ):
        with pytest.raises(InvalidRequest):
            FreeCategory(name="kind", columns=columns, levels=levels, allowed=allowed, price=price)
