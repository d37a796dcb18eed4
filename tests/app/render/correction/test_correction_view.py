"""The correction on screen, driven by mouse and keys; truth about regions comes from shapely and from closed forms."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.render.plot.slices.box_geometry import Grip
from app.render.plot.slices.box_item import BoxState
from app.render.plot.slices.correction_view import CorrectionView
from app.render.plot.slices.regions import region_path
from app.render.plot.style import BLUISH_GREEN, VERMILLION, contrast
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Box
from tests import documents
from tests.app.render.correction.hand import (
    EAST,
    INSIDE,
    NORTH,
    NORTH_EAST,
    Hand,
    accepted_area,
    box_label,
    colour_at,
    dark_palette,
    text_of,
)
from tests.slices import parts

# ---- what there is to see


def test_a_view_without_a_correction_says_what_will_come(view: CorrectionView) -> None:
    view.set_correction(None)
    label = view.findChild(QLabel, "empty")
    assert label is not None
    assert label.isVisible()
    assert "as soon as its job has run" in label.text()
    assert view.box is None
    view.set_correction(documents.correction())
    assert not label.isVisible()


def test_accepted_rejected_and_holes_have_their_own_fill(view: CorrectionView, hand: Hand) -> None:
    view.set_box(None)
    rejected, hole = (65.0, 6000.0), (18.0, 4300.0)
    region = accepted_area(documents.correction())
    assert not shapely.intersects_xy(region, *rejected)
    assert not shapely.intersects_xy(region, *hole)
    island = colour_at(view, hand, 63.2, 17000.0)  # accepted, too near the edge to be stable
    assert shapely.intersects_xy(region, 63.2, 17000.0)
    assert colour_at(view, hand, *rejected) == colour_at(view, hand, *hole)
    assert island != colour_at(view, hand, *rejected)


def test_a_path_has_holes_where_the_polygons_have() -> None:
    polygons = parts(
        ([(0, 0), (10, 0), (10, 10), (0, 10)], [[(4, 4), (6, 4), (6, 6), (4, 6)]]), ([(20, 0), (22, 0), (21, 2)], [])
    )
    path = region_path(polygons)
    truth = shapely.union_all([shapely.Polygon(p.exterior, p.holes) for p in polygons])
    for x, y in np.random.default_rng(0).uniform((-1, -1), (23, 11), (400, 2)):
        assert path.contains(QPointF(x, y)) == shapely.contains_xy(truth, x, y)


def test_axes_carry_the_features_names_and_units(view: CorrectionView) -> None:
    labels = [view._page.plot.getAxis(side).label.toPlainText().strip() for side in ("bottom", "left")]
    assert labels == ["Duration (months)", "Amount (DM)"]


def test_the_answer_is_written_in_words_with_units(view: CorrectionView) -> None:
    correction = documents.correction()
    assert correction.centre is not None
    answer = text_of(view, "answer")
    assert "to “granted”" in answer
    assert f"lower Duration from 48 to {correction.centre[0]:g} months" in answer
    assert f"distance {correction.distance:.3f}".lower() in answer.lower()
    assert "±2 months of Duration and ±500 DM of Amount (proved)" in answer
    texts = [placed.callout.text for placed in view._labels.placed]
    assert texts[0] == "input: rejected, “denied”"
    assert f"Duration −{48 - correction.centre[0]:.2f} months" in texts[1]


@pytest.mark.parametrize("name", ["reading", "answer", "caption", "rule", "empty"])
def test_names_that_look_like_markup_are_seen_as_they_were_typed(view: CorrectionView, name: str) -> None:
    label = view.findChild(QLabel, name)
    assert label is not None
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_slice_without_a_stable_correction_says_so_and_offers_a_box_to_try(view: CorrectionView) -> None:
    view.set_correction(documents.impossible_correction())
    assert "provably no stable correction to “granted”" in text_of(view, "answer")
    assert view.box is None
    place = view.findChild(QPushButton, "placeBox")
    assert place is not None
    assert place.isVisible()
    place.click()
    assert view.box is not None
    assert view.box.centre == documents.correction().request.point
    assert view._item.state is BoxState.REFUTED
    assert "nothing in this slice is accepted" in box_label(view)


@pytest.mark.parametrize("size", [(420, 560), (820, 640), (1500, 900)])
@pytest.mark.parametrize("centre", [(29.0, 10800.0), (48.0, 13500.0), (8.0, 1500.0), (69.5, 19000.0), (30.0, 3000.0)])
def test_labels_never_overlap_one_another_or_leave_the_plot(
    view: CorrectionView, qtbot: QtBot, size: tuple[int, int], centre: tuple[float, float]
) -> None:
    view.resize(*size)
    qtbot.waitUntil(lambda: view._page.plot.width() > size[0] - 40)
    view.set_box(Box(centre=centre, half_width=(2.0, 500.0)))
    placed = [*view._labels.placed, *view._box_label.placed]
    for one, other in combinations(placed, 2):
        assert not one.rect.intersects(other.rect), (one.callout.text, other.callout.text)
    room = view._page.plot.getViewBox().boundingRect()
    assert all(room.contains(each.rect) for each in placed)
    marker = view._marks.marker_rect(documents.correction().request.point)
    assert not any(each.rect.intersects(marker) for each in placed)


def test_the_labels_leave_the_accepted_area_free_where_they_can(view: CorrectionView) -> None:
    correction = documents.correction()
    half = parts(([(4, 250), (30, 250), (30, 20000), (4, 20000)], []))  # the left of the slice; room on the right
    view.set_correction(replace(correction, accepted=half, stable=(), centre=(27.9, 9000.0), box=None))
    assert len(view._labels.placed) == 2
    for each in view._labels.placed:
        assert view._layers.accepted_share(each.rect) == 0.0


def test_a_lower_bound_is_named_where_it_differs_from_the_distance(view: CorrectionView) -> None:
    correction = documents.correction()
    view.set_correction(replace(correction, distance=0.416, lower_bound=0.398))
    assert "Distance 0.416, and none below 0.398" in text_of(view, "answer")
    view.set_correction(replace(correction, distance=0.416, lower_bound=0.4159999))
    assert "none below" not in text_of(view, "answer")


def test_small_ranges_are_read_with_enough_decimals(view: CorrectionView) -> None:
    correction = documents.correction()
    x, y = correction.request.free
    free = (replace(x, low=0.0, high=1.0, half_width=0.02), replace(y, low=0.0, high=1.0, half_width=0.01))
    square = parts(([(0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5)], []))
    request = replace(correction.request, free=free, input=(0.8, 0.3, *correction.request.input[2:]))
    box = Box(centre=(0.1234, 0.25), half_width=(0.02, 0.01))
    view.set_units(("", ""))
    view.set_correction(
        replace(correction, request=request, accepted=square, stable=square, centre=(0.48, 0.3), distance=0.32, box=box)
    )
    assert text_of(view, "reading") == "Box: Duration 0.123 ± 0.020, Amount 0.250 ± 0.010"
    assert "lower Duration from 0.8 to 0.48 and leave Amount at 0.3" in text_of(view, "answer")
    ticks = view._page.plot.getAxis("bottom").tickStrings([0.0, 0.25, 0.5], 1.0, 0.25)
    assert ticks == ["0.00", "0.25", "0.50"]


def test_a_partial_result_is_marked(view: CorrectionView) -> None:
    chip = view.findChild(QLabel, "partial")
    assert chip is not None
    assert not chip.isVisible()
    complete = documents.correction()
    unfinished = {"stable": (), "centre": None, "distance": None, "lower_bound": None, "box": None, "proof": "unknown"}
    view.set_correction(replace(complete, status="partial", **unfinished))
    assert chip.isVisible()
    assert "has not been computed yet" in text_of(view, "answer")
    view.place_box()  # its stable set is drawn, although the record has none yet
    assert view._layers.stable.path == region_path(LiveRegion.of(complete).stable_set((2.0, 500.0)))
    view.set_correction(complete)
    assert not chip.isVisible()


# ---- looks


@pytest.mark.parametrize("dark", ["light", "dark"])
def test_the_box_is_green_when_proved_and_vermillion_when_refuted(view: CorrectionView, hand: Hand, dark: str) -> None:
    if dark == "dark":
        view.setPalette(dark_palette())
    base = view.palette().color(QPalette.ColorRole.Base)
    for box, colour in ((INSIDE, BLUISH_GREEN), (Box(centre=(60.0, 9000.0), half_width=(4.0, 1500.0)), VERMILLION)):
        view.set_box(box)
        edge = colour_at(view, hand, box.centre[0] + box.half_width[0] / 2, box.bounds[3])
        assert abs(edge.hue() - colour.hue()) < 12
        assert contrast(edge, base) > 2.5


def test_a_new_palette_is_taken_over(view: CorrectionView, hand: Hand) -> None:
    light = colour_at(view, hand, 66, 6000)
    view.setPalette(dark_palette())
    dark = colour_at(view, hand, 66, 6000)
    assert light.lightness() > 200
    assert dark.lightness() < 80


def test_cursors_say_what_a_drag_would_do(view: CorrectionView, hand: Hand) -> None:
    shapes = {}
    for name, point in (
        ("body", hand.at(30, 8500)),
        ("east", hand.grip(EAST)),
        ("north", hand.grip(NORTH)),
        ("corner", hand.grip(NORTH_EAST)),
        ("other corner", hand.grip(Grip(-1, 1))),
    ):
        QTest.mouseMove(hand.viewport, point + QPoint(1, 0))
        QTest.mouseMove(hand.viewport, point)
        shapes[name] = view._item.cursor().shape()
    assert shapes == {
        "body": Qt.CursorShape.OpenHandCursor,
        "east": Qt.CursorShape.SizeHorCursor,
        "north": Qt.CursorShape.SizeVerCursor,
        "corner": Qt.CursorShape.SizeBDiagCursor,
        "other corner": Qt.CursorShape.SizeFDiagCursor,
    }


def test_zooming_in_offers_the_way_back(view: CorrectionView) -> None:
    whole = view.findChild(QPushButton, "wholeSlice")
    assert whole is not None
    before = view._page.plot.getViewBox().viewRange()
    assert not whole.isVisible()
    view._page.plot.getViewBox().setRange(xRange=(20, 40), yRange=(5000, 9000), padding=0)
    assert whole.isVisible()
    whole.click()
    assert np.allclose(view._page.plot.getViewBox().viewRange(), before)
    assert not whole.isVisible()
