"""Curves, trajectories, maps of convexity and initialisations that fit together, for tests of pages and pictures."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve, CurveRequest
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.plane import Anchor, AnyDirections, BezierDirections, Directions, NetworkDirections, PcaDirections
from core.landscape.surface import EVALUATED, Surface, SurfaceRequest
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.session.document import Document, Item, Result
from tests import documents

OTHER = "f" * 64


def curve(
    points: int = 21, *, draws: int = 1, status: str = "complete", asked: AnyDirections | None = None, test: bool = True
) -> Curve:
    """A valley with a wall on each side; every draw a little different; half of it computed where it is partial."""
    request = CurveRequest(points=points, draws=draws, test=test)
    if asked is not None:
        request = replace(request, directions=asked, x_range=(-0.5, 1.5))
    x = np.linspace(*request.x_range, points)
    steep = 6 + np.arange(draws)[:, None] / 2
    loss = 0.02 + steep * x**2 * (1 + 0.2 * np.sin(9 * x))
    if status == "partial":
        loss[:, points // 2 :] = np.nan
    axes = documents.directions()
    if isinstance(asked, NetworkDirections | BezierDirections):
        axes = replace(axes, y={}, anchors=(Anchor(name="Large batch", sha256=OTHER, x=1.0),))
    return Curve(
        request=request,
        status="partial" if status == "partial" else "complete",
        x=x,
        loss=loss,
        accuracy=np.clip(1 - loss / 9, 0.1, 1.0),
        test_loss=1.2 * loss + 0.3 if test else None,
        test_accuracy=np.clip(0.9 - loss / 9, 0.1, 1.0) if test else None,
        directions=axes,
        centre_loss=0.02,
        provenance=documents.provenance(),
    )


def line_between() -> Curve:
    """The straight line to another network, over a barrier."""
    return curve(41, asked=NetworkDirections(first=OTHER))


def bezier() -> Curve:
    """The curve of low loss to the same network."""
    between = curve(41, asked=BezierDirections(other=OTHER))
    return replace(between, loss=0.3 * between.loss + 0.02)


def trajectory(checkpoints: int = 9, *, axes: Directions | None = None, status: str = "complete") -> Trajectory:
    """A way that comes down a spiral, with its rate cut twice; it leaves the plane in the middle."""
    epoch = np.linspace(0, 40, checkpoints)
    left = 1 - epoch / 40
    loss = 0.04 + 3 * left**2
    if status == "partial":
        loss[checkpoints // 2 :] = np.nan
    return Trajectory(
        request=TrajectoryRequest(directions=PcaDirections()),
        status="partial" if status == "partial" else "complete",
        epoch=epoch,
        learning_rate=np.where(epoch < 1, np.nan, np.where(epoch < 18, 0.1, np.where(epoch < 30, 0.01, 0.001))),
        x=0.8 * left * np.cos(2.2 * left),
        y=0.8 * left * np.sin(2.2 * left),
        loss=loss,
        accuracy=np.clip(1 - loss / 4, 0, 1),
        off_plane=1.5 * np.sin(np.pi * left),
        distance=12 * left,
        explained_variance=np.array([0.62, 0.21]),
        directions=axes or documents.directions(),
        provenance=documents.provenance(),
    )


def convexity(points: int = 13, *, axes: Directions | None = None, status: str = "complete") -> Convexity:
    """Convex in the middle, less and less so outwards; the last rows are missing where it is partial."""
    request = ConvexityRequest(columns=points, rows=points)
    x, y = np.linspace(*request.x_range, points), np.linspace(*request.y_range, points)
    a, b = np.meshgrid(x, y)
    away = np.hypot(a, b)
    high = 20 + 30 * away
    low = np.where(away < 0.35, 0.4, -high * np.clip(away - 0.35, 0, None) ** 1.5)
    products = np.full(a.shape, 24, np.int32)
    if status == "partial":
        for values in (low, high):
            values[points * 2 // 3 :] = np.nan
        products[points * 2 // 3 :] = 0
    return Convexity(
        request=request,
        status="partial" if status == "partial" else "complete",
        x=x,
        y=y,
        min_eigenvalue=low,
        max_eigenvalue=high,
        residual=np.where(np.isnan(low), np.nan, 0.05),
        products=products,
        directions=axes or documents.directions(),
        provenance=documents.provenance(),
    )


def initialisations(count: int = 10, *, status: str = "complete") -> Initialisations:
    """Losses around ln 10 with statistics of the samples, higher as initialised."""
    numbers = np.random.default_rng(3)
    calibrated = 2.303 + 0.12 * numbers.random(count)
    loss = calibrated * np.exp(numbers.random(count))
    if status == "partial":
        loss[count // 2 :], calibrated[count // 2 :] = np.nan, np.nan
    return Initialisations(
        request=InitialisationRequest(count=count),
        status="partial" if status == "partial" else "complete",
        seed=np.arange(count),
        loss=loss,
        calibrated_loss=calibrated,
        accuracy=np.full(count, 0.1),
        distance=np.full(count, 31.5),
        centre_loss=0.04,
        provenance=documents.provenance(),
    )


def plane(
    points: int = 25, *, tilt: float = 0.0, axes: Directions | None = None, asked: AnyDirections | None = None
) -> Surface:
    """A bowl, all of it evaluated; `tilt` raises its right side."""
    request = SurfaceRequest(columns=points, rows=points)
    if asked is not None:
        request = replace(request, directions=asked)
    x, y = np.linspace(-1, 1, points), np.linspace(-1, 1, points)
    a, b = np.meshgrid(x, y)
    loss = 0.04 + 9 * a**2 + 5 * b**2 + np.clip(tilt * a, 0, None)
    return Surface(
        request=request,
        status="complete",
        x=x,
        y=y,
        loss=loss,
        accuracy=np.clip(1 - loss / 12, 0.1, 1.0),
        evaluated=np.full(loss.shape, EVALUATED, np.uint8),
        directions=axes or documents.directions(),
        centre_loss=0.04,
        provenance=documents.provenance(),
    )


def session(*results: tuple[str, Result]) -> Document:
    """The example network and table with these results, by item id; their names are their ids in words."""
    items: list[Item] = [documents.network_item(), documents.dataset_item()]
    items += [documents.result_item(result, item_id, item_id.replace("-", " ")) for item_id, result in results]
    return Document(created_utc=documents.CREATED, items=MappingProxyType({item.id: item for item in items}))


def everything() -> Document:
    """A result of every kind, those of planes all in the same one."""
    axes = documents.directions()
    return session(
        ("surface-1", plane(axes=axes)),
        ("trajectory-1", trajectory(axes=axes)),
        ("convexity-1", convexity(axes=axes)),
        ("initialisations-1", initialisations()),
        ("curve-line", line_between()),
        ("curve-bezier", bezier()),
        ("curve-draws", curve(draws=10)),
    )
