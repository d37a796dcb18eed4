"""Inputs from the values of a few handles."""

import numpy as np
import pytest

from core.corrections.records.subspace import Subspace
from core.errors import InvalidRequest


def test_free_columns_take_the_values_and_the_others_stay() -> None:
    space = Subspace.of_columns(np.array([1.0, 2.0, 3.0, 4.0]), (3, 1))
    assert space.handles == 2
    assert space.inputs(np.array([[7.0, 9.0]])).tolist() == [[1.0, 9.0, 3.0, 7.0]]


def test_columns_that_change_together_share_a_handle() -> None:
    space = Subspace(base=np.zeros(3), directions=np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0]]))
    assert space.inputs(np.array([[1.5, -1.0]])).tolist() == [[1.5, 3.0, -1.0]]


def test_fewer_handles_give_the_same_inputs() -> None:
    draw = np.random.default_rng(3)
    space = Subspace(base=draw.normal(size=6), directions=draw.normal(size=(6, 4)))
    point = draw.normal(size=4)
    narrow = space.only((2, 0), point)
    assert np.allclose(narrow.inputs(point[[2, 0]][None]), space.inputs(point[None]), rtol=0, atol=1e-14)


def test_nan_and_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="do not fit"):
        Subspace(base=np.zeros(3), directions=np.zeros((2, 1)))
    with pytest.raises(InvalidRequest, match="NaN"):
        Subspace(base=np.array([np.nan, 0.0]), directions=np.eye(2))
