"""What the plot of attacks says in words, and the colour of every attack."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    REDDISH_PURPLE,
    SHAPE_CONTRAST,
    SKY_BLUE,
    VERMILLION,
    PlotColours,
    legible,
)
from core.exchange.facts.robustness import percent, strength_symbol
from core.exchange.words import count, number
from core.robustness.kinds import ALONG_GRADIENT, ATTACK_NAMES, Attack
from core.robustness.robustness import FloatArray, Robustness

EMPTY = "No attack has been made yet. Curves appear here as soon as the job runs; until then it waits for those before."
HINT = "Point at a curve, or press ← and → (↑ and ↓ for another attack), to read its values."
_COLOURS: dict[Attack, QColor] = {
    "fgsm": BLUE,
    "fgsm10": SKY_BLUE,
    "l2grad": VERMILLION,
    "fhsm": BLUISH_GREEN,
    "l2hess": REDDISH_PURPLE,
}
SYMBOLS: dict[Attack, str] = {"fgsm": "o", "fgsm10": "s", "pgd": "d", "l2grad": "t1", "fhsm": "t", "l2hess": "+"}


def attack_colour(kind: Attack, frame: PlotColours) -> QColor:
    """The same colour in every figure; PGD, the strongest, has that of the text."""
    return legible(_COLOURS.get(kind, frame.text), frame.background, SHAPE_CONTRAST)


def attack_dashes(kind: Attack) -> Qt.PenStyle:
    """Dashed where a strength is an L2 length: never told by colour alone."""
    return Qt.PenStyle.DashLine if kind in ALONG_GRADIENT else Qt.PenStyle.SolidLine


def judges(found: Robustness) -> bool:
    """Whether verdicts were counted; where numbers are predicted there is only the loss."""
    return found.right is not None


def measured(found: Robustness) -> FloatArray:
    """(attacks, m), what is drawn: accuracies in per cent, or losses."""
    return 100 * found.accuracy if judges(found) else found.loss


def measured_clean(found: Robustness) -> float:
    """The same of the samples as they are."""
    return 100 * found.clean_accuracy if judges(found) else found.clean_loss


def cell_words(found: Robustness, row: int, column: int) -> str:
    """One attack at one strength: what is left, how sure that is, and how far samples were moved."""
    kind = found.request.attacks[row]
    at = f"{ATTACK_NAMES[kind]} at {strength_symbol(kind)} {number(float(found.strength[row, column]), 3)}"
    if kind in ALONG_GRADIENT:
        at += f" (ε {number(float(found.epsilon[column]), 3)})"
    if not np.isfinite(found.changed[row, column]):
        return f"{at}: not computed yet"
    parts = []
    if np.isfinite(found.accuracy[row, column]):
        low, high = (float(end[row, column]) for end in found.interval)
        parts.append(f"{percent(float(found.accuracy[row, column]))} right, 95 % interval {_between(low, high)}")
    parts.append(f"loss {number(float(found.loss[row, column]))} {found.loss_unit}")
    parts.append(f"changed by an L2 length of {number(float(found.changed[row, column]), 3)} on average")
    return f"{at}: {' · '.join(parts)}"


def clean_reading(found: Robustness) -> str:
    """The samples as they are."""
    loss = f"loss {number(found.clean_loss)} {found.loss_unit}"
    if not judges(found):
        return f"Samples as they are: {loss}"
    sure = f"95 % interval {_between(*found.clean_interval)}"
    return f"Samples as they are: {percent(found.clean_accuracy)} right, {sure} · {loss}"


def figure_words(found: Robustness) -> str:
    """How many samples, what ε is, and what is missing, in one line below the plot."""
    computed = int(np.isfinite(found.changed).sum())
    parts = []
    if found.status == "partial":
        parts.append(f"Partial: {computed} of {found.changed.size} cells computed")
    parts.append(f"{count(found.samples, 'sample')}")
    parts.append(f"ε in units of {unit_words(found)}, which no attacked sample leaves")
    if found.made_on:
        parts.append(f"attacks made on {found.made_on}")
    return " · ".join(parts)


def unit_words(found: Robustness) -> str:
    """What a strength of 1 is."""
    low, high = found.range_low, found.range_high
    if low.size == 1:
        return f"the range of the data, {number(float(low[0]))} to {number(float(high[0]))}"
    return f"the range of each of the {count(low.size, 'column')}" if low.size else "the range of the data"


def _between(low: float, high: float) -> str:
    return f"{percent(low)} to {percent(high)}"
