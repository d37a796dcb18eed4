"""All rejected rows of a table at once: what is asked, what each needs to be accepted, and rules that serve many."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.corrections.records.changes import is_changed
from core.corrections.records.correction import Norm, Status
from core.corrections.records.freedom import FreeCategory, Move
from core.corrections.records.goal import Goal
from core.errors import InvalidRequest
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
MOST_RULES = 50
# What is known of a case, in `Cases.proof`.
NOT_YET, PROVED, OPEN, NONE_EXISTS, FAILED = range(5)
# What is known of a case under a rule or another network, in `Cases.rule_covers` and `Cases.held`.
UNTRIED, HOLDS, FAILS, UNDECIDED = range(4)
OWN_LEVEL = -1  # of a category in a rule: every case keeps the level it has


@dataclass(frozen=True, kw_only=True)
class CaseFeature:
    """A feature that may change in every row. What is None is taken from the feature card, else from the data."""

    name: str
    half_width: float | None = None  # stability: the correction must hold for ± this much
    low: float | None = None  # smallest value the change may reach
    high: float | None = None
    price: float | None = None  # cost per unit, or of any change of a category
    step: float | None = None  # the feature has whole multiples of it for values; 0: any number
    change: Literal["may", "up", "down"] = "may"  # one way only; the card may allow less
    levels: tuple[str, ...] = ()  # of a category that may be chosen; (): all

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise InvalidRequest(f'The range of "{self.name}" has one end only. Give both, or none.')
        given = (self.half_width, self.price, self.step)
        if not all(value is None or 0 <= value < np.inf for value in given):
            raise InvalidRequest(f'Stability, price and step of "{self.name}" must be finite and not negative.')


@dataclass(frozen=True, kw_only=True)
class CasesRequest:
    """The smallest stable change of every rejected row, and a few rules that between them correct most."""

    free: tuple[CaseFeature, ...]
    goal: Goal
    norm: Norm = "L1"
    samples: int | None = None  # of the first so many rows those that are rejected; None: of all
    rows: tuple[int, ...] = ()  # these instead, as far as they are rejected
    seconds: float = 10.0  # for one row at most
    rules: int = 5  # at most so many; 0: none
    rule_seconds: float = 60.0  # for all of them
    others: tuple[str, ...] = ()  # sha256 of networks under which the corrections may hold as well

    def __post_init__(self) -> None:
        names = [one.name for one in self.free]
        if not names:
            raise InvalidRequest("Nothing may change. Name at least one feature.")
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise InvalidRequest(f'"{twice}" is named twice. Name each feature once.')
        if self.samples is not None and self.samples < 1:
            raise InvalidRequest(f"{self.samples} rows cannot be looked at. Ask for at least one.")
        if len(set(self.rows)) < len(self.rows) or any(row < 0 for row in self.rows):
            raise InvalidRequest("Rows are counted from 0. Name each once.")
        if not (0 < self.seconds < np.inf and 0 < self.rule_seconds < np.inf):
            raise InvalidRequest("The time for a row and that for the rules are above zero.")
        if not 0 <= self.rules <= MOST_RULES:
            raise InvalidRequest(f"Ask for 0 to {MOST_RULES} rules.")
        if len(set(self.others)) < len(self.others):
            raise InvalidRequest("Another network is named twice. Name each once.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Cases:
    """What every rejected row needs to be accepted: n cases, k free numbers and c free categories, in this order.

    Of a case that is not done yet, or failed, the numbers are NaN and the levels those of the input.
    """

    request: CasesRequest
    status: Status
    looked_at: int  # rows that were judged, of which n are cases
    accepted: int  # rows that need no correction
    numbers: tuple[str, ...]  # names of the free numbers
    moves: tuple[Move, ...] = field(repr=False)  # one for each number: which columns of the input it changes
    categories: tuple[FreeCategory, ...]
    half_widths: FloatArray = field(repr=False)  # (k,), of the box that must be accepted
    steps: FloatArray = field(repr=False)  # (k,), 0: any number
    rows: IntArray = field(repr=False)  # (n,), of the data
    inputs: FloatArray = field(repr=False)  # (n, columns), in the user's units
    verdict: IntArray = field(repr=False)  # (n,), class that the network says; −1 where it gives a value
    value: FloatArray = field(repr=False)  # (n,), NaN where it says a class
    start: FloatArray = field(repr=False)  # (n, k)
    present: IntArray = field(repr=False)  # (n, c), level of each category
    ranges: FloatArray = field(repr=False)  # (n, 2, k), lowest and highest allowed: a one-way change depends on the row
    prices: FloatArray = field(repr=False)  # (n, k + c), of one unit, or of any change of a category
    proof: Flags = field(repr=False)  # (n,): NOT_YET, PROVED, OPEN, NONE_EXISTS or FAILED
    closed: Flags = field(repr=False)  # (n,), 1: distance and lower bound agree up to the tolerance, or nothing exists
    distance: FloatArray = field(repr=False)  # (n,), of `point`
    lower_bound: FloatArray = field(repr=False)  # (n,), no stable correction is nearer; infinite where none exists
    point: FloatArray = field(repr=False)  # (n, k), a stable correction: its box of half-widths is proved
    levels: IntArray = field(repr=False)  # (n, c), at that point
    box: FloatArray = field(repr=False)  # (n, 2, k), a larger proved box around it: lowest and highest values
    seconds: FloatArray = field(repr=False)  # (n,)
    failures: tuple[tuple[int, str], ...] = ()  # place of a case, and why nothing could be said of it
    rule_box: FloatArray = field(repr=False)  # (r, 2, k)
    rule_levels: IntArray = field(repr=False)  # (r, c), OWN_LEVEL: as it is
    rule_covers: Flags = field(repr=False)  # (r, n), HOLDS: all of the rule's box that the case may reach is accepted
    rule_cost: FloatArray = field(repr=False)  # (r, n), distance to where the rule's box is stable; NaN: not covered
    rules_finished: bool = False  # no time ran out: with more time there would be the same rules
    held: Flags = field(repr=False)  # (others, n), whether the box of half-widths is accepted by another network
    held_point: Flags = field(repr=False)  # (others, n), whether `point` itself is
    provenance: Provenance

    @property
    def done(self) -> int:
        """How many cases were worked on to the end."""
        return int((self.proof != NOT_YET).sum())

    @property
    def corrected(self) -> npt.NDArray[np.bool_]:
        """(n,), for which a stable correction was proved."""
        return np.asarray(self.proof == PROVED)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all that may change: the numbers, then the categories."""
        return (*self.numbers, *(category.name for category in self.categories))

    @cached_property
    def changed(self) -> npt.NDArray[np.bool_]:
        """(n, k + c), which features a correction changes."""
        moved = is_changed(self.start, self.point, self.ranges[:, 0], self.ranges[:, 1])
        both = np.concatenate([moved, self.levels != self.present], axis=1)
        return np.asarray(both & self.corrected[:, None])

    @cached_property
    def stability(self) -> FloatArray:
        """(n,), how much wider the proved box is than asked, NaN without one: the geometric mean over the numbers.

        Where no stability is asked for, a number's share of its range is taken instead.
        """
        if not len(self.numbers):
            return np.full(len(self.rows), np.nan)
        half, extent = (self.box[:, 1] - self.box[:, 0]) / 2, self.ranges[:, 1] - self.ranges[:, 0]
        asked = np.where(self.half_widths > 0, self.half_widths, extent / 2)
        with np.errstate(divide="ignore"):
            wider: FloatArray = np.exp(np.log(half / asked).mean(axis=1))
        return wider

    @property
    def covered(self) -> npt.NDArray[np.bool_]:
        """(n,), which cases a rule corrects."""
        return np.asarray((self.rule_covers == HOLDS).any(axis=0))

    def failure(self, place: int) -> str:
        """Why nothing could be said of a case; "" where something could."""
        return next((text for failed, text in self.failures if failed == place), "")
