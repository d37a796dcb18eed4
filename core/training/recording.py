"""The curves of a run while it grows."""

from array import array
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from core.provenance import Provenance, software_versions
from core.training.measuring import Curvature, Quality
from core.training.recipe import TrainingRequest
from core.training.run import Checkpoint, Run, Status, TrainingState

WHOLE = ("epoch", "step", "batch_size")  # curves of whole numbers


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is known at the end of an epoch."""

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    gradient_norm: float
    top_eigenvalue: float
    learning_rate: float
    batch_size: int
    seconds: float


def row_of(
    train: Quality,
    test: Quality,
    curvature: Curvature,
    *,
    epoch: int,
    step: int,
    rate: float,
    batch: int,
    seconds: float,
) -> Row:
    """All measurements of one epoch in one row."""
    return Row(
        epoch=epoch,
        step=step,
        train_loss=train.loss,
        train_accuracy=train.accuracy,
        test_loss=test.loss,
        test_accuracy=test.accuracy,
        gradient_norm=curvature.gradient_norm,
        top_eigenvalue=curvature.top_eigenvalue,
        learning_rate=rate,
        batch_size=batch,
        seconds=seconds,
    )


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a run was made from."""

    data_sha256: str
    test_sha256: str
    samples: int


class Recorder:
    """Gathers the rows, the losses of the batches and the checkpoints of one run, and gives runs that do not change."""

    def __init__(self, request: TrainingRequest, origin: Origin) -> None:
        self._request, self._origin = request, origin
        self._rows: list[Row] = []
        self._losses = array("f")
        self._versions = software_versions()
        self._kept: tuple[Checkpoint, ...] = ()
        self._last: Checkpoint | None = None
        self._state: TrainingState | None = None
        self._sha256 = ""

    def continue_from(self, run: Run, sha256: str) -> None:
        """Take over the curves of an earlier part, up to its last checkpoint."""
        last, names = run.last, list(Row.__dataclass_fields__)
        for index in np.flatnonzero(run.epoch <= last.epoch):
            self._rows.append(Row(**{name: getattr(run, name)[index].item() for name in names}))
        self._losses = array("f", run.batch_loss[: last.step].tolist())
        self._kept = tuple(checkpoint for checkpoint in run.checkpoints if self._stays(checkpoint))
        self._last, self._state, self._sha256 = last, run.state, sha256

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The last one."""
        return self._last

    def batch(self, loss: float) -> None:
        """Record the loss of a batch."""
        self._losses.append(loss)

    def epoch(self, row: Row, checkpoint: Checkpoint, state: TrainingState, sha256: str) -> None:
        """Record the end of an epoch."""
        self._rows.append(row)
        if self._stays(checkpoint):
            self._kept += (checkpoint,)
        self._last, self._state, self._sha256 = checkpoint, state, sha256

    def _stays(self, checkpoint: Checkpoint) -> bool:
        every = self._request.checkpoint_every
        return checkpoint.epoch == 0 or (every > 0 and checkpoint.epoch % every == 0)

    def run(self, status: Status, seconds: float, ended: str = "") -> Run | None:
        """The run so far; None before the first checkpoint. A complete or diverged one keeps no state to go on from."""
        if self._last is None:
            return None
        last = self._last
        return Run(
            request=self._request,
            status=status,
            **self._curves(),
            batch_loss=np.array(self._losses, dtype=np.float32),
            checkpoints=self._kept if last in self._kept else (*self._kept, last),
            state=self._state if status == "partial" and not ended else None,
            ended=ended,
            test_sha256=self._origin.test_sha256,
            provenance=Provenance(
                network_sha256=self._sha256,
                data_sha256=self._origin.data_sha256,
                samples=self._origin.samples,
                seconds=seconds,
                threads=torch.get_num_threads(),
                dtype="float32",
                device="cpu",
                versions=self._versions,
            ),
        )

    def _curves(self) -> Mapping[str, Any]:
        rows = [asdict(row) for row in self._rows]
        return {
            name: np.array([row[name] for row in rows], dtype=np.int64 if name in WHOLE else np.float64)
            for name in Row.__dataclass_fields__
        }
