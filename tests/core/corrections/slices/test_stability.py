"""Stable sets against sampling of whole boxes, and the nearest centre against brute force."""

from typing import get_args

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.records.correction import Norm
from core.corrections.slices.outline import geometry_of, polygons_of
from core.corrections.slices.stability import ALLOWANCE, nearest_point, stable_centres
from tests.slices import eroded

UNIT_SQUARE = (0.0, 0.0, 1.0, 1.0)


def blots(seed: int) -> shapely.MultiPolygon:
    """A region of several parts with holes and sharp corners, cut off at the rim of the unit square."""
    generator = np.random.default_rng(seed)
    triangles = shapely.polygons(generator.uniform(-0.2, 1.2, size=(7, 3, 2)))
    holes = shapely.union_all(shapely.polygons(generator.uniform(0, 1, size=(4, 3, 2))))
    shape = shapely.intersection(shapely.difference(shapely.union_all(triangles), holes), shapely.box(0, 0, 1, 1))
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def covers_box(region: shapely.MultiPolygon, x: float, y: float, w: float, h: float) -> bool:
    return bool(shapely.covers(region, shapely.box(x - w, y - h, x + w, y + h)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("half_width", [(0.05, 0.05), (0.01, 0.12), (0.1, 0.0), (0.0, 0.0)])
def test_a_centre_is_stable_exactly_if_its_box_is_inside(seed: int, half_width: tuple[float, float]) -> None:
    region = blots(seed)
    stable = stable_centres(region, UNIT_SQUARE, half_width)
    w, h = half_width
    points = np.random.default_rng(seed).uniform(0, 1, size=(800, 2))
    for x, y in points:
        said = bool(shapely.contains_xy(stable, x, y))
        if w and h:
            truth = covers_box(region, x, y, w, h)
        else:
            truth = bool(shapely.covers(region, shapely.LineString([(x - w, y - h), (x + w, y + h)])))
        edge = shapely.distance(shapely.Point(x, y), stable.boundary)
        assert said == truth or edge < 1e-8


@pytest.mark.parametrize("seed", range(4))
def test_every_vertex_of_the_stable_set_has_its_box_inside(seed: int) -> None:
    region = blots(seed)
    for half_width in [(0.03, 0.05), (0.08, 0.01)]:
        stable = stable_centres(region, UNIT_SQUARE, half_width)
        for x, y in shapely.get_coordinates(stable):
            w, h = half_width
            # 1e-12: the rim of the square is exact only up to c − w + w.
            assert covers_box(region, x, y, w - 1e-12, h - 1e-12)


def test_the_two_sides_differ_by_the_allowance_only() -> None:
    region = blots(1)
    inner = stable_centres(region, UNIT_SQUARE, (0.05, 0.05))
    outer = stable_centres(region, UNIT_SQUARE, (0.05, 0.05), -ALLOWANCE)
    assert shapely.difference(inner, outer).area == 0
    assert outer.area - inner.area < 10 * ALLOWANCE * outer.length
    plain = geometry_of(eroded(polygons_of(region), (0.05, 0.05)))
    inside = shapely.intersection(plain, shapely.box(0.05, 0.05, 0.95, 0.95))
    assert inner.area == pytest.approx(inside.area, rel=1e-6)


def test_a_region_that_is_too_narrow_has_no_stable_centre() -> None:
    strip = shapely.MultiPolygon([shapely.box(0, 0.4, 1, 0.5)])
    assert stable_centres(strip, UNIT_SQUARE, (0.1, 0.0501)).is_empty
    assert stable_centres(strip, UNIT_SQUARE, (0.1, 0.0501), -ALLOWANCE).is_empty
    # As wide as the box to the last bit: neither possible for sure nor impossible for sure.
    assert stable_centres(strip, UNIT_SQUARE, (0.1, 0.05)).is_empty
    assert not stable_centres(strip, UNIT_SQUARE, (0.1, 0.05), -ALLOWANCE).is_empty


def test_the_rim_of_the_slice_counts_exactly() -> None:
    everything = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
    assert stable_centres(everything, UNIT_SQUARE, (0.25, 0.125)).bounds == (0.25, 0.125, 0.75, 0.875)
    assert stable_centres(everything, UNIT_SQUARE, (0.75, 0.1)).is_empty


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 20),
    st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5)),
    st.tuples(st.floats(0.05, 5), st.floats(0.05, 5)),
    st.sampled_from(get_args(Norm)),
)
def test_no_point_of_a_fine_grid_is_nearer_than_the_nearest_and_one_is_hardly_farther(
    seed: int, point: tuple[float, float], weights: tuple[float, float], norm: Norm
) -> None:
    region = blots(seed)
    found = nearest_point(region, point, weights, norm)
    assert found is not None
    place, cost = found
    order = {"L1": 1, "L2": 2, "Linf": np.inf}[norm]
    assert cost == pytest.approx(np.linalg.norm(np.subtract(place, point) * weights, order), abs=1e-12)
    assert shapely.distance(region, shapely.Point(place)) < 1e-12
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 301), np.linspace(0, 1, 301)), axis=-1).reshape(-1, 2)
    inside = grid[shapely.intersects_xy(region, grid)]
    costs = np.linalg.norm((inside - point) * weights, order, axis=1)
    assert cost <= costs.min() + 1e-12


def test_each_norm_has_its_own_nearest_point_of_a_slope() -> None:
    slope = shapely.MultiPolygon([shapely.Polygon([(0, 2), (1, 0), (3, 0), (3, 2)])])  # beyond 2 x + y = 2
    assert nearest_point(slope, (0, 0), (1, 1), "L1") == ((1.0, 0.0), 1.0)
    foot, distance = nearest_point(slope, (0, 0), (1, 1), "L2") or pytest.fail("nothing was found")
    assert foot == pytest.approx((0.8, 0.4))
    assert distance == pytest.approx(2 / np.sqrt(5))
    corner, largest = nearest_point(slope, (0, 0), (1, 1), "Linf") or pytest.fail("nothing was found")
    assert corner == pytest.approx((2 / 3, 2 / 3))
    assert largest == pytest.approx(2 / 3)


def test_a_point_inside_is_its_own_nearest_and_an_empty_region_has_none() -> None:
    region = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
    assert nearest_point(region, (0.3, 0.3), (1, 1)) == ((0.3, 0.3), 0.0)
    assert nearest_point(shapely.MultiPolygon(), (0.3, 0.3), (1, 1)) is None


def test_the_nearest_lies_on_the_axis_line_where_that_is_cheapest() -> None:
    triangle = shapely.MultiPolygon([shapely.Polygon([(1, -1), (3, 1), (1, 3)])])
    assert nearest_point(triangle, (0, 0.5), (1, 1)) == ((1.0, 0.5), 1.0)
