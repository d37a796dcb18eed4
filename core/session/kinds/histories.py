"""Curvature through a training: a NeXus plot of the top eigenvalue, gradient and loss over the epoch."""

from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import OF_LOSS, Column, read_columns, write_columns
from core.session.kinds.head import read_result_head, write_result_head
from core.spectrum.history import History, HistoryRequest

ENCODING = "corrie-history"
_CURVATURE = "loss per squared unit of the parameters"
_COLUMNS = {
    "epoch": Column(what="epoch of the checkpoint"),
    "learning_rate": Column(what="learning rate of the epoch before it", optional=True),
    "loss": Column(what="mean loss per sample on the training set", unit=OF_LOSS),
    "accuracy": Column(what="share of samples classified right"),
    "test_loss": Column(what="mean loss per sample on the test set", unit=OF_LOSS, optional=True),
    "test_accuracy": Column(what="share of samples of the test set classified right", optional=True),
    "gradient_norm": Column(what="norm of the gradient", unit="loss per unit of the parameters"),
}
_PAIRS = {
    "eigenvalues": Column(what="eigenvalues of the Hessian by decreasing magnitude", unit=_CURVATURE),
    "residuals": Column(what="‖Hv − λv‖, recomputed", unit=_CURVATURE),
}


def write_history(writer: GroupWriter, item: ResultItem, history: History) -> None:
    """Write a history into its own group."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", history.request)
    writer.text("loss_unit", history.loss_unit)
    writer.text("checkpoints_sha256", history.checkpoints_sha256)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "eigenvalues")
    writer.texts("axes", ["epoch", "."])
    write_columns(writer, _COLUMNS, vars(history), history.loss_unit)
    write_columns(writer, _PAIRS, vars(history))
    writer.array("converged", history.converged, long_name="1: the residuals are within the tolerance")


def read_history(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_history`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request, count = reader.record(HistoryRequest, "request"), len(reader.floats("epoch", None))
    history = History(
        **common,
        **read_columns(reader, _COLUMNS, count),
        **read_columns(reader, _PAIRS, count, request.top),
        request=request,
        converged=reader.flags("converged", count),
        loss_unit=reader.text("loss_unit"),
        checkpoints_sha256=reader.text("checkpoints_sha256"),
    )
    return ResultItem(**head, result=history)
