"""What the window and the reports get: every measure with its words, on surfaces of every kind."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve, CurveRequest
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.measures.barriers import line_barrier, line_height
from core.landscape.measures.catalogue import curve_measures, surface_measures
from core.landscape.measures.limits import centre_curvatures, slice_limits
from core.landscape.measures.measure import Measure
from core.landscape.plane import (
    Anchor,
    BezierDirections,
    EigenDirections,
    FileDirections,
    NetworkDirections,
    PcaDirections,
    RandomDirections,
)
from core.landscape.surface import EVALUATED, INTERPOLATED, Certificate, Surface, SurfaceRequest
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from tests.core.landscape.measures.surfaces import surface

Y, X = np.mgrid[-1:1:41j, -1:1:41j]
BOWL = 4 * (X**2 + 2 * Y**2) + 0.5
KINDS = (
    RandomDirections(),
    EigenDirections(),
    PcaDirections(),
    NetworkDirections(first="1", second="2"),
    BezierDirections(other="1"),
    FileDirections(),
)


def bowl(**options: object) -> Surface:
    return surface(BOWL, centre=0.5, **options)


def by_key(measures: tuple[Measure, ...]) -> dict[str, Measure]:
    found = {measure.key: measure for measure in measures}
    assert len(found) == len(measures)  # keys are unique
    return found


def convexity() -> Convexity:
    smallest, largest = np.array([[-0.005, -0.5], [0.1, np.nan]]), np.array([[1.0, 1.0], [2.0, np.nan]])
    plain = bowl()
    return Convexity(
        request=ConvexityRequest(columns=2, rows=2),
        status="complete",
        x=np.array([-1.0, 1.0]),
        y=np.array([-1.0, 1.0]),
        min_eigenvalue=smallest,
        max_eigenvalue=largest,
        residual=np.array([[0.0, 0.0], [0.5, np.nan]]),
        products=np.full((2, 2), 5, dtype=np.int32),
        directions=plain.directions,
        provenance=plain.provenance,
    )


def initialisations(losses: list[float]) -> Initialisations:
    values = np.array(losses)
    return Initialisations(
        request=InitialisationRequest(count=len(losses)),
        status="complete",
        seed=np.arange(len(losses)),
        loss=values + 100,
        calibrated_loss=values,
        accuracy=np.full(len(losses), 0.1),
        distance=np.ones(len(losses)),
        centre_loss=0.5,
        provenance=bowl().provenance,
    )


def trajectory() -> Trajectory:
    plain = bowl()
    return Trajectory(
        request=TrajectoryRequest(),
        status="complete",
        epoch=np.arange(3.0),
        learning_rate=np.full(3, np.nan),
        x=np.array([0.5, 0.0, 7.0]),
        y=np.array([0.0, 0.0, 0.0]),
        loss=np.array([1.5, 1.1, 9.0]),
        accuracy=np.full(3, np.nan),
        off_plane=np.zeros(3),
        distance=np.zeros(3),
        explained_variance=np.array([0.6, 0.2]),
        directions=plain.directions,
        provenance=plain.provenance,
    )


def test_every_measure_says_what_it_is_in_words() -> None:
    measures = surface_measures(bowl(), convexity(), initialisations([2.0, 3.0, 4.0]), trajectory(), levels=(1.0,))
    for measure in by_key(measures).values():
        assert measure.name
        assert measure.text
        assert measure.definition.endswith(".")
        assert measure.source
        assert "nan" not in measure.text
    assert {"share-below-1", "share-below-10", "nearly-convex-share", "initial-loss", "captured-variance"} <= set(
        by_key(measures)
    )


def test_the_figures_of_a_bowl_are_those_of_its_formula() -> None:
    found = by_key(surface_measures(bowl()))
    assert found["sharpness-0.5"].value == pytest.approx(100 * 2 / 1.5)
    assert found["width-x-1"].value == pytest.approx(1.0, rel=0.01)
    assert found["width-y-1"].value == pytest.approx(np.sqrt(0.5), rel=0.01)
    assert found["basins"].value == 1
    assert found["reach"].value == 100
    assert found["convex-share"].value == 100
    assert found["ups-and-downs"].value == pytest.approx(1.0)
    assert all(measure.caveat == "" for measure in found.values())


def test_eigenvalues_over_the_plane_are_counted_without_the_holes() -> None:
    found = by_key(surface_measures(bowl(), convexity()))
    assert found["nearly-convex-share"].value == pytest.approx(200 / 3)
    assert found["curvature-ratio"].value == pytest.approx(0.005)
    assert "1 points have no finite Hessian" in found["nearly-convex-share"].caveat
    assert "1 points were given up" in found["nearly-convex-share"].caveat


def test_beginnings_are_held_against_the_plane() -> None:
    found = by_key(surface_measures(bowl(), initialisations=initialisations([2.0, np.nan, 1.0, 1.5])))
    assert found["initial-loss"].value == 1.5
    assert found["reach-from-beginnings"].value == 100
    none = by_key(surface_measures(bowl(), initialisations=initialisations([np.nan])))
    assert found["initial-loss"].definition.startswith("The loss of 3 networks")
    assert "initial-loss" not in none


def test_checkpoints_are_compared_with_the_surface_where_their_shadow_is_in_the_plane() -> None:
    found = by_key(surface_measures(bowl(), trajectory=trajectory()))
    assert found["captured-variance"].value == pytest.approx(80)
    assert found["checkpoint-gap"].value == pytest.approx(np.log(1.2 / 0.6) / 2)  # of two: none, and log 2
    assert found["checkpoint-gap"].text.endswith("median of 2")


def test_interpolated_cells_and_a_certificate_are_said_beside_every_figure() -> None:
    evaluated = np.full(BOWL.shape, EVALUATED, dtype=np.uint8)
    evaluated[::2] = INTERPOLATED
    certificate = Certificate(points=59, confidence=0.95, coverage=0.95, tolerance=0.02, max_seen=0.03)
    found = by_key(surface_measures(bowl(evaluated=evaluated, certificate=certificate)))
    assert "51 % of the points are interpolated" in found["basins"].caveat
    assert "With 95 % confidence" in found["basins"].caveat
    assert "0.06" in found["basins"].definition  # twice the largest error seen


def test_a_surface_that_is_not_complete_is_measured_as_far_as_it_goes() -> None:
    loss = BOWL.copy()
    loss[20:] = np.nan
    evaluated = np.where(np.isnan(loss), INTERPOLATED, EVALUATED).astype(np.uint8)
    found = by_key(surface_measures(surface(loss, centre=0.5, evaluated=evaluated, status="partial")))
    assert "basins" not in found  # every gap would be a wall
    assert "not complete" in found["ups-and-downs"].caveat


@pytest.mark.parametrize(
    "loss", [np.full((5, 5), np.nan), np.full((2, 2), 1.0), np.full((3, 4), np.inf), np.ones((2, 9))]
)
def test_surfaces_with_next_to_nothing_in_them_are_no_accident(loss: np.ndarray) -> None:
    for measure in surface_measures(surface(loss, centre=1.0)):
        assert measure.text


@pytest.mark.parametrize("directions", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_of_plane_has_its_limits_in_words(directions: object) -> None:
    request = SurfaceRequest(columns=41, rows=41, directions=directions)  # type: ignore[arg-type]
    words = slice_limits(bowl(request=request), (5.0, -1.0))
    assert len(words) >= 4
    assert any("no proof" in sentence for sentence in words)
    assert any("down to -1" in sentence for sentence in words)
    assert all(sentence.endswith(".") for sentence in words)
    assert surface_measures(bowl(request=request))


def test_the_curvature_along_the_axes_is_that_of_the_formula() -> None:
    assert centre_curvatures(bowl()) == pytest.approx((8 / 16, 16 / 4))  # the axes are 4 and 2 long
    words = " ".join(slice_limits(bowl(), (8.0,)))
    assert "0.5 and 4" in words
    assert "50 % of the sharpest" in words
    assert np.isnan(centre_curvatures(surface(BOWL[:-1, :-1]))).all()  # the network is no grid point


def test_sheared_axes_are_told() -> None:
    plain = bowl()
    sheared = replace(plain, directions=replace(plain.directions, cosine=0.4))
    assert any("right angles" in sentence for sentence in slice_limits(sheared))


def curve(x: np.ndarray, loss: np.ndarray, directions: object, **options: object) -> Curve:
    plain = bowl()
    return Curve(
        request=CurveRequest(points=len(x), directions=directions, draws=len(loss)),  # type: ignore[arg-type]
        status="complete",
        x=x,
        loss=loss,
        accuracy=np.full(loss.shape, np.nan),
        test_loss=options.get("test_loss"),  # type: ignore[arg-type]
        test_accuracy=None,
        directions=plain.directions,
        centre_loss=float(loss[0][np.abs(x).argmin()]),
        provenance=plain.provenance,
    )


def test_the_barrier_is_what_rises_above_the_straight_course() -> None:
    x = np.linspace(-0.5, 1.5, 201)
    loss = 1 + 2 * x + 3 * np.clip(4 * x * (1 - x), 0, None)
    assert line_barrier(x, loss) == pytest.approx(3.0)
    assert line_height(x, loss) == pytest.approx(loss.max() - 3.0, abs=1e-3)
    assert line_barrier(x, 5 - x) == pytest.approx(0.0, abs=1e-12)
    found = by_key(curve_measures(curve(x, loss[None], NetworkDirections(first="1"), test_loss=loss[None] * 2)))
    assert found["barrier-training"].value == pytest.approx(3.0)
    assert found["barrier-test"].value == pytest.approx(6.0)


def test_a_curve_that_misses_an_end_has_no_barrier() -> None:
    x = np.linspace(0.1, 1, 20)
    assert np.isnan(line_barrier(x, x))
    unfinished = np.array([1.0, np.nan, np.nan])
    assert np.isnan(line_barrier(np.array([0.0, 0.5, 1.0]), unfinished))
    assert line_barrier(np.array([0.0, 0.5, 1.0]), np.array([1.0, np.inf, 1.0])) == np.inf


def test_random_lines_give_the_median_of_their_draws() -> None:
    x = np.linspace(-1, 1, 101)
    found = by_key(curve_measures(curve(x, np.stack([k * x**2 for k in (1.5, 4, 16)]), RandomDirections())))
    assert found["line-width-1"].value == pytest.approx(1.0, rel=0.01)
    assert found["line-ups-and-downs"].value == pytest.approx(1.0)
    assert found["line-sharpness"].value == pytest.approx(400)


def test_anchors_in_the_plane_have_passes_between_every_two() -> None:
    plain = bowl()
    anchors = (Anchor(name="b", sha256="1", x=0.5), Anchor(name="c", sha256="2", x=0.0, y=0.5))
    found = by_key(surface_measures(replace(plain, directions=replace(plain.directions, anchors=anchors))))
    assert {"pass-0-1", "pass-0-2", "pass-1-2"} <= set(found)
    assert found["pass-0-1"].value == 0.0


def test_the_order_of_the_measures_is_the_same_for_every_surface() -> None:
    keys = [
        [m.key for m in surface_measures(s)] for s in (bowl(), surface(np.sin(9 * X) * np.cos(7 * Y) + 2, centre=2))
    ]
    assert all(one == other for one, other in pairwise(keys))
