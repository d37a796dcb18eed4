"""Attacked samples to look at: pictures, and rows of a table."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.views.attacks.change_picture import as_pixels, change_picture
from app.views.attacks.example_grid import LEAST
from app.views.attacks.example_words import Names, said
from app.views.attacks.examples_panel import HINT, ExamplesPanel
from core.robustness.robustness import Robustness
from tests import documents
from tests.document_parts import feature_card


def pictures(channels: int = 1) -> Robustness:
    """Four samples of 8 by 8 pixels; the strength is what is added to the first one."""
    found = documents.robustness()
    examples = found.examples
    assert examples is not None
    shape = (8, 8) if channels == 1 else (3, 8, 8)
    original = np.full((4, *shape), 4.0, dtype=np.float32)
    attacked = np.broadcast_to(original, (3, 3, *original.shape)).copy()
    for column, epsilon in enumerate(found.epsilon):
        attacked[:, column, :, ..., 0] += 16 * epsilon
    examples = replace(examples, original=original, attacked=attacked)
    return replace(found, examples=examples, range_low=np.zeros(1), range_high=np.full(1, 16.0))


def show(qtbot: QtBot, found: Robustness) -> ExamplesPanel:
    panel = ExamplesPanel(("denied", "granted"), feature_card())
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.set_result(found)
    return panel


def test_pictures_are_shown_at_the_strongest_attack_with_their_scale_in_words(qtbot: QtBot) -> None:
    panel = show(qtbot, pictures())
    assert panel.shown == (0, 2)
    assert panel.strength.currentText() == "ε 0.2"
    assert "full colour is a change of ±0.2 of the data's range" in panel.words.text()
    (first, *_), found = panel.grid.shown, pictures()
    assert first.title == "row 0: granted"
    assert first.clean == "granted 97 %"
    assert first.change is not None
    assert [one.turned for one in panel.grid.shown] == (found.examples.verdict[0, 2] != 1).tolist()
    assert not panel.grid.grab().isNull()


def test_arrow_keys_walk_through_strengths_and_attacks(qtbot: QtBot) -> None:
    panel = show(qtbot, pictures())
    changes: list[tuple[int, int]] = []
    panel.view_changed.connect(lambda: changes.append(panel.shown))
    qtbot.keyClick(panel, Qt.Key.Key_Left)
    qtbot.keyClick(panel, Qt.Key.Key_Down)
    assert changes == [(0, 1), (1, 1)]
    assert panel.strength.currentText() == "L2 0.122"
    assert "±0.05" in panel.words.text()


def test_choosing_with_the_mouse_does_the_same(qtbot: QtBot) -> None:
    panel = show(qtbot, pictures(channels=3))
    panel.attack.setCurrentIndex(2)
    panel.strength.setCurrentIndex(0)
    assert panel.shown == (2, 0)
    assert "channel by channel" in panel.words.text()
    assert not panel.scale.isVisible()


def test_what_is_not_computed_yet_is_an_empty_picture_with_a_word(qtbot: QtBot) -> None:
    found = documents.robustness(status="partial")
    some = pictures()
    assert found.examples is not None
    assert some.examples is not None
    attacked = some.examples.attacked.copy()
    attacked[2] = np.nan
    examples = replace(some.examples, attacked=attacked, verdict=found.examples.verdict)
    panel = show(qtbot, replace(some, examples=examples))
    panel.turn_to(2, 1)
    assert all(one.change is None and one.verdict == "not computed yet" for one in panel.grid.shown)


def test_rows_of_a_table_are_listed_by_feature_with_their_units(qtbot: QtBot) -> None:
    found = documents.robustness()
    panel = show(qtbot, found)
    panel.sample.setCurrentIndex(2)
    cells = panel.table.cells
    assert cells is not None
    assert [row[:2] for row in cells.rows[:4]] == [
        ("Duration", "months"),
        ("Amount", "DM"),
        ("Age", "years"),
        ("Housing = rent", ""),
    ]
    assert found.examples is not None
    before, after = found.examples.original[2], found.examples.attacked[0, 2, 2]
    copied = np.array([row[2:] for row in cells.copied[1:]], dtype=np.float64)
    assert copied[:, 0] == pytest.approx(before.astype(np.float64))
    assert copied[:, 2] == pytest.approx(after.astype(np.float64))
    assert copied[:, 3] == pytest.approx((after.astype(np.float64) - before) / 16, rel=1e-6)


def test_the_view_is_kept_and_put_back(qtbot: QtBot) -> None:
    panel = show(qtbot, documents.robustness())
    panel.turn_to(1, 0)
    panel.sample.setCurrentIndex(3)
    again = show(qtbot, documents.robustness())
    again.restore_view(panel.view_state())
    assert again.shown == (1, 0)
    assert again.sample.currentIndex() == 3


def test_no_examples_are_explained(qtbot: QtBot) -> None:
    panel = show(qtbot, replace(documents.robustness(), examples=None))
    assert panel._pages.currentIndex() == 0


def test_colours_of_a_change_are_those_of_its_sign() -> None:
    change = np.array([[-0.2, 0.0, 0.1]] * 6)
    picture = change_picture(change, 0.2, QColor("blue"), QColor("white"), QColor("red"))
    assert [picture.pixelColor(x, 0).getRgb()[:3] for x in range(3)] == [(0, 0, 255), (255, 255, 255), (255, 128, 128)]


def test_channels_may_come_first_or_last() -> None:
    first = np.arange(3 * 8 * 7).reshape(3, 8, 7)
    assert np.array_equal(as_pixels(first), as_pixels(np.moveaxis(first, 0, -1)))
    assert as_pixels(first[:1]).shape == (8, 7)


def test_a_sample_is_seen_whole_in_a_low_panel_with_its_pixels_enlarged_evenly(qtbot: QtBot) -> None:
    panel = show(qtbot, pictures())
    before = panel.grid._side()
    panel.resize(390, 410)
    after = panel.grid._side()
    assert LEAST <= after.height() < before.height()
    assert after.height() % 8 == before.height() % 8 == 0
    room = panel.grid.visibleRegion().boundingRect()
    assert room.contains(panel.grid._place(0))


def test_what_the_arrow_keys_do_is_said_below_the_samples_or_at_the_pointer(qtbot: QtBot) -> None:
    panel = show(qtbot, pictures())
    assert panel.words.text().endswith(HINT)
    panel.resize(390, 410)
    assert HINT not in panel.words.text()
    assert "±0.2" in panel.words.text()
    assert panel.words.toolTip() == HINT


def test_a_class_that_is_a_number_is_kept_apart_from_its_probability() -> None:
    assert said(1, 0.998, Names(("zero", "one"))) == "one 99.8 %"
    assert said(7, 0.998, Names(tuple("0123456789"))) == "7: 99.8 %"
    assert said(12, 1.0, Names()) == "class 12: 100 %"
