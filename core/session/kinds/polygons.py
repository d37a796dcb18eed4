"""Regions of a slice: ``<name>/<n>`` are the outlines, ``<holes>/<m>`` the holes, each with the region it lies in."""

from collections.abc import Sequence

from core.corrections.records.correction import Polygon
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.refusal import Refusal


def write_polygons(writer: GroupWriter, outlines_name: str, holes_name: str, polygons: Sequence[Polygon]) -> None:
    """Write the regions into two new groups."""
    outlines, holes = writer.group(outlines_name), writer.group(holes_name)
    owners: list[int] = []
    for number, polygon in enumerate(polygons):
        outlines.array(str(number), polygon.exterior)
        for hole in polygon.holes:
            holes.array(str(len(owners)), hole)
            owners.append(number)
    holes.json("regions", owners)  # the region of each hole


def read_polygons(reader: GroupReader, outlines_name: str, holes_name: str) -> tuple[Polygon, ...]:
    """The inverse of `write_polygons`."""
    outlines, holes = reader.group(outlines_name), reader.group(holes_name)
    exteriors = [outlines.floats(str(number), None, 2) for number in range(len(outlines.names()))]
    owners = holes.json("regions")
    if not isinstance(owners, list) or not all(owner in range(len(exteriors)) for owner in owners):
        raise Refusal(f'The holes of "{outlines_name}" belong to regions that there are not.')
    rings = [holes.floats(str(number), None, 2) for number in range(len(owners))]
    return tuple(
        Polygon(exterior=exterior, holes=tuple(r for r, owner in zip(rings, owners, strict=True) if owner == number))
        for number, exterior in enumerate(exteriors)
    )
