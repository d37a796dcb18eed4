"""What a comparison of two sessions found: immutable, and without the sessions themselves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

# Of two items that belong together, or of one that has no other.
Verdict = Literal["same", "agree", "differ", "only in A", "only in B", "not comparable"]
# Of one line. "unstated": the numbers differ, and no error is stated that could excuse it. "noted": they differ in what
# says nothing about the result, such as the time it took.
Finding = Literal["same", "agree", "differ", "unstated", "noted", "only in A", "only in B", "not comparable"]
Part = Literal["about", "asked", "found", "made"]

VERDICTS: tuple[Verdict, ...] = ("differ", "not comparable", "only in A", "only in B", "agree", "same")  # worst first
VERDICT_WORDS: dict[Verdict, str] = {
    "same": "same",
    "agree": "agree within stated error",
    "differ": "differ",
    "only in A": "only in A",
    "only in B": "only in B",
    "not comparable": "cannot be compared",
}
FINDING_WORDS: dict[Finding, str] = {
    "same": "same",
    "agree": "agree within stated error",
    "differ": "differ",
    "unstated": "differ, no error is stated",
    "noted": "differ, which changes no result",
    "only in A": "only in A",
    "only in B": "only in B",
    "not comparable": "cannot be compared",
}
PART_WORDS: dict[Part, str] = {"about": "What it is", "asked": "Asked", "found": "Found", "made": "How it was made"}
_DIFFERING = ("differ", "unstated", "only in A", "only in B")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line: what is compared, how it stands in both sessions, and by how much it differs."""

    part: Part
    what: str
    a: str
    b: str
    difference: str = ""
    finding: Finding
    size: float | None = None  # the largest difference as a number, in the unit of the values or relative, as it says
    allowed: float | None = None  # the most that the stated errors excuse, in the same unit
    loud: bool = False  # a proof or a verdict changed: what a meeting must hear first

    @property
    def differs(self) -> bool:
        """Whether there is anything to see but equality, down to the last bit."""
        return self.finding != "same"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two items that belong together, or one alone; the id and the name of a missing one are empty."""

    kind: str  # "network", "data", "run" or the kind of the result, such as "surface"
    a_id: str
    b_id: str
    a_name: str
    b_name: str
    matched_by: str  # why they belong together, in words; "" for one alone
    verdict: Verdict
    reason: str = ""  # why they cannot be compared
    rows: tuple[Row, ...] = ()

    @property
    def name(self) -> str:
        """What it is called: in both sessions the same, or first in A, then in B."""
        if self.a_name and self.b_name and self.a_name != self.b_name:
            return f"{self.a_name} / {self.b_name}"
        return self.a_name or self.b_name

    @property
    def loud(self) -> tuple[Row, ...]:
        """Lines that a meeting must hear first."""
        return tuple(row for row in self.rows if row.loud)

    @property
    def differing(self) -> tuple[Row, ...]:
        """Lines in which the two are not the same down to the last bit."""
        return tuple(row for row in self.rows if row.differs)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two sessions."""

    name: str  # of its file
    document_id: str
    created_utc: str
    items: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All items of two sessions: pairs in the order of A, then what is in B alone."""

    a: Side
    b: Side
    pairs: tuple[Pair, ...] = field(repr=False)

    @cached_property
    def counts(self) -> dict[Verdict, int]:
        """How many pairs have each verdict, the worst first; without those that none has."""
        found = [pair.verdict for pair in self.pairs]
        return {verdict: found.count(verdict) for verdict in VERDICTS if verdict in found}

    @property
    def alike(self) -> bool:
        """Whether every item is the same in both, or agrees within the stated errors."""
        return set(self.counts) <= {"same", "agree"}

    @property
    def identical(self) -> bool:
        """Whether every item is the same down to the last bit."""
        return set(self.counts) <= {"same"}

    def pair_of(self, item_id: str) -> Pair | None:
        """The pair of an item of A; None if there is none."""
        return next((pair for pair in self.pairs if item_id and pair.a_id == item_id), None)


def verdict_of(rows: Iterable[Row]) -> Verdict:
    """What all lines together say: the worst of them."""
    found = {row.finding for row in rows}
    if found.intersection(_DIFFERING):
        return "differ"
    if "not comparable" in found:
        return "not comparable"
    return "agree" if "agree" in found else "same"
