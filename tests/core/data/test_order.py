"""Samples that are sorted by class: noticed, so that nobody takes one class for all of them."""

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.order import missing_classes, sorted_by_class, spread_rows


def labelled(labels: list[int] | list[float]) -> Dataset:
    y = np.array(labels)
    return Dataset(name="d", x=np.arange(2.0 * len(y)).reshape(-1, 2), y=y)


@pytest.mark.parametrize("labels", [[0, 0, 1, 1], [2, 2, 0, 1, 1], [0, 1]])
def test_one_class_after_the_other_is_sorted(labels: list[int]) -> None:
    assert sorted_by_class(labelled(labels))


@pytest.mark.parametrize("labels", [[0, 1, 0], [1, 1, 1], [0], [0.5, 1.5, 2.5]])
def test_mixed_classes_one_class_and_numbers_are_not_sorted(labels: list[int]) -> None:
    assert not sorted_by_class(labelled(labels))


def test_classes_that_only_come_later_are_counted() -> None:
    assert [missing_classes(labelled([0, 0, 1, 2]), n) for n in (1, 2, 3, 4)] == [2, 2, 1, 0]
    assert missing_classes(labelled([0.5, 1.5]), 1) == 0


def test_rows_from_all_over_are_different_and_have_the_first_and_the_last_among_them() -> None:
    rows = spread_rows(100, 7).tolist()
    assert (len(set(rows)), rows[0], rows[-1]) == (7, 0, 99)
    assert rows == sorted(rows)
    assert len(set(spread_rows(100, 99).tolist())) == 99
    assert spread_rows(5, 5).tolist() == spread_rows(5, 9).tolist() == [0, 1, 2, 3, 4]
