"""Corrections in several features: the nearest one, how its search went, the box, others, and what stability costs."""

import numpy as np

from core.corrections.records.joint import FoundChange, JointBox, JointCorrection, JointRequest
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.one_input import optional_scalar, read_proof, read_request, write_request, write_said
from core.session.kinds.proofs import check_joint
from core.session.refusal import Refusal

ENCODING = "corrie-joint-correction"


def write_joint(writer: GroupWriter, item: ResultItem, joint: JointCorrection) -> None:
    """Write a correction in several features into its own group."""
    write_result_head(writer, item, ENCODING)
    request = joint.request
    write_request(writer, request)
    writer.texts("features", request.freedom.names)
    if len(request.goal.classes) == 1:
        writer.number("target", request.goal.classes[0])
    write_said(writer, joint.verdict, joint.value)
    half_widths = [one.half_width for one in request.freedom.numbers]
    writer.array("half_width", np.array(half_widths, dtype=np.float64), long_name="stability asked for")
    writer.number("boxes", joint.boxes)
    _write_change(writer, joint.nearest)
    if joint.box is not None:
        writer.array("box", np.stack([joint.box.low, joint.box.high], axis=1), long_name="low and high of each number")
        writer.array("box_levels", np.array(joint.box.levels, dtype=np.int64))
        writer.text("box_proof", joint.box.proof)
    others = writer.group("others")
    for place, change in enumerate(joint.others):
        _write_change(others.group(str(place)), change)
    writer.array("course", joint.course, long_name="seconds, lower bound, distance")
    writer.array("tradeoff", joint.tradeoff, long_name="scale of the half-widths, lower bound, distance")
    if joint.along:
        along = writer.group("along")
        for place, change in enumerate(joint.along):
            _write_change(along.group(str(place)), change)


def read_joint(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_joint`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request = _read_request(reader)
    others = reader.group("others")
    along = reader.group("along") if reader.has("along") else None
    joint = JointCorrection(
        **common,
        request=request,
        verdict=reader.integer("verdict"),
        value=optional_scalar(reader, "value"),
        nearest=_read_change(reader, request),
        boxes=reader.integer("boxes"),
        course=reader.floats("course", None, 3),
        box=_read_box(reader, request) if reader.has("box") else None,
        others=tuple(_read_change(others.group(name), request) for name in others.names()),
        tradeoff=reader.floats("tradeoff", None, 3),
        along=() if along is None else tuple(_read_change(along.group(name), request) for name in along.names()),
    )
    return ResultItem(**head, result=check_joint(joint, item_id))


def _write_change(writer: GroupWriter, change: FoundChange) -> None:
    writer.text("proof", change.proof)
    writer.number("closed", change.closed)
    writer.array("lower_bound", np.float64(change.lower_bound), long_name="no stable correction is nearer")
    if change.point is not None and change.distance is not None:
        writer.array("stable_centre", change.point, long_name="nearest stable correction, in the user's units")
        writer.array("levels", np.array(change.levels, dtype=np.int64), long_name="place of the level of each category")
        writer.array("distance", np.float64(change.distance), long_name="weighted distance from the input")
        if change.half_width is not None:
            writer.array("held", change.half_width, long_name="half-widths of the box that is proved around it")


def _read_change(reader: GroupReader, request: JointRequest) -> FoundChange:
    found = reader.has("stable_centre")
    return FoundChange(
        point=reader.floats("stable_centre", len(request.freedom.numbers)) if found else None,
        levels=_levels(reader, "levels", request) if found else (),
        distance=float(reader.floats("distance")) if found else None,
        lower_bound=float(reader.floats("lower_bound")),
        proof=read_proof(reader, "proof"),
        closed=bool(reader.integer("closed")),
        half_width=reader.floats("held", len(request.freedom.numbers)) if reader.has("held") else None,
    )


def _read_box(reader: GroupReader, request: JointRequest) -> JointBox:
    ends = reader.floats("box", len(request.freedom.numbers), 2)
    return JointBox(
        low=ends[:, 0].copy(),
        high=ends[:, 1].copy(),
        levels=_levels(reader, "box_levels", request),
        proof=read_proof(reader, "box_proof"),
    )


def _read_request(reader: GroupReader) -> JointRequest:
    request = read_request(reader, JointRequest)
    asked = [one.half_width for one in request.freedom.numbers]  # for other programs it stands in the file once more
    if reader.has("half_width") and reader.floats("half_width", len(asked)).tolist() != asked:
        raise Refusal("The stability that a correction was asked for stands there twice, and differs.")
    return request


def _levels(reader: GroupReader, name: str, request: JointRequest) -> tuple[int, ...]:
    values, categories = reader.array(name), request.freedom.categories
    fits = values.shape == (len(categories),) and values.dtype == np.int64
    if not fits or not all(0 <= level < len(one.levels) for level, one in zip(values, categories, strict=True)):
        raise Refusal("A correction leads to a level that its category does not have.")
    return tuple(values.tolist())
