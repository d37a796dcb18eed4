"""The spectrum of a self-contained program, asked for with keys and mouse: its layers are known once it is opened."""

import csv
import io
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from torch import nn

from app.views.inspector.spectrum_form import LOOKING, SpectrumForm
from app.views.pages.spectrum_page import SpectrumPage
from core.data.builtin import examples_folder
from core.spectrum.spectrum import Spectrum
from tests.app.views.conftest import Driver

CARD = 'name = "My program"\nfile = "mine.pt2"\n[input]\nshape = [1, 8, 8]\nmean = [0.0]\nstd = [16.0]\n'


@pytest.fixture
def form(driver: Driver, tmp_path: Path) -> SpectrumForm:
    torch.manual_seed(0)
    body = nn.Sequential(nn.Conv2d(2, 2, 3, padding=1), nn.Tanh(), nn.Conv2d(2, 2, 3, padding=1))
    net = nn.Sequential()
    for name, part in (("stem", nn.Conv2d(1, 2, 3, padding=1)), ("body", body), ("flat", nn.Flatten())):
        net.add_module(name, part)
    net.add_module("head", nn.Linear(128, 10))
    shapes = ({0: torch.export.Dim("batch")},)
    torch.export.save(
        torch.export.export(net.eval(), (torch.zeros(2, 1, 8, 8),), dynamic_shapes=shapes), tmp_path / "mine.pt2"
    )
    (tmp_path / "mine.toml").write_text(CARD)
    driver.open(examples_folder() / "digits.npz", tmp_path / "mine.toml")
    driver.wait(lambda: len(driver.document.networks) == 1)
    driver.select(driver.document.networks[0].id)
    driver.trigger("spectrum.form")
    assert driver.window.inspector.compute is not None
    found = driver.window.inspector.compute.spectrum
    assert found is not None
    return found


def test_layers_of_a_program_are_ticked_with_keys_and_mouse_and_their_table_is_copied(
    driver: Driver, form: SpectrumForm
) -> None:
    driver.qtbot.keyClick(form.of, Qt.Key.Key_Down)
    assert form.note_layers.text() == LOOKING
    driver.wait(form.layers.isVisible)
    layers = form.layers
    driver.qtbot.keyClick(form.button, Qt.Key.Key_Space)
    assert "No layer is ticked" in form.complaint.text()
    layers.setCurrentItem(layers.topLevelItem(1))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):  # unfold the body, tick its first layer
        driver.qtbot.keyClick(layers, key)
    assert layers.chosen == ("body.0",)
    head = layers.topLevelItem(2)
    assert head is not None
    row = layers.visualItemRect(head)
    driver.qtbot.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.left() + 8, row.center().y()))
    assert layers.chosen == ("body.0", "head")
    for field, digits in ((form.top, "2"), (form.samples, "16")):
        field.selectAll()
        driver.qtbot.keyClicks(field, digits)
    driver.qtbot.keyClick(form.layer_table, Qt.Key.Key_Space)
    driver.qtbot.keyClick(form.button, Qt.Key.Key_Space)
    driver.wait(lambda: len(driver.results()) == 1)
    driver.wait_for_jobs()
    (item,) = driver.results()
    assert isinstance(item.result, Spectrum)
    assert item.result.request.layers == ("body.0", "head")
    assert len(item.result.eigenvalues) == 2
    driver.window.pages.open_page(item.id)
    page = driver.window.area.page(item.id)
    assert isinstance(page, SpectrumPage)
    driver.qtbot.keyClick(page.layers.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [line[0] for line in copied[1:]] == ["body.0", "head"]
    assert float(copied[1][2]) == item.result.layer_table[0].top_eigenvalue
    QGuiApplication.clipboard().clear()
    driver.qtbot.mouseClick(page.layers.copy, Qt.MouseButton.LeftButton)
    assert list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()))) == copied
