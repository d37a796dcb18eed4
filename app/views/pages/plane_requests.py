"""Requests that complete a picture: the surface of the very plane that another result lies in."""

from core.exchange.plane_words import same_directions
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.plane import FileDirections, FloatArray, Range
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.trajectory import Trajectory

POINTS = 25  # a side: a first picture in reasonable time; more can be asked for in the inspector
CURVATURE_POINTS = 13  # a side: a pair of eigenvalues costs what a hundred losses do
MARGIN = 0.15  # of the way's extent around it


def same_axes(result: Surface | Convexity | Trajectory) -> FileDirections:
    """Ask for the very directions of a result, whatever they were found by."""
    return same_directions("another result of this session", result.request.directions, result.directions)


def surface_beside(result: Trajectory | Convexity) -> SurfaceRequest:
    """The surface over the rectangle of a map, or as far as the checkpoints of a trajectory reach, with a margin."""
    x_range, y_range = (
        _around([float(place) for place in axis]) if isinstance(result, Trajectory) else _ends(axis)
        for axis in (result.x, result.y)
    )
    return SurfaceRequest(
        columns=POINTS,
        rows=POINTS,
        x_range=x_range,
        y_range=y_range,
        directions=same_axes(result),
        samples=result.request.samples,
    )


def convexity_of(surface: Surface) -> ConvexityRequest:
    """The map of convexity over the rectangle of a surface."""
    return ConvexityRequest(
        columns=CURVATURE_POINTS,
        rows=CURVATURE_POINTS,
        x_range=_ends(surface.x),
        y_range=_ends(surface.y),
        directions=same_axes(surface),
        samples=surface.request.samples,
    )


def _ends(axis: FloatArray) -> Range:
    return float(axis[0]), float(axis[-1])


def _around(places: list[float]) -> Range:
    known = [place for place in places if abs(place) < float("inf")] + [0.0]
    low, high = min(known), max(known)
    margin = MARGIN * ((high - low) or 1.0)
    return low - margin, high + margin
