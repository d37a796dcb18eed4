"""What is said of an attacked sample: its class, the verdicts with their probabilities, and the scale of changes."""

from dataclasses import dataclass

import numpy as np

from core.data.tables.features import FeatureCard
from core.exchange.facts.robustness import percent, strength_symbol
from core.exchange.words import number
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Examples, FloatArray, Robustness

MOST_TARGETS = 3  # numbers of a prediction that are told


@dataclass(frozen=True)
class Names:
    """How classes and columns are called."""

    classes: tuple[str, ...] = ()
    features: FeatureCard | None = None

    def of_class(self, index: int) -> str:
        """The name of a class, or its number."""
        return self.classes[index] if 0 <= index < len(self.classes) else f"class {index}"

    def of_columns(self, count: int) -> list[tuple[str, str]]:
        """(name, unit) of every number of a sample; a category has one column for each of its levels."""
        named = [
            (f"{feature.name} = {level}", "") if feature.levels else (feature.name, feature.unit)
            for feature, level in (() if self.features is None else self.features.input_columns)
        ]
        return named if len(named) == count else [(f"number {index}", "") for index in range(count)]


def sample_title(examples: Examples, index: int, names: Names) -> str:
    """Which row of the data, and what is right."""
    row = f"row {int(examples.row[index])}"
    if examples.target is not None:
        return f"{row}: {predicted(examples.target[index])}"
    return f"{row}: {names.of_class(int(examples.label[index]))}"


def clean_words(examples: Examples, index: int, names: Names) -> str:
    """What the network says of the sample as it is."""
    if examples.clean_prediction is not None:
        return predicted(examples.clean_prediction[index])
    return said(int(examples.clean_verdict[index]), float(examples.clean_confidence[index]), names)


def attacked_words(examples: Examples, attack: int, strength: int, index: int, names: Names) -> str:
    """What it says of the attacked one."""
    if examples.prediction is not None:
        value = examples.prediction[attack, strength, index]
        return predicted(value) if np.isfinite(value).any() else "not computed yet"
    verdict = int(examples.verdict[attack, strength, index])
    if verdict < 0:
        return "not computed yet"
    return said(verdict, float(examples.confidence[attack, strength, index]), names)


def is_turned(examples: Examples, attack: int, strength: int, index: int) -> bool:
    """Whether the network gets the attacked sample wrong."""
    verdict = int(examples.verdict[attack, strength, index])
    return examples.prediction is None and verdict >= 0 and verdict != int(examples.label[index])


def said(verdict: int, probability: float, names: Names) -> str:
    """``seven 99.8 %``; two numbers beside each other are kept apart: ``7: 99.8 %``."""
    name = names.of_class(verdict)
    return f"{name}{':' if name[-1:].isdigit() else ''} {percent(probability)}"


def predicted(values: FloatArray) -> str:
    """The first few numbers of a prediction."""
    shown = ", ".join(number(value, 4) for value in values[:MOST_TARGETS].tolist())
    return f"{shown}, …" if len(values) > MOST_TARGETS else shown


def strength_text(found: Robustness, attack: int, strength: int) -> str:
    """``ε 0.05`` or ``L2 1.4``."""
    kind = found.request.attacks[attack]
    return f"{strength_symbol(kind)} {number(float(found.strength[attack, strength]), 3)}"


def cell_title(found: Robustness, attack: int, strength: int) -> str:
    """Which attack, and how strong."""
    return f"{ATTACK_NAMES[found.request.attacks[attack]]}, {strength_text(found, attack, strength)}"


def scale_words(reach: float, *, channels: bool) -> str:
    """What the colours of a change stand for."""
    far = number(reach, 3)
    if channels:
        return f"Added: grey is no change, full colour a change of ±{far} of the data's range, channel by channel."
    return f"Added: orange is more, blue is less; full colour is a change of ±{far} of the data's range."
