"""What counts as a change of a number."""

import numpy as np

from core.corrections.records.changes import is_changed


def test_rounding_is_no_change_and_a_millionth_of_the_range_is_one() -> None:
    assert not is_changed(0.3, 0.1 + 0.2, 0.0, 1.0)
    assert is_changed(0.3, 0.300001, 0.0, 1.0)


def test_numbers_far_from_zero_are_rounded_more_coarsely_than_their_narrow_range() -> None:
    assert not is_changed(1e9, 1e9 + 1e-2, 1e9, 1e9 + 0.1)
    assert is_changed(1e9, 1e9 + 2.0, 1e9, 1e9 + 10.0)


def test_what_is_not_known_has_not_changed() -> None:
    before, low, high = np.array([1.0, 2.0]), np.zeros(2), np.full(2, 10.0)
    assert is_changed(before, np.array([np.nan, 3.0]), low, high).tolist() == [False, True]
