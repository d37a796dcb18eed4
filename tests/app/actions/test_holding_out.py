"""Test data from the end of the training data: in the session, never learnt from, found again after a crash."""

from dataclasses import replace

import numpy as np

from app.actions.holding_out import held_out_samples, hold_out, refusal
from app.actions.journal import origin_of
from core.data.builtin import open_builtin
from core.data.storing import store_dataset
from core.session.adding import known_dataset
from core.session.document import Document


def test_the_last_fifth_is_held_out_in_the_order_of_the_file() -> None:
    digits = open_builtin("digits")
    item = store_dataset(digits, origin="digits", keep=True)
    test = hold_out(item)
    assert held_out_samples(item) == 359
    assert test.samples == 359
    assert test.data is not None
    np.testing.assert_array_equal(test.data.x, digits.x[-359:])
    assert test.classes == item.classes


def test_the_same_data_held_out_twice_are_one_item_of_the_session() -> None:
    item = store_dataset(open_builtin("digits"), origin="digits", keep=True)
    first = hold_out(item)
    assert known_dataset(Document().with_item(first), hold_out(item)) is first


def test_held_out_data_know_where_they_begin_and_other_data_do_not() -> None:
    item = store_dataset(open_builtin("digits"), origin="digits", keep=True)
    assert origin_of(hold_out(item), item).start == 1438
    assert origin_of(item, item).start == 0
    assert origin_of(replace(item, origin="elsewhere.npz", sha256="ab" * 32), item).start == 0


def test_data_that_are_not_in_the_session_or_too_few_are_refused_with_a_reason() -> None:
    digits = open_builtin("digits")
    assert "not kept in the session" in refusal(store_dataset(digits, origin="digits", keep=False))
    assert "too few" in refusal(store_dataset(digits.first(2), origin="digits", keep=True))
    assert refusal(store_dataset(digits, origin="digits", keep=True)) == ""
