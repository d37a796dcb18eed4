"""What the recogniser is fed while points of a drawing move."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.tutor.ordering import Cut, Order
from core.corrections.tutor.placing import Placing
from core.errors import InvalidRequest
from tests.core.corrections.tutor.house import ROOF, WALLS

HOUSE = WALLS, ROOF
coordinate = st.integers(0, 255)


@st.composite
def placings(draw: st.DrawFn) -> tuple[Placing, np.ndarray, np.ndarray]:
    """A drawing with free points, and a box of placements around it; sometimes with points above one another."""
    grid = draw(st.sampled_from([1, 1, 30]))
    one = st.tuples(coordinate, coordinate)
    drawn = draw(st.lists(st.lists(one, min_size=2, max_size=5), min_size=1, max_size=4))
    strokes = tuple(np.array(stroke, dtype=np.float64).T // grid * grid for stroke in drawn)
    spots = [(place, point) for place, stroke in enumerate(strokes) for point in range(stroke.shape[1])]
    free = draw(st.lists(st.sampled_from(spots), min_size=1, max_size=3, unique=True))
    placing = Placing(drawing=strokes, free=tuple(free))
    reach = st.lists(st.integers(0, 9), min_size=placing.handles, max_size=placing.handles)
    low = np.maximum(placing.start - draw(reach), 0)
    return placing, low, np.minimum(placing.start + draw(reach), 255)


def cut_up(placing: Placing, low: np.ndarray, high: np.ndarray) -> list[tuple[Order, np.ndarray, np.ndarray]]:
    waiting, found = [(low, high)], []
    while waiting and len(found) < 200:
        low, high = waiting.pop()
        order = placing.order(low, high)
        if isinstance(order, Order):
            found.append((order, low, high))
            continue
        assert isinstance(order, Cut)
        assert low[order.handle] <= order.below < high[order.handle]
        left, right = high.copy(), low.copy()
        left[order.handle], right[order.handle] = order.below, order.below + 1
        waiting += [(low, left), (right, high)]
    return found


@settings(deadline=None, max_examples=30)
@given(placings(), st.randoms(use_true_random=False))
def test_in_a_part_of_one_order_the_input_is_the_one_that_the_network_is_really_fed(drawn, random) -> None:
    placing, low, high = drawn
    for order, least, most in cut_up(placing, low, high):
        subspace = placing.subspace(order)
        for _ in range(3):
            placement = np.array([random.randint(int(a), int(b)) for a, b in zip(least, most, strict=True)], float)
            fed = subspace.inputs(placement[None])[0].reshape(4, 128)
            assert np.array_equal(fed, placing.slots(placement))


def test_the_parts_of_a_box_hold_every_placement_once() -> None:
    placing = Placing(drawing=HOUSE, free=((1, 1),))
    low, high = np.array([30.0, 60]), np.array([60.0, 110])
    seen = np.zeros((256, 256), dtype=int)
    for _, least, most in cut_up(placing, low, high):
        seen[int(least[0]) : int(most[0]) + 1, int(least[1]) : int(most[1]) + 1] += 1
    inside = np.zeros_like(seen)
    inside[30:61, 60:111] = 1
    assert np.array_equal(seen, inside)


def test_a_point_shared_by_two_lines_is_one_handle_of_both() -> None:
    placing = Placing(drawing=HOUSE, free=((1, 1),))
    directions = placing.subspace(placing.present).directions
    assert directions.sum(axis=0).tolist() == [2, 2]
    assert placing.start.tolist() == [120, 30]


def test_a_box_across_which_lines_change_places_is_cut() -> None:
    placing = Placing(drawing=HOUSE, free=((1, 0),))
    orders = {order for order, *_ in cut_up(placing, np.array([0.0, 0]), np.array([250.0, 250]))}
    assert len(orders) > 3
    assert all(len(order.lines) == 6 for order in orders)


@pytest.mark.parametrize(
    ("drawing", "free", "words"),
    [
        (HOUSE, ((2, 0),), "no point 0 in a stroke 2"),
        (HOUSE, (*itertools.product((0,), range(5)), (1, 0)), "1 to 5 points"),
        (HOUSE, ((0, 1), (0, 1)), "each named once"),
        ((HOUSE[0] + 0.5,), ((0, 0),), "whole pixels"),
        ((HOUSE[0], np.array([[3.0], [4.0]])), ((1, 0),), "single point"),
    ],
)
def test_what_cannot_be_placed_is_refused_in_a_sentence(drawing, free, words) -> None:
    with pytest.raises(InvalidRequest, match=words):
        Placing(drawing=drawing, free=free)
