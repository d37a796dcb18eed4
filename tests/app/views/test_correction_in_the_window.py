"""A correction in the window: computed by clicks, its box dragged with the mouse, undone, saved."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.views.inspector.correction_form import CorrectionForm
from app.views.inspector.fields import NumberField
from app.views.pages.correction_page import CorrectionPage
from tests.app.render.correction.hand import Hand
from tests.app.views.conftest import Driver


@pytest.fixture
def corrected(driver: Driver) -> Driver:
    """An applicant's correction, asked for in the inspector."""
    driver.open_applicants()
    driver.wait_for_verdicts()
    form = driver.window.findChild(CorrectionForm)
    form.row.setValue(18)
    assert "judged bad" in form.verdict.text()
    driver.click("compute.correction")
    driver.wait(lambda: len(driver.results()) == 1)
    return driver


def page_of(driver: Driver) -> CorrectionPage:
    page = driver.window.area.page(driver.results()[0].id)
    assert isinstance(page, CorrectionPage)
    return page


def box_of(driver: Driver):
    return driver.results()[0].result.box


def drag(driver: Driver, right: int, down: int) -> None:
    hand = Hand(page_of(driver).slice)
    start, before = hand.at(*box_of(driver).centre), None
    while start != before:  # nobody takes hold of a page that is still being laid out
        driver.qtbot.wait(30)
        start, before = hand.at(*box_of(driver).centre), start
    hand.drag(start, start + type(start)(right, down))


def test_the_correction_that_was_asked_for_is_proved_and_in_the_applicants_units(corrected: Driver) -> None:
    correction = corrected.results()[0].result
    assert correction.proof == "proved"
    assert correction.request.point == (24.0, 12579.0)
    assert [free.name for free in correction.request.free] == ["duration_in_month", "credit_amount"]
    assert page_of(corrected).slice.correction is correction


def test_dragging_the_box_into_the_rejected_area_refutes_it_and_undo_proves_it_again(corrected: Driver) -> None:
    before = box_of(corrected)
    drag(corrected, 0, -120)  # upwards: more credit
    assert box_of(corrected).centre[1] > before.centre[1]
    assert box_of(corrected).proof != "proved"
    assert corrected.window.actions_registry.action("edit.undo").text() == "&Undo move box"
    corrected.trigger("edit.undo")
    assert box_of(corrected) is before
    assert page_of(corrected).slice.box.centre == before.centre


def test_two_drags_are_two_steps_of_undo(corrected: Driver) -> None:
    boxes = [box_of(corrected).centre]
    for down in (60, 50):
        drag(corrected, 10, down)
        boxes.append(box_of(corrected).centre)
    for centre in reversed(boxes[:-1]):
        corrected.trigger("edit.undo")
        assert box_of(corrected).centre == centre


def test_the_largest_box_is_taken_as_a_step_of_undo_and_its_switches_are_kept(
    corrected: Driver, tmp_path: Path
) -> None:
    before, largest = box_of(corrected), corrected.results()[0].result.largest_box
    assert largest.proof == "proved"
    corrected.click("takeLargest")
    assert (box_of(corrected).centre, box_of(corrected).half_width) == (largest.centre, largest.half_width)
    assert box_of(corrected).proof == "proved"
    corrected.trigger("edit.undo")
    assert box_of(corrected) is before
    corrected.click("showTriangle")
    path = tmp_path / "forms.corrie.h5"
    corrected.save(path)
    corrected.window.open_paths([path])
    corrected.wait(lambda: corrected.window.desk.state.path == path and not corrected.window.desk.state.dirty)
    corrected.wait(lambda: corrected.window.area.page(corrected.results()[0].id) is not None)
    assert page_of(corrected).slice.shown_forms == {"largest": True, "triangle": True}


def test_a_stability_that_is_picked_gives_the_box_its_half_widths_in_one_step_of_undo(corrected: Driver) -> None:
    before, page = box_of(corrected), page_of(corrected)
    correction = corrected.results()[0].result
    curve = correction.tradeoff
    assert page.tradeoff.tradeoff is curve
    page.tradeoff.setFocus()
    for _ in range(3):
        QTest.keyPress(page.tradeoff, Qt.Key.Key_Right)
    assert box_of(corrected) is before  # nothing is done until the key is let go
    QTest.keyRelease(page.tradeoff, Qt.Key.Key_Right)
    after = box_of(corrected)
    stability = page.tradeoff.at
    assert stability == pytest.approx((1.0 if curve.asked else 0.0) + 0.03 * curve.largest)
    assert after.half_width == curve.half_width(stability)
    assert after.proof == "proved"
    # The curve lies between its places, and the box is where it says.
    low, high = curve.bracket_at(stability)
    away = zip(correction.request.free, after.centre, correction.request.point, strict=True)
    assert low - 1e-9 <= sum(free.weight * abs(to - since) for free, to, since in away) <= high + 1e-9
    corrected.trigger("edit.undo")
    assert box_of(corrected) is before
    assert page.tradeoff.at == curve.stability_of(before.half_width)


def test_the_largest_stability_can_be_had_and_escape_gives_the_box_back(corrected: Driver) -> None:
    before, page = box_of(corrected), page_of(corrected)
    page.tradeoff.setFocus()
    QTest.keyPress(page.tradeoff, Qt.Key.Key_End)
    assert page.slice.box.half_width == page.tradeoff.tradeoff.half_width(page.tradeoff.tradeoff.largest)
    assert page.slice.box.proof == "proved"
    QTest.keyClick(page.tradeoff, Qt.Key.Key_Escape)
    QTest.keyRelease(page.tradeoff, Qt.Key.Key_End)
    assert box_of(corrected) is before
    assert page.slice.box.centre == before.centre


def test_the_fields_in_the_inspector_and_the_box_move_together(corrected: Driver) -> None:
    corrected.select(corrected.results()[0].id)
    amount = corrected.find(NumberField, "box.centre.credit_amount")
    drag(corrected, 0, 80)
    assert amount.value() == pytest.approx(box_of(corrected).centre[1])
    amount.setValue(3000.0)
    assert box_of(corrected).centre[1] == 3000.0
    assert page_of(corrected).slice.box.centre[1] == 3000.0
    assert box_of(corrected).proof == "proved"
    assert "proved" in corrected.find(QLabel, "box.proof").text()
    amount.setValue(15000.0)
    assert "refuted" in corrected.find(QLabel, "box.proof").text()
    corrected.click("box.snap")
    assert box_of(corrected).centre == pytest.approx(corrected.results()[0].result.centre)


def test_the_box_is_saved_and_opened_where_it_was_left(corrected: Driver, tmp_path: Path) -> None:
    drag(corrected, 15, 70)
    left = box_of(corrected)
    path = tmp_path / "correction.corrie.h5"
    corrected.save(path)
    corrected.trigger("edit.undo")
    assert corrected.window.desk.state.dirty
    corrected.window.open_paths([path])
    corrected.wait(lambda: corrected.window.desk.state.path == path and not corrected.window.desk.state.dirty)
    corrected.wait(lambda: box_of(corrected).centre == left.centre)
    assert page_of(corrected).slice.box.centre == left.centre


def test_the_norm_under_more_is_asked_for(corrected: Driver) -> None:
    corrected.select(corrected.document.networks[0].id)
    form = corrected.window.findChild(CorrectionForm)
    assert form.norm.isHidden()
    form.more.click()
    assert form.norm.isVisibleTo(form)
    form.norm.setCurrentText("L∞")
    form.row.setValue(18)
    form.features[1].setCurrentIndex(form.features[1].count() - 1)
    corrected.click("compute.correction")
    corrected.wait(lambda: len(corrected.results()) == 2)
    assert corrected.results()[1].result.request.norm == "Linf"


def test_a_row_that_is_accepted_already_is_refused_in_a_sentence(corrected: Driver) -> None:
    corrected.select(corrected.document.networks[0].id)
    form = corrected.window.findChild(CorrectionForm)
    form.row.setValue(0)
    assert "nothing to correct" in form.verdict.text()
    corrected.click("compute.correction")
    corrected.wait(lambda: bool(corrected.window.banner.text))
    assert 'already judged "good"' in corrected.window.banner.text
    assert len(corrected.results()) == 1
