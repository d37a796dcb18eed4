"""All pairs of features in the window: suggested, ranked, a cell chosen, its slice opened, saved and opened again."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.theme.theme import Theme
from app.views.inspector.correction_form import CorrectionForm
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.pairs_page import PairsPage
from core.corrections.records.correction import Correction
from core.corrections.records.pairs import Pairs, PairsRequest
from tests.app.views.conftest import Driver, make_driver

LEFT = Qt.MouseButton.LeftButton
FEATURES = ("duration_in_month", "credit_amount", "purpose", "housing")
ROW = 9


@pytest.fixture
def asked(qtbot: QtBot, theme: Theme) -> Driver:
    """A rejected applicant in the form of corrections."""
    driver = make_driver(qtbot, theme)
    driver.open_applicants()
    driver.wait_for_verdicts()
    form_of(driver).row.setValue(ROW)
    return driver


def form_of(driver: Driver) -> CorrectionForm:
    form = driver.window.findChild(CorrectionForm)
    assert isinstance(form, CorrectionForm)
    return form


def ranked(driver: Driver) -> PairsPage:
    """The page of all pairs of four features."""
    form_of(driver).choose_features(FEATURES)
    driver.click("correction.pairs")
    driver.wait(lambda: len(driver.results()) == 1)
    driver.wait_for_jobs()
    page = driver.window.area.page(driver.results()[0].id)
    assert isinstance(page, PairsPage)
    return page


def click(driver: Driver, page: PairsPage, first: str, second: str, *, twice: bool = False) -> None:
    """Click the cell of two features with the mouse."""
    pairs = driver.results()[0].result
    assert isinstance(pairs, Pairs)
    order = [pairs.request.features[feature] for feature in pairs.promising]
    column, row = sorted((order.index(first), order.index(second)))
    place = page.matrix.rectangle((row, column)).center().toPoint()
    driver.qtbot.mouseClick(page.matrix, LEFT, pos=place)
    if twice:
        driver.qtbot.mouseDClick(page.matrix, LEFT, pos=place)
        driver.qtbot.mouseRelease(page.matrix, LEFT, pos=place)


def test_features_are_suggested_with_what_they_were_ranked_by(asked: Driver) -> None:
    offer = form_of(asked).offer
    asked.click("correction.suggest")
    assert not offer.suggest.isEnabled()
    asked.wait(offer.suggest.isEnabled)
    lines = offer.words.text().splitlines()
    assert lines[0].startswith("1. ")
    assert "Sampled, not proved" in lines[-1]
    free = [box.currentData() for box in form_of(asked).features]
    assert len(set(free)) == 2
    form_of(asked).row.setValue(ROW + 1)
    assert offer.words.isHidden()


def test_all_pairs_are_ranked_and_a_cell_opens_its_exact_slice(asked: Driver, tmp_path: Path) -> None:
    page = ranked(asked)
    pairs = asked.results()[0].result
    assert isinstance(pairs, Pairs)
    assert (pairs.status, sorted(pairs.request.features), pairs.request.row) == ("complete", sorted(FEATURES), ROW)
    assert len(page.ranked.pairs) >= 2
    assert page.chosen is None
    assert not page.image().isNull()

    click(asked, page, "credit_amount", "purpose")
    assert page.details.lanes.picture is not None
    assert len(page.details.lanes.picture.lanes) == 10
    assert page.details.open.text() == "Open &correction"
    click(asked, page, "purpose", "housing")
    assert page.details.levels.picture is not None
    assert (len(page.details.levels.picture.rows), len(page.details.levels.picture.columns)) == (10, 3)

    click(asked, page, "duration_in_month", "credit_amount")
    assert not page.details.open.isHidden()
    page.details.open.click()
    asked.wait(lambda: len(asked.results()) == 2)
    asked.wait_for_jobs()
    item = asked.results()[1]
    assert isinstance(item.result, Correction)
    names = [feature.name for feature in item.result.request.free]
    first, second = (pairs.request.features.index(name) for name in names)
    assert item.result.distance == pytest.approx(float(pairs.distance[first, second]), rel=1e-9)
    assert isinstance(asked.window.area.page(item.id), CorrectionPage)

    asked.window.pages.open_page(asked.results()[0].id)
    click(asked, page, "duration_in_month", "credit_amount", twice=True)
    asked.qtbot.wait(50)
    assert len(asked.results()) == 2  # the same slice is not computed twice
    assert asked.window.desk.selection.current_id == item.id

    asked.save(tmp_path / "pairs.corrie.h5")
    asked.window.open_paths([tmp_path / "pairs.corrie.h5"])
    asked.wait(lambda: len(asked.results()) == 2)
    reopened = asked.results()[0].result
    assert isinstance(reopened, Pairs)
    assert (reopened.distance == pairs.distance).all()


def test_all_that_may_change_is_ranked_where_nothing_is_ticked_and_a_stopped_ranking_goes_on(asked: Driver) -> None:
    pending = asked.window.desk.computations.pending
    asked.click("correction.pairs")
    asked.wait(lambda: bool(pending))
    (item_id,) = pending
    request = pending[item_id].request
    assert isinstance(request, PairsRequest)
    assert len(request.features) == 16
    assert "age_in_years" not in request.features  # fixed on the card
    asked.wait(lambda: asked.window.desk.live.get(item_id) is not None)
    asked.window.pages.stop(item_id)
    asked.wait_for_jobs()
    stopped = asked.results()[0].result
    assert isinstance(stopped, Pairs)
    assert stopped.status == "partial"
    asked.window.pages.resume(item_id)
    asked.wait(lambda: asked.results()[0].result.status == "complete")
    whole = asked.results()[0].result
    assert isinstance(whole, Pairs)
    assert (whole.seconds[stopped.done] == stopped.seconds[stopped.done]).all()
