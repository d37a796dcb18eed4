"""A correction in several features in words, with the user's own names, levels, classes and units."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.corrections.records.changes import is_changed
from core.corrections.records.correction import Norm, Proof
from core.corrections.records.joint import FoundChange, JointBox, JointCorrection
from core.exchange.goal_words import goal_words, said_words
from core.exchange.rule_words import Side
from core.exchange.shown_names import readable, shown
from core.exchange.subject import Subject
from core.exchange.words import bound_words, count, in_norm, made_words, number, partial_notes, quantity, signed

NONE_EXISTS = "proved: no stable correction exists within these ranges"
JOINT_PROOFS: dict[Proof, str] = {
    "proved": "proved: every point of the box that is allowed is accepted",
    "sampled": "sampled only: no counterexample was found, nothing is proved",
    "unknown": "not proved",
    "none_exists": NONE_EXISTS,
}
BOX_PROOFS: dict[Proof, str] = {
    "proved": "accepted, proved",
    "sampled": "accepted at samples, not proved",
    "unknown": "not proved; parts of it may be rejected",
    "none_exists": "not accepted",
}
_NAME = 44  # characters of a name
_LONGEST_LIST = 56  # characters of names in a subtitle
_LEAST_GAP = 1e-5  # relative, that a bracket is said to have; less is rounded up to it


_SCALES = {0.0: "without stability", 0.5: "at half of it", 1.0: "as asked", 2.0: "at twice as much"}


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What becomes of one free feature, in words."""

    name: str
    before: str
    after: str
    unit: str
    change: str  # ``−12``; "" for a category
    verb: str  # ``raise``, ``lower``; "" for a category, or where nothing changes

    @property
    def any(self) -> bool:
        """Whether it changes at all."""
        return self.before != self.after or bool(self.verb)

    @property
    def words(self) -> str:
        """``lower duration 24 → 12 months``, ``raise image 6: 0 → 0.5``, ``savings: "<100 DM" → "≥1000 DM"``."""
        if not self.verb:
            return f"{self.name}: {self.before} → {self.after}"
        apart = ":" if self.name[-1:].isdigit() or self.name.endswith(")") else ""  # the number is not of the name
        return f"{self.verb} {self.name}{apart} {self.before} → {self.after}\u00a0{self.unit}".rstrip()


def changed_features(joint: JointCorrection, change: FoundChange, subject: Subject) -> tuple[Changed, ...]:
    """Every free feature, numbers first; those of no change among them. Empty where nothing was found."""
    if change.point is None:
        return ()
    return (*_numbers(joint, change, subject), *_categories(joint, change))


def change_words(joint: JointCorrection, change: FoundChange, subject: Subject) -> str:
    """``lower duration 24 → 12 months, savings: "<100 DM" → "≥1000 DM"``; "" where nothing was found."""
    if change.point is None:
        return ""
    return ", ".join(one.words for one in changed_features(joint, change, subject) if one.any) or "no change is needed"


def bracket_words(change: FoundChange, norm: Norm = "L1") -> str:
    """``distance 0.317, proved minimal to 0.1 %``, ``distance between 0.27 and 0.317``, or that there is none."""
    if change.proof == "none_exists":
        return NONE_EXISTS
    lower, distance = change.lower_bound, change.distance
    if distance is None:
        return "none found yet" + (f"; none is nearer than {bound_words(lower)}" if lower > 0 else "")
    if change.closed:
        gap = max(0.0, 1.0 - lower / distance) if distance > 0 else 0.0
        exact = "" if gap < 1e-9 else f" to {_rounded_up(100 * max(gap, _LEAST_GAP))} %"
        return f"distance {number(distance)}{in_norm(norm)}, proved minimal{exact}"
    return f"distance{in_norm(norm)} between {bound_words(lower)} and {number(distance)}"


def joint_subtitle(joint: JointCorrection, subject: Subject) -> str:
    """The question that was asked."""
    names = [readable(name, 30) for name in joint.request.freedom.names]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    listed = listed if len(listed) <= _LONGEST_LIST else f"{len(names)} features"
    most = joint.request.most_changed
    some = f", at most {most} of them," if joint.request.limited else ""
    return f"The smallest stable change of {listed}{some} that makes the network say {joint_wanted(joint, subject)}"


def joint_wanted(joint: JointCorrection, subject: Subject) -> str:
    """``"good"``, ``"good" or "fair"``, ``at least 3.5 bar``."""
    return goal_words(joint.request.goal, subject)


def joint_verdict(joint: JointCorrection, subject: Subject) -> str:
    """What the network says of the input itself: ``"bad"``, ``2.9 bar``."""
    return said_words(joint.verdict, joint.value, subject)


def joint_rule(joint: JointCorrection, subject: Subject, box: JointBox | None = None) -> str:
    """``lower duration to 4–18 months and savings "≥1000 DM" with age from 20 to 75: accepted, proved``; "" if none.

    Of the box of the result, or of another one. Numbers are rounded inwards, as in `rule_words`.
    """
    box = joint.box if box is None else box
    if box is None:
        return ""
    moves, others = [], []
    start = joint.request.start if joint.request.freedom.numbers else ()
    for feature, before, low, high in zip(joint.request.freedom.numbers, start, box.low, box.high, strict=True):
        if joint.request.limited and low == high == before:
            continue  # it was left alone, and counts as exactly known
        named = replace(feature, name=readable(feature.name, _NAME))
        side = Side(named, shown(subject.unit(feature.name), 20), (float(low), float(high)))
        if side.low <= before <= side.high:
            others.append(side.kept())
        else:
            moves.append(side.moved(upwards=bool(before < side.low)))
    levels = zip(joint.request.freedom.categories, box.levels, joint.request.present, strict=True)
    for category, level, present in levels:
        if joint.request.limited and level == present:
            continue
        words = f'{readable(category.name, _NAME)} "{shown(category.levels[level], 30)}"'
        (others if level == present else moves).append(words)
    with_others = f"with {' and '.join(others)}" if others else ""
    return f"{' and '.join(moves)} {with_others}".strip() + f": {BOX_PROOFS[box.proof]}"


def joint_notes(joint: JointCorrection, subject: Subject) -> list[str]:
    """Whose judgment it is, what was asked, and what was found."""
    request = joint.request
    row = f", row {request.row}" if request.row is not None else ""
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}{row}"
    notes = [
        f"{owner} · all other features fixed · stability asked for: {joint_stability(joint, subject)}.",
        f"Result: {bracket_words(joint.nearest, request.norm)}; {count(joint.boxes, 'box', 'boxes')} bounded.",
    ]
    if rule := joint_rule(joint, subject):
        notes.append(f"Rule: {rule}.")
    notes += partial_notes(joint.status)
    notes.append(made_words(joint.provenance))
    return notes


def tradeoff_words(joint: JointCorrection) -> str:
    """``0.5485 at none of the stability, 0.57 at half of it, …``; "" where the curve is not known."""
    parts = []
    for scale, lower, distance in joint.tradeoff.tolist():
        words = _SCALES.get(scale, f"at {number(scale, 3)} times as much")
        if distance == math.inf:
            parts.append(f"{'none' if lower == math.inf else 'none found'} {words}")
        elif lower < distance * (1 - 2 * joint.request.tolerance):
            parts.append(f"{bound_words(lower)} to {number(distance, 3)} {words}")
        else:
            parts.append(f"{number(distance)} {words}")
    return ", ".join(parts)


def joint_stability(joint: JointCorrection, subject: Subject) -> str:
    """``duration ± 2 months, amount ± 500 DM``; ``none`` where none is asked for."""
    parts = [
        f"{readable(one.name, _NAME)} ±\u00a0{quantity(one.half_width, shown(subject.unit(one.name), 20))}"
        for one in joint.request.freedom.numbers
        if one.half_width
    ]
    return ", ".join(parts) or "none"


def _numbers(joint: JointCorrection, change: FoundChange, subject: Subject) -> Iterator[Changed]:
    if change.point is None:
        return
    features, start = joint.request.freedom.numbers, joint.request.start
    for feature, before, after in zip(features, start.tolist(), change.point.tolist(), strict=True):
        same = not is_changed(before, after, feature.low, feature.high)
        yield Changed(
            name=readable(feature.name, _NAME),
            before=number(before, 5),
            after=number(before if same else after, 5),
            unit=shown(subject.unit(feature.name), 20),
            change="0" if same else signed(after - before, 4),
            verb="" if same else "raise" if after > before else "lower",
        )


def _categories(joint: JointCorrection, change: FoundChange) -> Iterator[Changed]:
    freedom, present = joint.request.freedom, joint.request.present
    for category, before, after in zip(freedom.categories, present, change.levels, strict=True):
        names = [f'"{shown(category.levels[level], 30)}"' for level in (before, after)]
        yield Changed(name=readable(category.name, _NAME), before=names[0], after=names[1], unit="", change="", verb="")


def _rounded_up(value: float) -> str:
    """A positive number with one significant digit, no smaller than it is."""
    unit = 10.0 ** math.floor(math.log10(value))
    return number(math.ceil(value / unit - 1e-9) * unit, 1)
