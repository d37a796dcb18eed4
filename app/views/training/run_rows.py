"""Runs as rows of a table: those of the document, and those that are on their way."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.actions.training import Trainings
from app.state.live import LiveResults
from app.views.networks.item_table import Column
from core.deferred import array_shapes
from core.exchange.words import duration, number
from core.robustness.kinds import ATTACK_NAMES
from core.session.document import STATISTICS as UNTRAINED
from core.session.document import Document, NetworkItem
from core.training.recipe import TrainingRequest
from core.training.run import FloatArray, Run

UNKNOWN = -1.0  # sorts below everything that is known
MARKS = {"complete": "✓", "partial": "◐", "diverged": "⚠", "training": "▸", "queued": "…"}


@dataclass(frozen=True, kw_only=True, eq=False)
class RunRow:
    """A run and what is known of it so far."""

    id: str
    name: str
    request: TrainingRequest
    run: Run | None  # None: it has not begun
    status: str  # a key of `MARKS`
    sweep: str = ""
    network_id: str = ""

    @property
    def parameters(self) -> int | None:
        """Trained numbers, without the statistics of batch normalisation."""
        if self.run is None or not self.run.checkpoints:
            return None
        shapes = array_shapes(self.run.last.weights)
        return sum(math.prod(shape) for name, shape in shapes.items() if not name.endswith(UNTRAINED))

    def last(self, curve: str) -> float:
        """The last known value of a curve of the run; NaN if there is none."""
        values: FloatArray | None = None if self.run is None else getattr(self.run, curve)
        known = np.zeros(0) if values is None else values[np.isfinite(values)]
        return float(known[-1]) if len(known) else math.nan


def run_rows(document: Document, trainings: Trainings, live: LiveResults) -> list[RunRow]:
    """All runs: those of the document in its order, then those on their way."""
    rows = []
    for item in document.runs:
        pending, snapshot = trainings.pending.get(item.id), live.get(item.id)
        run = snapshot if isinstance(snapshot, Run) else item.run
        network = document.items.get(item.network_id)
        rows.append(
            RunRow(
                id=item.id,
                name=item.name,
                request=item.run.request,
                run=run,
                status=status_of(item.run) if pending is None else "queued" if snapshot is None else "training",
                sweep=item.sweep,
                network_id=network.id if isinstance(network, NetworkItem) else "",
            )
        )
    for pending in trainings.pending.values():
        if pending.item_id not in document.items:
            snapshot = live.get(pending.item_id)
            run_so_far = snapshot if isinstance(snapshot, Run) else None
            status = "queued" if pending.job.progress is None and run_so_far is None else "training"
            rows.append(
                RunRow(
                    id=pending.item_id,
                    name=pending.name,
                    request=pending.request,
                    run=run_so_far,
                    status=status,
                    sweep=pending.sweep,
                )
            )
    return rows


def status_of(run: Run) -> str:
    """How a run stands that is not being trained now."""
    return "complete" if run.status == "complete" else "diverged" if run.ended else "partial"


def robust_words(request: TrainingRequest) -> str:
    """``FGSM 0.1``, or ``plain``."""
    robust = request.robust
    return "plain" if robust is None else f"{ATTACK_NAMES[robust.attack]} {robust.epsilon:g}"


def _text(value: float, digits: int = 4) -> str:
    return number(value, digits) if math.isfinite(value) else "—"


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %" if math.isfinite(value) else "—"


def _key(value: float | None) -> float:
    return UNKNOWN if value is None or not math.isfinite(value) else value


def _gap(row: RunRow) -> float:
    return math.nan if row.run is None else row.run.generalisation_gap


def _epochs(row: RunRow) -> int:
    return 0 if row.run is None else row.run.epochs_done


def _status(row: RunRow) -> str:
    return f"{MARKS[row.status]} {row.status}"


def _about(row: RunRow) -> str:
    ended = "" if row.run is None else row.run.ended
    return ended or {
        "partial": "Stopped before its last epoch: it can be resumed",
        "queued": "Waits for its turn",
        "training": "Being trained now",
    }.get(row.status, "All epochs are done")


def value_column(title: str, curve: str, tooltip: str, *, share: bool = False) -> Column[RunRow]:
    """A column with the last known value of a curve."""
    words = _percent if share else _text
    return Column(
        title=title,
        text=lambda row: words(row.last(curve)),
        key=lambda row: _key(row.last(curve)),
        tooltip=tooltip,
    )


COLUMNS: tuple[Column[RunRow], ...] = (
    Column(title="Name", text=lambda row: row.name),
    Column(title="Status", text=_status, hint=_about),
    Column(title="Architecture", text=lambda row: row.request.architecture),
    Column(
        title="Parameters",
        text=lambda row: "—" if row.parameters is None else f"{row.parameters:,}",
        key=lambda row: _key(row.parameters),
        tooltip="Trained parameters",
    ),
    Column(title="Batch", text=lambda row: f"{row.request.batch_size:,}", key=lambda row: row.request.batch_size),
    Column(title="Robust", text=lambda row: robust_words(row.request), tooltip="Attack and its strength ε"),
    Column(title="Seed", text=lambda row: str(row.request.seed), key=lambda row: row.request.seed),
    Column(title="Epochs", text=lambda row: f"{_epochs(row)} / {row.request.epochs}", key=_epochs),
    value_column("Train loss", "train_loss", "Mean over the training set; nats, where classes are predicted"),
    value_column("Train acc.", "train_accuracy", "Accuracy on the training set", share=True),
    value_column("Test loss", "test_loss", "Mean over the test set; nats, where classes are predicted"),
    value_column("Test acc.", "test_accuracy", "Accuracy on the test set", share=True),
    Column(
        title="Gap",
        text=lambda row: _percent(_gap(row)),
        key=lambda row: _gap(row) if math.isfinite(_gap(row)) else -2.0,
        tooltip="Generalisation gap: train accuracy less test accuracy",
    ),
    value_column("λ max", "top_eigenvalue", "Top eigenvalue of the Hessian on the curvature samples"),
    Column(
        title="Time",
        text=lambda row: duration(row.last("seconds")) if math.isfinite(row.last("seconds")) else "—",
        key=lambda row: _key(row.last("seconds")),
        tooltip="Of training, evaluations included",
    ),
)


def by_id(rows: list[RunRow]) -> Mapping[str, RunRow]:
    """Rows by the id of their run."""
    return {row.id: row for row in rows}
