"""Surfaces: a NeXus plot of the loss, with the accuracy and how each point was obtained beside it."""

from core.landscape.surface import Certificate, Course, HeldOut, Sampling, Surface, SurfaceRequest
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import OF_LOSS, Column, read_columns, write_columns
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.sense import check_surface, read_axis

ENCODING = "corrie-surface"
_MEASURES = {
    "loss": Column(what="mean loss per sample", unit=OF_LOSS),
    "accuracy": Column(what="share of samples classified right"),
    "test_loss": Column(what="mean loss on the test set", unit=OF_LOSS, optional=True),
    "test_accuracy": Column(what="share of the test set classified right", optional=True),
}
_HELD_OUT = {
    "x": Column(stored="heldout_x", what="multiples of the first direction"),
    "y": Column(stored="heldout_y", what="multiples of the second direction"),
    "loss": Column(stored="heldout_loss", what="computed on all samples"),
    "estimate": Column(stored="heldout_estimate", what="what the surface showed there before"),
}
_SAMPLING = {
    "rows": Column(stored="subset_rows", what="the samples behind cells of the kind 2, counted from 0"),
    "weights": Column(stored="subset_weights", what="what the loss of each of them counts"),
    "test_rows": Column(stored="subset_test_rows", what="the same of the test set", optional=True),
    "test_weights": Column(stored="subset_test_weights", what="the same of the test set", optional=True),
}


def write_surface(writer: GroupWriter, item: ResultItem, surface: Surface, directions: DirectionsWriter) -> None:
    """Write a surface into its own group, and its directions into theirs."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", surface.request)
    writer.text("directions", directions.write(surface.directions, surface.request.directions, item.id))
    writer.number("centre_loss", float(surface.centre_loss))
    writer.text("loss_unit", surface.loss_unit)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "loss")
    writer.texts("axes", ["y", "x"])
    writer.array("x", surface.x, long_name="multiples of the first direction")
    writer.array("y", surface.y, long_name="multiples of the second direction")
    write_columns(writer, _MEASURES, vars(surface), surface.loss_unit)
    how = "1: computed at that point, 2: computed there from a calibrated sample, 0: interpolated"
    writer.array("evaluated", surface.evaluated, long_name=how)
    if surface.certificate is not None:
        writer.record("certificate", surface.certificate)
    if surface.course is not None:
        writer.record("course", surface.course)
    if surface.held_out is not None:
        write_columns(writer, _HELD_OUT, vars(surface.held_out))
    if surface.sampling is not None:
        write_columns(writer, _SAMPLING, vars(surface.sampling))


def read_surface(reader: GroupReader, item_id: str, directions: DirectionsReader) -> ResultItem:
    """The inverse of `write_surface`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request = reader.record(SurfaceRequest, "request")
    x, y = read_axis(reader, "x", item_id), read_axis(reader, "y", item_id)
    shape = (len(y), len(x))
    surface = Surface(
        **common,
        request=request,
        x=x,
        y=y,
        **read_columns(reader, _MEASURES, *shape),
        evaluated=reader.flags("evaluated", *shape),
        directions=directions.read(reader.text("directions")),
        centre_loss=reader.number("centre_loss"),
        loss_unit=reader.text("loss_unit") if reader.has("loss_unit") else "nats",  # the first files do not say
        certificate=reader.record(Certificate, "certificate") if reader.has("certificate") else None,
        held_out=_held_out(reader),
        course=reader.record(Course, "course") if reader.has("course") else None,
        sampling=_sampling(reader),
    )
    return ResultItem(**head, result=check_surface(surface, item_id))


def _held_out(reader: GroupReader) -> HeldOut | None:
    if not reader.has("heldout_x"):
        return None
    return HeldOut(**read_columns(reader, _HELD_OUT, len(reader.floats("heldout_x", None))))


def _sampling(reader: GroupReader) -> Sampling | None:
    if not reader.has("subset_rows"):
        return None
    return Sampling(**read_columns(reader, _SAMPLING, None))
