"""All rejected rows in the window: asked for in the inspector, sorted, opened one by one, compared over networks."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.views.cases.comparison_page import PAGE_ID, CasesComparisonPage
from app.views.inspector.cases_form import CasesForm
from app.views.pages.cases_page import CasesPage
from app.views.pages.correction_page import CorrectionPage
from core.corrections.records.cases import NONE_EXISTS, PROVED, Cases
from tests.app.views.conftest import Driver

ROWS = 30


def form_of(driver: Driver) -> CasesForm:
    form = driver.window.findChild(CasesForm)
    assert isinstance(form, CasesForm)
    return form


@pytest.fixture
def ready(driver: Driver) -> Driver:
    """The form for all rejected applicants."""
    driver.open_applicants()
    driver.wait_for_verdicts()
    driver.window.inspector.compute.tabs.setCurrentWidget(form_of(driver))
    return driver


@pytest.fixture
def corrected(ready: Driver) -> Driver:
    """All rejected ones of the first applicants, asked for in the inspector."""
    driver, form = ready, form_of(ready)
    form.samples.setValue(ROWS)
    form.freedom.choose(["duration_in_month", "credit_amount"])
    assert form.rejected.text().endswith(f"of {ROWS} rejected")
    driver.click("compute.cases")
    driver.wait(lambda: len(driver.results()) == 1)
    return driver


def cases_of(driver: Driver) -> Cases:
    found = driver.results()[0].result
    assert isinstance(found, Cases)
    return found


def page_of(driver: Driver) -> CasesPage:
    page = driver.window.area.page(driver.results()[0].id)
    assert isinstance(page, CasesPage)
    return page


def test_what_was_ticked_is_what_was_asked_of_all_rejected_rows(corrected: Driver) -> None:
    cases = cases_of(corrected)
    assert [one.name for one in cases.request.free] == ["duration_in_month", "credit_amount"]
    assert [one.half_width for one in cases.request.free] == [2.0, 250.0]
    assert cases.looked_at == ROWS
    assert cases.done == len(cases.rows) > 3
    page = page_of(corrected)
    assert page.tiles.shown[0] == (str(len(cases.rows)), f"rejected of {ROWS}")
    assert len(page.table.seen_rows()) == len(cases.rows)
    assert len(page.rules.rules) == len(cases.rule_box)
    own, *_ruled = page.distances.curves
    assert own.count(1e9) == cases.corrected.sum()


def test_a_case_opens_its_exact_slice_by_enter_and_the_second_time_the_same_one(corrected: Driver) -> None:
    cases, page = cases_of(corrected), page_of(corrected)
    place = int(np.flatnonzero(cases.proof == PROVED)[0])
    page.table.select_id(str(place))
    page.tabs.setCurrentIndex(max(0, page.tabs.count() - 1) if page.tabs.apart else 0)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    corrected.wait(lambda: len(corrected.results()) == 2)
    correction = corrected.results()[1].result
    assert correction.request.row == cases.rows[place]
    assert correction.distance == cases.distance[place]
    assert correction.centre == tuple(cases.point[place])
    assert isinstance(corrected.window.area.page(corrected.results()[1].id), CorrectionPage)
    page.table.activated_row.emit(str(place))
    corrected.qtbot.wait(50)
    assert not corrected.window.computations.pending
    assert len(corrected.results()) == 2


def test_headings_sort_by_value_and_the_filter_finds_outcomes(corrected: Driver) -> None:
    cases, page = cases_of(corrected), page_of(corrected)
    page.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    shown = [cases.distance[row.place] for row in page.table.seen_rows()]
    known = [value for value in shown if not np.isnan(value)]
    assert known == sorted(known)
    assert not np.isnan(shown[: len(known)]).any()
    page.filter.setText("none exists")
    assert len(page.table.seen_rows()) == int((cases.proof == NONE_EXISTS).sum())
    page.filter.setText("")


def test_networks_on_the_same_rows_are_compared_on_a_page_of_their_own(corrected: Driver) -> None:
    first = corrected.results()[0]
    made = replace(first.result.provenance, network_sha256="ab" * 32)
    other = replace(first, id="cases-other", name="Cases of another", result=replace(first.result, provenance=made))
    page_of(corrected).all.click()
    page = corrected.window.area.page(PAGE_ID)
    assert isinstance(page, CasesComparisonPage)
    assert page.table.rowCount() == 1
    state = corrected.window.desk.state
    state.edit(state.document.with_item(other))
    corrected.wait(lambda: page.table.rowCount() == 2)
    assert len(page.plot.curves) == 2
    assert "Cases of another" in page.table.as_csv()


def test_the_form_and_that_of_one_correction_keep_their_own_entries(corrected: Driver) -> None:
    network = corrected.document.networks[0].id
    corrected.select(network)
    form = form_of(corrected)
    form.freedom.choose(["credit_amount", "purpose"])
    form.rules.setValue(2)
    corrected.select(corrected.results()[0].id)
    corrected.select(network)
    again = form_of(corrected)
    assert again is not form
    assert set(again.freedom.names) == {"purpose", "credit_amount"}
    assert again.rules.value() == 2
    assert "purpose" not in corrected.window.inspector.compute.correction.freedom.names


def test_a_form_without_anything_ticked_says_so(ready: Driver) -> None:
    form = form_of(ready)
    form.freedom.choose([])
    form.button.click()
    assert "Tick at least one" in form.complaint.text()
