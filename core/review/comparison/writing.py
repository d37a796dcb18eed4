"""A comparison for others: as a page, as a PDF, as a table, or as plain values for machines."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.errors import InvalidRequest
from core.exchange.report.endings import ENDINGS
from core.exchange.tables.rows import Cell, write_rows
from core.job import JobContext
from core.review.comparison.record import FINDING_WORDS, PART_WORDS, VERDICT_WORDS, Comparison, Pair, Row, Side
from core.review.comparison.words import kind_name, summary_sentence, verdict_words
from core.session.atomic import replace_file
from core.session.document import Document

TABLE_ENDING = ".csv"
HEADS = ("item", "id in A", "id in B", "kind", "verdict", "part", "what", "A", "B", "difference", "finding")
NUMBER_HEADS = ("largest difference", "stated errors allow")
_UNUSED = JobContext()


def check_ending(path: Path) -> None:
    """Raise `InvalidRequest` for an ending that no comparison has."""
    ending = path.suffix.lower()
    if ending not in (*ENDINGS, TABLE_ENDING):
        given = f'"{path.name}" has no ending' if not ending else f'A comparison cannot be written as "{ending}"'
        raise InvalidRequest(f"{given}. The endings are .html, .pdf and .csv.")


def write_comparison(
    comparison: Comparison, a: Document, b: Document, path: Path, *, title: str = "", job: JobContext = _UNUSED
) -> None:
    """Write a comparison whole or not at all, as its ending says.

    Raises
    ------
    InvalidRequest
        If the ending is another one.
    UnreadableFile, OutOfSpace
        If the file cannot be written. What was there before is untouched.
    Cancelled
    """
    check_ending(path)
    if path.suffix.lower() == TABLE_ENDING:
        replace_file(path, lambda file: write_rows(comparison_rows(comparison), file))
        return
    from core.exchange.report.writing import writer_for  # noqa: PLC0415  matplotlib takes a second
    from core.review.comparison.report import comparison_report  # noqa: PLC0415

    write, report = writer_for(path), comparison_report(comparison, a, b, title=title)

    def write_all(file: BinaryIO) -> None:
        write(report, file, job)
        job.check()  # the last moment: after it the new file takes the old one's place

    replace_file(path, write_all)


def comparison_rows(comparison: Comparison, *, only_differences: bool = False) -> Iterator[tuple[Cell, ...]]:
    """A header, then every line of every item; of an item that is only in one session a line without anything."""
    yield (*HEADS, *NUMBER_HEADS)
    for pair in comparison.pairs:
        head = (pair.name, pair.a_id, pair.b_id, kind_name(pair.kind), verdict_words(pair))
        lines = pair.differing if only_differences else pair.rows
        if not lines and not (only_differences and pair.verdict == "same"):
            yield (*head, *[""] * (len(HEADS) - len(head)), "", "")
        for row in lines:
            part, finding = PART_WORDS[row.part], FINDING_WORDS[row.finding]
            yield (*head, part, row.what, row.a, row.b, row.difference, finding, _cell(row.size), _cell(row.allowed))


def comparison_values(comparison: Comparison) -> dict[str, object]:
    """Plain values that JSON holds: whatever is not finite is null."""
    return {
        "a": _side(comparison.a),
        "b": _side(comparison.b),
        "summary": summary_sentence(comparison),
        "identical": comparison.identical,
        "alike": comparison.alike,
        "counts": {VERDICT_WORDS[verdict]: amount for verdict, amount in comparison.counts.items()},
        "items": [_pair(pair) for pair in comparison.pairs],
    }


def _side(side: Side) -> dict[str, object]:
    return dict(vars(side))


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "kind": pair.kind,
        "a": {"id": pair.a_id, "name": pair.a_name} if pair.a_id or pair.a_name else None,
        "b": {"id": pair.b_id, "name": pair.b_name} if pair.b_id or pair.b_name else None,
        "matched_by": pair.matched_by,
        "verdict": VERDICT_WORDS[pair.verdict],
        "reason": pair.reason,
        "rows": [_row(row) for row in pair.rows],
    }


def _row(row: Row) -> dict[str, object]:
    plain = {name: getattr(row, name) for name in ("part", "what", "a", "b", "difference", "finding", "loud")}
    return {**plain, "largest_difference": _finite(row.size), "allowed": _finite(row.allowed)}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _cell(value: float | None) -> Cell:
    return "" if value is None else value
