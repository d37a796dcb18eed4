"""The columns of a table of cases, and what its rows say."""

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
    """What the rows of a table share: its cases, and the values by which they are sorted, each column made once."""

    def __init__(self, cases: Cases, subject: Subject) -> None:
        self.cases, self.subject = cases, subject
        self._keys: dict[Values, list[float]] = {}

    def key(self, of: Values, place: int) -> float:
        """By which one case is sorted in a column."""
        if of not in self._keys:
            self._keys[of] = np.nan_to_num(np.asarray(of(self.cases), dtype=np.float64), nan=LAST, posinf=LAST).tolist()
        return self._keys[of][place]


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case of a table."""

    cells: CaseCells = field(repr=False)
    place: int

    @property
    def id(self) -> str:
        """Its place, which stays while the table grows."""
        return str(self.place)


def case_rows(cases: Cases, subject: Subject) -> list[CaseRow]:
    """All cases, in the order of the data."""
    cells = CaseCells(cases, subject)
    return [CaseRow(cells=cells, place=place) for place in range(len(cases.rows))]


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
    return _column(title, lambda found, place, _: _known(values(found)[place], _five), tooltip, values)


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
    return "" if np.isnan(value) else words(float(value))


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
    return ", ".join(str(rule + 1) for rule in np.flatnonzero(found.rule_covers[:, place] == HOLDS).tolist())
