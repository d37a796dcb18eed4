"""Corrections: the accepted and the stable regions of a slice, the nearest stable correction, and the user's box."""

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import Box, Correction, CorrectionRequest, Triangle
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.one_input import optional_scalar, read_proof, read_request, write_request, write_said
from core.session.kinds.polygons import read_polygons, write_polygons
from core.session.kinds.tradeoffs import read_tradeoff, write_tradeoff
from core.session.refusal import Refusal

ENCODING = "corrie-correction"


def write_correction(writer: GroupWriter, item: ResultItem, correction: Correction) -> None:
    """Write a correction into its own group."""
    write_result_head(writer, item, ENCODING)
    request = correction.request
    write_request(writer, request)
    writer.texts("features", [feature.name for feature in request.free])
    writer.number("target", request.target)
    write_said(writer, correction.verdict, correction.value)
    writer.number("cells", correction.cells)
    writer.number("accepted_share", float(correction.accepted_share))
    writer.number("margin", float(correction.margin))
    writer.text("proof", correction.proof)
    write_polygons(writer, "regions", "holes", correction.accepted)
    write_polygons(writer, "stable", "stable_holes", correction.stable)
    for name, value in (("distance", correction.distance), ("lower_bound", correction.lower_bound)):
        if value is not None:
            writer.array(name, np.float64(value), long_name=f"weighted {request.norm} distance from the input")
    if correction.centre is not None:
        writer.array("stable_centre", np.array(correction.centre, dtype=np.float64))
    if correction.box is not None:
        _write_box(writer, correction.box)
    if correction.largest_box is not None:
        _write_box(writer.group("largest_box"), correction.largest_box)
    if correction.triangle is not None:
        _write_triangle(writer.group("triangle"), correction.triangle)
    if correction.tradeoff is not None:
        write_tradeoff(writer.group("tradeoff"), correction.tradeoff)


def read_correction(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_correction`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    correction = Correction(
        **common,
        request=read_request(reader, CorrectionRequest),
        verdict=reader.integer("verdict"),
        value=optional_scalar(reader, "value"),
        cells=reader.integer("cells"),
        accepted=read_polygons(reader, "regions", "holes"),
        stable=read_polygons(reader, "stable", "stable_holes"),
        accepted_share=reader.number("accepted_share"),
        margin=reader.number("margin"),
        centre=_pair(reader.floats("stable_centre", 2)) if reader.has("stable_centre") else None,
        distance=optional_scalar(reader, "distance"),
        lower_bound=optional_scalar(reader, "lower_bound"),
        proof=read_proof(reader, "proof"),
        box=_read_box(reader) if reader.has("box") else None,
        largest_box=_read_box(reader.group("largest_box")) if reader.has("largest_box") else None,
        triangle=_read_triangle(reader.group("triangle")) if reader.has("triangle") else None,
        tradeoff=read_tradeoff(reader.group("tradeoff")) if reader.has("tradeoff") else None,
    )
    return ResultItem(**head, result=correction)


def _write_box(writer: GroupWriter, box: Box) -> None:
    x_low, y_low, x_high, y_high = box.bounds
    writer.array("box", np.array([(x_low, x_high), (y_low, y_high)]), long_name="low and high of each feature")
    # Low and high are rounded: the box itself is its centre and half width.
    writer.array("box_centre", np.array(box.centre, dtype=np.float64))
    writer.array("half_width", np.array(box.half_width, dtype=np.float64))
    writer.text("box_proof", box.proof)


def _read_box(reader: GroupReader) -> Box:
    box = Box(
        centre=_pair(reader.floats("box_centre", 2)),
        half_width=_pair(reader.floats("half_width", 2)),
        proof=read_proof(reader, "box_proof"),
    )
    x_low, y_low, x_high, y_high = box.bounds
    if not np.array_equal(reader.floats("box", 2, 2), [(x_low, x_high), (y_low, y_high)], equal_nan=True):
        raise Refusal("The box of a correction contradicts its centre and half width.")
    return box


def _write_triangle(writer: GroupWriter, triangle: Triangle) -> None:
    writer.array("corners", triangle.corners, long_name="corners of the triangle, in the user's units")
    writer.number("share", triangle.share)
    if triangle.centre is not None:
        writer.array("stable_centre", np.array(triangle.centre, dtype=np.float64))
    if triangle.distance is not None:
        writer.array("distance", np.float64(triangle.distance))


def _read_triangle(reader: GroupReader) -> Triangle:
    return Triangle(
        corners=reader.floats("corners", 3, 2),
        share=reader.number("share"),
        centre=_pair(reader.floats("stable_centre", 2)) if reader.has("stable_centre") else None,
        distance=optional_scalar(reader, "distance"),
    )


def _pair(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])
