"""Layouts across networks in the window: who takes part, what is missing, and the way out to files and clipboard."""

import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton

from app.jobs.background import wait_for_background
from app.views.across.across_page import PAGE_ID, AcrossPage
from core.exchange.layouts.laying_out import lay_out
from core.session.document import Document
from core.spectrum.spectrum import Spectrum, SpectrumRequest
from tests import documents
from tests.app.views.conftest import Driver
from tests.sweeps import attacks_of, curve_of, spectrum_of, sweep, with_result


def open_page(driver: Driver, document: Document, kind: str) -> AcrossPage:
    driver.window.desk.state.open(document, None)
    driver.trigger(f"across.{kind}")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, AcrossPage)
    return page


def twins() -> Document:
    document = sweep((8, 8), measured=False, robust=(True, False))
    for network, top, accuracy in (("network-0", 4.0, 0.8), ("network-1", 16.0, 0.3)):
        for result in (spectrum_of(top), curve_of(top), attacks_of(accuracy), documents.surface()):
            document = with_result(document, network, result)
    return document


def test_all_networks_take_part_until_somebody_ticks_others(driver: Driver) -> None:
    page = open_page(driver, sweep(), "figure3")
    assert len(page.choice.chosen) == 5
    assert [view.line_count for view in page.picture.panels] == [5, 6]
    page.choice.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert page.picture.panels[0].line_count == 4
    assert "too few to say" in page.picture.statements.text()


def test_every_layout_is_reached_by_its_action_and_draws_what_is_there(driver: Driver) -> None:
    page = open_page(driver, twins(), "figure4")
    assert [view.line_count for view in page.picture.panels] == [2, 2, 2]
    driver.trigger("across.figure5")
    assert [view.line_count for view in page.picture.panels] == [2, 2, 2, 2]
    driver.trigger("across.twins")
    assert [view.line_count for view in page.picture.panels] == [2, 4, 4, 2]
    assert len(page.picture.surfaces.cells) == 2
    assert not page.picture.surfaces.isHidden()


def test_the_actions_wait_for_a_network(driver: Driver) -> None:
    assert not driver.window.actions_registry.action("across.figure3").isEnabled()
    driver.window.across_room.show_layout("figure3")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, AcrossPage)
    assert "no network" in page.choice.note.text()


def test_what_is_missing_is_listed_and_one_click_puts_all_of_it_into_the_queue(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(driver, sweep((8, 16, 32), measured=False), "figure3")
    assert len(page.picture.missing.shown) == 3
    asked = []
    monkeypatch.setattr(page._computations, "submit_task", asked.append)
    button = page.picture.missing.findChild(QPushButton, "across.compute.all")
    assert button is not None
    button.click()
    assert {task.network_id for task in asked} == {"network-0", "network-1", "network-2"}
    assert all(isinstance(task.request, SpectrumRequest) and task.dataset_id == "data" for task in asked)


def test_a_missing_spectrum_is_computed_and_drawn(driver: Driver) -> None:
    page = open_page(driver, with_result(sweep((8, 16), measured=False), "network-0", spectrum_of(3.0)), "figure3")
    button = page.picture.missing.findChild(QPushButton, "across.compute.0")
    assert button is not None
    button.click()
    assert page.picture.missing.shown == ()
    assert page.picture.missing.waiting == 1
    assert page.isVisible()
    driver.wait_for_jobs()
    driver.wait(lambda: page.picture.missing.waiting == 0)
    made = [item for item in driver.document.results if item.network_id == "network-1"]
    assert isinstance(made[0].result, Spectrum)
    assert page.picture.panels[0].line_count == 2


def test_the_table_copies_itself_as_csv_with_every_digit(driver: Driver) -> None:
    page = open_page(driver, twins(), "twins")
    page.picture.copy.click()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0][0] == "measure"
    assert rows[0][4] == "difference"
    top = next(row for row in rows if row[0] == "top eigenvalue")
    assert [float(cell) for cell in top[2:5]] == pytest.approx([16.0, 4.0, -12.0])


def test_twins_are_two_and_any_other_number_is_told_so(driver: Driver) -> None:
    page = open_page(driver, twins(), "twins")
    page.choice.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert page.picture.panels == []
    assert "Choose two networks" in page.picture.statements.text()
    assert not page.export.isEnabled()


def test_layouts_are_written_as_figures_and_as_tables(driver: Driver, tmp_path: Path) -> None:
    page = open_page(driver, sweep(), "figure3")
    for name in ("layout.svg", "layout.csv"):
        driver.answers.target = tmp_path / name
        page.export.click()
        assert wait_for_background(30_000)
        driver.wait(lambda name=name: (tmp_path / name).exists())
    assert "Spectrum by batch size" in (tmp_path / "layout.svg").read_text(encoding="utf-8")
    assert len((tmp_path / "layout.csv").read_text(encoding="utf-8").splitlines()) == 1 + 5 * 8


def test_layout_and_choice_are_kept_with_the_session(driver: Driver) -> None:
    page = open_page(driver, sweep(), "figure5")
    page.choose(("run-0", "run-1"))
    kept = page.view_state()
    other = AcrossPage(driver.window.desk.state, driver.window.desk.computations)
    driver.qtbot.addWidget(other)
    other.restore_view(kept)
    other.show()
    assert other.kind == "figure5"
    assert set(other.choice.chosen) == {"run-0", "run-1"}
    other.restore_view({"kind": "nonsense", "chosen": 7})
    assert other.kind == "figure5"


def test_a_point_is_told_in_words_with_its_sign_and_its_error(driver: Driver) -> None:
    page = open_page(driver, sweep(), "figure3")
    series = lay_out("figure3", sweep()).panels[0].series[0]
    words = page.picture.panels[0].describe("MLP 4", series, 4)
    assert words.startswith("MLP 4: rank 5, |λ| −")
    assert "±" in words
    assert words.endswith("nats")


def test_the_wheel_over_a_panel_scrolls_the_page(driver: Driver) -> None:
    page = open_page(driver, twins(), "twins")
    bar = page.picture.verticalScrollBar()
    assert bar.maximum() > 0
    view = page.picture.panels[0]._plot.viewport()
    place = view.rect().center()
    event = QWheelEvent(
        QPointF(place),
        QPointF(view.mapToGlobal(place)),
        QPoint(),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)
    assert bar.value() > 0
