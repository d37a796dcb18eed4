"""Curves: the loss along a line, a NeXus plot of the first draw, further draws beside it."""

from typing import Any

import numpy as np

from core.landscape.curve import Curve, CurveRequest
from core.landscape.plane import FloatArray
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import OF_LOSS, Column, read_columns, write_columns
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.sense import check_size, read_axis

ENCODING = "corrie-curve"
_FIRST = {  # draw of the directions
    "loss": Column(stored="train_loss", what="mean loss on the training set", unit=OF_LOSS),
    "accuracy": Column(stored="train_accuracy", what="accuracy on the training set"),
    "test_loss": Column(stored="test_loss", what="mean loss on the test set", unit=OF_LOSS, optional=True),
    "test_accuracy": Column(stored="test_accuracy", what="accuracy on the test set", optional=True),
}
_FURTHER = {
    name: Column(stored=f"{first.stored}_draws", what=f"{first.what}, along further directions", unit=first.unit)
    for name, first in _FIRST.items()
}


def write_curve(writer: GroupWriter, item: ResultItem, curve: Curve, directions: DirectionsWriter) -> None:
    """Write a curve into its own group, and its directions into theirs."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", curve.request)
    writer.text("directions", directions.write(curve.directions, curve.request.directions, item.id))
    writer.number("centre_loss", float(curve.centre_loss))
    writer.text("loss_unit", curve.loss_unit)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "train_loss")
    writer.texts("axes", ["x"])
    writer.array("x", curve.x, long_name="multiples of the direction")
    for name, first in _FIRST.items():
        values: FloatArray | None = getattr(curve, name)
        write_columns(writer, {name: first}, {name: None if values is None else values[0]}, curve.loss_unit)
        if values is not None and len(values) > 1:
            write_columns(writer, {name: _FURTHER[name]}, {name: values[1:]}, curve.loss_unit)


def read_curve(reader: GroupReader, item_id: str, directions: DirectionsReader) -> ResultItem:
    """The inverse of `write_curve`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request = reader.record(CurveRequest, "request")
    x = read_axis(reader, "x", item_id)
    check_size((request.points,), (len(x),), item_id)
    curve = Curve(
        **common,
        request=request,
        x=x,
        **_draws(reader, len(x), request.draws),
        directions=directions.read(reader.text("directions")),
        centre_loss=reader.number("centre_loss"),
        loss_unit=reader.text("loss_unit"),
    )
    return ResultItem(**head, result=curve)


def _draws(reader: GroupReader, points: int, draws: int) -> dict[str, Any]:
    """Each measure, (draws, points); None where the file has none."""
    measures = read_columns(reader, _FIRST, points)
    for name, first in measures.items():
        if first is not None:
            further = read_columns(reader, {name: _FURTHER[name]}, draws - 1, points)[name] if draws > 1 else None
            measures[name] = first[None] if further is None else np.concatenate([first[None], further])
    return measures
