"""Trajectories: checkpoints in a plane, a NeXus plot of their way."""

from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import OF_LOSS, Column, read_columns, write_columns
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head

ENCODING = "corrie-trajectory"
_COLUMNS = {
    "x": Column(what="multiples of the first direction"),
    "y": Column(what="multiples of the second direction"),
    "epoch": Column(what="epoch of the checkpoint"),
    "learning_rate": Column(what="learning rate of the epoch before it"),
    "loss": Column(what="mean loss per sample at the checkpoint itself", unit=OF_LOSS),
    "accuracy": Column(what="share of samples classified right"),
    "off_plane": Column(what="distance from the plane, in units of the weights"),
    "distance": Column(what="distance from the network, in units of the weights"),
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
    write_columns(writer, _COLUMNS, vars(trajectory), trajectory.loss_unit)
    writer.array("explained_variance", trajectory.explained_variance, long_name="share of the way's variance by axis")


def read_trajectory(reader: GroupReader, item_id: str, directions: DirectionsReader) -> ResultItem:
    """The inverse of `write_trajectory`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    trajectory = Trajectory(
        **common,
        **read_columns(reader, _COLUMNS, len(reader.floats("x", None))),
        request=reader.record(TrajectoryRequest, "request"),
        explained_variance=reader.floats("explained_variance", 2),
        directions=directions.read(reader.text("directions")),
        loss_unit=reader.text("loss_unit"),
    )
    return ResultItem(**head, result=trajectory)
