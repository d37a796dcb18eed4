"""Runs as lines to be drawn: which numbers against which, and where the learning rate drops. No drawing here."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.training.run import FloatArray, Run

Horizontal = Literal["epoch", "step", "seconds"]
Measure = Literal["loss", "accuracy", "gradient_norm", "top_eigenvalue"]
Look = Literal["solid", "dashed", "faint", "dotted"]

MEASURES: tuple[Measure, ...] = ("loss", "accuracy", "gradient_norm", "top_eigenvalue")
MOST_BATCHES = 1500  # points of the faint line: more than that cannot be told apart on a screen


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownRun:
    """A run with its place among the colours."""

    id: str
    name: str
    run: Run
    colour: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """One line of a plot: finite points only, in the order of the epochs."""

    x: FloatArray
    y: FloatArray
    look: Look


def series_of(run: Run, measure: Measure, horizontal: Horizontal) -> tuple[Series, ...]:
    """The lines of a run in the plot of a measure; accuracies in per cent."""
    x = places(run, horizontal)
    if measure == "loss":
        return (_batches(run, horizontal), _line(x, run.train_loss, "solid"), _line(x, run.test_loss, "dashed"))
    if measure == "accuracy":
        return _line(x, 100 * run.train_accuracy, "solid"), _line(x, 100 * run.test_accuracy, "dashed")
    return (_line(x, getattr(run, measure), "solid"),)


def is_measured(run: Run, measure: Measure) -> bool:
    """Whether there is anything to draw."""
    if measure == "loss":
        return True
    if measure == "accuracy":
        return predicts_classes(run)
    return bool(np.isfinite(getattr(run, measure)).any())


def predicts_classes(run: Run) -> bool:
    """Whether the run has accuracies, and its loss is in nats; where numbers are predicted there are none."""
    return bool(np.isfinite(run.train_accuracy).any() or np.isfinite(run.test_accuracy).any())


def places(run: Run, horizontal: Horizontal) -> FloatArray:
    """Where the rows of a run lie: (m,) epochs, updates of the weights, or seconds."""
    values: FloatArray = np.asarray(getattr(run, horizontal), dtype=np.float64)
    return values


def rate_drops(run: Run, horizontal: Horizontal) -> FloatArray:
    """Where an epoch ended after which the learning rate fell."""
    rate = run.learning_rate
    if len(rate) < 3:
        return np.zeros(0)
    dropped = np.flatnonzero(rate[2:] < rate[1:-1] * (1 - 1e-9)) + 1  # row 0 is before the first epoch
    return places(run, horizontal)[dropped]


def _line(x: FloatArray, y: FloatArray, look: Look) -> Series:
    known = np.isfinite(y)
    return Series(x=x[known], y=y[known].astype(np.float64), look=look)


def _batches(run: Run, horizontal: Horizontal) -> Series:
    """The loss of the batches while they were learnt, averaged over neighbours where there are many."""
    losses = run.batch_loss.astype(np.float64)
    steps = np.arange(1, len(losses) + 1, dtype=np.float64)
    size = -(-len(losses) // MOST_BATCHES)
    if size > 1:
        whole = len(losses) // size * size
        losses, steps = (values[:whole].reshape(-1, size).mean(axis=1) for values in (losses, steps))
    x = steps if horizontal == "step" else _at_steps(run, steps, horizontal)
    known = np.isfinite(losses) & np.isfinite(x)
    return Series(x=x[known], y=losses[known], look="faint")


def _at_steps(run: Run, steps: FloatArray, horizontal: Horizontal) -> FloatArray:
    """Places of updates between the rows, and beyond the last one as long as the epoch under way has no end yet."""
    x, done = places(run, horizontal), run.step.astype(np.float64)
    if len(done) < 2:  # the first epoch is under way
        return steps / _steps_an_epoch(run) if horizontal == "epoch" else np.full_like(steps, np.nan)
    inside = np.interp(steps, done, x)
    last = max(1.0, done[-1] - done[-2]) if horizontal == "seconds" else _steps_an_epoch(run)
    slope = (x[-1] - x[-2] if horizontal == "seconds" else 1.0) / last
    return np.where(steps > done[-1], x[-1] + (steps - done[-1]) * slope, inside)


def _steps_an_epoch(run: Run) -> float:
    batch = int(run.batch_size[-1]) if len(run.batch_size) else run.request.batch_size
    return float(max(1, -(-run.provenance.samples // max(1, batch))))
