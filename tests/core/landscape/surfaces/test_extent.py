"""The range of a plane that nobody gave: all that lies in it, with a margin, and never without the network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.landscape.plane import Anchor
from core.landscape.surfaces.extent import ALONE, extent, plane_extent


def test_between_two_networks_a_quarter_is_added_on_either_side() -> None:
    assert extent([1.0]) == (-0.25, 1.25)
    assert extent([-2.0, -1.0]) == (-2.5, 0.5)


def test_a_network_alone_is_shown_as_in_the_paper() -> None:
    assert extent([]) == extent([0.0]) == extent([5e-324]) == ALONE == (-1.0, 1.0)


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1))
def test_everything_and_the_centre_lie_inside(places: list[float]) -> None:
    low, high = extent(places)
    assert low < 0 < high
    assert low <= min(places) <= max(places) <= high


def test_places_that_are_not_finite_are_left_out() -> None:
    assert extent([float("inf"), float("nan"), 2.0]) == extent([2.0])


def test_a_range_that_was_given_is_kept() -> None:
    anchors = (Anchor(name="other", sha256="1", x=1.0, y=0.5),)
    x, y = plane_extent((3.0, 4.0), None, anchors, [(9.0, -2.0)])
    assert x == (3.0, 4.0)
    assert y == pytest.approx((-2.625, 1.125))
