import json

import numpy as np
import pytest

from app.render.cameras import FRONT, PAPER, TOP, Orbit
from app.render.contour_lines import contour_lines, region_above
from app.render.gl.mesh_geometry import boundary, plane_places, triangles
from app.render.gl.projection import Box, Margins, project
from app.render.scales import HeightScale, shared_scale
from app.render.slopes import slopes
from app.render.surface_words import axis_titles, caption, lowest_point, reading, written
from core.errors import InvalidRequest
from tests.app.render.surfaces import bowl, radius, surface_of

MARGINS = Margins(left=60, top=10, right=10, bottom=40)


def test_a_full_grid_has_two_triangles_per_cell_seen_from_above():
    heights = np.random.default_rng(0).normal(size=(4, 6))
    mesh = triangles(heights)
    assert len(mesh) == 2 * 3 * 5
    places = np.stack(np.meshgrid(np.arange(6.0), np.arange(4.0)), axis=-1).reshape(-1, 2)[mesh]
    first, second = places[:, 1] - places[:, 0], places[:, 2] - places[:, 0]
    assert (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] == 1.0).all()  # each half a cell, anticlockwise


def test_a_single_unknown_point_opens_exactly_the_four_halves_around_it():
    heights = np.zeros((5, 5))
    heights[2, 2] = np.nan
    mesh = triangles(heights)
    assert 12 not in mesh
    assert len(mesh) == 2 * 16 - 4
    assert len(boundary(mesh)) == 16 + 4


def test_a_ridge_along_a_diagonal_stays_whole():
    heights = np.eye(4)
    ridge = {(5 * k, 5 * (k + 1)) for k in range(3)}
    edges = {
        tuple(sorted(map(int, pair)))
        for each in triangles(heights)
        for pair in zip(each, np.roll(each, 1), strict=True)
    }
    assert ridge <= edges


def test_the_slope_of_a_plane_is_exact_at_edges_and_beside_holes():
    x, y = np.linspace(-1, 1, 6), np.array([0.0, 0.5, 0.7, 2.0, 2.2])
    heights = 3.0 * x[None, :] - 2.0 * y[:, None]
    heights[2, 2] = np.nan
    found = slopes(x, y, heights)
    known = np.isfinite(heights)
    assert found[known] == pytest.approx(np.tile([3.0, -2.0], (known.sum(), 1)))


def test_the_longer_side_of_the_plane_reaches_from_minus_one_to_one():
    x, y = plane_places(np.linspace(-2, 2, 5), np.linspace(0, 2, 3))
    assert (x.min(), x.max(), y.min(), y.max()) == pytest.approx((-1, 1, -0.5, 0.5))


@pytest.mark.parametrize("size", [(800, 600), (420, 500), (1200, 300)])
@pytest.mark.parametrize("elevation", [-30.0, 0.0, 31.0, 60.0, 90.0])
def test_the_box_fits_between_the_margins_from_every_side(size, elevation):
    box = Box()
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (box.floor, box.tall)], dtype=float)
    for azimuth in range(-180, 180, 20):
        view = project(Orbit(azimuth=azimuth, elevation=elevation), box, *size, MARGINS)
        pixels = view.to_pixels(corners)
        assert (pixels >= [MARGINS.left - 1e-6, MARGINS.top - 1e-6]).all()
        assert (pixels <= [size[0] - MARGINS.right + 1e-6, size[1] - MARGINS.bottom + 1e-6]).all()
        depth = np.column_stack([corners, np.ones(8)]) @ view.matrix.T
        assert (np.abs(depth[:, 2]) < depth[:, 3]).all()  # nothing is cut off in front or behind


def test_from_the_top_the_first_direction_runs_right_and_the_second_up():
    view = project(TOP, Box(), 600, 600, MARGINS)
    middle, right, up = view.to_pixels(np.array([[0, 0, 0.5], [1, 0, 0.5], [0, 1, 0.5]], dtype=float))
    assert right[0] > middle[0] + 50
    assert right[1] == pytest.approx(middle[1])
    assert up[1] < middle[1] - 50
    assert up[0] == pytest.approx(middle[0])


def test_zooming_about_a_place_keeps_it_where_it_is():
    view = project(PAPER, Box(), 800, 600, MARGINS)
    point = np.array([[0.4, -0.3, 0.2]])
    before = view.to_pixels(point)[0]
    about = (before - view.middle) / view.unit * [1, -1]
    nearer = project(PAPER.zoomed(2.5, (float(about[0]), float(about[1]))), Box(), 800, 600, MARGINS)
    assert nearer.to_pixels(point)[0] == pytest.approx(before, abs=1e-6)


@pytest.mark.parametrize("orbit", [PAPER, TOP, FRONT, Orbit(azimuth=12.5, elevation=-3, zoom=2, pan=(0.1, -0.2))])
def test_a_camera_survives_json(orbit):
    assert Orbit.from_state(json.loads(json.dumps(orbit.to_state()))) == orbit


@pytest.mark.parametrize(
    "state", [{"azimuth": "north"}, {"zoom": 0}, {"elevation": float("nan")}, {"pan": [1]}, {"pan": 3}, {"zoom": None}]
)
def test_what_is_no_camera_is_refused(state):
    with pytest.raises(InvalidRequest, match="no camera"):
        Orbit.from_state(state)


def test_turning_goes_round_and_stops_at_the_poles():
    assert Orbit(azimuth=170).turned(20, 0).azimuth == pytest.approx(-170)
    assert Orbit(elevation=80).turned(0, 30).elevation == 90


def test_contours_of_a_round_bowl_are_circles_of_the_right_size():
    surface = surface_of(radius(101) * 9.0)
    for level, lines in contour_lines(surface, HeightScale(low=0.0, high=9.0)):
        for line in lines:
            # linear between grid points of a logarithmic height: off by less than a cell of 0.02
            assert np.hypot(*line.T) == pytest.approx(level / 9.0, abs=0.01)


def test_the_region_above_the_scale_is_what_lies_outside_the_circle():
    surface = surface_of(radius(101) * 20.0)
    rings = region_above(surface, shared_scale([surface]))
    area = sum(0.5 * np.sum(r[:-1, 0] * r[1:, 1] - r[1:, 0] * r[:-1, 1]) for r in rings)
    assert abs(area) == pytest.approx(4.0 - np.pi * 0.25, rel=0.01)
    assert region_above(bowl(rim=4.0), shared_scale([bowl(rim=4.0)])) == []


def test_the_lowest_point_is_an_evaluated_one():
    surface = surface_of([[0.1, 2.0], [1.0, np.nan]], evaluated=[[0, 1], [1, 1]])
    assert lowest_point(surface) == (1, 0)
    assert lowest_point(surface_of([[np.nan, np.inf], [np.nan, np.nan]])) is None


def test_the_caption_counts_holes_and_what_is_not_known():
    loss = np.full((4, 4), 2.0)
    loss[0] = [np.nan, np.inf, 30.0, np.nan]
    evaluated = np.ones((4, 4))
    evaluated[0, 3] = 0
    evaluated[1] = 0
    surface = surface_of(loss, evaluated=evaluated)
    words = caption(surface, shared_scale([surface]))
    assert "Partial: 11 of 16 points evaluated" in words
    assert "4 interpolated" in words
    assert "1 not known yet" in words
    assert "2 points have no finite loss and are left open" in words
    assert "loss above 10 is flat and hatched" in words


def test_a_reading_says_value_and_how_it_was_obtained():
    surface = surface_of([[1.0, np.inf], [3.21, np.nan]], evaluated=[[1, 1], [0, 0]])
    assert reading(surface, -0.9, -0.9) == "δ −1, η −1: loss 1, accuracy 41.2 %, exact"
    assert reading(surface, -1.0, 1.0) == "δ −1, η 1: loss 3.21, accuracy 41.2 %, interpolated, error not certified"
    assert reading(surface, 1.0, -1.0) == "δ 1, η −1: loss is not finite"
    assert reading(surface, 1.0, 1.0) == "δ 1, η 1: not known yet"


def test_axes_say_how_the_directions_were_normalised():
    assert axis_titles(bowl()) == (
        "multiples of direction δ (filter-normalised)",
        "multiples of direction η (filter-normalised)",
    )


def test_numbers_are_short_and_have_a_true_minus_sign():
    numbers = {0.0: "0", -0.5: "−0.5", 10.0: "10", 0.30000000000000004: "0.3", 1.2345e-6: "1.23×10⁻⁶"}
    assert [written(number) for number in numbers] == list(numbers.values())
    assert written(-0.0) == "0"
