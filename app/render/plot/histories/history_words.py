"""What the plots of curvature through training say in words."""

import math

import numpy as np

from core.exchange.words import count, number, samples_words
from core.spectrum.history import History

EMPTY = "No checkpoint has been measured yet. The curves grow here as soon as the job runs."
HINT = "Point at a curve, or press ← and →, to read a checkpoint."


def checkpoint_words(history: History, index: int) -> str:
    """All that is known of one checkpoint."""
    parts = [f"epoch {number(float(history.epoch[index]))}"]
    if not history.done[index]:
        return f"{parts[0]}: not computed yet"
    parts.append(_pair("loss", history.loss[index], None if history.test_loss is None else history.test_loss[index]))
    if math.isfinite(history.accuracy[index]):
        tested = None if history.test_accuracy is None else 100 * history.test_accuracy[index]
        parts.append(_pair("accuracy", 100 * history.accuracy[index], tested, " %"))
    parts.append(f"‖∇L‖₂ {number(float(history.gradient_norm[index]))}")
    parts.append(_eigenvalue_words(history, index))
    if history.learning_rate is not None and math.isfinite(history.learning_rate[index]):
        parts.append(f"learning rate {number(float(history.learning_rate[index]))}")
    return " · ".join(part for part in parts if part)


def caption_words(history: History) -> str:
    """How many checkpoints, on what, and how exact."""
    done, sure = int(history.done.sum()), int(np.count_nonzero(history.converged))
    start = f"{done} of {count(len(history.epoch), 'checkpoint')}"
    parts = [f"Partial: {start}" if history.status == "partial" else start, samples_words(history.provenance)]
    within = number(100 * history.request.tolerance, 2)
    parts.append(f"eigenvalues of {sure} of {done} with residuals within {within} %")
    negative = int(np.count_nonzero(history.eigenvalues[:, 0] < 0))
    if negative:
        parts.append(f"λ₁ is negative at {count(negative, 'checkpoint')}, drawn by its size with an open mark")
    lost = int(np.count_nonzero(history.done & np.isnan(history.eigenvalues[:, 0])))
    if lost:
        parts.append(f"{count(lost, 'checkpoint')} without finite curvature")
    return " · ".join(parts)


def _pair(word: str, train: float, test: float | None, unit: str = "") -> str:
    values = f"{word} {number(float(train))}{unit}"
    return values if test is None or math.isnan(test) else f"{values} train, {number(float(test))}{unit} test"


def _eigenvalue_words(history: History, index: int) -> str:
    value, residual = float(history.eigenvalues[index, 0]), float(history.residuals[index, 0])
    if math.isnan(value):
        return "no finite curvature"
    sure = "" if history.converged[index] else ", not converged"
    words = f"λ₁ {number(value)} ± {number(residual, 2)}{sure}"
    others = history.eigenvalues[index, 1:4]
    if others.size:
        words += f" (then {', '.join(number(float(other), 3) for other in others)})"
    return words
