"""What a comparison of two results is given, and what it answers."""

from dataclasses import dataclass, field

from core.exchange.subject import Subject
from core.review.comparison.record import Row


@dataclass(frozen=True, kw_only=True)
class Question:
    """Whose results they are."""

    subjects: tuple[Subject, Subject]
    same: bool  # the same request about the same network and data: both are estimates of the same numbers


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What differs in what was found. Fields that are not covered are compared bit by bit."""

    rows: list[Row] = field(default_factory=list)
    covered: frozenset[str] = frozenset()  # fields of the result that the rows speak of
    reason: str = ""  # why the numbers that matter cannot be compared
