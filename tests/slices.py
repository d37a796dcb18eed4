"""Exact geometry of two-feature slices for tests, worked out with shapely."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely

from core.corrections.records.correction import Polygon

Ring = Sequence[tuple[float, float]]


def _as_shapely(polygons: Sequence[Polygon]) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(p.exterior, p.holes) for p in polygons])


def _as_polygons(geometry: shapely.Geometry) -> tuple[Polygon, ...]:
    return tuple(
        Polygon(exterior=np.array(part.exterior.coords), holes=tuple(np.array(ring.coords) for ring in part.interiors))
        for part in shapely.get_parts(geometry)
        if part.area > 0
    )


def parts(*outlines: tuple[Ring, Sequence[Ring]]) -> tuple[Polygon, ...]:
    """Polygons from outlines and their holes."""
    return _as_polygons(shapely.MultiPolygon([shapely.Polygon(ring, holes) for ring, holes in outlines]))


def eroded(polygons: Sequence[Polygon], half_width: tuple[float, float]) -> tuple[Polygon, ...]:
    """Centres whose whole box lies in the polygons: what a box that is swept along every edge never touches."""
    region = _as_shapely(polygons)
    w, h = half_width
    corners = np.array([(-w, -h), (-w, h), (w, -h), (w, h)])
    rings = [ring for part in shapely.get_parts(region) for ring in (part.exterior, *part.interiors)]
    swept = [
        shapely.MultiPoint(np.concatenate([corners + start, corners + end])).convex_hull
        for ring in rings
        for start, end in pairwise(np.array(ring.coords))
    ]
    return _as_polygons(region.difference(shapely.union_all(swept)))


def nearest(
    polygons: Sequence[Polygon], point: tuple[float, float], weights: tuple[float, float]
) -> tuple[tuple[float, float], float]:
    """The nearest point in the weighted L1 distance to a point outside of them, and that distance.

    It is a vertex, or lies where an edge crosses the horizontal or vertical line through the point.
    """
    candidates = [tuple(vertex) for p in polygons for ring in (p.exterior, *p.holes) for vertex in ring]
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.holes):
            for start, end in pairwise(ring):
                for axis in (0, 1):
                    if min(start[axis], end[axis]) < point[axis] < max(start[axis], end[axis]):
                        t = (point[axis] - start[axis]) / (end[axis] - start[axis])
                        crossing = start + t * (end - start)
                        candidates.append((float(crossing[0]), float(crossing[1])))

    def distance(candidate: tuple[float, float]) -> float:
        return sum(w * abs(c - p) for w, c, p in zip(weights, candidate, point, strict=True))

    best = min(candidates, key=distance)
    return (float(best[0]), float(best[1])), float(distance(best))
