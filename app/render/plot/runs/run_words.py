"""What the plots of runs say in words: labels, and the point that is pointed at."""

import math

from app.render.plot.runs.run_series import Horizontal, Measure
from core.exchange.words import duration, number
from core.training.run import Run

EMPTY = "There is no run yet. Describe a training on the left and start it: its curves grow here."
HINT = "Point at a curve, or press ← and →, to read its values."
HORIZONTAL: dict[Horizontal, tuple[str, str, str]] = {  # in the chooser, name of the axis, its unit
    "epoch": ("Epochs", "epoch", ""),
    "step": ("Steps", "updates of the weights", ""),
    "seconds": ("Time", "time of training", "s"),
}
AXES: dict[Measure, tuple[str, str, str]] = {  # name of the axis, its unit, its short name
    "loss": ("mean loss", "nats", "loss"),
    "accuracy": ("accuracy", "%", "acc."),
    "gradient_norm": ("norm of the gradient ‖∇L‖₂", "", "‖∇L‖₂"),
    "top_eigenvalue": ("top eigenvalue of the Hessian", "", "λ max"),
}


def reading(name: str, run: Run, row: int) -> str:
    """All that is known of a run after one of its epochs."""
    parts = [f"{name}: epoch {int(run.epoch[row])} of {run.request.epochs}", f"{int(run.step[row]):,} steps"]
    parts.append(duration(float(run.seconds[row])))
    parts += _pair("loss", run.train_loss[row], run.test_loss[row], "")
    parts += _pair("accuracy", 100 * run.train_accuracy[row], 100 * run.test_accuracy[row], " %")
    for word, value in (("‖∇L‖₂", run.gradient_norm[row]), ("top eigenvalue", run.top_eigenvalue[row])):
        if math.isfinite(value):
            parts.append(f"{word} {number(float(value))}")
    if int(run.epoch[row]) > 0:
        parts.append(f"rate {number(float(run.learning_rate[row]))}, batch {int(run.batch_size[row]):,}")
    return " · ".join(parts)


def _pair(word: str, train: float, test: float, unit: str) -> list[str]:
    known = [(value, which) for value, which in ((train, "train"), (test, "test")) if math.isfinite(value)]
    if not known:
        return []
    return [f"{word} " + ", ".join(f"{number(float(value))}{unit} {which}" for value, which in known)]
