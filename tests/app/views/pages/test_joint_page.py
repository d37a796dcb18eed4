"""The page of a correction in several features: its box under mouse and keys, and what is told of it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from app.render.plot.joint.range_slider import End, RangeSlider
from app.views.joint.words import judgement_words, stability_words
from app.views.pages.joint_page import JointPage
from core.corrections.engines.joint.engine import compute_joint
from core.corrections.records.correction import CorrectionRequest, FreeFeature
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointBox, JointCorrection, JointRequest
from core.exchange.subject import Subject
from core.job import JobContext
from core.networks.network import Network
from core.networks.storing import store_network
from tests import documents
from tests.core.corrections.examples import storable_corner
from tests.joints import joint

LEFT = Qt.MouseButton.LeftButton
SUBJECT = Subject(title="Row 3", dataset=documents.dataset_item())
PATIENCE = 8_000  # milliseconds that a proof may take on a busy machine


class Told:
    """What the page told."""

    def __init__(self, page: JointPage) -> None:
        self.changed: list[JointBox] = []
        self.judged: list[JointBox] = []
        self.slices: list[CorrectionRequest] = []
        page.box_changed.connect(lambda _id, box: self.changed.append(box))
        page.box_judged.connect(lambda _id, box: self.judged.append(box))
        page.slice_wanted.connect(lambda _id, request: self.slices.append(request))


def shown(qtbot: QtBot, page: JointPage, width: int = 900, height: int = 700) -> JointPage:
    qtbot.addWidget(page)
    page.resize(width, height)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.fixture
def page(qtbot: QtBot) -> JointPage:
    """Of a result whose network is not in the session."""
    made = JointPage("joint-0")
    made.set_surroundings(SUBJECT, None, editable=True)
    made.show_result(joint())
    return shown(qtbot, made)


@pytest.fixture(scope="module")
def corner() -> tuple[Network, JointCorrection]:
    """Accepted where max(0, x) + max(0, y) > 1, from (−1, −1); a third feature does nothing."""
    network = storable_corner()
    numbers = tuple(FreeFeature(name=name, low=-2.0, high=2.0, half_width=0.25) for name in "xy")
    numbers = (*numbers, FreeFeature(name="z", low=0.0, high=10.0, step=1.0))
    freedom = Freedom(numbers=numbers, moves=tuple(Move(columns=(place,)) for place in range(3)))
    request = JointRequest(input=(-1.0, -1.0, 5.0), freedom=freedom, goal=Goal(classes=(1,)), seconds=1.0)
    found = compute_joint(request, network, "", JobContext())
    around = np.array([0.1, 0.1, 0.0])
    point = found.nearest.point
    return network, replace(found, box=JointBox(low=point - around, high=point + around, levels=()))


@pytest.fixture
def proving(qtbot: QtBot, corner: tuple[Network, JointCorrection]) -> Iterator[JointPage]:
    """Of a result with its network, so that every box is proved or refuted."""
    network, found = corner
    made = JointPage("joint-0")
    made.set_surroundings(Subject(title=""), store_network(network), editable=True)
    made.show_result(found)
    yield shown(qtbot, made)
    wait_for_background(PATIENCE)


def slider(page: JointPage, place: int) -> RangeSlider:
    return page.box.rows.numbers[place].slider


def drag(page: JointPage, place: int, end: End, pixels: int) -> None:
    moved = slider(page, place)
    start = moved.handle_at(end).toPoint() + QPoint(3 if end is End.HIGH else -3, 0)
    QTest.mousePress(moved, LEFT, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(moved, start + QPoint(round(share * pixels), 0))
    QTest.mouseRelease(moved, LEFT, pos=start + QPoint(pixels, 0))


def test_the_answer_stands_in_words_with_its_proof_and_bracket(page: JointPage) -> None:
    assert page.box.badge.text() == "✓ proved"
    assert page.box.finding.text().startswith('To be judged "granted": lower Duration 48 → 36')
    assert page.box.bracket.words == "none nearer than 0.380, proved; best found 0.4040"
    assert page.box.rows.numbers[0].change.text() == "48 → 36 ± 2"
    assert [chip.is_present for chip in page.box.rows.categories[0].chips.chips] == [True, False, False]
    assert page.box.state.text().startswith("✓ proved")


def test_a_handle_that_goes_inwards_needs_no_proof(page: JointPage) -> None:
    told = Told(page)
    drag(page, 0, End.LOW, 30)
    (box,) = told.changed
    assert box.low[0] > 20.0
    assert box.proof == "proved"
    assert page.box.state.text().startswith("✓ proved")


def test_without_its_network_a_larger_box_is_not_called_proved(page: JointPage) -> None:
    told = Told(page)
    drag(page, 0, End.HIGH, 60)
    (box,) = told.changed
    assert box.high[0] > 38.0
    assert box.proof == "unknown"
    assert "network is not in this session" in page.box.state.text()


def test_numbers_are_typed_in_and_an_end_takes_the_other_one_along(page: JointPage) -> None:
    told, row = Told(page), page.box.rows.numbers[0]
    row.low.setValue(25.0)
    assert slider(page, 0).ends == (25.0, 38.0)
    row.high.setValue(10.0)
    assert slider(page, 0).ends == (10.0, 10.0)
    assert [box.low[0] for box in told.changed] == [25.0, 10.0]


def test_another_level_is_asked_for_by_a_click_and_one_that_is_not_allowed_is_not(page: JointPage) -> None:
    told, chips = Told(page), page.box.rows.categories[0].chips.chips
    QTest.mouseClick(chips[2], LEFT)
    assert told.changed == []
    QTest.mouseClick(chips[1], LEFT)
    (box,) = told.changed
    assert box.levels == (1,)
    assert box.proof == "unknown"


def test_everything_in_a_row_is_reached_by_tab_and_levels_by_the_arrows(page: JointPage, qtbot: QtBot) -> None:
    page.activateWindow()
    told, rows = Told(page), page.box.rows
    slider(page, 0).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(slider(page, 0).hasFocus)
    visited = []
    for _ in range(6):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        visited.append(page.focusWidget().objectName())
    assert visited == [
        "joint.slider.0",
        "joint.low.0",
        "joint.high.0",
        "joint.slider.1",
        "joint.slider.1",
        "joint.low.1",
    ]
    chips = rows.categories[0].chips.chips
    chips[0].setFocus()
    QTest.keyClick(chips[0], Qt.Key.Key_Right)
    assert chips[1].hasFocus()
    assert told.changed[-1].levels == (1,)


def test_a_different_correction_is_put_into_the_box_by_a_click_on_it(page: JointPage) -> None:
    told, table = Told(page), page.ways.ways
    assert table.rowCount() == 2
    page.tabs.setCurrentWidget(page.ways)
    table.cellClicked.emit(1, 0)
    (box,) = told.changed
    assert (box.low.tolist(), box.high.tolist(), box.levels, box.proof) == (
        [46.0, 11500.0],
        [50.0, 12500.0],
        (1,),
        "proved",
    )


def test_a_stability_that_is_picked_puts_the_proved_box_of_its_correction_there(page: JointPage) -> None:
    told, curve = Told(page), page.ways.tradeoff
    assert curve.places == (0, 1)
    assert curve.at is None
    curve.picker.picking.emit(1)
    assert told.changed == []  # the hand is still on it
    assert slider(page, 0).ends == (34.0, 38.0)
    curve.picker.picked.emit(1)
    (box,) = told.changed
    assert (box.low.tolist(), box.high.tolist(), box.levels, box.proof) == (
        [34.0, 8500.0],
        [38.0, 9500.0],
        (0,),
        "proved",
    )
    assert page.box.state.text().startswith("✓ proved")
    assert curve.at == 1
    page.show_result(joint())  # undone
    assert curve.at is None


def test_a_place_of_the_curve_says_what_is_had_there_and_for_what() -> None:
    assert stability_words(joint(), 1, SUBJECT).replace("\u00a0", " ") == (
        "As asked for (Duration ± 2 months, Amount ± 500 DM): distance 0.4040, none nearer than 0.380"
    )
    assert stability_words(joint(), 0, SUBJECT) == "Without stability: distance 0.3000"
    assert stability_words(joint(), 2, SUBJECT) == ""


def test_where_numbers_go_in_steps_only_their_values_on_them_are_said_to_be_proved() -> None:
    stepped = joint()
    numbers = tuple(replace(one, step=0.0) for one in stepped.request.freedom.numbers)
    freedom = replace(stepped.request.freedom, numbers=numbers)
    free = replace(stepped, request=replace(stepped.request, freedom=freedom))
    for answer, words in (
        ("proved", "✓ proved: every point of the box{} is accepted"),
        ("undecided", "of the box{} was"),
    ):
        assert words.format(" on the steps") in judgement_words(stepped, answer, None, SUBJECT)
        assert words.format("") in judgement_words(free, answer, None, SUBJECT)


def test_the_box_goes_to_the_nearest_correction_and_is_told_once(page: JointPage) -> None:
    told = Told(page)
    QTest.mouseClick(page.box.nearest, LEFT)
    (box,) = told.changed
    assert (box.low.tolist(), box.high.tolist()) == ([34.0, 8500.0], [38.0, 9500.0])


def test_a_box_that_the_document_puts_back_is_shown_with_what_is_known_of_it(page: JointPage) -> None:
    drag(page, 0, End.HIGH, 60)
    page.show_result(joint())
    assert slider(page, 0).ends == (20.0, 38.0)
    assert page.box.state.text().startswith("✓ proved")


def test_two_numbers_make_an_exact_slice(page: JointPage) -> None:
    told = Told(page)
    (action,) = page.box.slice.menu().actions()
    assert action.text() == "Duration × Amount"
    action.trigger()
    (request,) = told.slices
    assert request.columns == (0, 1)


def test_a_search_that_goes_on_shows_its_bracket_and_lets_nobody_move_the_box(qtbot: QtBot) -> None:
    growing = JointPage("joint-0")
    growing.set_surroundings(SUBJECT, None, editable=False)
    growing.show_result(None)
    assert growing.empty.isVisibleTo(growing)
    growing.show_result(joint("partial"))
    shown(qtbot, growing)
    assert growing.box.bracket.words.endswith("still searching")
    assert not slider(growing, 0).isEnabled()
    assert not growing.box.nearest.isEnabled()
    assert len(growing.ways.course.rows) == 4


def test_where_none_exists_that_is_said_and_there_is_no_box(qtbot: QtBot) -> None:
    nothing = replace(
        joint().nearest, point=None, levels=(), distance=None, lower_bound=np.inf, proof="none_exists", closed=True
    )
    none = JointPage("joint-0")
    none.set_surroundings(SUBJECT, None, editable=True)
    none.show_result(replace(joint(), nearest=nothing, others=(), box=None))
    shown(qtbot, none)
    assert none.box.badge.text() == "∅ none exists"
    assert "provably no stable correction" in none.box.finding.text()
    assert not none.box.grow.isEnabled()
    assert not slider(none, 0).isEnabled()


def test_the_table_has_a_row_for_each_feature_and_copies_every_digit(page: JointPage) -> None:
    cells = page.table.cells
    assert cells is not None
    assert [row[:5] for row in cells.rows] == [
        ("Duration", "months", "48", "36", "−12"),
        ("Amount", "DM", "13\u202f500", "9000", "−4500"),
        ("Housing", "", "rent", "rent", ""),
    ]
    assert "number,1,Duration,48.0,4.0,72.0,2.0,36.0,20.0,38.0" in page.table.as_csv()
    assert page.rule.text().startswith("Lower Duration to 20–38")


@pytest.mark.parametrize(("width", "place"), [(420, "below"), (1000, "beside")])
def test_the_slider_stands_beside_its_name_where_there_is_room(
    qtbot: QtBot, page: JointPage, width: int, place: str
) -> None:
    page.resize(width, 700)
    row = page.box.rows.numbers[0]
    qtbot.waitUntil(lambda: (row.slider.x() > row.name.geometry().right()) is (place == "beside"))
    assert row.slider.width() > 200


def test_a_box_is_refuted_by_a_point_that_is_marked_and_proved_again_when_it_shrinks(
    proving: JointPage, qtbot: QtBot
) -> None:
    told, rows = Told(proving), proving.box.rows
    nearest = proving._shown.nearest.point
    axis = int(nearest[0] < nearest[1])  # the corner is symmetric: whichever of x and y is raised
    drag(proving, axis, End.LOW, -120)  # far below 1
    qtbot.waitUntil(lambda: proving.box.state.text().startswith("✗ refuted"), timeout=PATIENCE)
    assert told.changed[-1].proof == "unknown"
    marked = [row.slider.marks.rejected for row in rows.numbers]
    assert all(mark is not None for mark in marked)
    assert max(0.0, marked[0]) + max(0.0, marked[1]) <= 1.0
    for row, mark in zip(rows.numbers, marked, strict=True):
        assert row.slider.ends[0] - 1e-9 <= mark <= row.slider.ends[1] + 1e-9
    rows.numbers[axis].low.setValue(1.05)
    qtbot.waitUntil(lambda: proving.box.state.text().startswith("✓ proved"), timeout=PATIENCE)
    assert all(row.slider.marks.rejected is None for row in rows.numbers)


def test_what_is_proved_after_the_hand_let_go_is_told_of_the_same_box(proving: JointPage, qtbot: QtBot) -> None:
    told, shown_result = Told(proving), proving._shown
    axis = int(shown_result.nearest.point[0] < shown_result.nearest.point[1])
    proving.box_changed.connect(lambda _id, box: proving.show_result(replace(proving._shown, box=box)))
    drag(proving, 2, End.HIGH, 60)
    drag(proving, axis, End.HIGH, 30)
    qtbot.waitUntil(lambda: proving.box.state.text().startswith("✓ proved"), timeout=PATIENCE)
    newest = told.judged[-1] if told.judged else told.changed[-1]
    assert newest.proof == "proved"
    assert newest.high[2] > 5.0
    assert newest.high.tolist() == [row.slider.ends[1] for row in proving.box.rows.numbers]


def test_the_box_grows_as_far_as_it_can_be_proved(proving: JointPage, qtbot: QtBot) -> None:
    told = Told(proving)
    QTest.mouseClick(proving.box.grow, LEFT)
    qtbot.waitUntil(lambda: bool(told.changed), timeout=PATIENCE)
    box = told.changed[-1]
    axis = int(proving._shown.nearest.point[0] < proving._shown.nearest.point[1])
    assert box.proof == "proved"
    assert 1.0 < box.low[axis] < 1.05
    assert box.low[1 - axis] == -2.0
    assert box.high.tolist() == [2.0, 2.0, 10.0]
    assert proving.box.grow.text() == "&Grow"


def test_a_network_that_was_trained_further_proves_nothing(
    qtbot: QtBot, corner: tuple[Network, JointCorrection]
) -> None:
    network, found = corner
    other = JointPage("joint-0")
    other.set_surroundings(Subject(title=""), replace(store_network(network), sha256="0" * 64), editable=True)
    other.show_result(found)
    shown(qtbot, other)
    drag(other, 2, End.HIGH, 60)
    assert "network is not in this session" in other.box.state.text()


@pytest.mark.parametrize("name", ["<b>bold</b> & co", "x" * 400, "\u05d0\u05d1_" * 40])
def test_a_name_is_never_taken_for_markup_and_never_stretches_the_page(qtbot: QtBot, name: str) -> None:
    plain = joint()
    numbers = (replace(plain.request.freedom.numbers[0], name=name), plain.request.freedom.numbers[1])
    category = replace(plain.request.freedom.categories[0], name=f"{name}!", levels=(name, f"{name}?", "free"))
    freedom = replace(plain.request.freedom, numbers=numbers, categories=(category,))
    made = JointPage("joint-0")
    made.set_surroundings(SUBJECT, None, editable=True)
    made.show_result(replace(plain, request=replace(plain.request, freedom=freedom)))
    shown(qtbot, made, width=400)
    assert made.width() == 400
    labels = [label for label in made.findChildren(QLabel) if name[:10] in label.text()]
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    for row in made.box.rows.numbers:
        assert row.slider.width() > 150
        assert row.mapTo(made, QPoint(0, 0)).x() + row.width() <= 400
