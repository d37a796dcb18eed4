"""The columns of a table of cases, and what its rows say."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from app.views.networks.item_table import Column
from core.corrections.records.cases import HOLDS, NONE_EXISTS, PROVED, Cases
from core.exchange.case_words import SHORT_OUTCOMES, change_words, outcome_words, verdict_words
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import bound_words, duration, number

LAST = float("inf")  # what is not known comes behind everything else
Words = Callable[[Cases, int, Subject], str]
Values = Callable[[Cases], np.ndarray]


class CaseCells:
    """What the rows of a table share: its cases, and the values of its columns of numbers, each made once."""

    def __init__(self, cases: Cases, subject: Subject) -> None:
        self.cases, self.subject = cases, subject
        self._values: dict[Values, list[float]] = {}

    def value(self, of: Values, place: int) -> float:
        """That of one case in a column; NaN where it is not known."""
        if of not in self._values:
            self._values[of] = np.asarray(of(self.cases), dtype=np.float64).tolist()
        return self._values[of][place]

    def key(self, of: Values, place: int) -> float:
        """By which one case is sorted in a column."""
        value = self.value(of, place)
        return LAST if math.isnan(value) else value


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case of a table. Two of the same place that are equal say the same in every column."""

    cells: CaseCells = field(repr=False, compare=False)
    place: int
    facts: bytes = field(repr=False)  # all numbers that its words rest on
    names: tuple[str, ...] = field(repr=False)  # of classes and units in them

    @property
    def id(self) -> str:
        """Its place, which stays while the table grows."""
        return str(self.place)


def case_rows(cases: Cases, subject: Subject) -> list[CaseRow]:
    """All cases, in the order of the data."""
    cells = CaseCells(cases, subject)
    classes = tuple(subject.class_name(verdict) for verdict in np.unique(cases.verdict).tolist())
    names = (*classes, subject.target_unit, *(subject.unit(name) for name in cases.names))
    return [CaseRow(cells=cells, place=place, facts=facts, names=names) for place, facts in enumerate(_facts(cases))]


def _facts(cases: Cases) -> list[bytes]:
    """Of each case what its columns are made from."""
    columns = (
        *(cases.rows, cases.verdict, cases.value, cases.start, cases.present, cases.proof, cases.distance),
        *(cases.lower_bound, cases.point, cases.levels, cases.seconds, cases.rule_covers.T),
    )
    amount = len(cases.rows)
    parts = [np.ascontiguousarray(column).reshape(amount, -1) for column in columns if column.size]
    packed = np.concatenate([part.view(np.uint8) for part in parts], axis=1) if parts else np.zeros((0, 0), np.uint8)
    return [row.tobytes() for row in packed]


def case_columns(cases: Cases, subject: Subject) -> list[Column[CaseRow]]:
    """What is known of every case; then each feature as it is and as it becomes."""
    columns = [
        _column("Row", lambda found, place, _: str(found.rows[place]), "In the data, counted from 0", lambda f: f.rows),
        _column("Verdict", verdict_words, "What the network says of the row"),
        Column[CaseRow](
            title="Outcome",
            text=lambda row: SHORT_OUTCOMES[int(row.cells.cases.proof[row.place])],
            tooltip="Whether a stable correction is proved, or that none exists; or neither so far",
            hint=lambda row: outcome_words(row.cells.cases, row.place),
        ),
        _number("Distance", lambda found: found.distance, "Weighted distance of the correction"),
        _column("At least", _least, "No stable correction is nearer than this: proved", lambda f: f.lower_bound),
        _column("Change", change_words, "The smallest stable change"),
    ]
    for index, name in enumerate(cases.numbers):
        columns += _of_number(index, name, subject.unit(name))
    for index, category in enumerate(cases.categories):
        columns += _of_category(index, category.name)
    return [
        *columns,
        _column("Rules", _rules, "Which rules correct the row, proved"),
        _column("Time", lambda f, place, _: _known(f.seconds[place], duration), "For this row", lambda f: f.seconds),
    ]


def _column(title: str, words: Words, tooltip: str, key: Values | None = None) -> Column[CaseRow]:
    return Column(
        title=title,
        text=lambda row: words(row.cells.cases, row.place, row.cells.subject),
        key=None if key is None else lambda row: row.cells.key(key, row.place),
        tooltip=tooltip,
    )


def _number(title: str, values: Values, tooltip: str) -> Column[CaseRow]:
    return Column(
        title=title,
        text=lambda row: _known(row.cells.value(values, row.place), _five),
        key=lambda row: row.cells.key(values, row.place),
        tooltip=tooltip,
    )


def _of_number(index: int, name: str, unit: str) -> list[Column[CaseRow]]:
    words = shown(name, 24) + (f" ({shown(unit, 12)})" if unit else "")
    return [
        _number(words, lambda found: found.start[:, index], f"{name} as it is"),
        _number("→", lambda found: found.point[:, index], f"{name} in the correction"),
    ]


def _of_category(index: int, name: str) -> list[Column[CaseRow]]:
    def before(found: Cases, place: int, _: Subject) -> str:
        return found.categories[index].levels[int(found.present[place, index])]

    def after(found: Cases, place: int, _: Subject) -> str:
        return found.categories[index].levels[int(found.levels[place, index])] if found.proof[place] == PROVED else ""

    return [
        _column(shown(name, 24), before, f"{name} as it is"),
        _column("→", after, f"{name} in the correction"),
    ]


def _known(value: float, words: Callable[[float], str]) -> str:
    return "" if math.isnan(value) else words(float(value))


def _five(value: float) -> str:
    return number(value, 5)


def _least(found: Cases, place: int, subject: Subject) -> str:
    del subject
    distance = float(found.distance[place])
    return (
        "none"
        if found.proof[place] == NONE_EXISTS
        else _known(found.lower_bound[place], lambda bound: bound_words(bound, 5, distance))
    )


def _rules(found: Cases, place: int, subject: Subject) -> str:
    del subject
    return ", ".join(str(rule) for rule, code in enumerate(found.rule_covers[:, place].tolist(), 1) if code == HOLDS)
