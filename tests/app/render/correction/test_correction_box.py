"""The box on screen: dragged, resized and nudged as a person would; truth comes from shapely and closed forms."""

import time
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.render.plot.slices.box_geometry import BODY, HANDLES, Grip, Limits, dragged
from app.render.plot.slices.box_item import BoxState
from app.render.plot.slices.correction_view import CorrectionView
from app.render.plot.slices.regions import region_path
from app.render.plot.slices.stable_pacer import StablePacer
from core.corrections.live.slice import Judgement, LiveRegion
from core.corrections.records.correction import Box, Correction, Norm, Polygon
from tests import documents
from tests.app.render.correction.hand import (
    EAST,
    INSIDE,
    LEFT,
    NORTH_EAST,
    Hand,
    Told,
    accepted_area,
    box_label,
    near,
    pixel_in_data,
    text_of,
)
from tests.slices import eroded, parts

# ---- moving the box


def test_dragging_the_box_moves_its_centre_by_as_much_as_the_hand(view: CorrectionView, hand: Hand, told: Told) -> None:
    hand.drag(hand.at(30, 8500), hand.at(24, 7500))
    assert view.box is not None
    assert near(view.box, (24.0, 7500.0), pixel_in_data(view))
    assert view.box.half_width == INSIDE.half_width
    assert len(told.changed) == 1
    before, after = told.changed[0]
    assert before.centre == INSIDE.centre
    assert after.centre == view.box.centre
    assert len(told.changing) >= 3


def test_the_box_is_refuted_in_the_rejected_area_and_proved_again_when_it_returns(
    view: CorrectionView, hand: Hand
) -> None:
    region = accepted_area(documents.correction())
    hand.press(hand.at(30, 8500))
    assert view._item.state is BoxState.PROVED
    hand.move(hand.at(60, 12000))
    assert view._item.state is BoxState.REFUTED
    assert box_label(view).startswith("✗ refuted: the marked point is rejected")
    point = view._counterexample.point
    assert point is not None
    assert not shapely.intersects_xy(region, *point)
    box = view.box
    assert box is not None
    assert shapely.intersects_xy(shapely.box(*box.bounds), *point)
    assert box.proof == "unknown"
    hand.move(hand.at(30, 8400))
    assert view._item.state is BoxState.PROVED
    assert box_label(view).startswith("✓ proved")
    assert view._counterexample.point is None
    assert view.box.proof == "proved"
    hand.release(hand.at(30, 8400))


def test_the_verdict_on_a_box_is_that_of_the_exact_region_everywhere(view: CorrectionView) -> None:
    region = accepted_area(documents.correction())
    numbers = np.random.default_rng(4)
    seen = set()
    for _ in range(120):
        half = (float(numbers.uniform(0.5, 6)), float(numbers.uniform(100, 2000)))
        centre = (float(numbers.uniform(12, 60)), float(numbers.uniform(2500, 17000)))
        view.set_box(Box(centre=centre, half_width=half))
        assert view.box is not None
        truth = bool(shapely.covers(region, shapely.box(*view.box.bounds)))
        assert (view._item.state is BoxState.PROVED) == truth
        assert (view.box.proof == "proved") == truth
        seen.add(truth)
    assert seen == {True, False}


def test_the_margin_is_written_in_units_with_its_sign(view: CorrectionView) -> None:
    square = parts(([(10, 2000), (50, 2000), (50, 12000), (10, 12000)], []))
    view.set_correction(replace(documents.correction(), accepted=square))
    view.set_box(Box(centre=(30, 7000), half_width=(10, 1000)))  # may grow to twice its width before it meets x = 50
    assert box_label(view).endswith("margin +10.00 months, +1000 DM")
    view.set_box(Box(centre=(45, 7000), half_width=(10, 1000)))  # must shrink to half of it
    assert box_label(view).endswith("margin −5.00 months, −500 DM")
    view.set_box(Box(centre=(40, 7000), half_width=(10, 1000)))
    assert box_label(view).endswith("margin 0: it touches the rejected area")


def test_the_box_lies_where_the_button_was_let_go(view: CorrectionView, hand: Hand) -> None:
    hand.press(hand.at(30, 8500))
    hand.move(hand.at(28, 8500))
    hand.release(hand.at(22, 7000))  # the last stretch was not reported as a move
    assert view.box is not None
    assert near(view.box, (22.0, 7000.0), pixel_in_data(view))


def test_escape_takes_a_drag_back(view: CorrectionView, hand: Hand, told: Told) -> None:
    hand.press(hand.at(30, 8500))
    hand.move(hand.at(60, 12000))
    hand.key(Qt.Key.Key_Escape)
    assert view.box is not None
    assert view.box.centre == INSIDE.centre
    assert view._item.state is BoxState.PROVED
    assert told.changing[-1].centre == INSIDE.centre
    hand.move(hand.at(50, 9000))  # the button is still down
    hand.release(hand.at(50, 9000))
    assert view.box.centre == INSIDE.centre
    assert told.changed == []


def test_a_click_that_moves_nothing_is_no_change(view: CorrectionView, hand: Hand, told: Told) -> None:
    hand.press(hand.at(30, 8500))
    hand.release(hand.at(30, 8500))
    assert told.changing == []
    assert told.changed == []


def test_shift_keeps_the_box_on_one_axis(view: CorrectionView, hand: Hand) -> None:
    start = hand.at(30, 8500)
    hand.press(start)
    hand.move(start + QPoint(-60, 15), shift=True)
    assert view.box is not None
    assert view.box.centre[1] == INSIDE.centre[1]
    assert view.box.centre[0] < INSIDE.centre[0]
    hand.move(start + QPoint(-10, 50), shift=True)
    assert view.box.centre[0] == INSIDE.centre[0]
    assert view.box.centre[1] < INSIDE.centre[1]
    hand.release(start + QPoint(-10, 50), shift=True)
    assert view.box.centre[0] == INSIDE.centre[0]


def test_the_box_stays_inside_the_slice(view: CorrectionView, hand: Hand) -> None:
    hand.drag(hand.at(30, 8500), hand.at(30, 8500) + QPoint(3000, -3000))
    assert view.box is not None
    x_low, y_low, x_high, y_high = view.box.bounds
    assert (x_high, y_high) == (72.0, 20000.0)
    assert (x_high - x_low, y_high - y_low) == (8.0, 2000.0)


def test_setting_a_box_from_outside_makes_no_signal(view: CorrectionView, told: Told) -> None:
    view.set_box(Box(centre=(20, 9000), half_width=(1, 100)))
    view.set_correction(documents.correction())
    assert told.changing == []
    assert told.changed == []


def test_a_box_set_during_a_drag_ends_the_drag(view: CorrectionView, hand: Hand, told: Told) -> None:
    hand.press(hand.at(30, 8500))
    hand.move(hand.at(26, 8500))
    other = Box(centre=(20.0, 9000.0), half_width=(1.0, 100.0))
    view.set_box(other)
    hand.move(hand.at(50, 8500))
    hand.release(hand.at(50, 8500))
    assert view.box is not None
    assert view.box.centre == other.centre
    assert told.changed == []


# ---- its size


@pytest.mark.parametrize("grip", HANDLES)
def test_every_handle_moves_its_own_edges_and_no_other(
    view: CorrectionView, hand: Hand, told: Told, grip: Grip
) -> None:
    before = np.array(INSIDE.bounds).reshape(2, 2)  # (low, high) × (x, y)
    start = hand.grip(grip)
    hand.drag(start, start + QPoint(9 * grip.x, -9 * grip.y))
    assert view.box is not None
    moved = np.array(view.box.bounds).reshape(2, 2) - before
    step = 9 * np.array(pixel_in_data(view)) * [grip.x, grip.y]
    for axis, direction in enumerate((grip.x, grip.y)):
        expected = [step[axis] if direction < 0 else 0.0, step[axis] if direction > 0 else 0.0]
        assert moved[:, axis] == pytest.approx(expected, abs=1e-6 * before[1, axis] + 0.01 * abs(step[axis]))
    assert len(told.changed) == 1


def test_handles_of_a_tiny_box_can_still_be_held_apart(view: CorrectionView, hand: Hand) -> None:
    tiny = Box(centre=(30.0, 8500.0), half_width=(0.0, 0.0))
    view.set_box(tiny)
    points = [hand.grip(grip) for grip in HANDLES]
    assert min((one - other).manhattanLength() for one, other in combinations(points, 2)) >= 14
    hand.drag(hand.at(30, 8500), hand.at(26, 8500))
    assert view.box is not None
    assert near(view.box, (26.0, 8500.0), pixel_in_data(view))
    assert view.box.half_width == (0.0, 0.0)
    start = hand.grip(EAST)
    hand.drag(start, start + QPoint(40, 0))
    assert view.box.half_width[0] == pytest.approx(20 * pixel_in_data(view)[0], rel=0.02)


def test_a_box_is_never_turned_inside_out() -> None:
    limits = Limits((0.0, 0.0), (1.0, 1.0))
    box = Box(centre=(0.5, 0.5), half_width=(0.1, 0.2))
    for grip in (BODY, *HANDLES):
        for by in ((5.0, 5.0), (-5.0, -5.0), (0.01, -0.3)):
            x_low, y_low, x_high, y_high = dragged(box, grip, by, limits).bounds
            assert -1e-12 <= x_low < x_high <= 1 + 1e-12
            assert -1e-12 <= y_low < y_high <= 1 + 1e-12


def test_resizing_shows_the_stable_set_of_the_new_size(view: CorrectionView, hand: Hand) -> None:
    start = hand.grip(NORTH_EAST)
    hand.drag(start, start + QPoint(25, -20))
    assert view.box is not None
    truth = eroded(documents.correction().accepted, view.box.half_width)
    x, y = documents.correction().request.free
    w, h = view.box.half_width
    inside = shapely.intersection(
        shapely.union_all([shapely.Polygon(p.exterior, p.holes) for p in truth]),
        shapely.box(x.low + w, y.low + h, x.high - w, y.high - h),
    )
    path = view._layers.stable.path
    points = np.random.default_rng(1).uniform((4, 250), (72, 20000), (500, 2))
    points = points[shapely.distance(shapely.points(points / [68, 19750]), _scaled(inside)) > 1e-6]
    wrong = [p for p in points if path.contains(QPointF(*p))]
    assert wrong == []
    within = np.random.default_rng(2).uniform((4, 250), (72, 20000), (2000, 2))
    within = within[shapely.contains_xy(shapely.buffer(inside, -1e-3), within[:, 0], within[:, 1])]
    assert len(within) > 100
    assert all(path.contains(QPointF(*p)) for p in within)


def _scaled(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(geometry, lambda points: points / [68, 19750])


def test_the_stable_set_follows_while_the_hand_still_holds_the_handle(
    view: CorrectionView, qtbot: QtBot, hand: Hand
) -> None:
    start = hand.grip(NORTH_EAST)
    hand.press(start)
    hand.move(start + QPoint(25, -20))
    assert view.box is not None
    truth = region_path(LiveRegion.of(documents.correction()).stable_set(view.box.half_width))
    qtbot.waitUntil(lambda: view._layers.stable.path == truth)
    hand.release(start + QPoint(25, -20))


class CountingJudge:
    """A real judge that counts what it is asked."""

    def __init__(self, correction: Correction) -> None:
        self._region = LiveRegion.of(correction)
        self.judged = self.stable = 0

    def judge(self, box: Box) -> Judgement:
        self.judged += 1
        return self._region.judge(box)

    def stable_set(self, half_width: tuple[float, float]) -> tuple[Polygon, ...]:
        self.stable += 1
        return self._region.stable_set(half_width)

    def nearest(
        self,
        point: tuple[float, float],
        half_width: tuple[float, float],
        weights: tuple[float, float],
        norm: Norm = "L1",
        steps: tuple[float, float] = (0.0, 0.0),
    ) -> tuple[float, float] | None:
        return self._region.nearest(point, half_width, weights, norm, steps)


def test_moving_costs_one_judgement_a_step_and_draws_no_region_again(view: CorrectionView, hand: Hand) -> None:
    judge = CountingJudge(documents.correction())
    view.set_judge(judge)
    hand.press(hand.at(30, 8500))
    view.grab()
    judge.judged = judge.stable = 0
    pictures = [item._picture for item in (view._layers.rejected, view._layers.accepted, view._layers.stable)]
    assert all(picture is not None for picture in pictures)
    for step in range(1, 11):
        hand.move(hand.at(30 - 0.8 * step, 8500))
        view.grab()
    assert judge.judged == 10
    assert judge.stable == 0
    after = [item._picture for item in (view._layers.rejected, view._layers.accepted, view._layers.stable)]
    assert all(one is other for one, other in zip(pictures, after, strict=True))
    hand.release(hand.at(22, 8500))


def test_a_slow_stable_set_is_drawn_less_often_but_the_last_one_always(qtbot: QtBot) -> None:
    drawn: list[tuple[float, float]] = []

    def draw(half_width: tuple[float, float]) -> None:
        ends_at = time.perf_counter() + 0.03
        while time.perf_counter() < ends_at:  # a machine that is busy drawing
            pass
        drawn.append(half_width)

    pacer = StablePacer(draw)
    for step in range(20):
        pacer.ask((float(step), 1.0), at_once=False)
    assert drawn == [(0.0, 1.0)]
    qtbot.waitUntil(lambda: len(drawn) == 2)
    assert drawn[-1] == (19.0, 1.0)
    pacer.ask((19.0, 1.0), at_once=True)
    assert len(drawn) == 2


# ---- the keyboard


@pytest.mark.parametrize(
    ("key", "modifier", "step"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (0.68, 0.0)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, (-0.68, 0.0)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (0.0, 197.5)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, (0.0, -1975.0)),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, (6.8, 0.0)),
    ],
)
def test_arrow_keys_move_the_box_by_a_share_of_the_range(
    view: CorrectionView,
    hand: Hand,
    told: Told,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    step: tuple[float, float],
) -> None:
    hand.key(key, modifier)
    assert view.box is not None
    assert view.box.centre == pytest.approx((30.0 + step[0], 8500.0 + step[1]))
    assert len(told.changed) == 1
    assert told.changed[0][0].centre == INSIDE.centre


def test_control_and_arrows_change_the_size(view: CorrectionView, hand: Hand) -> None:
    hand.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    hand.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert view.box is not None
    assert view.box.centre == INSIDE.centre
    assert view.box.half_width == pytest.approx((4.68, 802.5))


def test_a_key_that_is_held_is_one_change(view: CorrectionView, told: Told) -> None:
    plot = view._page.plot
    for _ in range(5):
        QTest.keyPress(plot, Qt.Key.Key_Left)
    assert told.changed == []
    QTest.keyRelease(plot, Qt.Key.Key_Left)
    assert len(told.changing) == 5
    assert len(told.changed) == 1
    assert told.changed[0][1].centre[0] == pytest.approx(30.0 - 5 * 0.68)


def test_a_click_beside_the_box_leaves_it_the_arrow_keys(view: CorrectionView, hand: Hand) -> None:
    QTest.mouseClick(hand.viewport, LEFT, pos=hand.at(66, 3000))
    hand.key(Qt.Key.Key_Right)
    assert view.box is not None
    assert view.box.centre[0] == pytest.approx(30.68)


# ---- the nearest stable correction


def test_snapping_moves_the_box_to_the_nearest_stable_correction(view: CorrectionView, told: Told) -> None:
    correction = documents.correction()
    request = (correction.request.free[0].half_width, correction.request.free[1].half_width)
    view.set_box(Box(centre=(10.0, 2000.0), half_width=request))
    snap = view.findChild(QPushButton, "snapToNearest")
    assert snap is not None
    snap.click()
    assert view.box is not None
    assert correction.centre is not None
    assert view.box.centre == pytest.approx(correction.centre, rel=1e-6)
    assert view._item.state is BoxState.PROVED
    assert [before.centre for before, _ in told.changed] == [(10.0, 2000.0)]


def test_a_box_that_fits_nowhere_stays_and_says_so(view: CorrectionView, told: Told) -> None:
    view.set_box(Box(centre=(38.0, 10000.0), half_width=(33.0, 9000.0)))
    assert view.snap_to_nearest() is False
    assert "Nowhere is a box of this size accepted" in text_of(view, "reading")
    assert told.changed == []
