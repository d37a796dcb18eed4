"""Trajectories: checkpoints in a plane, a NeXus plot of their way."""

from typing import Any

from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head

ENCODING = "corrie-trajectory"
_COLUMNS = {
    "x": "multiples of the first direction",
    "y": "multiples of the second direction",
    "epoch": "epoch of the checkpoint",
    "learning_rate": "learning rate of the epoch before it",
    "loss": "mean loss per sample at the checkpoint itself",
    "accuracy": "share of samples classified right",
    "off_plane": "distance from the plane, in units of the weights",
    "distance": "distance from the network, in units of the weights",
}


def write_trajectory(
    writer: GroupWriter, item: ResultItem, trajectory: Trajectory, directions: DirectionsWriter
) -> None:
    """Write a trajectory into its own group, and its directions into theirs."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", trajectory.request)
    writer.text("directions", directions.write(trajectory.directions, trajectory.request.directions, item.id))
    writer.text("loss_unit", trajectory.loss_unit)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "y")
    writer.texts("axes", ["x"])
    for name, what in _COLUMNS.items():
        unit = {"units": trajectory.loss_unit} if name == "loss" else {}
        writer.array(name, getattr(trajectory, name), long_name=what, **unit)
    writer.array("explained_variance", trajectory.explained_variance, long_name="share of the way's variance by axis")


def read_trajectory(reader: GroupReader, item_id: str, directions: DirectionsReader) -> ResultItem:
    """The inverse of `write_trajectory`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    count = len(reader.floats("x", None))
    columns: dict[str, Any] = {name: reader.floats(name, count) for name in _COLUMNS}
    trajectory = Trajectory(
        **common,
        **columns,
        request=reader.record(TrajectoryRequest, "request"),
        explained_variance=reader.floats("explained_variance", 2),
        directions=directions.read(reader.text("directions")),
        loss_unit=reader.text("loss_unit"),
    )
    return ResultItem(**head, result=trajectory)
