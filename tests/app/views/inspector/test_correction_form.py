"""The form of corrections: two numbers exactly, or any features with how each may change."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.views.inspector.correction_form import EXACTLY, SEVERAL, CorrectionForm
from app.views.inspector.entries import enter, entries_of
from core.corrections.records.correction import CorrectionRequest
from core.corrections.records.joint import JointRequest
from core.naming import Request
from tests import documents


@pytest.fixture
def form(qtbot: QtBot) -> CorrectionForm:
    return made(qtbot)


def made(qtbot: QtBot) -> CorrectionForm:
    form = CorrectionForm(documents.table(), documents.feature_card())
    qtbot.addWidget(form)
    form.resize(300, 800)
    with qtbot.waitExposed(form):
        form.show()
    return form


def several(form: CorrectionForm, *names: str) -> None:
    form.how.setCurrentText(SEVERAL)
    form.choose_features(names)


def point_at(form: CorrectionForm, name: str) -> None:
    form.freedom.list.setCurrentItem(form.freedom._items[name])


def joint_of(form: CorrectionForm) -> JointRequest:
    request = form.request()
    assert isinstance(request, JointRequest)
    return request


def test_two_numbers_are_asked_for_exactly_as_long_as_nobody_wants_more(form: CorrectionForm) -> None:
    assert form.how.currentText() == EXACTLY
    assert not form.freedom.isVisible()
    assert form.features[0].isVisible()
    assert isinstance(form.request(), CorrectionRequest)


def test_the_two_that_were_chosen_are_ticked_first_and_as_stable(form: CorrectionForm) -> None:
    form.stability[0].setValue(3.0)
    form.how.setCurrentText(SEVERAL)
    assert form.freedom.names == ("Duration", "Amount")
    assert form.freedom.isVisible()
    assert not form.features[0].isVisible()
    request = form.request()  # two ticked numbers: their exact slice
    assert isinstance(request, CorrectionRequest)
    assert [free.half_width for free in request.free] == [3.0, 500.0]


def test_a_category_that_is_ticked_makes_it_a_correction_in_several_features(form: CorrectionForm) -> None:
    several(form, "Duration", "Amount", "Housing")
    form.row.setValue(5)
    form.most_changed.setValue(2)
    form.different.setValue(3)
    form.seconds.setValue(7)
    request = joint_of(form)
    assert request.freedom.names == ("Duration", "Amount", "Housing")
    assert (request.row, request.most_changed, request.different, request.seconds) == (5, 2, 3, 7.0)
    assert request.goal.classes == (1,)
    assert request.input == tuple(documents.table().x[5].astype(float))
    assert request.freedom.categories[0].allowed == ()


def test_range_step_stability_price_and_direction_are_each_features_own(form: CorrectionForm) -> None:
    several(form, "Duration", "Housing")
    point_at(form, "Duration")
    details, now = form.freedom.details, float(documents.table().x[0, 0])
    assert details.low.isVisible()
    assert details.now.text().endswith(f"{now:g} months")
    details.high.setValue(71.0)
    details.half_width.setValue(1.0)
    details.step.setValue(3.0)
    details.price.setValue(0.25)
    details.direction.setCurrentText("only up")
    (duration,) = joint_of(form).freedom.numbers
    assert (duration.low, duration.high) == (now, 71.0)
    assert (duration.half_width, duration.step, duration.price) == (1.0, 3.0, 0.25)


def test_levels_that_are_not_ticked_are_not_chosen(form: CorrectionForm) -> None:
    several(form, "Duration", "Housing")
    point_at(form, "Housing")
    details = form.freedom.details
    details.levels.item(2).setCheckState(Qt.CheckState.Unchecked)
    details.level_price.setValue(0.5)
    (housing,) = joint_of(form).freedom.categories
    assert (housing.allowed, housing.price) == ((0, 1), 0.5)


def test_a_card_that_lets_a_feature_only_fall_offers_no_other_direction(form: CorrectionForm) -> None:
    several(form, "Amount", "Housing")
    point_at(form, "Amount")
    direction = form.freedom.details.direction
    assert [direction.itemText(place) for place in range(direction.count())] == ["only down"]
    assert joint_of(form).freedom.numbers[0].high == float(documents.table().x[0, 1])


def test_what_is_fixed_on_the_card_cannot_be_ticked(form: CorrectionForm) -> None:
    several(form, "Age", "Duration", "Housing")
    assert form.freedom.names == ("Duration", "Housing")
    assert not form.freedom._items["Age"].flags() & Qt.ItemFlag.ItemIsUserCheckable


def test_the_keys_tick_and_go_from_feature_to_feature(form: CorrectionForm) -> None:
    several(form, "Duration")
    form.freedom.list.setFocus()
    QTest.keyClick(form.freedom.list, Qt.Key.Key_Down)
    QTest.keyClick(form.freedom.list, Qt.Key.Key_Space)
    assert form.freedom.names == ("Duration", "Amount")


def test_suggested_features_go_where_features_are_chosen(form: CorrectionForm) -> None:
    form.choose_features(["Amount", "Duration"])
    assert form.how.currentText() == EXACTLY
    assert [box.currentData() for box in form.features] == ["Amount", "Duration"]
    form.choose_features(["Duration", "Housing"])
    assert form.how.currentText() == SEVERAL
    assert form.freedom.names == ("Duration", "Housing")


def test_everything_that_was_entered_is_put_back(form: CorrectionForm, qtbot: QtBot) -> None:
    several(form, "Duration", "Housing")
    point_at(form, "Duration")
    form.freedom.details.half_width.setValue(1.5)
    form.freedom.details.direction.setCurrentText("only down")
    point_at(form, "Housing")
    form.freedom.details.levels.item(0).setCheckState(Qt.CheckState.Unchecked)
    form.different.setValue(4)
    other = made(qtbot)
    enter([other], entries_of([form]))
    assert other.request() == form.request()
    assert other.freedom.list.currentItem().text(0) == "Housing"
    assert other.freedom.settings("Amount") == form.freedom.settings("Amount")


def nothing_ticked(form: CorrectionForm) -> None:
    several(form)


def empty_range(form: CorrectionForm) -> None:
    several(form, "Duration", "Housing")
    point_at(form, "Duration")
    form.freedom.details.low.setValue(90.0)


def too_stable(form: CorrectionForm) -> None:
    several(form, "Duration", "Housing")
    point_at(form, "Duration")
    form.freedom.details.half_width.setValue(50.0)


def no_level(form: CorrectionForm) -> None:
    several(form, "Duration", "Housing")
    point_at(form, "Housing")
    for place in range(3):
        form.freedom.details.levels.item(place).setCheckState(Qt.CheckState.Unchecked)


def nowhere_to_go(form: CorrectionForm) -> None:
    several(form, "Duration", "Housing")
    point_at(form, "Duration")
    form.freedom.details.direction.setCurrentText("only up")
    form.freedom.details.high.setValue(5.0)


def more_than_there_are(form: CorrectionForm) -> None:
    several(form, "Duration", "Housing")
    form.most_changed.setValue(4)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (nothing_ticked, "Tick at least one feature"),
        (empty_range, "that range is empty"),
        (too_stable, "does not fit into its range"),
        (no_level, 'No level of "Housing" may be chosen'),
        (nowhere_to_go, "may only grow within"),
        (more_than_there_are, "4 of 2 features cannot be changed"),
    ],
)
def test_contradictions_are_said_beside_the_button(
    form: CorrectionForm, how: Callable[[CorrectionForm], None], said: str
) -> None:
    asked: list[Request] = []
    form.requested.connect(asked.append)
    how(form)
    QTest.mouseClick(form.button, Qt.MouseButton.LeftButton)
    assert said in form.complaint.text()
    assert asked == []
