"""Pins over real pictures: they stay at their places, are pressed, and new ones are put in by hand."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.render.pins.layer import PinLayer
from app.render.pins.mark import PinMark
from app.render.pins.pin import Pin
from app.render.plot.attacks.strength_view import StrengthView
from app.render.plot.lines.curve_lines import ShownCurve
from app.render.plot.lines.line_view import LineView
from app.render.plot.planes.contour_view import ContourView
from app.render.plot.planes.convexity_view import ConvexityView
from app.render.plot.slices.correction_view import CorrectionView
from app.render.plot.spectra.view import SpectrumView
from app.theme.colours import DARK, LIGHT
from app.theme.palette import palette_of
from core.review.note import BarAnchor, PointAnchor, RegionAnchor
from tests import documents
from tests.app.render.surfaces import bowl
from tests.app.render.three_dimensional import show_surface


def shown(qtbot, view, size=(560, 460)):
    qtbot.addWidget(view)
    view.resize(*size)
    with qtbot.waitExposed(view):
        view.show()
    QApplication.processEvents()
    return view


def pinned(ground, *anchors, current="", resolved=()):
    layer = PinLayer(ground)
    pins = [
        Pin(
            note_id=f"note-{n}",
            number=n,
            anchor=anchor,
            resolved=n in resolved,
            tip=f"Tip {n}",
            words=f"Note {n}, open",
        )
        for n, anchor in enumerate(anchors, start=1)
    ]
    layer.set_pins(pins, current)
    return layer


def contour(qtbot):
    view = ContourView()
    view.set_surface(bowl(21))
    return shown(qtbot, view)


def right_click(ground, point):
    QTest.mouseClick(ground.widget, Qt.MouseButton.RightButton, pos=point)


def test_a_pin_stands_on_its_point_and_follows_the_zoom(qtbot):
    view = contour(qtbot)
    ground = view.pin_ground()
    layer = pinned(ground, PointAnchor(x=0.5, y=0.25))
    (mark,) = layer.marks
    assert (mark.tip_place - ground.spot_of(PointAnchor(x=0.5, y=0.25)).point).manhattanLength() < 0.01
    before = mark.tip_place
    view._plot.setRange(xRange=(0.3, 0.8), yRange=(0.1, 0.6), padding=0)
    QApplication.processEvents()
    assert (mark.tip_place - before).manhattanLength() > 5
    assert (mark.tip_place - ground.spot_of(PointAnchor(x=0.5, y=0.25)).point).manhattanLength() < 0.01
    view._plot.setRange(xRange=(-0.9, -0.5), yRange=(-0.9, -0.5), padding=0)
    QApplication.processEvents()
    assert layer.marks == ()  # its place is not seen
    ground.reveal(PointAnchor(x=0.5, y=0.25))
    QApplication.processEvents()
    assert len(layer.marks) == 1


def test_the_mark_lies_beside_its_tip_wherever_there_is_room(qtbot):
    parent = shown(qtbot, ContourView())
    mark = PinMark(parent)
    mark.show_pins([Pin(note_id="note-1", number=1, anchor=PointAnchor(x=0, y=0))], current=False, hidden=False)
    for tip in (QPointF(100, 100), QPointF(555, 100), QPointF(100, 4), QPointF(556, 3)):
        mark.put(tip)
        assert mark.geometry().adjusted(-1, -1, 1, 1).contains(tip.toPoint())
        assert parent.rect().adjusted(-4, -4, 4, 4).contains(mark.geometry())


def test_a_right_click_says_what_lies_there_snapped_to_what_is_known_and_a_drag_says_nothing(qtbot):
    view = contour(qtbot)
    ground = view.pin_ground()
    layer, found = PinLayer(ground), []
    layer.menu_wanted.connect(lambda anchor, _place: found.append(anchor))
    place = ground.spot_of(PointAnchor(x=0.5, y=0.5)).point.toPoint()
    right_click(ground, place + QPoint(2, 2))
    surface = view.surface
    assert len(found) == 1
    row, column = np.abs(surface.y - found[0].y).argmin(), np.abs(surface.x - found[0].x).argmin()
    assert (surface.x[column], surface.y[row]) == (found[0].x, found[0].y)
    assert found[0].loss == surface.loss[row, column]
    QTest.mousePress(ground.widget, Qt.MouseButton.RightButton, pos=place)
    QTest.mouseRelease(ground.widget, Qt.MouseButton.RightButton, pos=place + QPoint(60, 40))
    assert len(found) == 1


def test_in_the_mode_for_it_a_left_click_pins_and_otherwise_it_does_not(qtbot):
    view = contour(qtbot)
    ground = view.pin_ground()
    layer, found = PinLayer(ground), []
    layer.pointed.connect(found.append)
    place = ground.spot_of(PointAnchor(x=0.0, y=0.0)).point.toPoint()
    QTest.mouseClick(ground.widget, Qt.MouseButton.LeftButton, pos=place)
    assert found == []
    layer.set_placing(True)
    QTest.mouseClick(ground.widget, Qt.MouseButton.LeftButton, pos=place)
    assert len(found) == 1
    assert isinstance(found[0], PointAnchor)
    QTest.mouseClick(ground.widget, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))  # on the axis: nothing to be about
    assert len(found) == 1


def test_pressing_a_mark_opens_its_note_and_the_others_under_it_one_after_the_other(qtbot):
    view = contour(qtbot)
    at = PointAnchor(x=0.25, y=0.25)
    layer, opened = pinned(view.pin_ground(), at, at, at), []
    layer.opened.connect(opened.append)
    (mark,) = layer.marks
    assert mark.accessibleName() == "Note 1, open, and 2 more here"
    assert "Tip 1" in mark.toolTip()
    assert "Tip 3" in mark.toolTip()
    for _ in range(4):
        QTest.mouseClick(mark, Qt.MouseButton.LeftButton)
        layer.set_pins(layer._pins, opened[-1])
    assert opened == ["note-1", "note-2", "note-3", "note-1"]


def test_a_mark_is_reached_and_pressed_by_keys(qtbot):
    view = contour(qtbot)
    layer, opened = pinned(view.pin_ground(), PointAnchor(x=0.25, y=0.25)), []
    layer.opened.connect(opened.append)
    (mark,) = layer.marks
    assert mark.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(mark, Qt.Key.Key_Space)
    assert opened == ["note-1"]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_open_and_settled_pins_differ_in_more_than_colour_in_both_themes(qtbot, colours):
    view = contour(qtbot)
    layer = pinned(view.pin_ground(), PointAnchor(x=-0.5, y=0.5), PointAnchor(x=0.5, y=0.5), resolved=(2,))
    open_one, settled = sorted(layer.marks, key=lambda mark: mark.lead.number)
    lightness = []
    for mark in (open_one, settled):
        mark.setPalette(palette_of(colours))  # as the application hands it down
        picture = mark.grab().toImage()
        inside = [
            QColor(picture.pixelColor(x, picture.height() // 2)).lightness() for x in range(9, picture.width() - 9)
        ]
        lightness.append(np.median(inside))
    assert lightness[1] - lightness[0] > 35


def test_a_map_of_convexity_a_curve_a_spectrum_a_slice_and_attacks_take_pins_at_what_they_show(qtbot):
    convexity, curve = ConvexityView(), LineView()
    convexity.set_convexity(documents.convexity())
    curve.set_curves([ShownCurve(id="curve-0", name="Curve", curve=documents.curve(10))])
    spectrum, correction = SpectrumView(), CorrectionView()
    spectrum.set_spectrum(documents.spectrum())
    correction.set_correction(documents.correction())
    attacks = StrengthView()
    attacks.set_result(documents.robustness())
    grounds = [
        (shown(qtbot, convexity).pin_ground(), PointAnchor(x=0.0, y=0.0)),
        (shown(qtbot, curve).pin_ground("curve-0"), PointAnchor(x=float(documents.curve(10).x[4]))),
        (shown(qtbot, spectrum).pin_ground(), BarAnchor(index=2)),
        (shown(qtbot, correction, (720, 640)).pin_ground(), RegionAnchor(part=0)),
        (shown(qtbot, attacks).panel.pin_ground(), BarAnchor(index=1)),
    ]
    for ground, anchor in grounds:
        spot = ground.spot_of(anchor)
        assert spot is not None, anchor
        again = ground.anchor_at(spot.point)
        assert type(again) is type(anchor)
        assert (ground.spot_of(again).point - spot.point).manhattanLength() < 60
        assert len(pinned(ground, anchor).marks) == 1
    curve_ground, bars, slice_ground = grounds[1][0], grounds[2][0], grounds[3][0]
    assert curve_ground.spot_of(PointAnchor(x=0.0, y=0.0)) is None  # a point of a plane is none of a curve
    assert bars.spot_of(BarAnchor(index=99)) is None
    assert bars.anchor_at(bars.spot_of(BarAnchor(index=2)).point) == BarAnchor(index=2)
    assert slice_ground.spot_of(RegionAnchor(part=99)) is None


def test_a_place_of_a_slice_that_is_rejected_is_a_bare_point(qtbot):
    view, correction = CorrectionView(), documents.correction()
    view.set_correction(correction)
    ground = shown(qtbot, view, (720, 640)).pin_ground()
    rejected = ground.anchor_at(
        ground.spot_of(PointAnchor(x=correction.request.point[0], y=correction.request.point[1])).point
    )
    accepted = ground.anchor_at(ground.spot_of(RegionAnchor(part=0)).point)
    assert isinstance(rejected, PointAnchor)
    assert isinstance(accepted, RegionAnchor)
    assert accepted.part == 0


@pytest.mark.gl
def test_in_three_dimensions_a_pin_turns_with_the_surface_and_is_faint_behind_it(qtbot):
    surface = bowl(21)
    view = show_surface(qtbot, surface, preset="top")
    ground = view.pin_ground()
    corner = PointAnchor(x=float(surface.x[0]), y=float(surface.y[0]))
    layer = pinned(ground, corner, PointAnchor(x=0.0, y=0.0))
    assert len(layer.marks) == 2
    before = {mark.lead.number: mark.tip_place for mark in layer.marks}
    stage = view._stage
    stage.set_orbit(stage.orbit.turned(40.0, -60.0))
    after = {mark.lead.number: mark for mark in layer.marks}
    assert (after[1].tip_place - before[1]).manhattanLength() > 10
    assert after[2].hidden  # the bottom of a bowl, behind its wall
    assert not after[1].hidden
    found = ground.anchor_at(after[1].tip_place + QPointF(0, -2)) or corner
    assert found.y is not None
    stage.set_orbit(stage.orbit.zoomed(30.0, (0.4, 0.4)))
    ground.reveal(corner)
    assert ground.spot_of(corner) is not None
