"""Runs as rows of numbers: the curves of one, or one row for each of several."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from core.exchange.words import number
from core.session.document import RunItem
from core.session.json_text import record_to_json, to_json
from core.session.names import link_name
from core.training.run import MEASURED, Run

Row = tuple[str | int | float, ...]
Named = Iterator[tuple[str, npt.NDArray[Any]]]


def curve_rows(run: Run) -> Iterator[Row]:
    """Names of the columns, then one row per epoch; what was not measured is NaN."""
    yield ("epoch", "step", *MEASURED)
    columns = [getattr(run, name).tolist() for name in ("epoch", "step", *MEASURED)]
    yield from zip(*columns, strict=True)


def comparison_rows(items: Sequence[RunItem]) -> Iterator[Row]:
    """Names of the columns, then one row per run: what was asked, and where it ended."""
    yield (
        *("id", "name", "sweep", "status", "architecture", "optimizer", "batch_size", "learning_rate", "momentum"),
        *("weight_decay", "augmentation", "robust", "epsilon", "adaptive", "seed", "epochs", "epochs_done", "steps"),
        *("train_loss", "train_accuracy", "test_loss", "test_accuracy", "generalisation_gap"),
        *("gradient_norm", "top_eigenvalue", "seconds"),
    )
    for item in items:
        run, asked = item.run, item.run.request
        robust = asked.robust
        yield (
            *(item.id, item.name, item.sweep, run.status, asked.architecture, asked.optimizer, asked.batch_size),
            *(asked.learning_rate, asked.momentum, asked.weight_decay, asked.augmentation),
            *("none" if robust is None else robust.attack, 0.0 if robust is None else robust.epsilon),
            *("no" if asked.adaptive is None else f"x{asked.adaptive.ratio}", asked.seed, asked.epochs),
            *(run.epochs_done, int(run.step[-1]) if len(run.step) else 0),
            *(last_known(getattr(run, name)) for name in MEASURED[:4]),
            *(run.generalisation_gap, last_known(run.gradient_norm), last_known(run.top_eigenvalue)),
            float(run.seconds[-1]) if len(run.seconds) else 0.0,
        )


def comparison_columns(items: Sequence[RunItem]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and cells of a table for readers: what tells the runs apart, and where they ended."""
    heads = ("Run", "Batch", "Epochs", "Train loss", "Train %", "Test loss", "Test %", "Gap %", "Top eigenvalue")
    return heads, [_cells(item) for item in items]


def _cells(item: RunItem) -> tuple[str, ...]:
    run = item.run
    losses = [
        _shown(last_known(getattr(run, name)), scale) for name, scale in zip(MEASURED[:4], (1, 100) * 2, strict=True)
    ]
    epochs = f"{run.epochs_done} of {run.request.epochs}" if run.status == "partial" else str(run.epochs_done)
    gap, eigenvalue = _shown(run.generalisation_gap, 100), _shown(last_known(run.top_eigenvalue))
    return (item.name, f"{run.request.batch_size:,}", epochs, *losses, gap, eigenvalue)


def _shown(value: float, scale: float = 1.0) -> str:
    return number(scale * value, 4) if math.isfinite(value) else "—"


def run_arrays(run: Run) -> Named:
    """Every array of a run under its own name; checkpoints as ``checkpoint/<epoch>/<parameter>``."""
    yield "request", np.array(record_to_json(run.request))
    yield "provenance", np.array(record_to_json(run.provenance))
    yield "facts", np.array(to_json({"status": run.status, "ended": run.ended}))
    for name in ("epoch", "step", *MEASURED, "batch_loss"):
        yield name, getattr(run, name)
    for checkpoint in run.checkpoints:
        for parameter, values in checkpoint.weights.items():
            yield f"checkpoint/{checkpoint.epoch}/{link_name(parameter)}", np.asarray(values)


def last_known(values: npt.NDArray[np.float64]) -> float:
    """The last value that was measured; NaN if none was."""
    known = np.flatnonzero(np.isfinite(values))
    return float(values[known[-1]]) if len(known) else float("nan")
