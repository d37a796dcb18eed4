"""A correction in several features in the window: ticked, computed, dragged until refuted, undone, saved, reopened."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.render.plot.joint.range_slider import End
from app.theme.theme import Theme
from app.views.inspector.correction_form import CorrectionForm
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.joint_page import JointPage
from core.corrections.records.joint import JointCorrection
from core.data.storing import restore_dataset
from core.job import JobContext
from core.networks.storing import restore_network
from core.networks.verdicts import verdicts
from tests.app.views.conftest import Driver, make_driver

LEFT = Qt.MouseButton.LeftButton
FEATURES = ("duration_in_month", "credit_amount", "installment_rate_in_percentage_of_disposable_income", "housing")
ROW = 18


@pytest.fixture
def corrected(qtbot: QtBot, theme: Theme) -> Driver:
    """An applicant's correction in three numbers and a category, asked for in the inspector."""
    driver = make_driver(qtbot, theme)
    driver.open_applicants()
    driver.wait_for_verdicts()
    form = driver.window.findChild(CorrectionForm)
    form.row.setValue(ROW)
    form.choose_features(FEATURES)
    form.seconds.setValue(20)  # it takes two, unless the machine is very busy
    form.different.setValue(1)
    driver.click("compute.correction")
    driver.wait(lambda: len(driver.results()) == 1)
    driver.wait_for_jobs()
    return driver


def result_of(driver: Driver) -> JointCorrection:
    found = driver.results()[0].result
    assert isinstance(found, JointCorrection)
    return found


def page_of(driver: Driver) -> JointPage:
    page = driver.window.area.page(driver.results()[0].id)
    assert isinstance(page, JointPage)
    return page


def drag(driver: Driver, place: int, end: End, pixels: int) -> None:
    moved = page_of(driver).box.rows.numbers[place].slider
    driver.wait(lambda: moved.isVisible() and moved.width() > 150)
    start = moved.handle_at(end).toPoint() + QPoint(3 if end is End.HIGH else -3, 0)
    QTest.mousePress(moved, LEFT, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(moved, start + QPoint(round(share * pixels), 0))
    QTest.mouseRelease(moved, LEFT, pos=start + QPoint(pixels, 0))


def judged_again(driver: Driver, point: np.ndarray, levels: tuple[int, ...]) -> str:
    """What the network itself says of a point, by its ordinary forward pass."""
    request = result_of(driver).request
    row = np.array(request.input)
    for move, value in zip(request.freedom.moves, point, strict=True):
        row[list(move.columns)] = value
    for category, level in zip(request.freedom.categories, levels, strict=True):
        row[list(category.columns)] = 0.0
        row[category.columns[level]] = 1.0
    data = restore_dataset(driver.document.datasets[0])
    x = data.x.copy()
    x[0] = row
    network = restore_network(driver.document.networks[0])
    return data.classes[int(verdicts(network, replace(data, x=x), JobContext())[0])]


def test_a_correction_in_several_features_from_the_form_to_the_reopened_session(
    corrected: Driver, tmp_path: Path
) -> None:
    found, page = result_of(corrected), page_of(corrected)
    assert found.request.freedom.names == FEATURES
    assert found.request.row == ROW
    assert found.nearest.proof == "proved"
    assert judged_again(corrected, found.nearest.point, found.nearest.levels) == "good"
    assert page.box.badge.text() == "✓ proved"

    before = found.box
    drag(corrected, 1, End.HIGH, 150)  # far more credit
    corrected.wait(lambda: page.box.state.text().startswith("✗ refuted"))
    moved = result_of(corrected).box
    assert moved.high[1] > before.high[1]
    assert moved.proof == "unknown"
    marked = np.array([row.slider.marks.rejected for row in page.box.rows.numbers])
    assert judged_again(corrected, marked, moved.levels) == "bad"

    assert corrected.window.actions_registry.action("edit.undo").text() == "&Undo move box"
    corrected.trigger("edit.undo")
    assert result_of(corrected).box is before
    assert page.box.rows.numbers[1].slider.ends[1] == before.high[1]
    assert page.box.state.text().startswith("✓ proved")

    curve = page.ways.tradeoff
    assert len(curve.places) > 2
    QTest.keyClick(curve, Qt.Key.Key_Home)  # without stability
    picked, change = result_of(corrected).box, found.along[curve.places[0]]
    assert (picked.low.tolist(), picked.high.tolist()) == (change.point.tolist(), change.point.tolist())
    assert (picked.proof, curve.at) == ("proved", curve.places[0])
    assert change.distance <= found.nearest.distance * (1 + found.request.tolerance)
    assert judged_again(corrected, change.point, change.levels) == "good"
    corrected.trigger("edit.undo")
    assert result_of(corrected).box is before

    page.ways.ways.cellClicked.emit(page.ways.ways.rowCount() - 1, 0)  # another correction
    chosen = (found.nearest, *found.others)[page.ways.ways.rowCount() - 1]
    left = result_of(corrected).box
    np.testing.assert_allclose((left.low + left.high) / 2, chosen.point, atol=1e-9)
    assert left.levels == chosen.levels

    path = tmp_path / "several.corrie.h5"
    corrected.save(path)
    corrected.trigger("edit.undo")
    corrected.window.open_paths([path])
    corrected.wait(lambda: corrected.window.desk.state.path == path and not corrected.window.desk.state.dirty)
    corrected.wait(lambda: corrected.window.area.page(corrected.results()[0].id) is not None)
    again = result_of(corrected)
    assert (again.box.low.tolist(), again.box.high.tolist(), again.box.levels) == (
        left.low.tolist(),
        left.high.tolist(),
        left.levels,
    )
    ends = [row.slider.ends for row in page_of(corrected).box.rows.numbers]
    assert ends == list(zip(left.low.tolist(), left.high.tolist(), strict=True))


def test_a_late_proof_is_part_of_its_step_and_two_features_open_their_exact_slice(corrected: Driver) -> None:
    page, before = page_of(corrected), result_of(corrected).box
    page.box.nearest.click()
    around = result_of(corrected).box
    assert around.proof == "proved"
    drag(corrected, 1, End.LOW, -40)  # less credit is accepted as well
    corrected.wait(lambda: not page.box.state.text().startswith("proving"))
    after = result_of(corrected).box
    assert after.low[1] < around.low[1]
    assert after.proof == ("proved" if page.box.state.text().startswith("✓") else "unknown")
    corrected.trigger("edit.undo")
    assert result_of(corrected).box is around
    corrected.trigger("edit.undo")
    assert result_of(corrected).box is before

    page.box.slice.menu().actions()[0].trigger()
    corrected.wait(lambda: len(corrected.results()) == 2)
    found = corrected.results()[1]
    assert [free.name for free in found.result.request.free] == list(FEATURES[:2])
    assert isinstance(corrected.window.area.page(found.id), CorrectionPage)
    assert corrected.window.area.current_page().item_id == found.id
