"""What is wanted of a network, and what it says of an input, in the user's own classes and units."""

from core.corrections.records.goal import Goal
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import number, quantity


def goal_words(goal: Goal, subject: Subject) -> str:
    """``"good"``, ``"good" or "fair"``, ``at least 3.5 bar``."""
    unit = shown(subject.target_unit, 20)
    return goal.words(lambda index: f'"{shown(subject.class_name(index), 30)}"', unit, number)


def said_words(verdict: int, value: float | None, subject: Subject) -> str:
    """What a network says of an input, a class or else a value: ``"bad"``, ``2.9 bar``."""
    if value is not None:
        return quantity(value, shown(subject.target_unit, 20))
    return f'"{shown(subject.class_name(verdict), 30)}"'
