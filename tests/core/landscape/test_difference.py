"""The difference of two surfaces: sign, clipping, holes, and what cannot be compared."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InvalidRequest
from core.landscape.difference import difference, same_grid
from tests.app import landscapes


def test_the_first_less_the_second_is_positive_where_the_first_is_higher() -> None:
    low, tilted = landscapes.plane(9), landscapes.plane(9, tilt=4.0)
    found = difference(tilted, low, logarithmic=False)
    np.testing.assert_allclose(found.values, tilted.loss - low.loss)
    assert found.values[4, -1] == pytest.approx(4.0)
    assert not found.values[:, :5].any()


def test_in_heights_the_difference_is_that_of_logarithms() -> None:
    low, tilted = landscapes.plane(9), landscapes.plane(9, tilt=4.0)
    found = difference(tilted, low)
    np.testing.assert_allclose(np.exp(found.values), (tilted.loss + 0.1) / (low.loss + 0.1))


def test_what_both_pictures_clip_is_no_difference() -> None:
    one = landscapes.plane(9)
    other = replace(one, loss=one.loss + np.where(one.loss > 5, 100.0, 0.0))
    assert not difference(one, other, limit=5.0, logarithmic=False).values.any()


def test_a_point_that_is_not_finite_in_one_of_the_two_stays_unknown() -> None:
    one = landscapes.plane(9)
    holes = one.loss.copy()
    holes[0, 0], holes[1, 1], holes[2, 2] = np.inf, np.nan, -np.inf
    found = difference(one, replace(one, loss=holes))
    assert np.isnan(found.values).sum() == 3
    assert len(found.known) == found.values.size - 3


def test_other_grids_and_other_units_are_refused() -> None:
    one = landscapes.plane(9)
    assert not same_grid(one, landscapes.plane(11))
    assert not same_grid(one, replace(one, x=one.x * 1.001))
    with pytest.raises(InvalidRequest, match="different grids"):
        difference(one, landscapes.plane(11))
    with pytest.raises(InvalidRequest, match="one task"):
        difference(one, replace(one, loss_unit="kWh²"))
