"""A slider with two handles under the mouse and the keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.render.plot.joint.range_slider import End, RangeSlider, SliderMarks
from app.render.plot.joint.span import Span

LEFT = Qt.MouseButton.LeftButton


class Held:
    """A slider in a window, with a field after it, and what it told."""

    def __init__(self, qtbot: QtBot, span: Span) -> None:
        self.window = QWidget()
        self.slider, self.after = RangeSlider(span, "months"), QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.slider)
        column.addWidget(self.after)
        self.changing: list[tuple[float, float]] = []
        self.changed: list[tuple[float, float]] = []
        self.dropped = 0
        self.slider.changing.connect(lambda *ends: self.changing.append(ends))
        self.slider.changed.connect(lambda *ends: self.changed.append(ends))
        self.slider.dropped.connect(self._on_dropped)
        qtbot.addWidget(self.window)
        self.window.resize(460, 120)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()

    def _on_dropped(self) -> None:
        self.dropped += 1

    def drag(self, end: End, pixels: int, *, release: bool = True) -> None:
        beside = 4 if end is End.HIGH else -4  # they stand back to back
        start = self.slider.handle_at(end).toPoint() + QPoint(beside, 0)
        QTest.mousePress(self.slider, LEFT, pos=start)
        for share in (0.4, 1.0):
            QTest.mouseMove(self.slider, start + QPoint(round(share * pixels), 0))
        if release:
            QTest.mouseRelease(self.slider, LEFT, pos=start + QPoint(pixels, 0))


@pytest.fixture
def held(qtbot: QtBot) -> Held:
    made = Held(qtbot, Span(4.0, 72.0, 1.0))
    made.slider.set_ends(20.0, 40.0)
    made.slider.set_marks(SliderMarks(input=48.0, correction=30.0, half_width=2.0))
    return made


def test_a_handle_follows_the_mouse_in_steps_and_is_told_once_when_it_is_let_go(held: Held) -> None:
    held.drag(End.HIGH, 60)
    (told,) = held.changed
    assert told == held.slider.ends == held.changing[-1]
    assert told[0] == 20.0
    assert 45.0 <= told[1] <= 55.0
    assert told[1] == round(told[1])


def test_a_handle_stops_at_the_other_one_and_at_the_end_of_the_range(held: Held) -> None:
    held.drag(End.LOW, 400)
    assert held.slider.ends == (40.0, 40.0)
    held.drag(End.HIGH, 400)
    assert held.slider.ends == (40.0, 72.0)


def test_the_middle_moves_the_whole_box(held: Held) -> None:
    middle = (held.slider.handle_at(End.LOW) + held.slider.handle_at(End.HIGH)).toPoint() / 2
    QTest.mousePress(held.slider, LEFT, pos=middle)
    QTest.mouseMove(held.slider, middle + QPoint(40, 0))
    QTest.mouseRelease(held.slider, LEFT, pos=middle + QPoint(40, 0))
    low, high = held.slider.ends
    assert high - low == 20.0
    assert low > 22.0


def test_a_click_on_the_line_fetches_the_nearer_handle(held: Held) -> None:
    place = held.slider.handle_at(End.HIGH).toPoint() + QPoint(50, 0)
    QTest.mouseClick(held.slider, LEFT, pos=place)
    assert held.slider.ends[0] == 20.0
    assert held.slider.ends[1] > 44.0


def test_escape_gives_the_box_back_and_tells_that(held: Held) -> None:
    held.drag(End.HIGH, 60, release=False)
    QTest.keyClick(held.slider, Qt.Key.Key_Escape)
    assert held.slider.ends == (20.0, 40.0)
    assert (held.dropped, held.changed) == (1, [])


def test_arrow_keys_move_the_chosen_handle_by_a_step_and_with_shift_by_ten(held: Held) -> None:
    held.slider.setFocus(Qt.FocusReason.TabFocusReason)
    assert held.slider.chosen is End.LOW
    QTest.keyClick(held.slider, Qt.Key.Key_Right)
    assert held.slider.ends == (21.0, 40.0)
    QTest.keyClick(held.slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert held.slider.ends == (11.0, 40.0)
    assert held.changed == [(21.0, 40.0), (11.0, 40.0)]


def test_tab_goes_from_the_low_handle_to_the_high_one_and_on(held: Held, qtbot: QtBot) -> None:
    held.slider.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(held.slider.hasFocus)
    QTest.keyClick(held.slider, Qt.Key.Key_Tab)
    assert held.slider.hasFocus()
    assert held.slider.chosen is End.HIGH
    QTest.keyClick(held.slider, Qt.Key.Key_End)
    assert held.slider.ends == (20.0, 72.0)
    QTest.keyClick(held.slider, Qt.Key.Key_Tab)
    assert held.after.hasFocus()
    QTest.keyClick(held.after, Qt.Key.Key_Backtab)
    assert held.slider.hasFocus()
    assert held.slider.chosen is End.HIGH


def test_a_drag_ends_without_a_trace_when_its_page_is_turned_away(held: Held) -> None:
    held.drag(End.HIGH, 60, release=False)
    held.window.hide()
    assert held.slider.ends == (20.0, 40.0)
    assert held.changed == []


def test_a_slider_that_is_switched_off_is_not_moved(held: Held) -> None:
    held.slider.setEnabled(False)
    held.drag(End.HIGH, 60)
    assert held.slider.ends == (20.0, 40.0)


@pytest.mark.parametrize(
    ("span", "share", "value"),
    [
        (Span(4.0, 72.0, 1.0), 0.5, 38.0),
        (Span(0.5, 3.2, 0.5), 1.0, 3.0),  # the end of the range lies between two steps
        (Span(0.5, 3.2, 0.5), -1.0, 0.5),
        (Span(250.0, 20000.0), 0.5, 10120.0),
    ],
)
def test_values_are_round_and_within_the_range(span: Span, share: float, value: float) -> None:
    assert span.snapped(share) == value


@pytest.mark.parametrize(
    "span", [Span(4, 72, 1), Span(0, 1), Span(1, 4), Span(-3e-4, 2e-4), Span(250, 2e6), Span(0, 2, 1)]
)
def test_a_few_round_ticks_lie_within_the_range(span: Span) -> None:
    for most in (2, 5, 9):
        ticks = span.ticks(most)
        assert 1 <= len(ticks) <= most
        assert span.low <= ticks[0] + 1e-12
        assert ticks[-1] <= span.high + 1e-12
