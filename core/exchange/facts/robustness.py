"""What attacks found, as names and values for readers."""

import math

import numpy as np

from core.exchange.subject import Subject
from core.exchange.words import count, number
from core.robustness.kinds import ALONG_GRADIENT, ATTACK_NAMES, SECOND_ORDER
from core.robustness.robustness import Robustness

Facts = list[tuple[str, str]]
_MOST_STRENGTHS = 8  # that are told one by one


def robustness_facts(found: Robustness, subject: Subject) -> Facts:
    """Accuracy as it is and under every attack, in what units, and what the Hessian in the input is like."""
    facts = [("Samples as they are", clean_words(found)), *_by_attack(found)]
    if worst := worst_words(found):
        facts.append(("Under all of them", worst))
    facts.append(("Strengths", strength_words(found)))
    if changed := columns_words(subject):
        facts.append(("Columns", changed))
    if found.made_on:
        facts.append(("Attacks made on", found.made_on))
    if SECOND_ORDER & set(found.request.attacks):
        facts.append(("Damping", damping_words(found)))
    if curvature := curvature_words(found):
        facts.append(("Hessian in the input", curvature))
    if found.not_finite:
        facts.append(("Not finite", f"{count(found.not_finite, 'sample')} without finite outputs: they count as wrong"))
    return facts


def clean_words(found: Robustness) -> str:
    """Accuracy with its interval, or the loss alone where numbers are predicted."""
    loss = f"loss {number(found.clean_loss)} {found.loss_unit}{_root(found)}"
    if found.clean_right is None:
        known = math.isfinite(found.clean_accuracy)
        return f"{percent(found.clean_accuracy)}, {loss}" if known else f"{loss}; numbers have no verdict to be turned"
    low, high = found.clean_interval
    return f"{percent(found.clean_accuracy)} right ({percent(low)} to {percent(high)}), {loss}"


def _root(found: Robustness) -> str:
    """What a squared error is in the unit of what is predicted."""
    unit = predicted_unit(found)
    if found.right is not None or not unit or not found.clean_loss >= 0:
        return ""
    return f" (its root: {number(math.sqrt(found.clean_loss))} {unit})"


def predicted_unit(found: Robustness) -> str:
    """Of the number that is predicted, by that of the squared error; "" where it has none, or classes are."""
    unit = found.loss_unit
    return unit.removesuffix("²").strip("()") if unit.endswith("²") else ""


def columns_words(subject: Subject) -> str:
    """What attacks do to columns of a table that are no plain numbers; "" where there are none."""
    card = subject.dataset.features if subject.dataset else None
    kinds = set() if card is None else {feature.kind for feature in card.features}
    parts = ["whole numbers are changed by fractions"] if "integer" in kinds else []
    if "category" in kinds:
        parts.append("every level of a category is changed as a number of its own between 0 and 1")
    return f"{' and '.join(parts)}, so an attacked row need not be one that there can be" if parts else ""


def _by_attack(found: Robustness) -> Facts:
    facts = []
    low, high = found.interval
    chosen = np.unique(np.linspace(0, len(found.epsilon) - 1, _MOST_STRENGTHS).round().astype(np.int64))
    for row, kind in enumerate(found.request.attacks):
        parts = []
        for column in chosen.tolist():
            at = f"at {strength_symbol(kind)} {number(found.strength[row, column], 3)}"
            if not np.isfinite(found.changed[row, column]):
                parts.append(f"not computed {at}")
            elif np.isfinite(found.accuracy[row, column]):
                ends = f"{percent(low[row, column])} to {percent(high[row, column])}"
                parts.append(f"{percent(found.accuracy[row, column])} ({ends}) {at}")
            else:
                parts.append(f"loss {number(found.loss[row, column])} {at}")
        facts.append((ATTACK_NAMES[kind], ", ".join(parts)))
    return facts


def worst_words(found: Robustness) -> str:
    """Samples that no attack turns; "" where one attack says it all, or nothing is known."""
    worst = found.worst(found.request.attacks)
    known = np.flatnonzero(np.isfinite(worst))
    if len(found.request.attacks) < 2 or not known.size:
        return ""
    last = int(known[-1])
    # What is at most ε in every number is at most ε·√D long, so the longer of the two holds for both kinds of attack.
    along = bool(ALONG_GRADIENT & set(found.request.attacks))
    size = f"up to the L2 length {number(found.length[last], 3)}" if along else "of that size"
    return (
        f"{percent(worst[last])} are right under every attack up to ε {number(found.epsilon[last], 3)}: no more than "
        f"that can be right under any change {size}"
    )


def strength_words(found: Robustness) -> str:
    """What one unit is, and what ε means."""
    low, high = found.range_low, found.range_high
    if low.size == 1:
        unit = f"the range of the data, {number(float(low[0]))} to {number(float(high[0]))}"
    else:
        unit = f"the range of each of the {count(low.size, 'column')}"
    words = f"ε is the largest change of one number, in units of {unit}; nothing leaves that range"
    if ALONG_GRADIENT & set(found.request.attacks):
        ratio = found.length[0] / found.epsilon[0]
        words += f"; along a gradient the L2 length is ε·√{number(ratio**2, 6)}"
    return words


def damping_words(found: Robustness) -> str:
    """How far Newton's direction is from being undamped."""
    if found.request.damping == 0:
        return "none: the pseudo-inverse, ruled by the smallest eigenvalues, which makes a weak attack"
    told = f"{number(found.request.damping)} times each sample's largest eigenvalue"
    if found.right is None and found.input_eigenvalues is not None and found.input_eigenvalues.shape[1] == 1:
        told += "; a single number is predicted, so Newton's direction is that of the gradient, whatever the damping"
    return told


def curvature_words(found: Robustness) -> str:
    """Its eigenvalues, their sign, and how exact the closed form is; "" if they were not computed."""
    if found.input_eigenvalues is None:
        return ""
    largest = found.input_eigenvalues[:, 0]
    known = largest[np.isfinite(largest)]
    if not known.size:
        return "not finite for any sample"
    smallest = found.smallest_input_eigenvalue
    parts = [
        f"largest eigenvalue {number(float(known.max()))}, median {number(float(np.median(known)))} over samples",
        f"smallest of all {number(smallest, 2)}"
        + (": not negative but for rounding, so there are no saddle points" if found.saddle_free else ""),
    ]
    exact = "exact, because the network is piecewise linear"
    parts.append(
        exact if found.piecewise_linear else "the Gauss–Newton matrix, because the network is not piecewise linear"
    )
    if math.isfinite(found.hessian_deviation):
        parts.append(f"it differs from differentiating twice by {number(100 * found.hessian_deviation, 2)} %")
    if found.flat:
        parts.append(f"flat around {count(found.flat, 'sample')}, where attacks along a gradient cannot find anything")
    return "; ".join(parts) + f" ({found.loss_unit} per squared range of the data)"


def strength_symbol(kind: str) -> str:
    """What a strength of an attack is called: ε of a sign, L2 along a gradient."""
    return "L2" if kind in ALONG_GRADIENT else "ε"


def percent(share: float, digits: int = 3) -> str:
    """``87.5 %``"""
    return f"{number(100 * share, digits)} %"
