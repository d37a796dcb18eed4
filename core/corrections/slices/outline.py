"""Polygons as records, as shapely geometries and as bare line segments, and back."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.records.correction import Polygon

FloatArray = npt.NDArray[np.float64]


def geometry_of(polygons: Iterable[Polygon]) -> shapely.MultiPolygon:
    """The polygons as one geometry, for questions about the whole region."""
    return shapely.MultiPolygon([shapely.Polygon(polygon.exterior, polygon.holes) for polygon in polygons])


def polygons_of(geometry: shapely.Geometry) -> tuple[Polygon, ...]:
    """The parts of a geometry that have an area, in its order. Lines and points are left out."""
    return tuple(
        Polygon(
            exterior=shapely.get_coordinates(part.exterior),
            holes=tuple(shapely.get_coordinates(ring) for ring in part.interiors),
        )
        for part in areas_of(geometry).geoms
    )


def areas_of(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """The parts of a geometry that have an area."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    areal = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return shapely.MultiPolygon(list(parts[areal]))


def segments_of(geometry: shapely.Geometry) -> FloatArray:
    """Every straight piece of the outline, (n, 4): x and y of its start, x and y of its end."""
    rings = shapely.get_rings(shapely.get_parts(geometry))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return np.concatenate([points[:-1][same], points[1:][same]], axis=1)
