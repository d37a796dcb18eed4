"""Surfaces: a NeXus plot of the loss, with the accuracy and how each point was obtained beside it."""

from typing import Any

from core.landscape.surface import Certificate, Course, HeldOut, Sampling, Surface, SurfaceRequest
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.sense import check_surface, read_axis

ENCODING = "corrie-surface"
_HELD_OUT = {  # of the record: name in the file, what it is
    "x": ("heldout_x", "multiples of the first direction"),
    "y": ("heldout_y", "multiples of the second direction"),
    "loss": ("heldout_loss", "computed on all samples"),
    "estimate": ("heldout_estimate", "what the surface showed there before"),
}
_SAMPLING = {
    "rows": ("subset_rows", "the samples behind cells of the kind 2, counted from 0"),
    "weights": ("subset_weights", "what the loss of each of them counts"),
    "test_rows": ("subset_test_rows", "the same of the test set"),
    "test_weights": ("subset_test_weights", "the same of the test set"),
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
    writer.array("loss", surface.loss, units=surface.loss_unit, long_name="mean loss per sample")
    writer.array("accuracy", surface.accuracy, long_name="share of samples classified right")
    how = "1: computed at that point, 2: computed there from a calibrated sample, 0: interpolated"
    writer.array("evaluated", surface.evaluated, long_name=how)
    if surface.test_loss is not None:
        writer.array("test_loss", surface.test_loss, units=surface.loss_unit, long_name="mean loss on the test set")
    if surface.test_accuracy is not None:
        writer.array("test_accuracy", surface.test_accuracy, long_name="share of the test set classified right")
    if surface.certificate is not None:
        writer.record("certificate", surface.certificate)
    if surface.course is not None:
        writer.record("course", surface.course)
    if surface.held_out is not None:
        for name, (stored, what) in _HELD_OUT.items():
            writer.array(stored, getattr(surface.held_out, name), long_name=what)
    if surface.sampling is not None:
        for name, (stored, what) in _SAMPLING.items():
            values = getattr(surface.sampling, name)
            if values is not None:
                writer.array(stored, values, long_name=what)


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
        loss=reader.floats("loss", *shape),
        accuracy=reader.floats("accuracy", *shape),
        evaluated=reader.flags("evaluated", *shape),
        directions=directions.read(reader.text("directions")),
        centre_loss=reader.number("centre_loss"),
        loss_unit=reader.text("loss_unit") if reader.has("loss_unit") else "nats",  # the first files do not say
        **_tested(reader, shape),
        certificate=reader.record(Certificate, "certificate") if reader.has("certificate") else None,
        held_out=_held_out(reader),
        course=reader.record(Course, "course") if reader.has("course") else None,
        sampling=_sampling(reader),
    )
    return ResultItem(**head, result=check_surface(surface, item_id))


def _tested(reader: GroupReader, shape: tuple[int, int]) -> dict[str, Any]:
    return {name: reader.floats(name, *shape) for name in ("test_loss", "test_accuracy") if reader.has(name)}


def _held_out(reader: GroupReader) -> HeldOut | None:
    if not reader.has("heldout_x"):
        return None
    points = len(reader.floats("heldout_x", None))
    return HeldOut(**{name: reader.floats(stored, points) for name, (stored, _) in _HELD_OUT.items()})


def _sampling(reader: GroupReader) -> Sampling | None:
    if not reader.has("subset_rows"):
        return None
    stored = {name: stored for name, (stored, _) in _SAMPLING.items() if reader.has(stored)}
    return Sampling(**{name: reader.floats(dataset, None) for name, dataset in stored.items()})
