"""The columns of a table of cases, and what one row of it says."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from app.views.networks.item_table import Column
from core.corrections.cases import HOLDS, NONE_EXISTS, Cases
from core.exchange.case_words import SHORT_OUTCOMES, change_words, outcome_words, verdict_words
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import duration, number

LAST = float("inf")  # what is not known comes behind everything else
Columns = list[Column["CaseRow"]]


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case of a table."""

    cases: Cases = field(repr=False)
    subject: Subject = field(repr=False)
    place: int

    @property
    def id(self) -> str:
        """Its place, which stays while the table grows."""
        return str(self.place)


def case_rows(cases: Cases, subject: Subject) -> list[CaseRow]:
    """All cases, in the order of the data."""
    return [CaseRow(cases=cases, subject=subject, place=place) for place in range(len(cases.rows))]


def case_columns(cases: Cases, subject: Subject) -> Columns:
    """What is known of every case; then each feature as it is and as it becomes."""
    columns: Columns = [
        Column(
            title="Row",
            text=lambda row: str(row.cases.rows[row.place]),
            key=lambda row: float(row.cases.rows[row.place]),
            tooltip="In the data, counted from 0",
        ),
        Column(
            title="Verdict",
            text=lambda row: verdict_words(row.cases, row.place, row.subject),
            tooltip="What the network says of the row",
        ),
        Column(
            title="Outcome",
            text=lambda row: SHORT_OUTCOMES[int(row.cases.proof[row.place])],
            tooltip="Whether a stable correction is proved, or that none exists; or neither so far",
            hint=lambda row: outcome_words(row.cases, row.place),
        ),
        _number("Distance", lambda row: row.cases.distance[row.place], "Weighted distance of the correction"),
        Column(
            title="At least",
            text=_least,
            key=lambda row: _key(float(row.cases.lower_bound[row.place])),
            tooltip="No stable correction is nearer than this: proved",
        ),
        Column(
            title="Change",
            text=lambda row: change_words(row.cases, row.place, row.subject),
            tooltip="The smallest stable change",
        ),
    ]
    for index, name in enumerate(cases.numbers):
        columns += _of_number(index, name, subject.unit(name))
    for index, category in enumerate(cases.categories):
        columns += _of_category(index, category.name)
    columns += [
        Column(title="Rules", text=_rules, tooltip="Which rules correct the row, proved"),
        Column(
            title="Time",
            text=lambda row: _known(float(row.cases.seconds[row.place]), duration),
            key=lambda row: _key(float(row.cases.seconds[row.place])),
        ),
    ]
    return columns


def _of_number(index: int, name: str, unit: str) -> Columns:
    words = shown(name, 24) + (f" ({shown(unit, 12)})" if unit else "")
    return [
        _number(words, lambda row: row.cases.start[row.place, index], f"{name} as it is"),
        _number("→", lambda row: row.cases.point[row.place, index], f"{name} in the correction"),
    ]


def _of_category(index: int, name: str) -> Columns:
    def before(row: CaseRow) -> str:
        return row.cases.categories[index].levels[int(row.cases.present[row.place, index])]

    def after(row: CaseRow) -> str:
        if not row.cases.corrected[row.place]:
            return ""
        return row.cases.categories[index].levels[int(row.cases.levels[row.place, index])]

    return [
        Column(title=shown(name, 24), text=before, tooltip=f"{name} as it is"),
        Column(title="→", text=after, tooltip=f"{name} in the correction"),
    ]


def _number(title: str, value: Callable[[CaseRow], float], tooltip: str) -> Column[CaseRow]:
    return Column(
        title=title,
        text=lambda row: _known(float(value(row)), lambda known: number(known, 5)),
        key=lambda row: _key(float(value(row))),
        tooltip=tooltip,
    )


def _known(value: float, words: Callable[[float], str]) -> str:
    return "" if np.isnan(value) else words(value)


def _key(value: float) -> float:
    return LAST if np.isnan(value) else value


def _least(row: CaseRow) -> str:
    if row.cases.proof[row.place] == NONE_EXISTS:
        return "none"
    return _known(float(row.cases.lower_bound[row.place]), lambda known: number(known, 5))


def _rules(row: CaseRow) -> str:
    covers = row.cases.rule_covers[:, row.place]
    return ", ".join(str(rule + 1) for rule in np.flatnonzero(covers == HOLDS).tolist())
