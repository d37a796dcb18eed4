"""Trainings: their curves epoch by epoch, how they ended, and the weights that came of them."""

import math

import numpy as np

from core.exchange.words import count, number
from core.review.comparison.anatomy import identical
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.numbers import array_row, number_row
from core.review.comparison.record import Finding, Row
from core.session.document import STATISTICS
from core.training.run import MEASURED, Checkpoint, Run

CURVE_WORDS = {
    "train_loss": "Training loss",
    "train_accuracy": "Training accuracy",
    "test_loss": "Loss on the test set",
    "test_accuracy": "Accuracy on the test set",
    "gradient_norm": "Gradient norm",
    "top_eigenvalue": "Top eigenvalue",
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
}
_LAST = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")


def compare_runs(a: Run, b: Run, _question: Question) -> Answer:
    """No error of a training is stated: whatever is not the same bit for bit is said to differ."""
    covered = frozenset({"epoch", "step", "checkpoints", "state", "ended", "batch_loss", *MEASURED})
    rows = [
        number_row("found", "Epochs that are done", a.epochs_done, b.epochs_done),
        array_row("found", "Steps", a.step, b.step, of="epoch"),
        *[_last(name, a, b) for name in _LAST if _measured(a, name) or _measured(b, name)],
    ]
    if np.array_equal(a.epoch, b.epoch):
        names = [name for name in CURVE_WORDS if _measured(a, name) or _measured(b, name)]
        rows += [
            array_row("found", f"{CURVE_WORDS[name]}, all epochs", getattr(a, name), getattr(b, name), of="epoch")
            for name in names
        ]
        rows.append(array_row("found", "Loss of each batch", a.batch_loss, b.batch_loss, of="batch"))
    else:
        rows.append(array_row("found", "Epochs", a.epoch, b.epoch, of="epoch"))
    rows.append(_checkpoints(a, b))
    if a.ended != b.ended:
        sides = [side.ended or "as asked for" for side in (a, b)]
        rows.append(Row(part="found", what="How it ended", a=sides[0], b=sides[1], finding="differ"))
    if not identical((a.seconds, a.state), (b.seconds, b.state)):
        times = [f"{number(float(side.seconds[-1]), 3)} s" if len(side.seconds) else "none" for side in (a, b)]
        rows.append(Row(part="made", what="Time of the training", a=times[0], b=times[1], finding="noted"))
    return Answer(rows=rows, covered=covered)


def _measured(run: Run, name: str) -> bool:
    return bool(np.isfinite(np.asarray(getattr(run, name), dtype=np.float64)).any())


def _last(name: str, a: Run, b: Run) -> Row:
    """The last value that was measured."""
    values = []
    for run in (a, b):
        curve = getattr(run, name)
        known = curve[np.isfinite(curve)]
        values.append(float(known[-1]) if known.size else math.nan)
    share = name.endswith("accuracy")
    one, other = (100 * value if share else value for value in values)
    return number_row("found", f"{CURVE_WORDS[name]} at the end", one, other, unit="%" if share else "")


def _checkpoints(a: Run, b: Run) -> Row:
    """Of the last one of both how far apart the weights are."""
    sides = [count(len(side.checkpoints), "checkpoint") for side in (a, b)]
    row = {"part": "found", "what": "Checkpoints", "a": sides[0], "b": sides[1]}
    if identical(a.checkpoints, b.checkpoints):
        return Row(**row, finding="same")  # type: ignore[arg-type]  # texts
    if not a.checkpoints or not b.checkpoints:
        finding: Finding = "only in B" if b.checkpoints else "only in A"
        return Row(**row, finding=finding)  # type: ignore[arg-type]
    share = _apart(a.last, b.last)
    words = "the last ones are of different tensors"
    if share is not None:
        words = f"the last ones are apart by {number(100 * share, 3)} % of ‖w‖₂"
    return Row(**row, difference=words, finding="differ", size=share)  # type: ignore[arg-type]


def _apart(a: Checkpoint, b: Checkpoint) -> float | None:
    """‖wB − wA‖₂ / ‖wA‖₂, without running statistics; None where it has no meaning."""
    names = [name for name in a.weights if not name.endswith(STATISTICS)]
    if any(name not in b.weights or a.weights[name].shape != b.weights[name].shape for name in names):
        return None
    one = np.concatenate([a.weights[name].astype(np.float64).ravel() for name in names] or [np.zeros(0)])
    other = np.concatenate([b.weights[name].astype(np.float64).ravel() for name in names] or [np.zeros(0)])
    length, moved = float(np.linalg.norm(one)), float(np.linalg.norm(other - one))
    return moved / length if length and math.isfinite(moved / length) else None
