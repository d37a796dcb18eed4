"""Pointing at the surface in three dimensions, and the camera that moves by itself."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from app.render.cameras import PRESETS, Orbit, between
from app.render.fields import picture_of
from app.render.gl.mesh_geometry import mesh_of
from app.render.gl.picking import pick, visible
from app.render.gl.projection import Box, Margins, project
from tests.app.render.surfaces import bowl, radius, surface_of
from tests.app.render.three_dimensional import settle, show_surface, shown

MARGINS = Margins(left=60, top=10, right=10, bottom=40)
BOX = Box()


def hills(points=41):
    x, y = np.meshgrid(*[np.linspace(-1.0, 1.0, points)] * 2)
    return surface_of(3.0 + np.sin(5 * x) * np.cos(4 * y) + radius(points))


def mesh(surface, cells=80):
    return mesh_of(picture_of(surface), tall=BOX.tall, cells=cells)


@pytest.mark.parametrize("orbit", [*PRESETS.values(), Orbit(azimuth=140, elevation=-20, zoom=2, pan=(0.1, 0.2))])
def test_what_can_be_seen_is_what_is_picked_at_its_pixel(orbit):
    drawn = mesh(hills())
    view = project(orbit, BOX, 800, 600, MARGINS)
    rng = np.random.default_rng(0)
    rows, columns = rng.integers(3, len(drawn.y) - 3, (2, 150))
    points = np.column_stack([drawn.x[columns], drawn.y[rows], drawn.shares[rows, columns] * BOX.tall])
    seen = visible(view, points, drawn, BOX)
    found = [pick(view, tuple(place), drawn, BOX) for place in view.to_pixels(points)]
    near = np.array(
        [
            place is not None and np.hypot(*(place - point[:2])) < 0.04
            for place, point in zip(found, points, strict=True)
        ]
    )
    normals = np.column_stack([-drawn.slopes[rows, columns] * BOX.tall, np.ones(150)])
    towards = view.eye - points
    facing = np.abs((normals * towards).sum(axis=1))
    facing /= np.linalg.norm(normals, axis=1) * np.linalg.norm(towards, axis=1)
    clear = facing > 0.2  # on the outline of a hill, half a pixel decides what is met
    assert (seen & clear).sum() > 20
    assert near[seen & clear].mean() > 0.97  # a crest that hides a point by a hair may be missed
    assert not near[~seen & clear].any()  # what hides a point is picked in its place


def test_beside_the_surface_and_in_a_hole_nothing_is_picked():
    loss = np.full((21, 21), 2.0)
    loss[5:9, 12:16] = np.nan
    drawn = mesh(surface_of(loss))
    view = project(PRESETS["top"], BOX, 800, 600, MARGINS)
    height = float(np.nanmax(drawn.shares)) * BOX.tall
    hole, plain, beside = view.to_pixels(np.array([[0.35, -0.35, height], [-0.35, 0.35, height], [1.3, 0.0, height]]))
    assert pick(view, tuple(hole), drawn, BOX) is None
    assert pick(view, tuple(beside), drawn, BOX) is None
    assert pick(view, tuple(plain), drawn, BOX) == pytest.approx((-0.35, 0.35), abs=1e-3)


def test_the_far_side_of_a_hill_is_hidden():
    hill = surface_of(0.1 + 8.0 * np.exp(-6 * radius(41) ** 2))
    drawn = mesh(hill)
    view = project(PRESETS["front"], BOX, 800, 600, MARGINS)
    middle = len(drawn.x) // 2
    before, behind = len(drawn.y) // 2 - 12, len(drawn.y) // 2 + 12
    points = np.array(
        [[drawn.x[middle], drawn.y[row], drawn.shares[row, middle] * BOX.tall] for row in (before, behind)]
    )
    assert visible(view, points, drawn, BOX).tolist() == [True, False]


def test_the_way_of_a_camera_begins_and_ends_where_it_should_and_takes_the_shorter_turn():
    start, end = Orbit(azimuth=170, elevation=10, zoom=1), Orbit(azimuth=-170, elevation=50, zoom=4, pan=(0.2, 0.0))
    assert between(start, end, 0.0) == start
    assert between(start, end, 1.0) is end
    middle = between(start, end, 0.5)
    assert abs(middle.azimuth) == pytest.approx(180)
    assert (middle.elevation, middle.zoom, middle.pan[0]) == pytest.approx((30, 2, 0.1))


def move(stage, x, y, kind=QEvent.Type.MouseMove, button=Qt.MouseButton.NoButton):
    local = QPointF(x, y)
    QApplication.sendEvent(
        stage, QMouseEvent(kind, local, stage.mapToGlobal(local), button, button, Qt.KeyboardModifier.NoModifier)
    )


def pixel_of(view, row, column):
    drawn = view._stage.canvas.mesh
    row, column = row * drawn.factor, column * drawn.factor
    place = np.array([[drawn.x[column], drawn.y[row], drawn.shares[row, column] * BOX.tall]])
    return view._stage.canvas.projection().to_pixels(place)[0]


@pytest.mark.gl
def test_pointing_at_the_surface_reads_the_nearest_grid_point(qtbot):
    surface = bowl(21)
    view = show_surface(qtbot, surface, preset="into")
    heard, places = [], []
    view.hovered.connect(heard.append)
    view.pointed.connect(lambda a, b: places.append((a, b)))
    x, y = pixel_of(view, 12, 14)
    move(view._stage, x + 1, y)
    assert places[-1] == pytest.approx((surface.x[14], surface.y[12]))
    assert heard[-1] == "δ 0.4, η 0.2: loss 1.6, accuracy 41.2 %, exact"
    move(view._stage, x, y)
    assert len(heard) == 1  # still the same point
    QApplication.sendEvent(view._stage, QEvent(QEvent.Type.Leave))
    assert heard[-1] == ""
    assert math.isnan(places[-1][0])


@pytest.mark.gl
def test_the_crosshair_is_seen_on_the_surface_and_costs_no_frame(qtbot, monkeypatch):
    view = show_surface(qtbot, bowl(41), size=(700, 600), preset="into")
    before = shown(view)
    drawn = []
    monkeypatch.setattr(view._stage.canvas._scene, "draw", lambda *_args, **_options: drawn.append(1))
    view.set_pointed((0.5, 0.25))
    view._stage._overlay.repaint()
    assert not drawn
    monkeypatch.undo()
    after = shown(view)
    changed = np.abs(after - before).max(axis=2) > 40
    corner = view._stage.mapTo(view, view._stage.rect().topLeft())
    for row, column in ((25, 20), (25, 36), (30, 30), (10, 30)):  # along both cuts
        x, y = (pixel_of(view, row, column) + np.array([corner.x(), corner.y()])).round().astype(int)
        assert changed[y - 2 : y + 3, x - 2 : x + 3].any()
    view.set_pointed(None)
    assert np.array_equal(shown(view), before)


@pytest.mark.gl
def test_the_crosshair_walks_by_keyboard(qtbot):
    view = show_surface(qtbot, bowl(5))
    heard = []
    view.hovered.connect(heard.append)
    control, plain = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
    for key, modifier in (
        (Qt.Key.Key_Right, control),
        (Qt.Key.Key_Right, control),
        (Qt.Key.Key_Up, control),
        (Qt.Key.Key_Escape, plain),
    ):
        QApplication.sendEvent(view._stage, QKeyEvent(QEvent.Type.KeyPress, key, modifier))
    assert [words.split(":")[0] for words in heard] == ["δ 0, η 0", "δ 0.5, η 0", "δ 0.5, η 0.5", ""]
    assert view.camera_state() == PRESETS["top"].to_state()


@pytest.mark.gl
def test_a_preset_is_reached_smoothly_and_a_hand_stops_the_way(qtbot):
    view = show_surface(qtbot, bowl(11), preset="paper")
    seen = []
    view.camera_changed.connect(lambda: seen.append(view.camera_state()["elevation"]))
    view.set_camera_preset("top")
    assert view.camera_state() == PRESETS["paper"].to_state()
    settle(view)
    assert view.camera_state() == PRESETS["top"].to_state()
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    view.set_camera_preset("front")
    qtbot.waitUntil(lambda: view.camera_state()["elevation"] < 89.0)
    move(view._stage, 50, 50, QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)
    assert not view._stage._motion.under_way
    assert view.camera_state() != PRESETS["front"].to_state()


@pytest.mark.gl
def test_the_turntable_turns_until_it_is_stopped_or_hidden(qtbot):
    view = show_surface(qtbot, bowl(11), preset="paper")
    start = view.camera_state()["azimuth"]
    heard = []
    view.turntable_changed.connect(heard.append)
    view.set_turntable(True)
    qtbot.waitUntil(lambda: view.camera_state()["azimuth"] != start)
    assert view.turntable
    assert view.camera_state()["elevation"] == PRESETS["paper"].elevation
    move(view._stage, 50, 50, QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)
    assert not view.turntable
    view.set_turntable(True)
    view.hide()
    assert not view.turntable
    assert heard == [True, False, True, False]


@pytest.mark.gl
def test_the_picture_is_copied_to_the_clipboard(qtbot):
    view = show_surface(qtbot, bowl(11), preset="paper")
    view.copy()
    assert QGuiApplication.clipboard().image().size() == view.size() * 2
    QGuiApplication.clipboard().clear()


@pytest.mark.gl
def test_the_view_is_reset_to_the_paper_s(qtbot):
    view = show_surface(qtbot, bowl(11), preset="side")
    view.reset_view()
    settle(view)
    assert view.camera_state() == Orbit().to_state()
