"""What one column of a table holds, gathered cell by cell."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from core.data.tables.form import number_in
from core.data.tables.form_guess import MISSING

ColumnKind = Literal["number", "integer", "category", "constant", "identifier", "date", "text"]
USABLE: tuple[ColumnKind, ...] = ("number", "integer", "category")
COUNTED = 1000  # different values of a column; with more it is no category
MOST_LEVELS = 50
MOST_CLASSES = 20
LISTED_ROWS = 10
DECIMALS = 2  # numbers with more are measurements, and have no smallest sensible change
DATE = re.compile(r"\d{4}-\d\d?-\d\d?([T ].*)?|\d\d?[./-]\d\d?[./-](\d\d|\d{4})( .*)?|\d\d:\d\d(:\d\d)?")
IDENTIFIER = re.compile(r"(.*[_ .-])?(id|ids|index|key|no|nr|row|rownames?|rownumber|uuid)|unnamed.*|", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class ColumnGuess:
    """What a column seems to be, in the file's units. People correct it."""

    name: str
    kind: ColumnKind
    holds_numbers: bool = False  # in every cell that says something
    note: str = ""  # why it is not used, or what to look at
    low: float | None = None
    high: float | None = None
    step: float = 0.0
    levels: tuple[tuple[str, int], ...] = ()  # values and how often each occurs; empty if there are too many
    missing: int = 0  # cells that stand for nothing
    missing_rows: tuple[int, ...] = ()  # the first of their rows, as a spreadsheet counts them

    @property
    def usable(self) -> bool:
        """Whether a network can be fed with it."""
        return self.kind in USABLE

    @property
    def values(self) -> tuple[str, ...]:
        """Its different values, sorted as numbers or as words."""
        return tuple(value for value, _ in self.levels)


class ColumnFacts:
    """Everything that is to be known of a column, without keeping its cells."""

    def __init__(self, name: str, decimal: str) -> None:
        self.name = name
        self._decimal = decimal
        self._counts: Counter[str] = Counter()
        self._overflow = False  # more than `COUNTED` different values
        self._repeats = False
        self._seen = 0
        self._missing = 0
        self._missing_rows: list[int] = []
        self.missing_tokens: set[str] = set()
        self._dates = 0
        self._all_numbers, self._all_whole, self._counting = True, True, True
        self._low, self._high = math.inf, -math.inf
        self._last: float | None = None
        self._divisor = 0  # greatest common divisor of the differences, in units of 10 ** -DECIMALS
        self._fine = False  # more decimals than `DECIMALS`

    def add(self, row: int, cell: str) -> bool:
        """Take in one cell. Returns whether it says something."""
        if cell in MISSING:
            self._missing += 1
            self.missing_tokens.add(cell)
            if len(self._missing_rows) < LISTED_ROWS:
                self._missing_rows.append(row)
            return False
        self._seen += 1
        self._count(cell)
        value = number_in(cell, self._decimal)
        if math.isfinite(value):
            self._measure(value)
        else:
            self._all_numbers = False
            self._dates += bool(DATE.fullmatch(cell))
        return True

    def _count(self, cell: str) -> None:
        known = cell in self._counts
        self._repeats |= known
        if known or len(self._counts) < COUNTED:
            self._counts[cell] += 1
        else:
            self._overflow = True

    def _measure(self, value: float) -> None:
        self._all_whole &= value.is_integer()
        self._counting &= self._last is None or value == self._last + 1
        scaled = value * 10**DECIMALS
        self._fine |= abs(scaled) >= 2**53 or abs(scaled - round(scaled)) > 1e-6 * max(1.0, abs(scaled))
        if not self._fine and self._last is not None:
            self._divisor = math.gcd(self._divisor, round(scaled) - round(self._last * 10**DECIMALS))
        self._last = value
        self._low, self._high = min(self._low, value), max(self._high, value)

    @property
    def is_number(self) -> bool:
        """Whether every cell that says something is a number."""
        return self._seen > 0 and self._all_numbers

    @property
    def is_binary(self) -> bool:
        """Whether its values are 0 and 1, or -1 and 1, without a gap."""
        if not self.is_number or self._overflow or self._missing:
            return False
        return {number_in(value, self._decimal) for value in self._counts} in ({0.0, 1.0}, {-1.0, 1.0})

    def guess(self) -> ColumnGuess:
        """What the column seems to be."""
        kind, note = self._kind()
        numeric = self.is_number and kind in ("number", "integer")
        return ColumnGuess(
            name=self.name,
            kind=kind,
            holds_numbers=self.is_number,
            note=note,
            low=self._low if numeric else None,
            high=self._high if numeric else None,
            step=self._step() if numeric else 0.0,
            levels=self._levels(),
            missing=self._missing,
            missing_rows=tuple(self._missing_rows),
        )

    def _kind(self) -> tuple[ColumnKind, str]:
        different = len(self._counts)
        if different < 2:
            return "constant", f"It holds nothing but {next(iter(self._counts))}." if different else "It is empty."
        if self.is_number:
            return self._number_kind()
        if self._dates >= 0.9 * self._seen:
            note = "It holds dates or times. Put what matters of them, such as an age, into a column of numbers."
            return "date", note
        if not self._overflow and different <= MOST_LEVELS and (different <= self._seen / 2 or different <= 2):
            return "category", ""
        if not self._repeats:
            return "identifier", "Every row has its own value, so nothing can be learnt from it."
        return "text", f"It holds {'more than ' if self._overflow else ''}{different} different texts, too many levels."

    def _number_kind(self) -> tuple[ColumnKind, str]:
        named = bool(IDENTIFIER.fullmatch(self.name))
        if self._all_whole and self._seen > 2 and not self._repeats and (self._counting or named):
            return "identifier", "It numbers the rows, so nothing can be learnt from it."
        return ("integer" if self._all_whole else "number"), ""

    def _step(self) -> float:
        if self._fine or self._divisor == 0:
            return 0.0
        step = self._divisor / 10**DECIMALS
        return 0.0 if self._all_whole and step <= 1 else step  # whole numbers have a step of one anyway

    def _levels(self) -> tuple[tuple[str, int], ...]:
        if self._overflow or len(self._counts) > MOST_LEVELS:
            return ()
        if self.is_number:
            return tuple(sorted(self._counts.items(), key=lambda level: number_in(level[0], self._decimal)))
        return tuple(sorted(self._counts.items()))
