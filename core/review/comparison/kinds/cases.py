"""Tables of cases: the share that is corrected, and which rows changed and how."""

from collections.abc import Iterator

import numpy as np

from core.corrections.records.cases import FAILED, NONE_EXISTS, NOT_YET, OPEN, PROVED, Cases
from core.exchange.words import count, number
from core.review.comparison.anatomy import identical
from core.review.comparison.kinds.corrections import bracket_row
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.numbers import number_row
from core.review.comparison.record import Finding, Row

MOST_ROWS = 50  # with a line of their own; the others are counted
STATE_WORDS = {
    NOT_YET: "not done yet",
    PROVED: "corrected, proved",
    OPEN: "open",
    NONE_EXISTS: "proved that none exists",
    FAILED: "failed",
}
_OF_A_CASE = (  # all but the time
    *("proof", "closed", "distance", "lower_bound", "point", "levels", "box"),
    *("inputs", "verdict", "value", "start", "present", "ranges", "prices"),
)
_COVERED = frozenset(
    {"looked_at", "accepted", "rows", "proof", "closed", "distance", "lower_bound", "point", "levels", "box", "seconds"}
    | {
        "failures",
        "rule_box",
        "rule_levels",
        "rule_covers",
        "rule_cost",
        "inputs",
        "verdict",
        "value",
        "start",
        "present",
    }
    | {"ranges", "prices", "rules_finished"}
)


def compare_cases(a: Cases, b: Cases, _question: Question) -> Answer:
    """Counts and shares, then row by row."""
    rows = [
        number_row("found", "Rows looked at", a.looked_at, b.looked_at),
        number_row("found", "Rows that need no correction", a.accepted, b.accepted),
        number_row("found", "Rejected rows", len(a.rows), len(b.rows)),
        _share("Corrected, of the rejected", a.corrected, b.corrected),
        _share("Corrected by a rule", a.covered, b.covered),
    ]
    if a.names != b.names:
        return Answer(rows=rows, covered=_COVERED, reason="other features may change")
    rows += _row_rows(a, b)
    rows += _rule_rows(a, b)
    if not identical(a.seconds, b.seconds):
        sides = [f"{number(float(np.nansum(side.seconds)), 3)} s" for side in (a, b)]
        rows.append(Row(part="made", what="Time for all rows", a=sides[0], b=sides[1], finding="noted"))
    return Answer(rows=rows, covered=_COVERED)


def _share(what: str, a: np.ndarray, b: np.ndarray) -> Row:
    shares = [100 * float(side.mean()) if side.size else float("nan") for side in (a, b)]
    row = number_row("found", what, shares[0], shares[1], unit="%", digits=4)
    words = [f"{int(side.sum()):,} of {side.size:,}, {text}" for side, text in ((a, row.a), (b, row.b))]
    finding: Finding = "differ" if row.finding == "unstated" else row.finding
    return Row(**{**vars(row), "a": words[0], "b": words[1], "finding": finding})


def _row_rows(a: Cases, b: Cases) -> list[Row]:
    """Rows of the table by their number: only in one, of another state, or with brackets that do not meet."""
    first, second = ({int(row): place for place, row in enumerate(side.rows)} for side in (a, b))
    changed: list[Row] = []
    counts = {"same": 0, "agree": 0, "moved": 0}
    for row in sorted({*first, *second}):
        one, other = first.get(row), second.get(row)
        if one is None or other is None:
            finding: Finding = "only in A" if other is None else "only in B"
            states = ["not rejected" if p is None else _state(s, p) for s, p in ((a, one), (b, other))]
            changed.append(Row(part="found", what=f"Row {row}", a=states[0], b=states[1], finding=finding, loud=True))
        elif _same_case(a, b, one, other):
            counts["same"] += 1
        else:
            line = _case_row(f"Row {row}", a, b, one, other)
            counts["agree" if line.finding == "agree" else "moved"] += 1
            if line.finding != "agree":
                changed.append(line)
    return list(_counted(changed, counts))


def _counted(changed: list[Row], counts: dict[str, int]) -> Iterator[Row]:
    words = f"{counts['same']:,} the same bit for bit, {counts['agree']:,} agree, {len(changed):,} changed"
    finding: Finding = "differ" if changed else "agree" if counts["agree"] else "same"
    yield Row(
        part="found", what="Row by row", a="", b="", difference="" if finding == "same" else words, finding=finding
    )
    yield from sorted(changed, key=lambda row: not row.loud)[:MOST_ROWS]
    if len(changed) > MOST_ROWS:
        rest = f"{count(len(changed) - MOST_ROWS, 'further row')} changed as well"
        yield Row(part="found", what="Row by row", a="", b="", difference=rest, finding="differ")


def _same_case(a: Cases, b: Cases, one: int, other: int) -> bool:
    """Every number of a case, the time apart."""
    alike = (identical(getattr(a, name)[one], getattr(b, name)[other]) for name in _OF_A_CASE)
    return a.failure(one) == b.failure(other) and all(alike)


def _case_row(what: str, a: Cases, b: Cases, one: int, other: int) -> Row:
    states = int(a.proof[one]), int(b.proof[other])
    if states[0] != states[1]:
        sides = _state(a, one), _state(b, other)
        words = f"{sides[0]} → {sides[1]}"
        proof_lost = PROVED in states or NONE_EXISTS in states
        return Row(part="found", what=what, a=sides[0], b=sides[1], difference=words, finding="differ", loud=proof_lost)
    if not identical(a.inputs[one], b.inputs[other]):
        words = "the row itself has other values"
        return Row(part="found", what=what, a="", b="", difference=words, finding="differ")
    brackets = [(float(side.lower_bound[place]), float(side.distance[place])) for side, place in ((a, one), (b, other))]
    row = bracket_row(what, brackets[0], brackets[1])
    if row.finding == "same":  # it is the correction or its box that is another one
        moved = "the correction" if not identical(a.point[one], b.point[other]) else "its box, or what may change"
        return Row(**{**vars(row), "difference": f"{moved} is another one", "finding": "unstated"})
    return row


def _state(cases: Cases, place: int) -> str:
    words = STATE_WORDS.get(int(cases.proof[place]), "unknown")
    return f"{words}: {cases.failure(place)}" if cases.failure(place) else words


def _rule_rows(a: Cases, b: Cases) -> list[Row]:
    sides = [count(len(side.rule_box), "rule") for side in (a, b)]
    rules = ("rule_box", "rule_levels", "rules_finished")
    same = all(identical(getattr(a, name), getattr(b, name)) for name in rules)
    reach = all(identical(getattr(a, name), getattr(b, name)) for name in ("rule_covers", "rule_cost"))
    words = "" if same and reach else "the same rules serve other rows" if same else "other rules"
    finding: Finding = "same" if same and reach else "differ" if len(a.rule_box) != len(b.rule_box) else "unstated"
    return [Row(part="found", what="Rules", a=sides[0], b=sides[1], difference=words, finding=finding)]
