"""What a correction in several features found, as names and values for readers."""

from core.corrections.records.joint import JointCorrection
from core.exchange.joint_words import (
    Changed,
    bracket_words,
    change_words,
    changed_features,
    joint_rule,
    joint_stability,
    joint_verdict,
    joint_wanted,
    tradeoff_words,
)
from core.exchange.subject import Subject
from core.exchange.words import whole

Facts = list[tuple[str, str]]


def joint_facts(joint: JointCorrection, subject: Subject) -> Facts:
    """The verdict, what would change it, how sure that is, and what else would do."""
    norm = joint.request.norm
    facts = [
        ("Verdict", joint_verdict(joint, subject)),
        ("Wanted", joint_wanted(joint, subject)),
        ("Stability", joint_stability(joint, subject)),
        ("Finding", bracket_words(joint.nearest, norm)),
    ]
    if joint.nearest.point is not None:
        facts.append(("Change", change_words(joint, joint.nearest, subject)))
        facts += [
            (one.name, _course(one))
            for one in changed_features(joint, joint.nearest, subject)
            if one.any or not joint.request.limited
        ]
    if rule := joint_rule(joint, subject):
        facts.append(("Rule", rule))
    for place, other in enumerate(joint.others, start=2):
        facts.append((f"Another way, {place}", f"{change_words(joint, other, subject)}: {bracket_words(other, norm)}"))
    if words := tradeoff_words(joint):
        facts.append(("Distance over stability", words))
    return [*facts, ("Boxes bounded", whole(joint.boxes))]


def _course(one: Changed) -> str:
    """``24 → 12 months``, or that it stays at 24 months."""
    words = f"{one.before} → {one.after}" if one.any else f"stays at {one.before}"
    return f"{words}\u00a0{one.unit}".rstrip()
