import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.render.cameras import PRESETS, Orbit, link_cameras
from app.render.colormaps import colormap, over_colour
from app.render.scales import HeightScale, shared_scale
from app.render.surface_words import NO_SURFACE
from core.errors import InvalidRequest
from tests.app.render.surfaces import bowl, odd_surfaces, radius, surface_of
from tests.app.render.three_dimensional import pixel, pixels_of, settle, show_surface, shown

pytestmark = pytest.mark.gl


@pytest.fixture
def make_view(qtbot):
    def make(surface=None, **options):
        return show_surface(qtbot, surface, **options)

    return make


def map_share(colour):
    """Which share of the colour map is most like a lit colour, by hue and not by brightness."""
    table = colormap("viridis")[:, :3].astype(float)
    table /= np.linalg.norm(table, axis=1)[:, None]
    return (table @ (colour / np.linalg.norm(colour))).argmax() / 255


def test_the_floor_of_a_bowl_is_dark_and_its_rim_bright(make_view):
    view = make_view(surface_of(np.where(radius(41) < 0.5, 0.002, 9.0)))
    pixels = shown(view)
    floor, rim = pixel(view, pixels, (-0.25, 0.25, 0.0)), pixel(view, pixels, (0.8, 0.77, 1.1))
    assert floor.max() < 110
    assert floor[2] > floor[1]  # dark blue
    assert map_share(floor) < 0.05
    assert rim.max() > 150
    assert map_share(rim) > 0.9


def test_the_focus_is_a_frame_that_leaves_the_surface_as_it_is(make_view, qtbot):
    view = make_view(bowl(21))
    before = shown(view)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view._stage.hasFocus, timeout=2000)
    after = shown(view)
    stage = view._stage.geometry().translated(view._stage.parentWidget().mapTo(view, QPoint(0, 0)))
    inside = np.s_[stage.top() + 2 : stage.bottom() - 2, stage.left() + 2 : stage.right() - 2]
    assert np.abs(before[inside].astype(int) - after[inside]).max() <= 2
    assert (before[stage.top(), stage.left() + 9] != after[stage.top(), stage.left() + 9]).any()


def test_colours_follow_the_scale_along_a_slope(make_view):
    ramp = np.tile(np.linspace(0.0, 8.0, 33), (33, 1))
    view = make_view(surface_of(ramp))
    view.set_scale(HeightScale(low=0.0, high=8.0, kind="linear"))
    pixels = shown(view)
    for share in (0.15, 0.45, 0.66, 0.9):
        place = (2 * share - 1, 0.21, 1.1 * share)
        assert map_share(pixel(view, pixels, place)) == pytest.approx(share, abs=0.05)


def test_an_unknown_point_is_a_hole_through_which_the_ground_shows(make_view):
    loss = np.full((21, 21), 3.0)
    loss[0, 0] = 0.01  # something for the scale to begin at
    loss[4:8, 12:16] = np.nan
    loss[14, 5] = np.inf
    view = make_view(surface_of(loss))
    pixels = shown(view)
    ground = view.palette().color(QPalette.ColorRole.Base).getRgb()[:3]
    height = view.scale.share(3.0) * 1.1
    assert pixel(view, pixels, (0.35, -0.45, height)).tolist() == list(ground)
    assert pixel(view, pixels, (-0.5, 0.4, height)).tolist() == list(ground)
    assert pixel(view, pixels, (0.35, 0.45, height)).tolist() != list(ground)


def test_what_is_above_the_limit_is_grey_and_hatched(make_view):
    loss = np.full((21, 21), 30.0)
    loss[:, :10] = 1.0
    loss[0, 0] = 0.01
    view = make_view(surface_of(loss), size=(700, 600))
    pixels = shown(view)
    patch = np.array([pixel(view, pixels, (x, y, 1.1)) for x in np.linspace(0.2, 0.9, 60) for y in (-0.6, -0.8)])
    greyed = over_colour("viridis")[:3].astype(float)
    plain = patch[patch.sum(axis=1) > np.median(patch.sum(axis=1)) * 0.97]
    ratio = plain.mean(axis=0) / greyed
    assert np.ptp(ratio) < 0.08  # the grey under some light, not the yellow that ends the scale
    assert np.ptp(patch.sum(axis=1)) > 40  # stripes


def test_contour_lines_lie_where_the_loss_has_their_value(make_view):
    ramp = np.tile(np.linspace(0.0, 8.0, 33), (33, 1))
    view = make_view(surface_of(ramp), size=(900, 800))
    scale = HeightScale(low=0.0, high=8.0, kind="linear")
    view.set_scale(scale)
    pixels = shown(view)
    for level in [level for level in scale.levels() if 1.0 <= level <= 7.0][::3]:
        share = level / 8.0
        along = [pixel(view, pixels, (2 * (share + d) - 1, 0.3, 1.1 * (share + d))).sum() for d in (-0.012, 0.0, 0.012)]
        assert abs(along[1] - (along[0] + along[2]) / 2) > 0.06 * along[1]


def test_interpolated_parts_fade_only_on_request(make_view):
    evaluated = np.ones((11, 11))
    evaluated[:, 6:] = 0
    view = make_view(surface_of(radius(11) * 4 + 0.1, evaluated=evaluated))
    here, there = (-0.55, 0.35, 0.9), (0.55, 0.35, 0.9)
    before = shown(view)
    view.set_interpolated_pale(True)
    after = shown(view)
    assert pixel(view, after, here) == pytest.approx(pixel(view, before, here), abs=2)
    ground = np.array(view.palette().color(QPalette.ColorRole.Base).getRgb()[:3])
    distances = [np.abs(pixel(view, pixels, there) - ground).sum() for pixels in (before, after)]
    assert distances[1] < 0.7 * distances[0]


def test_the_lowest_point_is_marked_where_it_is(make_view):
    x, y = np.meshgrid(*[np.linspace(-1.0, 1.0, 41)] * 2)
    view = make_view(surface_of(0.05 + 3 * np.hypot(x - 0.5, y + 0.5)), size=(700, 600))
    place = (0.5, -0.5, 1.1 * view.scale.share(0.05))
    assert pixel(view, shown(view), place).min() > 245  # white inside the ring


@pytest.mark.parametrize("preset", ["paper", "top"])
@pytest.mark.parametrize("name", odd_surfaces())
def test_odd_surfaces_are_drawn_without_complaint(make_view, name, preset):
    view = make_view(odd_surfaces()[name], preset=preset)
    assert len(np.unique(shown(view).reshape(-1, 3), axis=0)) > 5
    view.set_surface(bowl())
    view.set_surface(odd_surfaces()[name])
    QApplication.processEvents()
    view.set_surface(None)


def test_without_a_surface_a_sentence_says_what_to_do(make_view):
    view = make_view()
    assert view._empty.isVisible()
    assert view._empty.text() == NO_SURFACE
    view.set_surface(bowl())
    assert not view._empty.isVisible()
    assert "1\u202f681 of 1\u202f681 points evaluated" in view._caption.text()


def test_new_heights_do_not_send_the_triangles_again(make_view):
    view = make_view(bowl(rim=4.0))
    mesh = view._stage.canvas._scene._mesh.mesh
    view.set_surface(bowl(rim=4.5))
    shown(view)
    assert view._stage.canvas._scene._mesh.mesh is mesh


def test_a_camera_is_kept_and_brought_back(make_view, qtbot):
    view = make_view(bowl(), preset="paper")
    state = {"azimuth": 25.0, "elevation": 50.0, "zoom": 1.5, "pan": [0.1, -0.05]}
    before = shown(view)
    with qtbot.waitSignal(view.camera_changed):
        view.set_camera_state(state)
    assert view.camera_state() == state
    assert not np.array_equal(shown(view), before)
    view.set_camera_preset("paper")
    assert np.array_equal(shown(view), before)
    with qtbot.assertNotEmitted(view.camera_changed):
        view.set_camera_preset("paper")
        settle(view)


def test_an_unknown_preset_is_refused(make_view):
    with pytest.raises(InvalidRequest, match="paper, into, front, side, top"):
        make_view().set_camera_preset("left")


def test_linked_views_look_from_the_same_place_until_unlinked(make_view):
    first, second = make_view(bowl()), make_view(bowl(21), preset="paper")
    emitted = []
    second.camera_changed.connect(lambda: emitted.append(1))
    link = link_cameras(first, second)
    assert second.camera_state() == first.camera_state()
    second.set_camera_state(PRESETS["front"].to_state())
    assert first.camera_state() == PRESETS["front"].to_state()
    first.set_camera_state(PRESETS["paper"].to_state())
    assert second.camera_state() == PRESETS["paper"].to_state()
    assert len(emitted) == 3  # once for each change
    first.set_camera_preset("side")
    settle(first)
    assert second.camera_state() == PRESETS["side"].to_state()  # it came along
    second.set_camera_state(PRESETS["paper"].to_state())
    link.unlink()
    first.set_camera_preset("top")
    settle(first)
    assert second.camera_state() == PRESETS["paper"].to_state()


def drag(stage, start, end, button=Qt.MouseButton.LeftButton, modifiers=Qt.KeyboardModifier.NoModifier):
    for kind, place, held in (
        (QEvent.Type.MouseButtonPress, start, button),
        (QEvent.Type.MouseMove, end, button),
        (QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.NoButton),
    ):
        local = QPointF(*place)
        event = QMouseEvent(kind, local, stage.mapToGlobal(local), button, held, modifiers)
        QApplication.sendEvent(stage, event)


def test_dragging_turns_the_surface_with_the_hand_and_a_double_click_turns_it_back(make_view):
    view = make_view(bowl(), preset="paper")
    stage = view._stage
    point = np.array([[0.0, -1.0, 0.5]])  # on the near side
    before = stage.canvas.projection().to_pixels(point)[0]
    drag(stage, (200, 200), (230, 210))
    after = stage.canvas.projection().to_pixels(point)[0]
    assert after[0] > before[0] + 5
    assert stage.orbit.elevation > PRESETS["paper"].elevation  # pulled down in front: seen more from above
    QApplication.sendEvent(
        stage,
        QMouseEvent(
            QEvent.Type.MouseButtonDblClick,
            QPointF(5, 5),
            stage.mapToGlobal(QPointF(5, 5)),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        ),
    )
    settle(view)
    assert stage.orbit == PRESETS["paper"]


@pytest.mark.parametrize(
    ("button", "modifiers"),
    [
        (Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_moving_keeps_the_surface_under_the_hand(make_view, button, modifiers):
    view = make_view(bowl(), preset="paper")
    stage = view._stage
    point = np.array([[0.2, 0.1, 0.5]])
    before = stage.canvas.projection().to_pixels(point)[0]
    drag(stage, (200, 200), (240, 170), button, modifiers)
    assert stage.canvas.projection().to_pixels(point)[0] - before == pytest.approx([40, -30], abs=0.01)


def test_the_wheel_zooms_about_the_pointer(make_view):
    view = make_view(bowl(), preset="paper")
    stage = view._stage
    point = np.array([[0.4, -0.2, 0.3]])
    place = QPointF(*stage.canvas.projection().to_pixels(point)[0])
    event = QWheelEvent(
        place,
        stage.mapToGlobal(place),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stage, event)
    assert stage.orbit.zoom > 1.2
    assert stage.canvas.projection().to_pixels(point)[0] == pytest.approx([place.x(), place.y()], abs=0.01)


def test_the_keyboard_does_what_the_mouse_does(make_view):
    view = make_view(bowl(), preset="paper")
    stage = view._stage
    start = stage.orbit
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus):
        QApplication.sendEvent(stage, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    assert stage.orbit.azimuth != start.azimuth
    assert stage.orbit.elevation > start.elevation
    assert stage.orbit.zoom > start.zoom
    QApplication.sendEvent(stage, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier))
    settle(view)
    assert stage.orbit == start


def test_the_exported_picture_is_what_is_on_screen_but_finer(make_view):
    view = make_view(bowl(), size=(600, 500), preset="paper")
    exported = view.image(2.0)
    assert (exported.width(), exported.height()) == (1200, 1000)
    small = exported.scaled(600, 500, mode=Qt.TransformationMode.SmoothTransformation)
    difference = np.abs(pixels_of(small) - shown(view)).max(axis=2)
    assert np.mean(difference > 60) < 0.02  # edges and letters only
    assert view.image(16.0).size() == view.size() * 16  # larger than a frame buffer may be
    view.set_surface(None)
    with pytest.raises(InvalidRequest, match="no surface"):
        view.image()


def test_a_dark_palette_reaches_ground_and_labels(make_view):
    view = make_view(bowl(), preset="paper")
    palette = QPalette(view.palette())
    palette.setColor(QPalette.ColorRole.Base, QColor(30, 31, 34))
    palette.setColor(QPalette.ColorRole.Text, QColor(230, 230, 230))
    view.setPalette(palette)
    pixels = shown(view)
    assert pixels[2, 2].tolist() == [30, 31, 34]
    corner = pixels[-90:-30, :150].reshape(-1, 3)  # numbers of the second direction
    assert np.median(corner) < 50


def test_a_view_that_moved_to_another_window_still_draws(make_view, qtbot):
    view = make_view(bowl(), preset="paper")
    before = shown(view)
    window = QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(view)
    window.resize(view.size())
    window.show()
    qtbot.waitExposed(window)
    after = shown(view)
    assert after.shape == before.shape
    assert np.mean(np.abs(after - before).max(axis=2) > 8) < 0.01
    view.setParent(None)  # qtbot closes both


def test_two_views_on_one_scale_give_one_loss_one_colour(make_view):
    first, second = surface_of(np.full((9, 9), 2.0)), bowl(33)
    scale = shared_scale([first, second])
    views = [make_view(surface) for surface in (first, second)]
    for view in views:
        view.set_scale(scale)
    flat = pixel(views[0], shown(views[0]), (0.3, 0.35, scale.share(2.0) * 1.1))
    assert map_share(flat) == pytest.approx(scale.share(2.0), abs=0.03)


def test_nothing_is_left_when_a_view_goes(make_view, qtbot):
    before = len(QApplication.topLevelWidgets())
    parent = QWidget()
    from app.render.gl.surface_view import SurfaceView  # noqa: PLC0415

    child = SurfaceView(parent)
    child.set_surface(bowl())
    parent.show()
    qtbot.waitExposed(parent)
    gone = []
    child.destroyed.connect(lambda: gone.append(1))
    parent.close()
    parent.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))
    assert len(QApplication.topLevelWidgets()) == before


def test_the_camera_of_a_fresh_view_is_the_paper_s(make_view):
    view = make_view(bowl(), preset="paper")
    assert Orbit.from_state(view.camera_state()) == Orbit()
