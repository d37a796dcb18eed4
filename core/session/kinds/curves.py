"""Curves: the loss along a line, a NeXus plot of the first draw, further draws beside it."""

import numpy as np

from core.landscape.curve import Curve, CurveRequest
from core.landscape.plane import FloatArray
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.sense import check_size, read_axis

ENCODING = "corrie-curve"
_MEASURES = {  # of the record: name in the file, what it is
    "loss": ("train_loss", "mean loss on the training set"),
    "accuracy": ("train_accuracy", "accuracy on the training set"),
    "test_loss": ("test_loss", "mean loss on the test set"),
    "test_accuracy": ("test_accuracy", "accuracy on the test set"),
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
    for name, (stored, what) in _MEASURES.items():
        values: FloatArray | None = getattr(curve, name)
        if values is None:
            continue
        unit = {"units": curve.loss_unit} if name.endswith("loss") else {}
        writer.array(stored, values[0], long_name=what, **unit)
        if len(values) > 1:
            writer.array(f"{stored}_draws", values[1:], long_name=f"{what}, along further directions", **unit)


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
        loss=_draws(reader, "loss", len(x), request.draws),
        accuracy=_draws(reader, "accuracy", len(x), request.draws),
        test_loss=_draws(reader, "test_loss", len(x), request.draws) if reader.has("test_loss") else None,
        test_accuracy=_draws(reader, "test_accuracy", len(x), request.draws) if reader.has("test_accuracy") else None,
        directions=directions.read(reader.text("directions")),
        centre_loss=reader.number("centre_loss"),
        loss_unit=reader.text("loss_unit"),
    )
    return ResultItem(**head, result=curve)


def _draws(reader: GroupReader, name: str, points: int, draws: int) -> FloatArray:
    stored, _ = _MEASURES[name]
    first = reader.floats(stored, points)[None]
    if draws == 1:
        return first
    return np.concatenate([first, reader.floats(f"{stored}_draws", draws - 1, points)])
