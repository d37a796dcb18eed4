"""Results as CSV: plain numbers with every digit, for spreadsheets and scripts (RFC 4180, UTF-8).

Spreadsheets run a cell that begins like a formula, and names come from strangers' files: such text gets an apostrophe
in front, which spreadsheets take for "this is text" (OWASP, "CSV injection").
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from core.corrections.records.correction import Correction, Polygon
from core.exchange.tables.tradeoff import tradeoff_rows

Cell = str | int | float
Row = tuple[Cell, ...]
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SIGNED_NUMBER = re.compile(r"[+-][\d.,\s]*(e[+-]?\d+)?\s?%?|[+-](inf|nan)", re.IGNORECASE)  # thin spaces are \s, too


def write_rows(rows: Iterable[Row], file: BinaryIO) -> None:
    """Write rows as CSV. Numbers have as many digits as bring back the same number; NaN is ``nan``."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    csv.writer(text, lineterminator="\n").writerows(map(guarded, rows))
    text.flush()
    text.detach()  # the file stays open


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Rows as `write_rows` writes them, for the clipboard."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(guarded, rows))
    return text.getvalue()


def guarded(row: Iterable[Cell]) -> list[Cell]:
    """The cells of a row, text that a spreadsheet would run as a formula with an apostrophe in front."""
    return [f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell for cell in row]


def _is_formula(text: str) -> bool:
    return text.startswith(BEGINS_FORMULA) and SIGNED_NUMBER.fullmatch(text) is None


def correction_rows(correction: Correction) -> Iterator[Row]:
    """Results first, one a line; then the vertices, of which ring 0 is the outline of a region and the rest its holes.

    Last the curve of the distance over the stability, see `tradeoff_rows`.
    """
    yield ("part", "region", "ring", "vertex", "x", "y", "value")
    yield from ((name, "", "", "", "", "", value) for name, value in _results(correction))
    yield from ((name, "", "", "", x, y, "") for name, (x, y) in _points(correction))
    yield from chain(_vertices("accepted", correction.accepted), _vertices("stable", correction.stable))
    yield from tradeoff_rows(correction)


def _results(correction: Correction) -> Iterator[tuple[str, Cell]]:
    first, second = correction.request.free
    yield from (("feature x", first.name), ("feature y", second.name))
    wanted = correction.request.wanted
    if wanted.by_value:
        yield from (("wanted at least", _cell(wanted.at_least)), ("wanted at most", _cell(wanted.at_most)))
        yield ("value", _cell(correction.value))
    else:
        yield from (("target class", index) for index in wanted.classes)
        yield ("verdict class", correction.verdict)
    yield from (("status", correction.status), ("proof", correction.proof))
    yield from (("accepted share", correction.accepted_share), ("margin", correction.margin))
    yield from (("linear pieces", correction.cells), ("norm", correction.request.norm))
    for name, value in (("distance", correction.distance), ("lower bound", correction.lower_bound)):
        if value is not None:
            yield name, value
    if correction.largest_box is not None:
        yield "proof of the largest box", correction.largest_box.proof
    if correction.triangle is not None:
        yield "triangle share", correction.triangle.share
        yield "triangle distance", _cell(correction.triangle.distance)


def _cell(value: float | None) -> Cell:
    return "" if value is None else value


def _points(correction: Correction) -> Iterator[tuple[str, tuple[float, float]]]:
    yield "input", correction.request.point
    if correction.centre is not None:
        yield "nearest stable correction", correction.centre
    for name, box in (("box", correction.box), ("largest box", correction.largest_box)):
        if box is not None:
            x_low, y_low, x_high, y_high = box.bounds
            yield f"{name} low", (x_low, y_low)
            yield f"{name} high", (x_high, y_high)
    if correction.triangle is not None:
        yield from (("triangle", (x, y)) for x, y in correction.triangle.corners.tolist())


def _vertices(part: str, polygons: Iterable[Polygon]) -> Iterator[Row]:
    for region, polygon in enumerate(polygons):
        for ring, vertices in enumerate((polygon.exterior, *polygon.holes)):
            for vertex, (x, y) in enumerate(vertices.tolist()):
                yield (part, region, ring, vertex, x, y, "")
