"""Surfaces: a NeXus plot of the loss, with the accuracy and how each point was obtained beside it."""

from core.landscape.surface import Surface, SurfaceRequest
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head

ENCODING = "corrie-surface"


def write_surface(writer: GroupWriter, item: ResultItem, surface: Surface, directions: DirectionsWriter) -> None:
    """Write a surface into its own group, and its directions into theirs."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", surface.request)
    writer.text("directions", directions.write(surface, item.id))
    writer.number("centre_loss", float(surface.centre_loss))
    writer.text("loss_unit", surface.loss_unit)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "loss")
    writer.texts("axes", ["y", "x"])
    writer.array("x", surface.x, long_name="multiples of the first direction")
    writer.array("y", surface.y, long_name="multiples of the second direction")
    writer.array("loss", surface.loss, units=surface.loss_unit, long_name="mean loss per sample")
    writer.array("accuracy", surface.accuracy, long_name="share of samples classified right")
    writer.array("evaluated", surface.evaluated, long_name="1: computed at that point, 0: interpolated")


def read_surface(reader: GroupReader, item_id: str, directions: DirectionsReader) -> ResultItem:
    """The inverse of `write_surface`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    x, y = reader.floats("x", None), reader.floats("y", None)
    shape = (len(y), len(x))
    surface = Surface(
        **common,
        request=reader.record(SurfaceRequest, "request"),
        x=x,
        y=y,
        loss=reader.floats("loss", *shape),
        accuracy=reader.floats("accuracy", *shape),
        evaluated=reader.flags("evaluated", *shape),
        directions=directions.read(reader.text("directions")),
        centre_loss=reader.number("centre_loss"),
        loss_unit=reader.text("loss_unit") if reader.has("loss_unit") else "nats",  # the first files do not say
    )
    return ResultItem(**head, result=surface)
