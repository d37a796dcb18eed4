"""The largest box, the triangle and the rule beside the slice."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from app.render.plot.legend import Legend
from app.render.plot.slices.box_item import BoxState
from app.render.plot.slices.correction_view import CorrectionView
from tests import documents
from tests.app.render.correction.hand import Told


@pytest.fixture
def explained(view: CorrectionView) -> CorrectionView:
    """A view with the largest box and a triangle."""
    view.set_correction(documents.explained_correction())
    return view


def button(view: CorrectionView, name: str) -> QPushButton:
    found = view.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def legend(view: CorrectionView) -> list[str]:
    found = view.findChild(Legend)
    assert isinstance(found, Legend)
    return [entry.text for entry in found.entries]


def test_the_largest_box_is_shown_and_the_triangle_on_demand(explained: CorrectionView) -> None:
    forms = explained._forms
    assert (forms.largest.isVisible(), forms.triangle.isVisible()) == (True, False)
    assert "largest box" in legend(explained)
    button(explained, "showTriangle").click()
    button(explained, "showLargest").click()
    assert (forms.largest.isVisible(), forms.triangle.isVisible()) == (False, True)
    assert legend(explained)[3:] == ["triangle of the paper"]
    assert explained.shown_forms == {"largest": False, "triangle": True}
    explained.show_forms({"largest": True, "triangle": "?"})
    assert explained.shown_forms == {"largest": True, "triangle": True}


def test_the_outlines_lie_where_the_correction_says(explained: CorrectionView) -> None:
    found = documents.explained_correction()
    assert found.largest_box is not None
    x_low, y_low, x_high, y_high = found.largest_box.bounds
    assert explained._forms.largest.path.boundingRect().getCoords() == (x_low, y_low, x_high, y_high)
    assert explained._forms.triangle.path.elementCount() == 4


def test_the_rule_is_copied_as_a_sentence(explained: CorrectionView) -> None:
    rule = explained.findChild(QLabel, "rule")
    assert isinstance(rule, QLabel)
    assert rule.text().startswith("Rule: lower Duration to 31\u00a0months or less (down to 4) and lower Amount")
    assert "29 % of the accepted area" in rule.text()
    button(explained, "copyRule").click()
    copied = QGuiApplication.clipboard().text().replace("\u00a0", " ")
    assert copied.startswith("Lower Duration to 31 months or less")
    assert copied.endswith("DM: accepted, proved.")


def test_taking_the_largest_box_moves_the_box_once_and_it_is_proved(explained: CorrectionView, told: Told) -> None:
    largest = documents.explained_correction().largest_box
    assert largest is not None
    take = button(explained, "takeLargest")
    assert take.isVisible()
    take.click()
    assert explained.box is not None
    assert (explained.box.centre, explained.box.half_width) == (largest.centre, largest.half_width)
    assert explained.box.proof == "proved"
    assert explained._item.state is BoxState.PROVED
    assert len(told.changed) == 1
    assert not take.isVisible()
    assert explained.take_largest()  # it is there already, and nothing more is told
    assert len(told.changed) == 1


def test_a_correction_without_them_offers_none_of_it(view: CorrectionView) -> None:
    assert not any(
        button(view, name).isVisible() for name in ("showLargest", "showTriangle", "takeLargest", "copyRule")
    )
    assert len(legend(view)) == 3
    assert not view.take_largest()


def test_where_there_is_little_room_the_rule_is_one_line_and_the_buttons_are_short(explained: CorrectionView) -> None:
    explained.resize(400, 460)
    rule = explained.findChild(QLabel, "rule")
    assert isinstance(rule, QLabel)
    assert not rule.wordWrap()
    assert rule.text().endswith("…")
    assert "accepted, proved" in rule.toolTip()
    assert button(explained, "takeLargest").text() == "Take it"
    explained.resize(900, 700)
    assert rule.wordWrap()
    assert button(explained, "takeLargest").text() == "Take the largest box"
