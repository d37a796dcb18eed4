import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from app.render.colormaps import colormap, over_colour
from app.render.overlays import Overlays
from app.render.plot.planes.contour_view import ContourView
from app.render.plot.planes.plane_canvas import cell_borders
from app.render.plot.planes.relief_view import ReliefView
from app.render.surface_words import NO_SURFACE
from core.errors import InvalidRequest
from core.landscape.plane import Anchor
from core.landscape.surface import HeldOut
from tests.app.render.laid import trajectory_of
from tests.app.render.surfaces import bowl, odd_surfaces, radius, surface_of


def show(qtbot, view, surface, size=(520, 420)):
    qtbot.addWidget(view)
    view.resize(*size)
    view.set_surface(surface)
    view.show()
    qtbot.waitExposed(view)
    QApplication.processEvents()
    return view


def place_of(view, a, b):
    """Where a point of the plane is in the view, in pixels."""
    plot = view._plot
    scene = plot.getViewBox().mapViewToScene(QPointF(a, b))
    return plot.viewport().mapTo(view, plot.mapFromScene(scene))


def colour_at(view, a, b):
    picture = view.grab().toImage()
    place = place_of(view, a, b)
    return np.array(picture.pixelColor(place.x(), place.y()).getRgb()[:3])


def move(view, a, b):
    viewport = view._plot.viewport()
    local = QPointF(viewport.mapFrom(view, place_of(view, a, b)))
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        local,
        viewport.mapToGlobal(local),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def steps():
    """Four by four cells, each of a loss of its own, rows upwards."""
    return surface_of(np.arange(16.0).reshape(4, 4) / 2)


def test_every_grid_point_is_one_cell_in_the_colour_of_its_loss(qtbot):
    surface = steps()
    view = show(qtbot, ContourView(), surface)
    picture = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    pixels = np.array(picture.constBits()).reshape(picture.height(), picture.bytesPerLine())[:, : 3 * picture.width()]
    pixels = pixels.reshape(picture.height(), picture.width(), 3).astype(int)
    for row in range(4):
        for column in range(4):
            expected = colormap("viridis")[round(view.scale.share(surface.loss[row, column]) * 255)][:3].astype(int)
            a, b = surface.x[column], surface.y[row]
            spots = np.linspace(-0.3, 0.3, 6)  # lines and the network's own mark cover some of them
            inside = [pixels[place_of(view, a + dx, b + dy).toTuple()[::-1]] for dx in spots for dy in spots]
            assert np.median(np.abs(np.array(inside) - expected).max(axis=1)) <= 2


def test_unevenly_spaced_grid_lines_keep_their_cells(qtbot):
    surface = steps()
    object.__setattr__(surface, "x", np.array([-1.0, 0.2, 0.6, 1.0]))
    view = show(qtbot, ContourView(), surface, size=(700, 560))
    assert cell_borders(surface.x) == pytest.approx([-1.6, -0.4, 0.4, 0.8, 1.2])
    for column, a in ((0, -1.3), (0, -0.5), (1, 0.3), (2, 0.7), (3, 1.1)):
        expected = colormap("viridis")[round(view.scale.share(surface.loss[1, column]) * 255)][:3].astype(int)
        near = [np.abs(colour_at(view, a, surface.y[1] + d) - expected).max() for d in (-0.2, -0.1, 0.12, 0.22)]
        assert min(near) <= 2


def test_unknown_cells_show_the_ground_and_those_above_the_limit_are_grey(qtbot):
    loss = np.full((5, 5), 2.0)
    loss[0, 0], loss[2, 2], loss[4, 4] = 0.1, np.nan, 50.0
    view = show(qtbot, ContourView(), surface_of(loss))
    assert colour_at(view, 0.05, 0.1).tolist() == [255, 255, 255]
    assert np.abs(colour_at(view, 1.12, 1.17) - over_colour("viridis")[:3]).max() <= 2  # beyond the last grid line


def test_both_directions_are_drawn_to_one_measure(qtbot):
    view = show(qtbot, ContourView(), surface_of(radius(11) + 0.1, x_range=(-1, 1), y_range=(-0.5, 0.5)))
    origin, right, up = place_of(view, 0, 0), place_of(view, 0.5, 0), place_of(view, 0, 0.5)
    assert right.x() - origin.x() == pytest.approx(origin.y() - up.y(), abs=2)


def test_lines_carry_their_loss(qtbot):
    view = show(qtbot, ContourView(), bowl(51), size=(700, 600))
    assert {"1", "2", "5"} <= set(view.labels)
    assert len(set(view.labels)) == len(view.labels)


@pytest.mark.parametrize("kind", [ContourView, ReliefView])
def test_pointing_reads_the_nearest_grid_point(qtbot, kind):
    surface = steps()
    view = show(qtbot, kind(), surface)
    with qtbot.waitSignal(view.hovered) as heard:
        move(view, 0.30, -0.25)
    assert heard.args == ["δ 0.333, η −0.333: loss 3, accuracy 41.2 %, exact"]
    assert view._marks.pointed == pytest.approx((1 / 3, -1 / 3))
    with qtbot.waitSignal(view.hovered) as heard:
        QApplication.sendEvent(view._plot.viewport(), QEvent(QEvent.Type.Leave))
    assert heard.args == [""]
    assert view._marks.pointed is None


def test_nothing_is_read_beside_the_picture(qtbot):
    view = show(qtbot, ContourView(), steps(), size=(900, 400))
    move(view, 0.0, 0.0)
    assert view._marks.pointed is not None
    move(view, 1.5, 0.0)
    assert view._marks.pointed is None


def test_the_arrow_keys_walk_from_point_to_point(qtbot):
    view = show(qtbot, ContourView(), bowl(5))
    heard = []
    view.hovered.connect(heard.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, *[Qt.Key.Key_Left] * 9, Qt.Key.Key_Escape):
        QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    places = [words.split(":")[0] for words in heard]
    assert places[:4] == ["δ 0, η 0", "δ 0.5, η 0", "δ 0.5, η 0.5", "δ 0, η 0.5"]
    assert places[-2:] == ["δ −1, η 0.5", ""]


def test_a_growing_surface_keeps_the_reading_under_the_pointer_up_to_date(qtbot):
    view = show(qtbot, ContourView(), surface_of(np.ones((5, 5)) * 3, evaluated=np.zeros((5, 5))))
    move(view, 0.0, 0.0)
    with qtbot.waitSignal(view.hovered) as heard:
        view.set_surface(surface_of(np.ones((5, 5)) * 2))
    assert heard.args == ["δ 0, η 0: loss 2, accuracy 41.2 %, exact"]


def test_zoom_stays_while_a_surface_grows_and_a_double_click_takes_it_back(qtbot):
    view = show(qtbot, ContourView(), bowl(11))
    whole = view._plot.viewRange()
    view._plot.setRange(xRange=(-0.2, 0.2), yRange=(-0.2, 0.2))
    view.set_surface(bowl(11, rim=5.0))
    assert view._plot.viewRange() != whole
    viewport = view._plot.viewport()
    local = QPointF(20, 20)
    event = QMouseEvent(
        QEvent.Type.MouseButtonDblClick,
        local,
        viewport.mapToGlobal(local),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)
    assert np.allclose(view._plot.viewRange(), whole)


@pytest.mark.parametrize("kind", [ContourView, ReliefView])
@pytest.mark.parametrize("name", odd_surfaces())
def test_odd_surfaces_are_drawn_without_complaint(qtbot, kind, name):
    view = show(qtbot, kind(), odd_surfaces()[name])
    view.grab()
    view.set_surface(None)
    assert view._empty.isVisible()
    assert view._empty.text() == NO_SURFACE


@pytest.mark.parametrize("kind", [ContourView, ReliefView])
def test_a_flat_picture_can_be_exported_finer(qtbot, kind):
    view = show(qtbot, kind(), bowl())
    picture = view.image(2.0)
    assert (picture.width(), picture.height()) == (2 * view.width(), 2 * view.height())
    place = place_of(view, 0.55, 0.02) * 2
    pixel = np.array(picture.pixelColor(QPoint(place.x(), place.y())).getRgb()[:3])
    assert np.abs(pixel - colour_at(view, 0.55, 0.02)).max() < 30
    view.set_surface(None)
    with pytest.raises(InvalidRequest, match="no surface"):
        view.image()


def test_the_relief_is_lit_from_the_upper_left(qtbot):
    hill = surface_of(0.1 + 5 * np.exp(-3 * radius(31) ** 2))
    view = show(qtbot, ReliefView(), hill, size=(700, 600))
    lit, shaded = colour_at(view, -0.35, 0.38), colour_at(view, 0.35, -0.38)
    assert lit.sum() > 1.2 * shaded.sum()


def test_the_relief_is_open_where_nothing_is_known(qtbot):
    loss = radius(21) + 0.1
    loss[4:9, 12:17] = np.nan
    view = show(qtbot, ReliefView(), surface_of(loss))
    assert colour_at(view, 0.4, -0.4).tolist() == [255, 255, 255]


def test_the_relief_keeps_the_camera_for_others(qtbot):
    view = show(qtbot, ReliefView(), bowl())
    state = {"azimuth": 25.0, "elevation": 50.0, "zoom": 1.5, "pan": [0.1, -0.05]}
    with qtbot.waitSignal(view.camera_changed):
        view.set_camera_state(state)
    assert view.camera_state() == state


def test_interpolated_parts_of_the_relief_fade_only_on_request(qtbot):
    evaluated = np.ones((11, 11))
    evaluated[:, 6:] = 0
    view = show(qtbot, ReliefView(), surface_of(np.full((11, 11), 1.0), evaluated=evaluated))
    before = colour_at(view, 0.6, 0.3), colour_at(view, -0.6, 0.3)
    view.set_interpolated_pale(True)
    assert colour_at(view, 0.6, 0.3).sum() > before[0].sum() + 60
    assert colour_at(view, -0.6, 0.3).tolist() == before[1].tolist()


def test_a_reading_is_linked_by_its_place(qtbot):
    view = show(qtbot, ContourView(), steps())
    heard = []
    view.pointed.connect(lambda a, b: heard.append((a, b)))
    move(view, 0.30, -0.25)
    move(view, 0.32, -0.30)  # the same grid point
    assert heard == [pytest.approx((1 / 3, -1 / 3))]
    view.set_pointed((-0.9, 0.9))
    assert view._marks.pointed == (-1.0, 1.0)
    assert len(heard) == 1  # what others point at is shown, not told again


@pytest.mark.parametrize("kind", [ContourView, ReliefView])
def test_a_flat_picture_is_drawn_when_it_is_seen(qtbot, kind):
    view = kind()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.set_surface(bowl(11))
    assert view._image.image is None
    view.show()
    qtbot.waitExposed(view)
    assert view._image.image is not None
    view.hide()
    before = view._image.image
    view.set_surface(bowl(11, rim=3.0))
    assert view._image.image is before


@pytest.mark.parametrize("kind", [ContourView, ReliefView])
def test_another_quantity_colours_the_plane_of_the_loss(qtbot, kind):
    surface = bowl(21)
    accuracy = np.tile(np.linspace(0.0, 1.0, 21), (21, 1))
    object.__setattr__(surface, "accuracy", accuracy)
    view = show(qtbot, kind(), surface)
    labels = view.labels
    view.set_field("accuracy")
    assert view.labels == labels  # lines stay those of the loss
    left, right = colour_at(view, -0.9, -0.22), colour_at(view, 0.9, -0.22)
    assert left[2] > left[1]  # violet
    assert right[1] > 1.5 * right[2]  # yellow
    assert "height and lines are the loss" in view._caption.text()


@pytest.mark.parametrize("kind", [ContourView, ReliefView])
def test_overlays_lie_on_the_flat_picture(qtbot, kind):
    surface = surface_of(np.full((21, 21), 1.0))
    view = show(qtbot, kind(), surface, size=(700, 600))
    anchors = (Anchor(name="large batch", sha256="a", x=0.5, y=0.5),)
    held = HeldOut(x=np.array([-0.5]), y=np.array([0.5]), loss=np.ones(1), estimate=np.ones(1))
    view.set_overlays(Overlays(anchors=anchors, trajectory=trajectory_of(surface), held_out=held))
    assert np.abs(colour_at(view, 0.5, 0.5) - [0x00, 0x72, 0xB2]).max() < 8
    assert colour_at(view, -0.5, 0.5).min() > 240
    assert colour_at(view, 0.7, -0.4).min() > 240  # a checkpoint
    dropped = colour_at(view, 0.1, -0.4)
    assert dropped[0] > 1.5 * dropped[1] > 3 * dropped[2]  # vermillion: the rate was lowered
    place = place_of(view, 0.6, -0.4)  # on the way between two

    def line():
        picture = view.grab().toImage()
        return [picture.pixelColor(place.x(), place.y() + step).getRgb()[:3] for step in range(-3, 4)]

    assert max(min(colour) for colour in line()) > 190
    assert min(max(colour) for colour in line()) < 120  # white in a dark casing
    view.set_overlays(Overlays())
    assert max(min(colour) for colour in line()) < 190


def test_computed_points_are_dotted_on_request(qtbot):
    evaluated = np.zeros((11, 11))
    evaluated[::2, ::2] = 1
    view = show(qtbot, ContourView(), surface_of(np.full((11, 11), 1.0), evaluated=evaluated), size=(700, 600))
    before = [colour_at(view, a, -0.6).sum() for a in (0.6, 0.4)]
    view.set_show_evaluated(True)
    after = [colour_at(view, a, -0.6).sum() for a in (0.6, 0.4)]
    assert after[0] < 0.6 * before[0]
    assert after[1] > before[1] + 60
