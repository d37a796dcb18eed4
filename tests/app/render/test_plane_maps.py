"""Maps over a plane: convexity as in the paper, differences with their sign, trajectories over their surface."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.render.colormaps import colormap
from app.render.plot.planes.convexity_view import ConvexityView
from app.render.plot.planes.convexity_words import BINS, convexity_caption, convexity_reading, ratio_counts
from app.render.plot.planes.difference_view import DifferenceView, difference_words
from app.render.plot.trajectories.view import TrajectoryView, way_range
from app.render.plot.trajectories.words import loss_scale, plane_loss, trajectory_caption
from core.errors import InvalidRequest
from core.landscape.difference import difference
from tests.app import landscapes


def show(qtbot: QtBot, view, size=(640, 560)):
    qtbot.addWidget(view)
    view.resize(*size)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_the_ratio_is_clipped_at_a_half_and_counted_by_its_size() -> None:
    convexity = landscapes.convexity(13)
    counts = ratio_counts(convexity)
    assert len(counts) == BINS
    assert counts.sum() == 169
    assert counts[-1] >= np.count_nonzero(convexity.ratio > 0.5)
    assert counts[0] >= np.count_nonzero(convexity.ratio == 0)


def test_the_caption_says_how_much_is_convex_and_what_is_missing() -> None:
    convexity = landscapes.convexity(13)
    share = 100 * np.mean(convexity.ratio < 0.01)
    assert f"at {share:.3g} % of them" in convexity_caption(convexity)
    assert convexity_caption(landscapes.convexity(status="partial")).startswith("Partial: 104 of 169 points")


def test_a_point_of_the_map_is_read_with_both_eigenvalues_residual_and_cost() -> None:
    convexity = landscapes.convexity(13)
    words = convexity_reading(convexity, 0, 0)
    assert words.startswith("(−1, −1): |λmin/λmax| ")
    assert "residual 0.05 · 24 products" in words
    assert "not computed yet" in convexity_reading(landscapes.convexity(status="partial"), 12, 3)


def test_the_map_has_the_lines_of_its_surface_and_is_read_with_the_arrow_keys(qtbot: QtBot) -> None:
    view = show(qtbot, ConvexityView())
    view.set_convexity(landscapes.convexity())
    assert not view.labels
    view.set_surface(landscapes.plane())
    assert view.labels
    said: list[str] = []
    view.hovered.connect(said.append)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert said[-1].startswith("(0, 0)")
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert said[-1].startswith("(0, 0.167)")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert said[-1] == ""


def test_an_empty_map_says_so_and_has_no_picture(qtbot: QtBot) -> None:
    view = show(qtbot, ConvexityView())
    with pytest.raises(InvalidRequest, match="nothing to make a picture of"):
        view.image()
    assert view._empty.isVisible()


def test_the_histogram_is_painted_in_light_and_dark_without_points_too(qtbot: QtBot) -> None:
    view = show(qtbot, ConvexityView())
    nothing = landscapes.convexity(5)
    unknown = np.full((5, 5), np.nan)
    view.set_convexity(replace(nothing, min_eigenvalue=unknown, max_eigenvalue=unknown))
    assert view.histogram.counts.sum() == 0
    assert not view.grab().isNull()


def test_a_difference_is_coloured_by_its_sign_with_zero_in_the_middle(qtbot: QtBot) -> None:
    view = show(qtbot, DifferenceView())
    low, tilted = landscapes.plane(9), landscapes.plane(9, tilt=4.0)
    view.set_difference(difference(tilted, low, logarithmic=False), ("Tilted", "Flat"), surfaces=(tilted, low))
    scale = view.shown.scale
    assert scale.low == -scale.high
    pixels = view._image.image
    np.testing.assert_array_equal(pixels[4, 0], colormap("coolwarm")[128])
    assert pixels[4, -1][0] > pixels[4, -1][2]  # red where the first is higher
    assert "Tilted is higher, at 44.4 % of the points" in view.caption
    said: list[str] = []
    view.hovered.connect(said.append)
    view.point_at((1.0, 0.0))
    assert said[-1] == "(1, 0): +4 nats · loss: Tilted 13.04 · Flat 9.04"


def test_in_heights_the_difference_is_said_as_a_factor() -> None:
    low, tilted = landscapes.plane(9), landscapes.plane(9, tilt=4.0)
    words = difference_words(difference(low, tilted, limit=10.0), ("Flat", "Tilted"))
    assert "loss + 0.1 times" in words
    assert "both clipped at loss 10" in words


def test_the_plane_s_loss_under_a_checkpoint_is_between_its_grid_points_and_unknown_outside() -> None:
    surface = landscapes.plane(5)
    found = plane_loss(surface, np.array([0.25, 1.0, 1.2, -1.0]), np.array([0.0, 1.0, 0.0, -1.0]))
    assert found[0] == pytest.approx((surface.loss[2, 2] + surface.loss[2, 3]) / 2)
    assert found[1] == pytest.approx(surface.loss[-1, -1])
    assert np.isnan(found[2])
    assert found[3] == pytest.approx(surface.loss[0, 0])


def test_a_checkpoint_has_its_own_loss_and_not_that_of_the_plane_below_it(qtbot: QtBot) -> None:
    view = show(qtbot, TrajectoryView(), (800, 760))
    way = landscapes.trajectory()
    view.set_trajectory(way)
    view.set_surface(landscapes.plane())
    lines = {line.key[1]: line.y for line in view.chart.loss.drawn}
    np.testing.assert_array_equal(lines["own"], way.loss)
    assert np.abs(lines["plane"] - way.loss).max() > 0.5
    said: list[str] = []
    view.hovered.connect(said.append)
    view.choose(4)
    assert "own loss 0.79" in said[-1]
    assert "1.5 off the plane" in said[-1]


def test_the_learning_rate_drops_are_marked_at_the_checkpoints_before_them(qtbot: QtBot) -> None:
    way = landscapes.trajectory()
    assert [way.epoch[index] for index in way.rate_drops] == [15.0, 25.0]
    view = show(qtbot, TrajectoryView(), (800, 760))
    view.set_trajectory(way)
    assert [place for place, _ in view.chart.loss._places.places] == [15.0, 25.0]
    assert replace(way, learning_rate=np.full(9, np.nan)).rate_drops == ()


def test_the_axes_say_how_much_of_the_way_they_hold(qtbot: QtBot) -> None:
    view = show(qtbot, TrajectoryView(), (800, 760))
    view.set_trajectory(landscapes.trajectory())
    assert view.map.shown.axes[0] == "first principal axis (62 % of the way's variance)"
    assert "the plane holds 83 % of the way's variance" in trajectory_caption(landscapes.trajectory(), None)
    view.set_trajectory(replace(landscapes.trajectory(), explained_variance=np.full(2, np.nan)))
    assert "variance" not in view.map.shown.axes[0]


def test_one_scale_serves_the_plane_and_the_checkpoints_and_cuts_none_of_them_off() -> None:
    way = replace(landscapes.trajectory(), loss=np.linspace(40, 0.5, 9))
    scale = loss_scale(landscapes.plane(), way)
    assert scale.high >= 14
    assert scale.low == pytest.approx(0.04)
    partial = replace(way, loss=np.full(9, np.nan))
    assert loss_scale(None, partial).high > 0


def test_without_a_surface_the_way_is_shown_whole_with_the_network(qtbot: QtBot) -> None:
    low, high = way_range(np.array([2.0, 5.0]))
    assert low < 0
    assert high > 5
    view = show(qtbot, TrajectoryView(), (800, 760))
    view.set_trajectory(landscapes.trajectory(status="partial"))
    assert view.map.caption.startswith("Partial: 9 checkpoints, loss of 4 computed")
    assert not view.grab().isNull()
