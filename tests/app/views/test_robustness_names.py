"""Names as people, files and attackers write them: shown as they are, never as markup, never stretching the window."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from app.actions.wording import literal, short, tip
from core.data.dataset import Dataset
from core.data.storing import store_dataset
from core.data.tables.features import Feature, FeatureCard
from core.networks.card import InputCard, NetworkCard
from core.session.document import Document
from tests import documents
from tests.app.views.conftest import Driver

HOSTILE = "<b>bold</b> & <img src='file:///etc/passwd'>"
NAMES = [HOSTILE, "x" * 20_000, "many words " * 500, "a&b", "&amp;", "\u202egnp.exe"]


def named_document(name: str) -> Document:
    """A session in which everything that has a name has this one."""
    document = Document()
    for item in documents.document().items.values():
        document = document.with_item(dataclasses.replace(item, name=name))
    return document


def labels_seen(window: QWidget) -> list[QLabel]:
    return [label for label in window.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:12]))
def test_a_name_is_never_taken_for_markup_and_never_stretches_the_window(driver: Driver, name: str) -> None:
    driver.window.desk.state.open(named_document(name), None)
    size = driver.window.size()
    for item_id in driver.document.items:
        driver.select(item_id)
        driver.window.pages.open_page(item_id)
        driver.window.pages.rename(item_id, "   ")  # a banner
        driver.window.pages.rename(item_id, f"{name}!")
        QApplication.processEvents()
        assert driver.window.size() == size
        assert driver.window.centralWidget().width() > 300
        inspector = driver.window.inspector
        assert inspector.widget().width() <= inspector.viewport().width()
        for label in labels_seen(driver.window):
            if name[:20] in label.text():
                assert label.textFormat() == Qt.TextFormat.PlainText, label.objectName()


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:12]))
def test_a_tab_shows_the_letters_of_the_name_and_its_tooltip_all_of_it(driver: Driver, name: str) -> None:
    driver.window.desk.state.open(named_document(name), None)
    driver.window.pages.open_page("surface-0")
    pane = driver.window.area._left
    shown = pane.tabText(0).replace("&&", "&")
    assert shown.removesuffix("…") == " ".join(name.split())[: len(shown.removesuffix("…"))]
    assert len(shown) <= 60
    assert plain_of(pane.tabToolTip(0)).startswith(name[:300].rstrip())


def plain_of(tooltip: str) -> str:
    """What is read in a tooltip: Qt takes a text for markup if there is a tag on its first line."""
    return QTextDocumentFragment.fromHtml(tooltip).toPlainText() if tooltip.startswith("<span") else tooltip


@pytest.mark.parametrize("text", [HOSTILE, "a < b", "two\nlines of <i>text</i>", "&lt;b&gt;", "long " * 60])
def test_a_tooltip_reads_as_it_was_written(text: str) -> None:
    assert plain_of(tip(text)).split() == text.split()


def test_a_short_tooltip_stays_what_it_is_and_a_huge_one_is_cut() -> None:
    assert tip("Loss up to") == "Loss up to"
    assert len(plain_of(tip("x" * 10**6))) == 600
    assert short("x" * 10**6, 10) == "x" * 9 + "…"
    assert short("a\nb") == "a b"
    assert literal("a & b") == "a && b"


def test_the_undo_action_shows_the_name_in_menu_and_tooltip(driver: Driver) -> None:
    driver.window.desk.state.open(named_document("x"), None)
    driver.window.pages.rename("surface-0", "y & <b>z</b>")
    driver.window.pages.remove("surface-0")
    action = driver.window.actions_registry.action("edit.undo")
    assert action.text() == "&Undo remove “y && <b>z</b>”"
    assert plain_of(action.toolTip()).startswith("Undo remove “y & <b>z</b>”")


def test_the_title_survives_a_file_named_like_qts_placeholder(driver: Driver, tmp_path: Path) -> None:
    driver.window.desk.state.open(documents.document(), None)
    driver.save(tmp_path / "a[*]b.corrie.h5")
    assert driver.window.windowTitle() == "a[*][*]b.corrie.h5[*] — Corrie"  # doubled is Qt's escape


def wide_table(columns: int) -> Dataset:
    features = tuple(
        Feature(name=f"<b>f{i}</b> & co", unit="<u>DM</u>", low=0, high=10, half_width=0.5) for i in range(columns)
    )
    card = FeatureCard(features=features, target="t", classes=("no", "yes"), wanted="yes", name="wide")
    x = np.random.default_rng(0).uniform(0, 10, (30, columns)).astype(np.float32)
    y = np.arange(30) % 2
    return Dataset(name="wide", x=x, y=y, classes=("no", "yes"), features=card, source="made up")


def test_three_hundred_features_with_tags_in_their_names_can_be_chosen_from(driver: Driver) -> None:
    data = store_dataset(wide_table(300), origin="wide.csv", keep=True)
    network = dataclasses.replace(
        documents.network_item(),
        card=NetworkCard(name="wide", input=InputCard(shape=(300,)), architecture="mlp:300-8-2"),
        weights={
            "1.weight": np.zeros((8, 300), np.float32),
            "1.bias": np.zeros(8, np.float32),
            "3.weight": np.zeros((2, 8), np.float32),
            "3.bias": np.array([1.0, 0.0], np.float32),
        },
        sha256="1" * 64,
    )
    driver.window.desk.state.open(Document().with_item(data).with_item(network), None)
    driver.select(network.id)
    box = driver.find(QComboBox, "correction.feature.0")
    assert box.count() == 300
    assert box.itemText(7) == "<b>f7</b> & co (<u>DM</u>)"
    driver.wait_for_jobs()  # the rows are judged
    assert driver.window.banner.text == ""
    inspector = driver.window.inspector
    assert inspector.widget().width() <= inspector.viewport().width()


def test_ten_thousand_classes_are_counted_not_listed(driver: Driver) -> None:
    classes = tuple(f"class {i}" for i in range(10_000))
    card = dataclasses.replace(documents.network_item().card, classes=classes)
    network = dataclasses.replace(documents.network_item(), card=card)
    driver.window.desk.state.open(Document().with_item(network), None)
    driver.select(network.id)
    (facts,) = [label.text() for label in labels_seen(driver.window) if "class 0," in label.text()]
    assert "class 9" in facts
    assert "10\u202f000" in facts
    assert len(facts) < 400
