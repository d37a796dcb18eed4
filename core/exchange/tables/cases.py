"""Tables of cases as rows, one for each rejected row of the data, and as arrays."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from core.corrections.records.cases import HOLDS, Cases
from core.exchange.case_words import SHORT_OUTCOMES
from core.session.json_text import record_to_table, to_json

Row = tuple[str | int | float, ...]
Named = Iterator[tuple[str, npt.NDArray[Any]]]
_ARRAYS = (
    *("rows", "inputs", "verdict", "value", "start", "present", "ranges", "prices", "proof", "closed", "distance"),
    *("lower_bound", "point", "levels", "box", "seconds", "half_widths", "steps", "rule_box", "rule_levels"),
    *("rule_covers", "rule_cost", "held", "held_point"),
)


def case_rows(cases: Cases) -> Iterator[Row]:
    """One line for each case, in the user's units; cells without a value are empty.

    The lower bound is ``inf`` where no stable correction exists. The proved box of a number is from ``box low`` to
    ``box high``; ``rules`` are counted from 1, as in the report.
    """
    heads = ["row", "verdict", "value", "outcome", "minimal", "distance", "lower bound", "changed"]
    for name in cases.numbers:
        heads += [name, f"{name} corrected", f"{name} box low", f"{name} box high"]
    for category in cases.categories:
        heads += [category.name, f"{category.name} corrected"]
    heads += [*(["rules"] if len(cases.rule_box) else []), "seconds", "why it failed"]
    heads += [f"holds under {sha256[:12]}" for sha256 in cases.request.others]
    yield tuple(heads)
    for place in range(len(cases.rows)):
        yield tuple(_line(cases, place))


def _line(cases: Cases, place: int) -> list[str | int | float]:
    corrected = bool(cases.corrected[place])
    names = [name for name, changed in zip(cases.names, cases.changed[place], strict=True) if changed]
    cells: list[str | int | float] = [
        int(cases.rows[place]),
        int(cases.verdict[place]) if np.isnan(cases.value[place]) else "",
        _cell(cases.value[place]),
        SHORT_OUTCOMES[int(cases.proof[place])],
        "yes" if cases.closed[place] else "no",
        _cell(cases.distance[place]),
        _cell(cases.lower_bound[place]),
        "; ".join(names),
    ]
    for column in range(len(cases.numbers)):
        box = cases.box[place, :, column]
        cells += [_cell(value) for value in (cases.start[place, column], cases.point[place, column], *box)]
    for column, category in enumerate(cases.categories):
        after = category.levels[int(cases.levels[place, column])] if corrected else ""
        cells += [category.levels[int(cases.present[place, column])], after]
    if len(cases.rule_box):
        serving = np.flatnonzero(cases.rule_covers[:, place] == HOLDS) + 1
        cells.append("; ".join(str(rule) for rule in serving.tolist()))
    cells += [_cell(cases.seconds[place]), cases.failure(place)]
    return cells + [("", "yes", "no", "undecided")[int(code)] for code in cases.held[:, place]]


def _cell(value: float) -> str | float:
    return "" if np.isnan(value) else float(value)


def case_arrays(cases: Cases) -> Named:
    """Facts as JSON, and every array of the result under its own name."""
    facts: dict[str, object] = {"looked_at": cases.looked_at, "accepted": cases.accepted}
    facts |= {"numbers": list(cases.numbers), "categories": [record_to_table(one) for one in cases.categories]}
    facts |= {"failures": [list(failure) for failure in cases.failures], "rules_finished": cases.rules_finished}
    yield "facts", np.array(to_json(facts))
    for name in _ARRAYS:
        yield name, getattr(cases, name)
