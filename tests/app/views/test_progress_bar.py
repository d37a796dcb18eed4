"""Bars are set often, and must not make the window be drawn each time."""

from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from app.views.progress_bar import STEPS, CalmProgressBar


class Counting(CalmProgressBar):
    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1
        super().paintEvent(event)


def test_setting_a_bar_many_times_draws_it_once(qtbot: QtBot) -> None:
    bar = Counting()
    qtbot.addWidget(bar)
    bar.show()
    qtbot.waitUntil(lambda: bar.painted > 0)
    bar.painted = 0
    for done in range(50):
        bar.show_progress(done, 50)
    assert bar.painted == 0
    qtbot.waitUntil(lambda: bar.painted > 0)
    qtbot.wait(30)
    assert bar.painted < 5
    assert bar.value() == STEPS * 49 // 50


def test_counts_beyond_32_bits_and_no_count_at_all_are_shown(qtbot: QtBot) -> None:
    bar = CalmProgressBar()
    qtbot.addWidget(bar)
    bar.show_progress(2**40, 2**41)
    assert (bar.value(), bar.maximum()) == (STEPS // 2, STEPS)
    bar.show_progress(0, 0)
    assert bar.maximum() == 0
