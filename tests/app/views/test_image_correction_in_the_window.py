"""The correction of an image in the window: its box dragged, the picture follows; saved, opened again, exported."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from safetensors.torch import save_file

from app.views.inspector.image_correction_form import ImageCorrectionForm
from app.views.pages.correction_page import CorrectionPage
from core.exchange.export import export_result
from core.networks.architectures.registry import build_architecture
from tests.app.render.correction.hand import Hand
from tests.app.views.conftest import Driver

CARD = """
name = "reader"
architecture = "mlp:64-10-10"
weights = "reader.safetensors"
[input]
shape = [1, 8, 8]
mean = [5.0]
std = [6.0]
"""


@pytest.fixture
def digits(driver: Driver, tmp_path: Path) -> Driver:
    """A network with random weights, which gets most digits wrong, selected."""
    torch.manual_seed(4)
    save_file(build_architecture("mlp:64-10-10", (1, 8, 8), 10).state_dict(), tmp_path / "reader.safetensors")
    (tmp_path / "reader.toml").write_text(CARD)
    driver.window.desk.door.open_builtin_data("digits")
    driver.open(tmp_path / "reader.toml")
    driver.wait(lambda: len(driver.document.networks) == 1 and len(driver.document.datasets) == 1)
    driver.select(driver.document.networks[0].id)
    return driver


def form_of(driver: Driver) -> ImageCorrectionForm:
    form = driver.window.inspector.compute.images
    assert form is not None
    return form


@pytest.fixture
def corrected(digits: Driver) -> Driver:
    """A digit that is moved towards one that is judged otherwise, as the menu asks for it."""
    digits.trigger("corrections.row")
    form = form_of(digits)
    digits.wait(lambda: "judged" in form.verdict.text())
    said = form._said
    wanted = int(said[(said != said[0])][0])
    form.row.setValue(0)
    form.wanted.setCurrentIndex(form.wanted.findData(wanted))
    form.handles[0].towards.setValue(int(np.flatnonzero(said == wanted)[0]))
    digits.click("compute.correction")
    digits.wait(lambda: len(digits.results()) == 1)
    return digits


def page_of(driver: Driver) -> CorrectionPage:
    page = driver.window.area.page(driver.results()[0].id)
    assert isinstance(page, CorrectionPage)
    return page


def pictures(driver: Driver) -> list[QImage]:
    return [sample.image for sample in page_of(driver).pictures.strip.samples]


def greys(image: QImage) -> np.ndarray:
    return np.array([[image.pixelColor(x, y).red() for x in range(8)] for y in range(8)], dtype=float)


def expected(driver: Driver, centre: tuple[float, float]) -> np.ndarray:
    """(8, 8), the corrected image as it is to be drawn: digits are from 0 to 16."""
    request = driver.results()[0].result.request
    values = request.subspace.inputs(np.array([centre]))[0].reshape(8, 8)
    return np.clip(values * 255 / 16, 0, 255)


def test_the_menu_turns_to_the_form_and_offers_nothing_of_tables(digits: Driver) -> None:
    actions = digits.window.actions_registry
    assert actions.action("corrections.row").isEnabled()
    assert not actions.action("corrections.pairs").isEnabled()
    assert not actions.action("corrections.cases").isEnabled()
    assert digits.window.inspector.compute.form is not form_of(digits)
    digits.trigger("corrections.row")
    assert digits.window.inspector.compute.form is form_of(digits)
    digits.wait(lambda: "judged" in form_of(digits).verdict.text())


def test_the_corrected_image_is_shown_and_follows_the_box(corrected: Driver) -> None:
    item, page = corrected.results()[0], page_of(corrected)
    assert item.result.box is not None
    first, change, after = pictures(corrected)
    assert np.abs(greys(first) - expected(corrected, (0, 0))).max() <= 1
    assert np.abs(greys(after) - expected(corrected, item.result.box.centre)).max() <= 1
    assert change.size() == first.size()
    strip = page.pictures.strip
    assert strip.samples[2].verdict.startswith("✓ judged")
    seen: list[QImage] = []
    page.box_changing.connect(lambda _box: seen.append(strip.samples[2].image))
    hand = Hand(page.slice)
    start, before = hand.at(*item.result.box.centre), None
    while start != before:  # nobody takes hold of a page that is still being laid out
        corrected.qtbot.wait(30)
        start, before = hand.at(*item.result.box.centre), start
    hand.drag(start, start + QPoint(30, -50))
    assert len(seen) > 1
    assert seen[0] != after
    moved = corrected.results()[0].result.box.centre
    assert moved != item.result.box.centre
    assert np.abs(greys(pictures(corrected)[2]) - expected(corrected, moved)).max() <= 1
    corrected.trigger("edit.undo")
    assert pictures(corrected)[2] == after


def test_where_nothing_is_changed_enough_the_middle_is_said_to_be_rejected(corrected: Driver) -> None:
    corrected.select(corrected.results()[0].id)
    panel = corrected.window.inspector.box
    for field in panel.centre:
        field.setValue(0.0)
    assert page_of(corrected).pictures.strip.samples[2].verdict.startswith("✗ not")
    assert page_of(corrected).pictures.strip.samples[1].verdict == "none"
    assert "refuted" in corrected.find(QLabel, "box.proof").text()


def test_the_box_moves_with_keys_and_words_are_those_of_an_image(corrected: Driver) -> None:
    page, before = page_of(corrected), pictures(corrected)[2]
    page.slice._page.plot.viewport().setFocus()
    page.slice.set_box(page.slice.box)  # its arrow keys move the box
    QTest.keyClick(page.slice._page.plot.viewport(), Qt.Key.Key_Right)
    corrected.wait(lambda: pictures(corrected)[2] != before)
    assert "Everything else stays as in the input" in corrected.find(QLabel, "caption").text()
    assert "share of the way to image" in corrected.find(QLabel, "answer").text()


def test_it_is_saved_opened_again_and_exported(corrected: Driver, tmp_path: Path) -> None:
    shown, request = pictures(corrected), corrected.results()[0].result.request
    path = tmp_path / "images.corrie.h5"
    corrected.save(path)
    corrected.window.open_paths([path])
    corrected.wait(lambda: corrected.window.desk.state.path == path and not corrected.window.desk.state.dirty)
    corrected.wait(lambda: corrected.window.area.page(corrected.results()[0].id) is not None)
    item = corrected.results()[0]
    assert item.result.request == request
    assert pictures(corrected) == shown
    for ending in ("svg", "csv"):
        target = tmp_path / f"correction.{ending}"
        export_result(item, corrected.document, target)
        assert "share of the way to image" in target.read_text()


def test_entries_are_still_there_after_the_result_was_looked_at(corrected: Driver) -> None:
    before = form_of(corrected).request() if corrected.window.inspector.compute else None
    corrected.select(corrected.results()[0].id)
    corrected.select(corrected.document.networks[0].id)
    form = form_of(corrected)
    assert corrected.window.inspector.compute.form is form
    assert form.row.value() == 0
    assert form.request() == corrected.results()[0].result.request
    assert before is None or before == form.request()
    assert corrected.find(QPushButton, "image.next").isEnabled()
