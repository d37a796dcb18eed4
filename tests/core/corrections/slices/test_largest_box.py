"""The largest box against dense grids, random rectangles and boxes that one works out by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.slices.largest_box import largest_box
from core.corrections.slices.stability import Bounds, stable_centres
from core.errors import Cancelled
from core.job import JobContext
from tests.core.corrections.slices.test_stability import UNIT_SQUARE, blots

HALF = (0.02, 0.03)


def seed_in(region: shapely.MultiPolygon, seed: int) -> Bounds | None:
    """A box somewhere in the region."""
    stable = stable_centres(region, UNIT_SQUARE, HALF)
    if stable.is_empty:
        return None
    x, y = np.random.default_rng(seed).permutation(shapely.get_coordinates(stable))[0]
    return x - HALF[0], y - HALF[1], x + HALF[0], y + HALF[1]


def area(box: Bounds) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def holds(outer: Bounds, inner: Bounds) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


@pytest.mark.parametrize("seed", range(8))
def test_no_box_between_the_lines_of_a_grid_is_larger_and_the_one_that_is_found_is_inside(seed: int) -> None:
    region = blots(seed)
    inside = seed_in(region, seed)
    assert inside is not None
    found = largest_box(region, inside, JobContext())
    assert found is not None
    assert holds(found, inside)
    assert shapely.covers(region, shapely.box(*found))
    corners = shapely.get_coordinates(region)
    x, y = (np.concatenate([np.linspace(0, 1, 12), corners[::3, axis]]) for axis in (0, 1))
    sides = [np.append(x[x < inside[0]], inside[0]), np.append(y[y < inside[1]], inside[1])]
    sides += [np.append(x[x > inside[2]], inside[2]), np.append(y[y > inside[3]], inside[3])]
    boxes = np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, 4)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    larger = boxes[areas > area(found) * (1 + 1e-9)]
    assert len(larger) > 10
    assert not shapely.covers(region, shapely.box(*larger.T)).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40), st.integers(0, 10_000))
def test_no_box_that_grows_at_random_becomes_larger(seed: int, draw: int) -> None:
    region = blots(seed)
    inside = seed_in(region, draw)
    if inside is None:
        return
    found = largest_box(region, inside, JobContext())
    assert found is not None
    shapely.prepare(region)
    generator = np.random.default_rng(draw)
    box = np.array(inside)
    outward = np.array([-1.0, -1.0, 1.0, 1.0])
    for step in np.geomspace(0.3, 1e-4, 60):
        tried = box + outward * step * generator.random(4) * generator.integers(0, 2, 4)
        if shapely.covers(region, shapely.box(*tried)):
            box = tried
    assert area(tuple(box.tolist())) <= area(found) * (1 + 1e-9)


def test_under_a_slope_the_box_is_the_one_that_calculus_finds() -> None:
    # Below x + y = 1 in the unit square, from the origin: ½ by ½.
    triangle = shapely.MultiPolygon([shapely.Polygon([(0, 0), (1, 0), (0, 1)])])
    found = largest_box(triangle, (0.0, 0.0, 0.1, 0.1), JobContext())
    assert found == pytest.approx((0, 0, 0.5, 0.5), abs=1e-9)
    # Steeper, with y ≤ 2 − 2 x: a quarter of twice the area.
    steep = shapely.MultiPolygon([shapely.Polygon([(0, 0), (1, 0), (0, 2)])])
    assert largest_box(steep, (0.1, 0.1, 0.2, 0.2), JobContext()) == pytest.approx((0, 0, 0.5, 1.0), abs=1e-9)


def test_a_diamond_is_filled_from_both_sides_at_once() -> None:
    diamond = shapely.MultiPolygon([shapely.Polygon([(-1, 0), (0, -1), (1, 0), (0, 1)])])
    assert largest_box(diamond, (-0.1, -0.1, 0.1, 0.1), JobContext()) == pytest.approx((-0.5, -0.5, 0.5, 0.5), abs=1e-9)
    # Must it hold what lies to one side, the other side makes up for it.
    found = largest_box(diamond, (0.5, -0.05, 0.7, 0.05), JobContext())
    assert found is not None
    assert area(found) == pytest.approx(2 * 0.3 * (0.7 + 0.7), abs=1e-9)


def test_a_hole_stops_the_box_and_the_rim_is_kept_to_the_last_bit() -> None:
    holed = shapely.MultiPolygon([shapely.box(0, 0, 1, 1).difference(shapely.box(0.4, 0.4, 0.5, 0.5))])
    found = largest_box(holed, (0.7, 0.7, 0.75, 0.75), JobContext())
    assert found is not None
    assert found[1] == 0.0 or found[0] == 0.0
    assert found[2:] == (1.0, 1.0)
    assert area(found) == pytest.approx(0.5, abs=1e-9)


def test_of_far_and_differently_scaled_ranges_the_box_is_the_same() -> None:
    region = blots(3)
    inside = seed_in(region, 3)
    assert inside is not None
    plain = largest_box(region, inside, JobContext())
    scale, shift = np.array([1e-3, 2e5]), np.array([1e4, -7e5])
    moved = shapely.transform(region, lambda points: points * scale + shift)
    there = largest_box(moved, tuple((np.reshape(inside, (2, 2)) * scale + shift).ravel().tolist()), JobContext())
    assert plain is not None
    assert there is not None
    assert (np.reshape(there, (2, 2)) - shift) / scale == pytest.approx(np.reshape(plain, (2, 2)), abs=1e-6)


def test_what_does_not_lie_in_the_region_grows_to_nothing() -> None:
    region = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
    assert largest_box(region, (0.5, 0.5, 1.5, 0.6), JobContext()) is None
    assert largest_box(region, (0.5, 0.5, 0.5, 0.6), JobContext()) is None
    assert largest_box(shapely.MultiPolygon(), (0.5, 0.5, 0.6, 0.6), JobContext()) is None


class StoppedAfter(JobContext):
    """Stops at the check after so many."""

    def __init__(self, checks: int) -> None:
        self.left = checks

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("The job was stopped.")


def test_growing_in_a_long_outline_can_be_stopped_at_any_time() -> None:
    # Both ceilings of both sides fall along hundreds of segments, whose pairs are compared a few at a time.
    x = np.linspace(0, 1, 600)
    quarter = np.stack([x + 0.05, (1.2 - x) * np.exp(-x)], axis=1)
    ways = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])
    ring = np.concatenate([(quarter * way)[::step] for way, step in zip(ways, (1, -1, 1, -1), strict=True)])
    region = shapely.MultiPolygon([shapely.Polygon(ring)])
    inside = (-0.01, -0.01, 0.01, 0.01)
    never = StoppedAfter(1_000_000)
    assert largest_box(region, inside, never) is not None
    asked = 1_000_000 - never.left
    assert asked > 2000
    for checks in (0, asked // 2, asked - 1):
        with pytest.raises(Cancelled):
            largest_box(region, inside, StoppedAfter(checks))
