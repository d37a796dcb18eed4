"""What curvature through a training found, as names and values for readers."""

import numpy as np

from core.exchange.plane_words import CURVATURE
from core.exchange.subject import Subject
from core.exchange.words import count, number
from core.spectrum.history import History
from core.spectrum.spectrum import FloatArray

_SLOPE = "loss per unit of the weights"


def history_facts(history: History, subject: Subject) -> list[tuple[str, str]]:
    """Where loss, gradient and curvature began, how far they went, where they ended, and how exact that is."""
    del subject
    done, epoch = history.done, history.epoch
    facts = [("Checkpoints", f"{int(done.sum())} of {len(epoch)}, epoch {number(epoch[0])} to {number(epoch[-1])}")]
    curves: list[tuple[str, FloatArray | None, str]] = [
        ("Loss", history.loss, history.loss_unit),
        ("Test loss", history.test_loss, history.loss_unit),
        ("Norm of the gradient", history.gradient_norm, f"({_SLOPE})"),
        ("Top eigenvalue", history.eigenvalues[:, 0], f"({CURVATURE})"),
    ]
    facts += [(name, words) for name, values, unit in curves if (words := _course(epoch, values, unit))]
    if done.any():
        sure = int(np.count_nonzero(history.converged[done]))
        asked = number(100 * history.request.tolerance, 3)
        facts.append(("Within the tolerance", f"{sure} of {count(int(done.sum()), 'checkpoint')}, {asked} % of each λ"))
        if lost := int(np.count_nonzero(done & np.isnan(history.eigenvalues[:, 0]))):
            facts.append(("Without finite curvature", count(lost, "checkpoint")))
    if (rates := history.learning_rate) is not None and history.rate_drops:
        drops = (f"{number(epoch[last])} (to {number(rates[last + 1])})" for last in history.rate_drops)
        facts.append(("Learning rate falls after epoch", ", ".join(drops)))
    return facts


def _course(epoch: FloatArray, values: FloatArray | None, unit: str) -> str:
    """From the first to the last value that is known, and the largest on the way."""
    if values is None or not (known := np.flatnonzero(np.isfinite(values))).size:
        return ""
    first, last, most = known[0], known[-1], known[np.argmax(np.abs(values[known]))]
    words = f"{number(values[first])} to {number(values[last])} {unit}"
    if most in (first, last):
        return words
    return f"{words}, at most {number(values[most])} at epoch {number(epoch[most])}"
