"""A plot and its table: one above the other where there is room, in tabs where there is not."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QSplitter
from pytestqt.qtbot import QtBot

from app.views.pages.robustness_page import RobustnessPage
from app.views.pages.tabs_with_table import HIGH, TabsWithTable
from tests import documents


@pytest.fixture
def tabs(qtbot: QtBot) -> TabsWithTable:
    tabs = TabsWithTable("tabs", QLabel("plot"), "Plot", QLabel("table"), "Table")
    qtbot.addWidget(tabs)
    tabs.addTab(QLabel("more"), "More")
    tabs.resize(400, high(tabs))
    with qtbot.waitExposed(tabs):
        tabs.show()
    return tabs


def high(tabs: TabsWithTable) -> int:
    return HIGH * tabs.fontMetrics().lineSpacing() + 10


def titles(tabs: TabsWithTable) -> list[str]:
    return [tabs.tabText(place) for place in range(tabs.count())]


def test_a_low_window_has_the_table_in_its_own_tab_and_a_high_one_below_the_plot(tabs: TabsWithTable) -> None:
    assert titles(tabs) == ["Plot", "More"]
    tabs.resize(400, high(tabs) - 20)
    assert titles(tabs) == ["Plot", "Table", "More"]
    tabs.resize(400, high(tabs))
    assert titles(tabs) == ["Plot", "More"]
    splitter = tabs.widget(0)
    assert isinstance(splitter, QSplitter)
    assert [splitter.widget(place).isVisible() for place in range(2)] == [True, True]


def test_what_was_looked_at_is_still_in_front_when_the_window_grows_and_shrinks(tabs: TabsWithTable) -> None:
    tabs.setCurrentIndex(1)
    for lower in (20, 0):
        tabs.resize(400, high(tabs) - lower)
        assert tabs.tabText(tabs.currentIndex()) == "More"
    tabs.resize(400, high(tabs) - 20)
    tabs.setCurrentIndex(1)
    assert tabs.shown is tabs.widget(0)  # the table belongs to the plot
    tabs.resize(400, high(tabs))
    assert tabs.tabText(tabs.currentIndex()) == "Plot"


def test_the_share_of_the_table_stays_as_it_was_drawn(tabs: TabsWithTable, qtbot: QtBot) -> None:
    splitter = tabs.widget(0)
    assert isinstance(splitter, QSplitter)
    drawn, handle = splitter.sizes(), splitter.handle(1)
    middle = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(handle, middle - QPoint(0, 100))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 100))
    chosen = splitter.sizes()
    assert chosen[1] > drawn[1] + 60
    for lower in (20, 0):
        tabs.resize(400, high(tabs) - lower)
    assert splitter.sizes() == pytest.approx(chosen, abs=30)


def test_a_page_that_was_laid_out_low_at_first_gives_the_plot_its_share_when_it_is_high(qtbot: QtBot) -> None:
    table = QLabel("table")
    table.setMinimumHeight(220)  # squeezed, it takes more than its share
    tabs = TabsWithTable("tabs", QLabel("plot"), "Plot", table, "Table", (600, 300))
    qtbot.addWidget(tabs)
    tabs.resize(400, 320)
    with qtbot.waitExposed(tabs):
        tabs.show()
    assert tabs.apart
    tabs.resize(400, 1000)
    splitter = tabs.plot_tab
    assert isinstance(splitter, QSplitter)
    plot, below = splitter.sizes()
    assert plot == pytest.approx(2 * below, rel=0.05)


def test_curves_table_and_whole_samples_are_seen_in_a_small_window(qtbot: QtBot) -> None:
    page = RobustnessPage("robustness-1")
    qtbot.addWidget(page)
    page.resize(390, 465)  # what a window of 1000 by 700 pixels leaves of it
    page.show_result(documents.robustness())
    with qtbot.waitExposed(page):
        page.show()
    assert titles(page.tabs) == ["Accuracy", "Table", "Examples", "Hessian in the input"]
    plot = page.curves.panel
    assert page.curves.rect().contains(QRect(plot.mapTo(page.curves, QPoint()), plot.size()))
    assert plot.height() >= 180
    page.tabs.setCurrentIndex(1)
    last = page.table.visualItemRect(page.table.item(page.table.rowCount() - 1, 0))
    assert page.table.viewport().rect().contains(last)
    qtbot.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    assert page.view_state()["tab"] == "accuracy"
