"""Runs: the curves of a training, its checkpoints, and what it needs to go on if it is not complete."""

from typing import Any

import numpy as np

from core.deferred import unread_items
from core.provenance import Provenance
from core.session.document import RunItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import Column, read_columns, write_columns
from core.session.kinds.head import read_head, write_head
from core.session.refusal import Refusal
from core.training.recipe import TrainingRequest
from core.training.run import Checkpoint, Run, TrainingState

ENCODING = "corrie-run"
_FLOATS = {
    "train_loss": Column(what="mean loss on the training set", unit="nats"),
    "train_accuracy": Column(what="accuracy on the training set"),
    "test_loss": Column(what="mean loss on the test set", unit="nats"),
    "test_accuracy": Column(what="accuracy on the test set"),
    "gradient_norm": Column(what="norm of the gradient", unit="nats per unit of the parameters"),
    "top_eigenvalue": Column(
        what="eigenvalue of the Hessian of largest magnitude", unit="nats per squared unit of the parameters"
    ),
    "learning_rate": Column(what="learning rate"),
    "seconds": Column(what="time", unit="s"),
}
_INTEGERS = {  # what each is
    "epoch": "epochs of training until then",
    "step": "updates of the weights until then",
    "batch_size": "samples in a batch of that epoch",
}


def write_run(writer: GroupWriter, item: RunItem) -> None:
    """Write a run into its own group."""
    run = item.run
    write_head(writer, item, ENCODING, run.status)
    for name in ("dataset_id", "test_id", "network_id", "sweep"):
        writer.text(name.removesuffix("_id"), getattr(item, name))
    for name in ("ended", "test_sha256"):
        writer.text(name, getattr(run, name))
    writer.record("request", run.request)
    writer.record("provenance", run.provenance)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "train_loss")
    writer.texts("axes", ["epoch"])
    for name, what in _INTEGERS.items():
        writer.array(name, getattr(run, name), long_name=what)
    write_columns(writer, _FLOATS, vars(run))
    writer.array("batch_loss", run.batch_loss, long_name="mean loss of each batch while it was learnt", units="nats")
    checkpoints = writer.group("checkpoints")
    for number, checkpoint in enumerate(run.checkpoints):
        _write_checkpoint(checkpoints.group(str(number)), checkpoint)
    if run.state is not None:
        state = writer.group("state")
        state.json("numbers", dict(run.state.numbers))
        arrays = state.group("arrays")
        for name, array in unread_items(run.state.arrays):
            arrays.array(name, array)


def read_run(reader: GroupReader, item_id: str) -> RunItem:
    """The inverse of `write_run`."""
    head = read_head(reader, ENCODING, item_id)
    status = reader.text("status")
    if status not in ("complete", "partial"):
        raise Refusal(f'The run "{item_id}" has the status {status!r}, which there is not.')
    epochs = reader.array("epoch")
    curves: dict[str, Any] = {name: reader.array(name) for name in _INTEGERS}
    if epochs.ndim != 1 or any(v.dtype != np.int64 or v.shape != epochs.shape for v in curves.values()):
        raise Refusal(f'The epochs of the run "{item_id}" make no sense.')
    curves |= read_columns(reader, _FLOATS, len(epochs))
    stored = reader.group("checkpoints")
    checkpoints = tuple(_read_checkpoint(stored.group(name)) for name in stored.names())
    if not checkpoints:
        raise Refusal(f'The run "{item_id}" has no checkpoint.')
    order = [(checkpoint.epoch, checkpoint.step) for checkpoint in checkpoints]
    if order != sorted(order) or (np.diff(epochs) <= 0).any():
        raise Refusal(f'The epochs of the run "{item_id}" do not follow one another.')
    run = Run(
        request=reader.record(TrainingRequest, "request"),
        status=status,  # type: ignore[arg-type]  # checked above
        **curves,
        batch_loss=reader.singles("batch_loss", None),
        checkpoints=checkpoints,
        state=_read_state(reader.group("state"), item_id) if reader.has("state") else None,
        ended=reader.text("ended"),
        test_sha256=reader.text("test_sha256"),
        provenance=reader.record(Provenance, "provenance"),
    )
    references = {f"{name}_id": reader.text(name) for name in ("dataset", "test", "network")}
    return RunItem(**head, **references, sweep=reader.text("sweep"), run=run)


def _write_checkpoint(writer: GroupWriter, checkpoint: Checkpoint) -> None:
    writer.number("epoch", checkpoint.epoch)
    writer.number("step", checkpoint.step)
    weights = writer.group("weights")
    for name, array in unread_items(checkpoint.weights):
        weights.array(name, array)


def _read_checkpoint(reader: GroupReader) -> Checkpoint:
    weights = reader.group("weights")
    return Checkpoint(
        epoch=reader.integer("epoch"),
        step=reader.integer("step"),
        weights=weights.arrays(),
    )


def _read_state(reader: GroupReader, item_id: str) -> TrainingState:
    numbers = reader.json("numbers")
    if not isinstance(numbers, dict) or not all(isinstance(value, int | float) for value in numbers.values()):
        raise Refusal(f'The state of the run "{item_id}" makes no sense.')
    arrays = reader.group("arrays")
    return TrainingState(arrays=arrays.arrays(), numbers=numbers)
