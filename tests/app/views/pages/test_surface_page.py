"""The page of a surface: quantities to colour by, switches for what lies over it, how sure it is, cuts, and views."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.render.surface_words import NO_SURFACE
from app.views.pages.neighbours import ALONE, Beside, Neighbours, neighbours_of
from app.views.pages.surface_certainty import certainty_words
from app.views.pages.surface_page import SurfacePage
from core.landscape.convexity import ConvexityRequest
from core.landscape.plane import Anchor, FileDirections
from core.landscape.surface import EVALUATED, INTERPOLATED, SAMPLED, Certificate, Course, HeldOut, Sampling, Surface
from tests import documents
from tests.app import landscapes


def beside(result, item_id: str = "other") -> Beside:
    return Beside(id=item_id, name=item_id, network_id="network-0", dataset_id="dataset-0", result=result)


def rich(surface: Surface | None = None) -> Surface:
    """A surface with everything that a page can offer."""
    surface = surface or landscapes.plane(15)
    some = np.linspace(-0.5, 0.5, 4)
    evaluated = surface.evaluated.copy()
    evaluated[1::2] = INTERPOLATED
    return replace(
        surface,
        evaluated=evaluated,
        test_loss=1.2 * surface.loss,
        test_accuracy=0.9 * surface.accuracy,
        held_out=HeldOut(x=some, y=some, loss=some + 1, estimate=some + 1),
        certificate=Certificate(points=59, confidence=0.95, coverage=0.95, tolerance=0.02, max_seen=0.012),
        directions=replace(surface.directions, anchors=(Anchor(name="Other", sha256="f" * 64, x=0.5, y=0.5),)),
    )


@pytest.fixture
def page(qtbot: QtBot) -> SurfacePage:
    page = SurfacePage("surface-0")
    qtbot.addWidget(page)
    page.resize(900, 640)
    with qtbot.waitExposed(page):
        page.show()
    page.set_mode("contour")
    return page


def offered(page: SurfacePage) -> set[str]:
    return {key for key, action in page.header.layers.switches.items() if action.isVisible()}


def test_a_plain_surface_offers_only_what_it_has(page: SurfacePage) -> None:
    page.show_result(landscapes.plane(9))
    page.show_neighbours(ALONE)
    assert [page.header.field.itemData(index) for index in range(page.header.field.count())] == ["loss", "accuracy"]
    assert offered(page) == set()
    page.show_result(None)
    assert not page.header.layers.isVisible()


def test_the_convexity_of_the_plane_can_be_asked_for_until_it_is_there(page: SurfacePage) -> None:
    surface = landscapes.plane(9)
    page.show_result(surface)
    page.show_neighbours(ALONE)
    wanted: list[ConvexityRequest] = []
    page.computation_wanted.connect(lambda _item, request: wanted.append(request))
    page.header.layers.compute_convexity.trigger()
    (request,) = wanted
    assert isinstance(request.directions, FileDirections)
    assert request.directions.sha256 == surface.directions.fingerprint
    assert (request.x_range, request.y_range) == ((-1.0, 1.0), (-1.0, 1.0))
    page.show_neighbours(Neighbours(convexities=(beside(landscapes.convexity()),)))
    assert not page.header.layers.compute_convexity.isVisible()


def test_everything_in_the_plane_is_offered_and_what_is_switched_on_lies_over_the_surface(page: SurfacePage) -> None:
    surface = rich()
    page.show_result(surface)
    way, fresh, map_ = landscapes.trajectory(), landscapes.initialisations(), landscapes.convexity()
    page.show_neighbours(
        Neighbours(trajectories=(beside(way),), initialisations=(beside(fresh),), convexities=(beside(map_),))
    )
    assert offered(page) == {"trajectory", "networks", "initialisations", "computed", "held_out"}
    assert page.overlays.trajectory is way
    assert page.overlays.anchors == surface.directions.anchors
    assert page.overlays.initialisations is None
    for key in ("initialisations", "held_out", "computed"):
        page.header.layers.switches[key].setChecked(True)
    page.header.layers.switches["trajectory"].setChecked(False)
    shown = page.contour.overlays
    assert (shown.trajectory, shown.initialisations, shown.held_out) == (None, fresh, surface.held_out)
    assert shown.show_evaluated
    assert page.header.field.findData("convexity") >= 0


def test_the_chosen_quantity_is_drawn_and_lost_with_what_it_needs(page: SurfacePage) -> None:
    page.show_result(rich())
    page.show_neighbours(Neighbours(convexities=(beside(landscapes.convexity()),)))
    page.header.field.setCurrentIndex(page.header.field.findData("convexity"))
    assert page.contour.field == "convexity"
    page.show_neighbours(ALONE)
    assert page.contour.field == "loss"
    page.show_neighbours(Neighbours(convexities=(beside(landscapes.convexity()),)))
    assert page.contour.field == "convexity"  # what the user chose comes back with it
    page.set_field("test loss")
    assert page.header.field.currentText() == "Test loss"


def test_the_certificate_stands_below_the_picture_in_words(page: SurfacePage) -> None:
    page.show_result(rich())
    assert page.certainty.text().startswith("Certificate: with 95 % confidence at least 95 % of the displayed plane")
    page.show_result(None)
    assert not page.certainty.isVisible()


def test_a_preview_says_plainly_on_how_many_samples_it_is() -> None:
    rows = np.arange(32.0)
    surface = replace(landscapes.plane(9), status="partial", sampling=Sampling(rows=rows, weights=rows / rows.sum()))
    preview = replace(
        surface,
        evaluated=np.full_like(surface.evaluated, SAMPLED),
        provenance=replace(surface.provenance, samples=256),
    )
    assert certainty_words(preview) == "Preview on 32 of 256 samples: exact values follow."
    chosen = replace(preview, sampling=None, course=Course(lever="fewer samples", subset=64))
    assert certainty_words(chosen).startswith("Not complete: 81 points computed on 64 of 256 samples, 0 points on all")


def test_points_that_are_interpolated_only_above_the_limit_are_told_from_those_that_are_seen() -> None:
    plain = documents.surface()
    kind = np.full(plain.loss.shape, EVALUATED, dtype=np.uint8)
    kind[0, 0] = INTERPOLATED
    loss = plain.loss.copy()
    loss[0, 0] = 2 * plain.request.display_limit
    above = replace(plain, status="complete", certificate=None, loss=loss, evaluated=kind)
    assert certainty_words(above).startswith("Every point up to a loss of ")
    loss = loss.copy()
    loss[0, 0] = 0.5 * plain.request.display_limit
    assert certainty_words(replace(above, loss=loss)).startswith("No certificate: 1 point interpolated")


@pytest.mark.parametrize(
    ("kinds", "status", "words"),
    [
        ((EVALUATED, EVALUATED), "complete", "Every point is computed on all 40 samples"),
        ((EVALUATED, INTERPOLATED), "complete", "No certificate: 36 points interpolated, and nothing is known"),
        ((EVALUATED, SAMPLED), "complete", "36 points computed on a part of the samples only"),
        ((EVALUATED, INTERPOLATED), "partial", "Not complete: 45 points computed on 40 samples, 36 points between"),
    ],
)
def test_without_a_certificate_it_is_said_why(kinds: tuple[int, int], status: str, words: str) -> None:
    surface = landscapes.plane(9)
    evaluated = np.where(np.arange(9)[:, None] % 2 == 0, kinds[0], kinds[1]).astype(np.uint8).repeat(9, axis=1)
    assert words in certainty_words(replace(surface, evaluated=evaluated, status=status))


def test_cuts_are_made_on_request_and_follow_the_crosshair_both_ways(page: SurfacePage, qtbot: QtBot) -> None:
    page.show_result(landscapes.plane(9))
    assert page.cuts is None
    page.header.cuts.click()
    assert page.cuts.isVisible()
    qtbot.keyClick(page.contour, Qt.Key.Key_Right)
    qtbot.keyClick(page.contour, Qt.Key.Key_Right)
    assert page.cuts.place == (0.25, 0.0)
    told: list[tuple[float, float]] = []
    page.pointed.connect(lambda a, b: told.append((a, b)))
    page.cuts.pointed.emit(0.5, -0.5)
    assert told == [(0.5, -0.5)]
    assert page.contour._marks.pointed == (0.5, -0.5)
    page.header.cuts.click()
    assert not page.cuts.isVisible()


def test_a_page_is_restored_with_its_quantity_overlays_and_cuts(page: SurfacePage, qtbot: QtBot) -> None:
    page.show_result(rich())
    page.set_field("accuracy")
    page.header.layers.switches["held_out"].setChecked(True)
    page.set_cuts_shown(True)
    again = SurfacePage("surface-0")
    qtbot.addWidget(again)
    again.show_result(rich())
    again.restore_view(page.view_state())
    assert again.view_state() == page.view_state()
    assert again.contour.field == "accuracy"
    again.restore_view({"field": 7, "overlays": [1], "cuts": "yes", "mode": None})
    assert again.view_state() == page.view_state()
    again.restore_view({"field": "nonsense", "overlays": {"held_out": 3, "unheard_of": True}})
    assert again.contour.field == "loss"


def test_neighbours_lie_in_the_same_plane_of_the_same_network_best_first() -> None:
    axes, elsewhere = documents.directions(1), documents.directions(2)
    small, large = landscapes.plane(5, axes=axes), landscapes.plane(9, axes=axes)
    one = beside(landscapes.trajectory(axes=axes), "way")
    foreign = replace(beside(small, "foreign"), network_id="network-1")
    others = [
        one,
        beside(small, "small"),
        beside(large, "large"),
        beside(landscapes.plane(axes=elsewhere), "off"),
        foreign,
    ]
    found = neighbours_of(one, others)
    assert [each.id for each in found.surfaces] == ["large", "small"]
    assert {each.id for each in found.network_surfaces} == {"large", "small", "off"}
    assert found.trajectories == ()


def test_an_empty_page_says_what_it_waits_for(page: SurfacePage) -> None:
    page.show_result(None)
    assert page.contour.accessibleDescription() == NO_SURFACE or page.contour._empty.text() == NO_SURFACE
