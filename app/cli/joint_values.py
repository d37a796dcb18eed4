"""Corrections in several features for scripts and for people."""

from app.cli.machine_numbers import finite, finite_rows
from app.cli.tables import Facts, figure, table
from core.corrections.records.joint import FoundChange, JointBox, JointCorrection
from core.exchange.joint_words import (
    JOINT_PROOFS,
    bracket_words,
    change_words,
    changed_features,
    joint_rule,
    joint_verdict,
    joint_wanted,
    tradeoff_words,
)
from core.exchange.subject import Subject

Values = dict[str, object]


def joint_values(joint: JointCorrection, subject: Subject) -> Values:
    """Everything in full precision; what is not finite is null."""
    request = joint.request
    goal = request.goal
    return {
        "row": request.row,
        "verdict": finite(joint.value) if goal.by_value else subject.class_name(joint.verdict),
        "wanted": joint_wanted(joint, subject),
        "at_least": finite(goal.at_least),
        "at_most": finite(goal.at_most),
        "norm": request.norm,
        "most_changed": request.most_changed or None,
        "free": [*_numbers(joint, subject), *_categories(joint)],
        **_change(joint, joint.nearest, subject),
        "boxes": joint.boxes,
        "box": _box(joint, joint.box),
        "rule": joint_rule(joint, subject) or None,
        "others": [_change(joint, other, subject) for other in joint.others],
        "course": finite_rows(joint.course),
        "tradeoff": finite_rows(joint.tradeoff),
        "along": [_change(joint, one, subject) | {"holds_for": _held(joint, one)} for one in joint.along],
    }


def _numbers(joint: JointCorrection, subject: Subject) -> list[Values]:
    numbers = zip(joint.request.freedom.numbers, joint.request.start.tolist(), strict=True)
    return [
        {
            "name": one.name,
            "kind": "number",
            "unit": subject.unit(one.name),
            "low": one.low,
            "high": one.high,
            "step": one.step or None,
            "half_width": one.half_width,
            "weight": one.weight,
            "value": before,
            "correction": None if joint.nearest.point is None else float(joint.nearest.point[place]),
            "holds_for": None if joint.nearest.half_width is None else float(joint.nearest.half_width[place]),
        }
        for place, (one, before) in enumerate(numbers)
    ]


def _categories(joint: JointCorrection) -> list[Values]:
    categories = zip(joint.request.freedom.categories, joint.request.present, strict=True)
    return [
        {
            "name": one.name,
            "kind": "category",
            "levels": [one.levels[level] for level in one.allowed or range(len(one.levels))],
            "price": one.price,
            "value": one.levels[before],
            "correction": one.levels[joint.nearest.levels[place]] if joint.nearest.levels else None,
        }
        for place, (one, before) in enumerate(categories)
    ]


def _change(joint: JointCorrection, change: FoundChange, subject: Subject) -> Values:
    values = [] if change.point is None else change.point.tolist()
    numbers = {one.name: value for one, value in zip(joint.request.freedom.numbers, values, strict=bool(values))}
    levels = {
        one.name: one.levels[level]
        for one, level in zip(joint.request.freedom.categories, change.levels, strict=bool(change.levels))
    }
    return {
        "proof": change.proof,
        "distance": finite(change.distance),
        "lower_bound": finite(change.lower_bound),
        "closed": change.closed,
        "correction": {**numbers, **levels} or None,
        "change": change_words(joint, change, subject) or None,
    }


def _held(joint: JointCorrection, change: FoundChange) -> Values | None:
    """The half-widths that a correction holds for, by feature."""
    if change.half_width is None:
        return None
    names = [one.name for one in joint.request.freedom.numbers]
    return dict(zip(names, change.half_width.tolist(), strict=True))


def _box(joint: JointCorrection, box: JointBox | None) -> Values | None:
    if box is None:
        return None
    levels = zip(joint.request.freedom.categories, box.levels, strict=True)
    return {
        "low": box.low.tolist(),
        "high": box.high.tolist(),
        "levels": [one.levels[level] for one, level in levels],
        "proof": box.proof,
    }


def joint_summary(joint: JointCorrection, subject: Subject) -> Facts:
    """What was asked and found, in a few lines."""
    facts = [
        ("verdict", f"{joint_verdict(joint, subject)}; wanted is {joint_wanted(joint, subject)}"),
        ("found", bracket_words(joint.nearest, joint.request.norm)),
        ("correction", _table(joint, subject)),
        ("proof", JOINT_PROOFS[joint.nearest.proof]),
    ]
    facts += [("rule", rule)] if (rule := joint_rule(joint, subject)) else []
    norm = joint.request.norm
    facts += [
        (f"way {place}", f"{change_words(joint, other, subject)}: {bracket_words(other, norm)}")
        for place, other in enumerate(joint.others, start=2)
    ]
    facts += [("stability", f"distance {words}")] if (words := tradeoff_words(joint)) else []
    return [*facts, ("boxes", f"{joint.boxes:,} bounded")]


def _table(joint: JointCorrection, subject: Subject) -> str:
    """A row for each free feature: what it is, what it should become, and how far it may be off."""
    if joint.nearest.point is None:
        return (
            "provably none within these ranges"
            if joint.nearest.proof == "none_exists"
            else "none was found yet"
            if joint.status == "partial"
            else "none was found"
        )
    asked = [one.half_width for one in joint.request.freedom.numbers]
    held = asked if joint.nearest.half_width is None else joint.nearest.half_width.tolist()
    words = [*(f"± {figure(half)}" for half in held), *("" for _ in joint.request.freedom.categories)]
    changes = zip(changed_features(joint, joint.nearest, subject), words, strict=True)
    rows = [
        (one.name, one.before, one.after, half, one.change, one.unit)
        for one, half in changes
        if one.any or not joint.request.limited
    ]
    left = len(words) - len(rows)
    return table(("feature", "now", "correction", "holds for", "change", "unit"), rows) + (
        f"\n{left} others stay as they are" if left else ""
    )
