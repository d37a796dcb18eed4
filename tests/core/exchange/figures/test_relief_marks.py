"""A printed relief shows what the window shows upon it: networks, a training's way, and what is behind the relief."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from core.exchange.beside import Beside
from core.exchange.figures.animation import turntable
from core.exchange.figures.draping import Ground
from core.exchange.figures.loss_scale import loss_scale
from core.exchange.figures.relief_marks import hidden
from core.exchange.figures.surface_3d import surface_3d_figure
from core.exchange.subject import Subject, subject_of
from core.landscape.plane import Anchor, FloatArray
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.document import ResultItem
from tests import documents


def subject() -> Subject:
    document = documents.document()
    item = document.items["surface-0"]
    assert isinstance(item, ResultItem)
    return subject_of(item, document)


def bowl(side: int = 21, *, of: Callable[[FloatArray, FloatArray], FloatArray] | None = None) -> Surface:
    surface = documents.surface(side, side, hole=False)
    x, y = np.meshgrid(surface.x, surface.y)
    loss = 4 * (x**2 + y**2) if of is None else of(x, y)
    return replace(surface, loss=loss, centre_loss=float(loss[side // 2, side // 2]))


def plain(loss: FloatArray) -> FloatArray:
    return np.asarray(loss)


def said(figure: Figure) -> str:
    return " | ".join(text.get_text() for legend in figure.legends for text in legend.get_texts())


def drawn_points(figure: Figure, marker: str) -> list[tuple[float, ...]]:
    """All places of a marker that are drawn, seen or behind."""
    figure.canvas.draw()
    found = set()
    for line in figure.axes[0].lines:
        if line.get_marker() == marker:
            for point in np.column_stack(line.get_data_3d()):  # type: ignore[attr-defined]
                if np.isfinite(point).all():
                    found.add(tuple(float(value) for value in point))
    return sorted(found)


def test_checkpoints_stand_at_their_own_loss_and_not_at_that_of_the_surface() -> None:
    surface, way = bowl(), documents.trajectory()
    scale = loss_scale(surface)
    figure = surface_3d_figure(surface, subject(), Beside(trajectory=way))
    heights = np.clip(scale.height(way.loss), scale.height(scale.low), scale.height(scale.high))
    expected = sorted(zip(way.x.tolist(), way.y.tolist(), heights.tolist(), strict=True))
    places = drawn_points(figure, "o")
    for point in expected:
        assert min(np.abs(np.subtract(point, place)).max() for place in places) < 1e-12
    (drop,) = drawn_points(figure, "D")
    assert drop[0] == way.x[way.rate_drops[0]]
    words = said(figure)
    assert "training, 12 checkpoints at their own loss" in words
    assert "learning rate falls" in words
    assert "the network, loss" in words


def test_what_is_outside_of_the_plane_is_left_out_and_counted() -> None:
    way = documents.trajectory()
    away = replace(way, x=way.x * 2)
    outside = int((np.abs(away.x) > 1).sum())
    figure = surface_3d_figure(bowl(), subject(), Beside(trajectory=away))
    assert 0 < outside < 12
    assert f"at their own loss, {outside} of them outside" in said(figure)
    assert all(abs(x) <= 1 for x, _, _ in drawn_points(figure, "o"))


def test_a_way_that_is_wholly_elsewhere_is_not_in_the_legend() -> None:
    way = documents.trajectory()
    figure = surface_3d_figure(bowl(), subject(), Beside(trajectory=replace(way, x=way.x + 9)))
    assert "training" not in said(figure)


def test_checkpoints_of_unknown_loss_lie_on_the_surface() -> None:
    way = documents.trajectory()
    unknown = replace(way, loss=np.full(12, np.nan))
    ground = Ground(bowl(), plain)
    laid = ground.way(unknown)
    np.testing.assert_allclose(laid.spots[:, 2], ground.at(way.x, way.y))
    assert not laid.known.any()
    assert np.isnan(laid.feet).all()
    figure = surface_3d_figure(bowl(), subject(), Beside(trajectory=unknown))
    assert "on the surface, their own loss is not known" in said(figure)


def test_the_line_keeps_its_distance_from_the_surface_between_checkpoints() -> None:
    surface = bowl(81)
    ground = Ground(surface, plain)
    way = documents.trajectory(3)
    x, y = np.array([-0.8, 0.0, 0.8]), np.zeros(3)
    laid = ground.way(replace(way, x=x, y=y, loss=4 * x**2 + 0.5))
    assert len(laid.line) == 25
    np.testing.assert_allclose(laid.line[:, 2], np.minimum(4 * laid.line[:, 0] ** 2 + 0.5, ground.high), atol=0.01)


def test_other_networks_of_the_plane_are_named_upon_the_surface() -> None:
    surface = bowl()
    anchors = (Anchor(name="Large $batch$", sha256="a" * 64, x=0.5, y=-0.5), Anchor(name="far", sha256="b", x=5, y=0))
    surface = replace(surface, directions=replace(surface.directions, anchors=anchors))
    figure = surface_3d_figure(surface, subject())
    ((x, y, z),) = drawn_points(figure, "D")
    assert (x, y) == (0.5, -0.5)
    assert z == pytest.approx(float(loss_scale(surface).height(2.0)))
    names = [text.get_text().strip() for text in figure.axes[0].texts]
    assert "Large $batch$" in names
    assert "far" not in names
    assert "other network in the plane" in said(figure)


@pytest.mark.parametrize(("azimuth", "behind"), [(0.0, [False, True]), (180.0, [True, False])])
def test_a_wall_hides_what_is_behind_it_from_where_one_looks(azimuth: float, behind: list[bool]) -> None:
    surface = bowl(41, of=lambda x, y: np.where(np.abs(x) < 0.1, 9.0, 0.1) + 0 * y)
    figure = surface_3d_figure(surface, subject())
    axes = figure.axes[0]
    ground = Ground(surface, loss_scale(surface).height)
    axes.view_init(elev=20.0, azim=azimuth)  # type: ignore[attr-defined]
    low = ground.low
    points = np.array([[0.4, 0.0, low], [-0.4, 0.0, low]])
    assert hidden(points, ground, axes).tolist() == behind
    axes.view_init(elev=89.0, azim=azimuth)  # type: ignore[attr-defined]
    assert not hidden(points, ground, axes).any()


def test_heights_are_bilinear_and_unknown_beside_a_hole_only() -> None:
    surface = bowl(5, of=lambda x, y: 1 + x + 2 * y)
    loss = surface.loss.copy()
    loss[2, 2] = np.nan
    ground = Ground(replace(surface, loss=loss), plain)
    x, y = np.array([-0.9, 0.75, 0.5, 0.0, 0.1, 1.5]), np.array([-0.7, 0.75, 0.0, 0.0, 0.1, 0.0])
    np.testing.assert_allclose(ground.at(x, y), [-1.3, 3.25, 1.5, np.nan, np.nan, np.nan])


@pytest.mark.parametrize("checkpoints", [1, 2, 400])
def test_a_way_of_any_length_is_drawn(checkpoints: int) -> None:
    way: Trajectory = documents.trajectory(checkpoints)
    surface_3d_figure(bowl(7), subject(), Beside(trajectory=way)).canvas.draw()


def test_a_turning_surface_takes_the_way_along() -> None:
    with_way = list(turntable(bowl(7), subject(), 2, Beside(trajectory=documents.trajectory())))
    without = list(turntable(bowl(7), subject(), 2))
    assert all((one.shape != other.shape) or (one != other).any() for one, other in zip(with_way, without, strict=True))
