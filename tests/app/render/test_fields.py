from dataclasses import replace

import numpy as np
import pytest

from app.render.fields import FIELDS, available_fields, picture_of
from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.surface_words import caption, certified_error, overlay_words, reading
from core.errors import InvalidRequest
from core.landscape.surface import INTERPOLATED, SAMPLED, Certificate
from tests.app.render.laid import convexity_of, initialisations_of, trajectory_of
from tests.app.render.surfaces import bowl, radius, surface_of


def full():
    """A surface with all that can be known of one."""
    surface = bowl(21)
    return replace(surface, test_loss=surface.loss + 0.5, test_accuracy=np.full((21, 21), 0.3))


def test_what_can_be_drawn_is_what_is_known():
    assert available_fields(None) == ()
    assert available_fields(bowl()) == ("loss", "accuracy")
    assert available_fields(replace(bowl(), accuracy=np.full((41, 41), np.nan))) == ("loss",)
    assert available_fields(full(), Overlays(convexity=convexity_of(full()))) == FIELDS


def test_the_test_loss_is_height_and_colour_on_its_own_scale():
    surface = full()
    picture = picture_of(surface, "test loss")
    assert np.array_equal(picture.surface.loss, surface.test_loss)
    assert np.array_equal(picture.values, surface.test_loss)
    assert picture.bar == picture.scale
    assert picture.title == "test loss"


def test_accuracy_colours_the_height_of_the_loss():
    picture = picture_of(full(), "accuracy")
    assert np.array_equal(picture.surface.loss, full().loss)
    assert picture.values == pytest.approx(41.2)
    assert (picture.bar.low, picture.bar.high, picture.unit) == (0.0, 100.0, "%")


def test_test_accuracy_stands_on_the_test_loss():
    picture = picture_of(full(), "test accuracy")
    assert np.array_equal(picture.surface.loss, full().test_loss)
    assert picture.values == pytest.approx(30.0)


def test_the_ratio_of_eigenvalues_is_read_at_the_points_of_the_surface():
    surface = bowl(21)
    convexity = convexity_of(surface, columns=6, rows=6)
    picture = picture_of(surface, "convexity", Overlays(convexity=convexity))
    assert picture.values[::4, ::4] == pytest.approx(convexity.ratio)
    assert picture.unit == ""


def test_what_is_not_known_is_said_and_the_loss_is_drawn():
    picture = picture_of(bowl(), "test accuracy")
    assert picture.field == "loss"
    assert "no test accuracy is known here" in caption(picture.surface, picture.scale, picture)


def test_other_colours_are_told_from_height_in_words():
    picture = picture_of(bowl(), "accuracy")
    assert "height and lines are the loss" in caption(picture.surface, picture.scale, picture)


def test_a_reading_gives_the_error_that_the_certificate_allows():
    certificate = Certificate(points=60, confidence=0.95, coverage=0.95, tolerance=0.02)
    evaluated = np.ones((21, 21))
    evaluated[10, 12], evaluated[10, 14], evaluated[0, 0] = INTERPOLATED, SAMPLED, INTERPOLATED
    surface = replace(surface_of(8 * radius(21) ** 2 + 1.0, evaluated=evaluated), certificate=certificate)
    assert certified_error(surface, 10, 10) == 0.0
    assert reading(surface, 0.0, 0.0).endswith("loss 1, accuracy 41.2 %, exact")
    loss = surface.loss[10, 12]
    assert certified_error(surface, 10, 12) == pytest.approx((loss + 0.1) * np.expm1(0.02))
    assert "loss 1.32 ± 0.029, accuracy 41.2 %, interpolated" in reading(surface, 0.2, 0.0)
    assert reading(surface, 0.4, 0.0).endswith("sampled")
    # Above the limit of the certificate nothing is promised.
    assert reading(surface, -1.0, -1.0).endswith("interpolated, error not certified")


def test_a_reading_names_the_field_that_is_drawn():
    surface = full()
    assert ": test loss" in reading(picture_of(surface, "test loss").surface, 0, 0, picture_of(surface, "test loss"))
    convex = picture_of(surface, "convexity", Overlays(convexity=convexity_of(surface)))
    assert "|λmin/λmax| 0" in reading(convex.surface, 0, 0, convex)


def test_overlays_are_told_in_words():
    surface = bowl()
    assert overlay_words(NO_OVERLAYS, surface) == ""
    way = trajectory_of(surface, outside=2)
    words = overlay_words(Overlays(trajectory=way, initialisations=initialisations_of([2.3, 2.5])), surface)
    assert "8 checkpoints at their own loss, 2 of them outside the plane shown, up to 1 off the plane" in words
    assert "2 initialisations: loss 2.3 to 2.5" in words


def test_an_unknown_field_is_refused_with_those_there_are(qtbot):
    from app.render.plot.planes.contour_view import ContourView  # noqa: PLC0415

    view = ContourView()
    qtbot.addWidget(view)
    with pytest.raises(InvalidRequest, match="test accuracy"):
        view.set_field("height")
