"""The pressure of a simulated station in the window: what is wanted is a number, chosen and shown in bar."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QLabel

from app.views.inspector.correction_form import CorrectionForm
from app.views.inspector.fields import NumberField
from app.views.pages.correction_page import CorrectionPage
from core.corrections.records.correction import NO_CLASS
from tests.app.views.conftest import Driver
from tests.pumping import build_station


@pytest.fixture
def station(driver: Driver, tmp_path: Path) -> Driver:
    network, table = build_station(tmp_path)
    driver.open(table)
    driver.open(network)
    driver.select(driver.document.networks[0].id)
    driver.wait_for_verdicts()
    return driver


def choose(driver: Driver, sort: str, *limits: float) -> None:
    driver.find(QComboBox, "correction.target").setCurrentText(sort)
    for place, limit in enumerate(limits):
        driver.find(NumberField, f"correction.limit.{place}").setValue(limit)


def test_a_value_of_at_least_so_much_is_asked_for_and_drawn(station: Driver) -> None:
    choose(station, "at least", 4.0)
    assert not station.find(NumberField, "correction.limit.1").isVisible()
    station.click("correction.next")
    words = station.find(QLabel, "correction.verdict").text()
    assert words.startswith("judged ")
    assert "bar, labelled" in words
    assert float(words.split()[1]) < 4.0
    station.click("compute.correction")
    station.wait(lambda: len(station.results()) == 1)
    found = station.results()[0].result
    assert (found.verdict, found.request.wanted.at_least) == (NO_CLASS, 4.0)
    assert found.value == pytest.approx(float(words.split()[1]), abs=0.01)
    page = station.window.area.page(station.results()[0].id)
    assert isinstance(page, CorrectionPage)
    said = [label.text() for label in page.findChildren(QLabel)]
    assert any("at least 4 bar" in text for text in said), said


def test_a_band_has_two_limits_and_rows_within_it_have_nothing_to_correct(station: Driver) -> None:
    form = station.window.findChild(CorrectionForm)
    choose(station, "between", 2.0, 6.0)
    assert station.find(NumberField, "correction.limit.1").isVisible()
    said = form._verdicts
    assert said is not None
    form.row.setValue(int(np.flatnonzero((said > 2) & (said < 6))[0]))
    assert "nothing to correct" in form.verdict.text()
    choose(station, "between", 6.0, 2.0)
    station.click("compute.correction")
    assert "smaller one first" in form.complaint.text()


def test_a_limit_that_nothing_reaches_is_answered_with_a_proof_that_none_exists(station: Driver) -> None:
    choose(station, "at least", 80.0)
    station.click("compute.correction")
    station.wait(lambda: len(station.results()) == 1)
    assert station.results()[0].result.proof == "none_exists"
