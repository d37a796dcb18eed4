"""Runs as ``corrie train`` prints them: one in facts, several in a table, or all for machines."""

import math
from collections.abc import Sequence

import numpy as np

from app.cli.machine import Values, run_values
from app.cli.printing import print_facts, print_json
from app.cli.tables import Facts, table
from app.cli.training_folder import TrainingFolder
from app.cli.training_plan import TrainingPlan
from core.exchange.run_words import run_facts
from core.exchange.words import count, duration
from core.session.document import Document, RunItem
from core.training.run import FloatArray, Run

HEADER = ("run", "status", "epochs", "train loss", "train %", "test %", "gap %", "time")


def print_runs(folder: TrainingFolder, plan: TrainingPlan, *, as_json: bool) -> None:
    """All runs of the plan that have begun, and where they are."""
    document = folder.document() if folder.session.exists() else Document()
    known = [(stem, document.items.get(item_id)) for stem, item_id in zip(plan.stems, plan.items, strict=True)]
    runs = [(stem, item) for stem, item in known if isinstance(item, RunItem)]
    if as_json:
        print_json(_values(folder, plan, runs))
        return
    facts = _place(folder, plan, runs)
    if len(plan.requests) == 1 and runs:
        facts = [(name.lower(), value) for name, value in run_facts(runs[0][1], document)] + facts
    elif runs:
        facts = [("runs", table(HEADER, [_row(item) for _, item in runs])), *facts]
    print_facts(facts)


def newest_accuracy(run: Run) -> str:
    """The newest accuracy, for a line of progress; empty where there is none."""
    for which, curve in (("test", run.test_accuracy), ("train", run.train_accuracy)):
        value = _last(curve)
        if math.isfinite(value):
            return f"{which} accuracy {100 * value:.1f} %"
    return ""


def _place(folder: TrainingFolder, plan: TrainingPlan, runs: Sequence[tuple[str, RunItem]]) -> Facts:
    facts: Facts = []
    waiting = len(plan.requests) - len(runs)
    going_on = any(item.run.status == "partial" and not item.run.ended for _, item in runs)
    if waiting:
        facts.append(("not begun", count(waiting, "run")))
    if waiting or going_on:
        facts.append(("go on with", f"corrie train --resume {folder.path}"))
    cards = [str(folder.card_path(stem)) for stem, item in runs if item.network_id]
    if cards:
        facts.append(("network" if len(cards) == 1 else "networks", "\n".join(cards)))
    return [*facts, ("session", str(folder.session))]


def _row(item: RunItem) -> tuple[str, ...]:
    run = item.run
    status = "diverged" if run.ended else run.status
    return (
        item.name,
        status,
        f"{run.epochs_done}/{run.request.epochs}",
        _figure(_last(run.train_loss), 4),
        _figure(100 * _last(run.train_accuracy), 4),
        _figure(100 * _last(run.test_accuracy), 4),
        _figure(100 * run.generalisation_gap, 3),
        duration(float(run.seconds[-1])),
    )


def _values(folder: TrainingFolder, plan: TrainingPlan, runs: Sequence[tuple[str, RunItem]]) -> Values:
    entries = [
        {**run_values(item), "card": str(folder.card_path(stem)) if item.network_id else None} for stem, item in runs
    ]
    return {
        "folder": str(folder.path),
        "session": str(folder.session),
        "sweep": plan.sweep,
        "not_begun": len(plan.requests) - len(runs),
        "runs": entries,
    }


def _last(curve: FloatArray) -> float:
    known = curve[np.isfinite(curve)]
    return float(known[-1]) if len(known) else math.nan


def _figure(value: float, digits: int) -> str:
    return f"{value:.{digits}g}" if math.isfinite(value) else "nan"
