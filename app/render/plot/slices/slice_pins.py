"""What a note about a place of a slice is pinned to: an accepted region with the place in it, or the bare place."""

from shapely import Point
from shapely import Polygon as Shape

from app.render.plot.slices.box_geometry import Limits, Pair
from core.corrections.records.correction import Correction, Polygon
from core.review.note import Anchor, PointAnchor, RegionAnchor


def pin_anchor(correction: Correction, limits: Limits, place: Pair) -> Anchor | None:
    """The anchor of a place, in the user's units; None outside of the slice."""
    if not inside(limits, place):
        return None
    part = next((index for index, region in enumerate(correction.accepted) if _holds(region, place)), None)
    return PointAnchor(x=place[0], y=place[1]) if part is None else RegionAnchor(part=part, coordinates=place)


def pin_place(anchor: Anchor, correction: Correction, limits: Limits) -> Pair | None:
    """Where a pin of that anchor stands in the slice; None if it is no place of it."""
    if isinstance(anchor, PointAnchor) and anchor.y is not None:
        place = anchor.x, anchor.y
    elif isinstance(anchor, RegionAnchor) and anchor.coordinates is not None and len(anchor.coordinates) == 2:
        place = anchor.coordinates[0], anchor.coordinates[1]
    elif isinstance(anchor, RegionAnchor) and anchor.coordinates is None and anchor.part < len(correction.accepted):
        middle = _shape(correction.accepted[anchor.part]).representative_point()
        place = float(middle.x), float(middle.y)
    else:
        return None
    return place if inside(limits, place) else None


def inside(limits: Limits, place: Pair) -> bool:
    """Whether a place lies in the slice."""
    return all(low <= value <= high for low, value, high in zip(limits.low, place, limits.high, strict=True))


def _holds(region: Polygon, place: Pair) -> bool:
    return bool(_shape(region).covers(Point(place)))


def _shape(region: Polygon) -> Shape:
    return Shape(region.exterior, region.holes)
