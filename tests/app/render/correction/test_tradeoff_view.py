"""Minimal against stable on the screen: read off, and picked with the mouse or the keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.render.plot.slices.correction_words import SliceWords
from app.render.plot.slices.tradeoff_view import TradeoffView
from app.render.plot.style import SHAPE_CONTRAST, contrast
from core.corrections.records.correction import Box
from core.corrections.records.tradeoff import Tradeoff
from tests import documents
from tests.app.render.correction.hand import LEFT, dark_palette

CURVE = documents.tradeoff()
WORDS = SliceWords.of(documents.correction(), ("months", "DM"), ("denied", "granted"))
LARGEST = CURVE.largest or 0.0


class Picks:
    """What a view told."""

    def __init__(self, view: TradeoffView) -> None:
        self.picking: list[float] = []
        self.picked: list[float] = []
        self.dropped = 0
        view.picker.picking.connect(self.picking.append)
        view.picker.picked.connect(self.picked.append)
        view.picker.dropped.connect(self._on_dropped)

    def _on_dropped(self) -> None:
        self.dropped += 1


@pytest.fixture
def view(qtbot: QtBot) -> TradeoffView:
    widget = TradeoffView()
    qtbot.addWidget(widget)
    widget.set_tradeoff(CURVE, WORDS)
    widget.set_box(documents.correction().box)
    widget.resize(640, 260)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def picks(view: TradeoffView) -> Picks:
    return Picks(view)


def pixel_of(view: TradeoffView, stability: float) -> QPoint:
    plot = view._plot
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(stability, 0.3)))


def move(view: TradeoffView, stability: float, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """Without the real pointer, which tells of no move where it is already."""
    viewport, point = view._plot.viewport(), pixel_of(view, stability)
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def drag(view: TradeoffView, *stabilities: float) -> None:
    QTest.mousePress(view._plot.viewport(), LEFT, pos=pixel_of(view, stabilities[0]))
    for stability in stabilities[1:]:
        move(view, stability, LEFT)
    QTest.mouseRelease(view._plot.viewport(), LEFT, pos=pixel_of(view, stabilities[-1]))


def changed(**changes: object) -> Tradeoff:
    return replace(CURVE, **changes)  # type: ignore[arg-type]


def test_what_was_asked_for_and_the_most_that_can_be_had_are_said_below_the_curve(view: TradeoffView) -> None:
    assert view.reading.startswith("Asked for: ±2 months, ±500 DM at distance 0.416; at most ±11.34 months, ±2837 DM")
    assert "stability (times ±2 months, ±500 DM)" in view._plot.getAxis("bottom").label.toPlainText()
    assert view.at == 1.0


def test_a_click_picks_the_stability_under_it(view: TradeoffView, picks: Picks) -> None:
    drag(view, 3.0)
    assert len(picks.picked) == 1
    assert picks.picked[0] == pytest.approx(3.0, abs=0.03)
    assert view.at == picks.picked[0]


def test_a_drag_tells_every_step_and_picks_once(view: TradeoffView, picks: Picks) -> None:
    drag(view, 2.0, 3.0, 4.0)
    assert len(picks.picking) == 3
    assert len(picks.picked) == 1
    assert picks.picked[0] == pytest.approx(4.0, abs=0.03)


def test_a_click_beside_what_was_asked_for_takes_exactly_that(view: TradeoffView, picks: Picks) -> None:
    drag(view, 1.02)
    assert picks.picked == [1.0]


def test_more_than_can_be_had_is_brought_back_to_the_largest(view: TradeoffView, picks: Picks) -> None:
    drag(view, 3.0, LARGEST * 1.04)
    assert picks.picked == [LARGEST]


def test_the_arrow_keys_step_along_the_curve_and_pick_when_they_are_let_go(view: TradeoffView, picks: Picks) -> None:
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert picks.picked == [pytest.approx(1 + 0.01 * LARGEST)]
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert picks.picked[-1] == pytest.approx(1 - 0.09 * LARGEST)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert picks.picked[-1] == LARGEST
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert picks.picked[-1] == 0.0


def test_a_held_key_picks_once(view: TradeoffView, picks: Picks) -> None:
    view.setFocus()
    for _ in range(3):
        QTest.keyPress(view, Qt.Key.Key_Right)
    QTest.keyRelease(view, Qt.Key.Key_Right)
    assert len(picks.picking) == 3
    assert picks.picked == [pytest.approx(1 + 0.03 * LARGEST)]


def test_escape_during_a_drag_takes_it_back(view: TradeoffView, picks: Picks) -> None:
    QTest.mousePress(view._plot.viewport(), LEFT, pos=pixel_of(view, 3.0))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view._plot.viewport(), LEFT, pos=pixel_of(view, 3.0))
    assert picks.picked == []
    assert picks.dropped == 1
    assert view.at == 1.0


def test_a_page_that_is_turned_away_ends_a_drag_without_a_trace(view: TradeoffView, picks: Picks) -> None:
    QTest.mousePress(view._plot.viewport(), LEFT, pos=pixel_of(view, 3.0))
    assert picks.picking
    view.hide()
    QTest.mouseRelease(view._plot.viewport(), LEFT, pos=pixel_of(view, 3.0))
    assert picks.picked == []
    assert view.at == 1.0


def test_the_pointer_reads_distance_and_place_in_the_users_units(view: TradeoffView) -> None:
    told: list[str] = []
    view.hovered.connect(told.append)
    move(view, 2.0)
    assert "times what was asked for): distance 0.4" in view.reading
    assert "Duration 2" in view.reading
    assert "months" in view.reading
    assert told[-1] == view.reading
    move(view, CURVE.none_beyond * 1.03)
    assert "provably no correction is that stable" in view.reading


def test_a_box_of_another_shape_has_no_place_on_the_curve(view: TradeoffView) -> None:
    view.set_box(Box(centre=(30.0, 8500.0), half_width=(4.0, 900.0)))
    assert view.at is None
    assert not view._cursor.isVisible()
    view.set_box(Box(centre=(30.0, 8500.0), half_width=(4.0, 1000.0)))
    assert view.at == 2.0
    assert view._cursor.isVisible()


def test_where_less_can_be_had_than_asked_for_it_is_said(view: TradeoffView) -> None:
    view.set_tradeoff(changed(unit=(20.0, 5000.0), stability=CURVE.stability / 10), WORDS)
    assert view.reading.startswith("Nothing is as stable as asked for (±20 months, ±5000 DM); at most ±11.3")


def test_stability_that_was_not_asked_for_counts_in_hundredths(view: TradeoffView, picks: Picks) -> None:
    view.set_tradeoff(changed(asked=False, unit=(0.68, 197.5)), WORDS)
    assert view.reading.startswith("Without stability the distance is 0.361; at most ±3.85")
    assert "% of both ranges" in view._plot.getAxis("bottom").label.toPlainText()
    view.set_box(None)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert picks.picked == [pytest.approx(0.01 * LARGEST)]


def test_without_any_place_nothing_can_be_picked(view: TradeoffView, picks: Picks) -> None:
    view.set_tradeoff(documents.tradeoff_without_room(), WORDS)
    assert view.reading == "Nothing in this slice is accepted, whatever the stability."
    drag(view, 0.5)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert picks.picking == []
    view.set_tradeoff(None, WORDS)
    drag(view, 0.5)
    assert picks.picking == []
    assert view.reading == ""


def test_the_curve_follows_the_palette(view: TradeoffView) -> None:
    view.setPalette(dark_palette())
    assert view._plot.backgroundBrush().color().lightnessF() < 0.2
    assert view._none.brush.color().lightnessF() < 0.4
    assert contrast(view._curve.opts["pen"].color(), view._plot.backgroundBrush().color()) >= SHAPE_CONTRAST
