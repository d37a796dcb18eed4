from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.render.plot.planes.cuts import NO_CUTS, CutsView, loss_at
from app.render.scales import HeightScale, shared_scale
from core.landscape.surface import EVALUATED, INTERPOLATED, SAMPLED, Certificate
from tests.app.render.surfaces import bowl, odd_surfaces, radius, surface_of


def show(qtbot, surface, size=(800, 260)):
    view = CutsView()
    qtbot.addWidget(view)
    view.resize(*size)
    view.set_surface(surface)
    view.show()
    qtbot.waitExposed(view)
    QApplication.processEvents()
    return view


def half_known():
    """A basin whose right half is interpolated but for two points computed on a part of the samples."""
    evaluated = np.full((11, 11), EVALUATED)
    evaluated[:, 6:] = INTERPOLATED
    evaluated[:, [7, 9]] = SAMPLED
    return surface_of(5 * radius(11) ** 2 + 0.2, evaluated=evaluated)


def test_the_cuts_are_the_row_and_the_column_of_the_crosshair(qtbot):
    surface = bowl(21)
    view = show(qtbot, surface)
    view.set_pointed((0.31, -0.18))
    assert view.place == pytest.approx((0.3, -0.2))
    scale = shared_scale([surface])
    for cut, places, losses in (
        (view._first, surface.x, surface.loss[8]),
        (view._second, surface.y, surface.loss[:, 13]),
    ):
        x, heights = cut._exact.getData()
        assert x == pytest.approx(places)
        assert heights == pytest.approx(scale.heights(losses))
    assert view._first._here.value() == pytest.approx(0.3)
    assert view._second._here.value() == pytest.approx(-0.2)


def test_without_a_crosshair_the_cuts_go_through_the_lowest_point(qtbot):
    x, y = np.meshgrid(*[np.linspace(-1.0, 1.0, 21)] * 2)
    view = show(qtbot, surface_of(0.1 + np.hypot(x - 0.5, y + 0.3)))
    assert view.place == pytest.approx((0.5, -0.3))
    view.follow(0.0, 0.0)
    assert view.place == pytest.approx((0.0, 0.0))
    view.follow(float("nan"), float("nan"))
    assert view.place == pytest.approx((0.5, -0.3))


def connected(curve, low, high):
    """Whether a curve is drawn somewhere between two places."""
    x, _ = curve.getData()
    joined = np.asarray(curve.opts["connect"], dtype=bool)
    return bool(joined[(x >= low) & (x < high)].any())


def test_computed_parts_are_solid_and_interpolated_parts_dashed(qtbot):
    view = show(qtbot, half_known())
    first = view._first
    assert connected(first._solid, -1.0, 0.0)
    assert not connected(first._solid, 0.01, 1.0)
    assert connected(first._dashed, 0.01, 1.0)
    assert not connected(first._dashed, -1.0, -0.01)
    assert first._dashed.opts["pen"].style() == Qt.PenStyle.DashLine
    assert first._exact.getData()[0] == pytest.approx(np.linspace(-1, 0, 6))
    assert first._sampled.getData()[0] == pytest.approx([0.4, 0.8])


def test_the_line_goes_through_every_point(qtbot):
    surface = surface_of(2.0 + np.random.default_rng(0).uniform(-1, 1, (9, 9)))
    view = show(qtbot, surface)
    view.set_pointed((0.0, 0.0))
    x, heights = view._first._solid.getData()
    assert np.interp(surface.x, x, heights) == pytest.approx(shared_scale([surface]).heights(surface.loss[4]))
    view.set_refined(False)
    assert len(view._first._solid.getData()[0]) == 9


def test_what_the_certificate_allows_is_a_band_where_the_line_is_not_exact(qtbot):
    surface = half_known()
    view = show(qtbot, surface)
    assert not view._first._within.isVisible()
    certificate = Certificate(points=60, confidence=0.95, coverage=0.95, tolerance=0.1)
    view.set_surface(replace(surface, certificate=certificate))
    (x, low), (_, high) = (curve.getData() for curve in view._first._band)
    width = high - low
    assert width[x < -0.01] == pytest.approx(0.0)
    assert width[x > 0.01] == pytest.approx(2 * 0.1 / np.log(10))


def test_an_unknown_point_is_a_gap(qtbot):
    loss = radius(11) + 0.5
    loss[5, 3] = np.nan
    view = show(qtbot, surface_of(loss))
    view.set_pointed((0.0, 0.0))
    assert not connected(view._first._solid, -0.59, -0.21)
    assert connected(view._first._solid, -1.0, -0.6)


def test_the_loss_of_a_height_is_written_as_it_was():
    for kind in ("log", "linear"):
        scale = HeightScale(low=0.0, high=10.0, kind=kind)
        assert [loss_at(scale, scale.height(loss)) for loss in (0.0, 0.03, 0.1, 5.0)] == [0.0, 0.03, 0.1, 5.0]


def test_a_click_moves_the_crosshair_along_its_direction(qtbot):
    view = show(qtbot, bowl(11))
    view.set_pointed((0.0, 0.4))
    heard = []
    view.pointed.connect(lambda a, b: heard.append((a, b)))
    plot = view._first.plot
    middle = plot.getViewBox().mapViewToScene(QPointF(0.6, 0.0))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.mapFromScene(middle))
    assert heard == [pytest.approx((0.6, 0.4))]
    assert view.place == pytest.approx((0.6, 0.4))


def test_the_test_loss_is_cut_where_it_is_the_height(qtbot):
    surface = bowl(11)
    surface = replace(surface, test_loss=surface.loss + 1.0)
    view = show(qtbot, surface)
    view.set_pointed((0.0, 0.0))
    view.set_field("test accuracy")  # of which nothing is known: the loss
    assert view._first._exact.getData()[1][5] == pytest.approx(np.log10(surface.loss[5, 5] + 0.1))
    view.set_field("test loss")
    assert view._first._exact.getData()[1][5] == pytest.approx(np.log10(surface.loss[5, 5] + 1.1))


def test_what_nobody_sees_is_not_drawn(qtbot):
    view = CutsView()
    qtbot.addWidget(view)
    view.set_surface(bowl(11))
    assert len(view._first._exact.getData()[0]) == 0
    view.resize(600, 200)
    view.show()
    qtbot.waitExposed(view)
    assert len(view._first._exact.getData()[0]) == 11


@pytest.mark.parametrize("name", odd_surfaces())
def test_odd_surfaces_are_cut_without_complaint(qtbot, name):
    view = show(qtbot, odd_surfaces()[name])
    view.grab()
    view.set_surface(None)
    assert view._empty.isVisible()
    assert view._empty.text() == NO_CUTS


def test_the_cuts_follow_a_dark_palette(qtbot):
    view = show(qtbot, bowl(11))
    palette = QPalette(view.palette())
    palette.setColor(QPalette.ColorRole.Base, QColor(30, 31, 34))
    palette.setColor(QPalette.ColorRole.Text, QColor(230, 230, 230))
    view.setPalette(palette)
    picture = view.grab().toImage()
    assert picture.pixelColor(2, 2).getRgb()[:3] == (30, 31, 34)
