"""Requests that complete a picture: the surface of the very plane that another result lies in."""

from core.exchange.plane_words import same_directions
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.plane import FileDirections, Range
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.trajectory import Trajectory

POINTS = 25  # a side: a first picture in reasonable time; more can be asked for in the inspector
CURVATURE_POINTS = 13  # a side: a pair of eigenvalues costs what a hundred losses do
MARGIN = 0.15  # of the way's extent around it


def same_axes(result: Surface | Convexity | Trajectory) -> FileDirections:
    """Ask for the very directions of a result, whatever they were found by."""
    return same_directions("another result of this session", result.request.directions, result.directions)


def surface_under(trajectory: Trajectory) -> SurfaceRequest:
    """The surface of a trajectory's plane, as far as its checkpoints reach, with a margin."""
    return SurfaceRequest(
        columns=POINTS,
        rows=POINTS,
        x_range=_around([float(x) for x in trajectory.x]),
        y_range=_around([float(y) for y in trajectory.y]),
        directions=same_axes(trajectory),
        samples=trajectory.request.samples,
    )


def surface_of_map(convexity: Convexity) -> SurfaceRequest:
    """The surface over the rectangle of a map of convexity."""
    return SurfaceRequest(
        columns=POINTS,
        rows=POINTS,
        x_range=(float(convexity.x[0]), float(convexity.x[-1])),
        y_range=(float(convexity.y[0]), float(convexity.y[-1])),
        directions=same_axes(convexity),
        samples=convexity.request.samples,
    )


def convexity_of(surface: Surface) -> ConvexityRequest:
    """The map of convexity over the rectangle of a surface."""
    return ConvexityRequest(
        columns=CURVATURE_POINTS,
        rows=CURVATURE_POINTS,
        x_range=(float(surface.x[0]), float(surface.x[-1])),
        y_range=(float(surface.y[0]), float(surface.y[-1])),
        directions=same_axes(surface),
        samples=surface.request.samples,
    )


def _around(places: list[float]) -> Range:
    known = [place for place in places if abs(place) < float("inf")] + [0.0]
    low, high = min(known), max(known)
    margin = MARGIN * ((high - low) or 1.0)
    return low - margin, high + margin
