"""What training answers: the curves of a run and its checkpoints, plain records of numpy arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.provenance import Provenance
from core.training.recipe import TrainingRequest

FloatArray = npt.NDArray[np.float64]
Status = Literal["complete", "partial"]

MEASURED = (  # the curves of a run but for epoch and step, each (m,), in the order of tables
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "gradient_norm",
    "top_eigenvalue",
    "learning_rate",
    "batch_size",
    "seconds",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Checkpoint:
    """All of a network at the end of an epoch; epoch 0 is the initialisation."""

    epoch: int
    step: int  # updates of the weights so far
    weights: Mapping[str, npt.NDArray[np.generic]] = field(repr=False)  # state dict, with statistics of normalisation


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingState:
    """What a run needs, besides its last checkpoint, to go on as if it had never stopped."""

    arrays: Mapping[str, npt.NDArray[np.generic]] = field(repr=False)  # of the optimizer, and of the random generator
    numbers: Mapping[str, float]  # counters, and what adaptive batches remember


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """The record of one training. Row i of the curves belongs to ``epoch[i]``; the first is epoch 0, before training.

    What was not measured is NaN: `test_loss` and `test_accuracy` without test data, `gradient_norm` and
    `top_eigenvalue` unless the request asks for them, all of them in epochs without an evaluation.
    """

    request: TrainingRequest
    status: Status
    epoch: npt.NDArray[np.int64]  # (m,)
    step: npt.NDArray[np.int64]  # (m,) updates of the weights until then
    train_loss: FloatArray = field(repr=False)  # (m,) mean over the training set, evaluation mode, no augmentation
    train_accuracy: FloatArray = field(repr=False)  # (m,) 0 to 1
    test_loss: FloatArray = field(repr=False)  # (m,)
    test_accuracy: FloatArray = field(repr=False)  # (m,)
    gradient_norm: FloatArray = field(repr=False)  # (m,) ‖∇L‖₂ on the curvature samples
    top_eigenvalue: FloatArray = field(repr=False)  # (m,) of the Hessian on the curvature samples, largest magnitude
    learning_rate: FloatArray = field(repr=False)  # (m,) used in that epoch
    batch_size: npt.NDArray[np.int64] = field(repr=False)  # (m,) used in that epoch
    seconds: FloatArray = field(repr=False)  # (m,) of training until then, evaluations included
    batch_loss: npt.NDArray[np.float32] = field(repr=False)  # (steps,) of each batch while it was learnt
    checkpoints: tuple[Checkpoint, ...] = field(repr=False)  # by epoch; the last is the network as it is now
    state: TrainingState | None = field(repr=False, default=None)  # of a partial run
    ended: str = ""  # why it ended before the last epoch: a sentence; "" if it did not
    test_sha256: str = ""  # of the test data; "" without
    provenance: Provenance

    @property
    def epochs_done(self) -> int:
        """Epochs that are finished."""
        return int(self.epoch[-1]) if len(self.epoch) else 0

    @property
    def last(self) -> Checkpoint:
        """The network as it is now."""
        return self.checkpoints[-1]

    @property
    def generalisation_gap(self) -> float:
        """Train accuracy less test accuracy at the last evaluation of both, 0 to 1; NaN if there was none."""
        both = np.flatnonzero(np.isfinite(self.train_accuracy) & np.isfinite(self.test_accuracy))
        return float(self.train_accuracy[both[-1]] - self.test_accuracy[both[-1]]) if len(both) else float("nan")
