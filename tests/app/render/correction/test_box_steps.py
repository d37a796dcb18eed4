"""A box whose features go in steps: dragged, resized, nudged and snapped onto them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.render.plot.slices.box_geometry import BODY, HANDLES, Grip, Limits, dragged, widened
from app.render.plot.slices.correction_view import CorrectionView
from core.corrections.records.correction import Box, Correction
from tests import documents
from tests.app.render.correction.hand import EAST, INSIDE, Hand, text_of

LIMITS = Limits((4.0, 250.0), (72.0, 20_000.0), (1.0, 100.0))


def stepped() -> Correction:
    found = documents.correction()
    free = tuple(replace(one, step=step) for one, step in zip(found.request.free, LIMITS.steps, strict=True))
    return replace(found, request=replace(found.request, free=free))  # type: ignore[arg-type]


@pytest.fixture
def view(qtbot: QtBot) -> CorrectionView:
    widget = CorrectionView()
    qtbot.addWidget(widget)
    widget.set_units(("months", "DM"))
    widget.set_correction(stepped())
    widget.resize(820, 640)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.set_box(INSIDE)
    return widget


def whole(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-9


@pytest.mark.parametrize("by", [0.3, 0.7, 5.2, -3.6, 400.0, -400.0])
def test_a_dragged_middle_lies_on_whole_steps_within_the_ranges(by: float) -> None:
    for half in ((2.0, 500.0), (2.5, 333.0), (0.0, 0.0)):
        moved = dragged(Box(centre=(30.0, 8500.0), half_width=half), BODY, (by, 37.0 * by), LIMITS)
        assert moved.half_width == half
        assert whole(moved.centre[0], 1.0)
        assert whole(moved.centre[1], 100.0)
        x_low, y_low, x_high, y_high = moved.bounds
        assert x_low >= 4.0
        assert x_high <= 72.0
        assert y_low >= 250.0
        assert y_high <= 20_000.0


def test_edges_that_are_whole_steps_stay_so_when_the_box_is_moved() -> None:
    rule = Box(centre=(14.5, 8500.0), half_width=(2.5, 500.0))  # 12 to 17 months
    moved = dragged(rule, BODY, (3.3, 0.0), LIMITS)
    assert (moved.bounds[0], moved.bounds[2]) == (15.0, 20.0)


@pytest.mark.parametrize("grip", [grip for grip in HANDLES if grip.x])
def test_an_edge_that_is_held_goes_from_step_to_step(grip: Grip) -> None:
    box = Box(centre=(30.0, 8500.0), half_width=(2.5, 500.0))
    for by in (0.2, 1.7, -1.2, -9.0, 300.0, -300.0):
        after = dragged(box, grip, (by, 0.0), LIMITS)
        held, still = (2, 0) if grip.x > 0 else (0, 2)
        assert whole(after.bounds[held], 1.0)
        assert after.bounds[still] == pytest.approx(box.bounds[still])
        assert after.half_width[0] > 0
        assert after.bounds[0] >= 4.0 - 1e-9
        assert after.bounds[2] <= 72.0 + 1e-9


def test_growing_by_keys_adds_whole_steps() -> None:
    assert LIMITS.nudge(0, 0.01) == 1.0
    assert LIMITS.nudge(0, 0.1) == 7.0
    assert widened(INSIDE, (LIMITS.nudge(0, 0.01), 0.0), LIMITS).half_width[0] == INSIDE.half_width[0] + 1


def test_the_hand_moves_the_box_from_step_to_step(view: CorrectionView, hand: Hand) -> None:
    hand.drag(hand.at(30, 8500), hand.at(23.4, 8123))
    assert view.box is not None
    assert view.box.centre == (23.0, 8100.0)
    hand.key(Qt.Key.Key_Right)
    assert view.box.centre == (24.0, 8100.0)
    start = hand.grip(EAST)
    hand.drag(start, start + QPoint(23, 0))
    assert whole(view.box.bounds[2], 1.0)


def test_the_nearest_stable_place_lies_on_the_steps_and_the_caption_says_so(view: CorrectionView) -> None:
    assert view.snap_to_nearest()
    assert view.box is not None
    point = stepped().request.point
    assert view.box.centre[0] == point[0] or whole(view.box.centre[0], 1.0)
    assert view.box.centre[1] == point[1] or whole(view.box.centre[1], 100.0)
    assert view.box.proof == "proved"
    assert "goes in whole months" in text_of(view, view._page.caption.objectName())
