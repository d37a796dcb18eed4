"""A correction in words, with the user's own names, classes and units."""

from core.corrections.records.correction import Correction
from core.exchange.goal_words import goal_words, said_words
from core.exchange.rule_words import rule_words, triangle_words
from core.exchange.shown_names import shown
from core.exchange.step_words import steps_words
from core.exchange.subject import Subject
from core.exchange.words import PROOFS, count, distance_words, made_words, number, partial_notes, quantity, signed


def axis_label(feature: str, subject: Subject) -> str:
    """``Duration (months)``."""
    unit = shown(subject.unit(feature), 20)
    return f"{shown(feature, 50)} ({unit})" if unit else shown(feature, 50)


def correction_subtitle(correction: Correction, subject: Subject) -> str:
    """The question that was asked."""
    first, second = (shown(feature.name, 40) for feature in correction.request.free)
    wanted = wanted_words(correction, subject)
    return f"The smallest stable change of {first} and {second} that makes the network say {wanted}"


def wanted_words(correction: Correction, subject: Subject) -> str:
    """``"good"``, ``"good" or "fair"``, ``at least 3.5 bar``."""
    return goal_words(correction.request.wanted, subject)


def verdict_words(correction: Correction, subject: Subject) -> str:
    """What the network says of the input itself: ``"bad"``, ``2.9 bar``."""
    return said_words(correction.verdict, correction.value, subject)


def point_words(correction: Correction, subject: Subject, point: tuple[float, float]) -> str:
    """``48 months, 13 500 DM``."""
    units = [shown(subject.unit(feature.name), 20) for feature in correction.request.free]
    return ", ".join(quantity(value, unit) for value, unit in zip(point, units, strict=True))


def change_words(correction: Correction, subject: Subject, end: tuple[float, float]) -> str:
    """One line for each feature that has to change: ``Duration −19 months``."""
    lines = []
    for feature, before, after in zip(correction.request.free, correction.request.point, end, strict=True):
        if after != before:
            unit = shown(subject.unit(feature.name), 20)
            lines.append(f"{shown(feature.name, 40)} {signed(after - before, 4)} {unit}".rstrip())
    return "\n".join(lines) or "no change is needed"


def stability_words(correction: Correction, subject: Subject) -> str:
    """``± 2 months, ± 500 DM``."""
    units = [shown(subject.unit(feature.name), 20) for feature in correction.request.free]
    pairs = zip(correction.request.free, units, strict=True)
    return ", ".join(f"±\u00a0{quantity(feature.half_width, unit)}" for feature, unit in pairs)


def result_words(correction: Correction) -> str:
    """What was found, and how sure it is."""
    if correction.centre is None:
        return f"Result: {PROOFS[correction.proof]}."
    box = "" if correction.proof == "none_exists" else PROOFS[correction.proof]
    return f"Result: {distance_words(correction)}; box {box}."


def rule_of(correction: Correction, subject: Subject) -> str:
    """The rule in the units of the subject; "" where there is none."""
    x, y = (subject.unit(feature.name) for feature in correction.request.free)
    return rule_words(correction, (x, y))


def simple_notes(correction: Correction, subject: Subject) -> list[str]:
    """The rule, and what the paper's triangle is worth, where they are known."""
    notes = []
    if rule := rule_of(correction, subject):
        notes.append(f"Rule: {rule}.")
    if triangle := triangle_words(correction):
        notes.append(f"Triangle, grown as by Zhang et al. 2018: {triangle}.")
    return notes


def correction_notes(correction: Correction, subject: Subject) -> list[str]:
    """Whose judgment it is, what was asked, and what was found."""
    request = correction.request
    row = f", row {request.row}" if request.row is not None else ""
    by_value = "what is wanted is exceeded" if request.wanted.by_value else "the target leads"
    guard = f"{by_value} by at least {number(correction.margin, 2)} everywhere in the accepted region"
    fixed = "all other features fixed" if request.moves is None else "everything else fixed"
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}{row}"
    notes = [
        f"{owner} · {fixed} · stability asked for: {stability_words(correction, subject)}.",
        result_words(correction),
        *simple_notes(correction, subject),
        f"Regions are exact: {count(correction.cells, 'linear piece')} of the network; {guard}.",
    ]
    x, y = (subject.unit(feature.name) for feature in request.free)
    if steps := steps_words(correction, (x, y)):
        notes.append(f"{steps}.")
    notes += partial_notes(correction.status)
    notes.append(made_words(correction.provenance))
    return notes
