"""Tables on paper: widths of columns, rows that break over lines, heads again on every page; never cut at the side."""

import math
from collections.abc import Sequence
from dataclasses import replace

from core.exchange.report.blocks import CERTAIN_HEAD, ColumnTable, FactTable
from core.exchange.report.pdf.boxes import STRONG, Box, Line, Rule, kept_together, text_boxes
from core.exchange.report.pdf.lettering import CAPTION, CELL, CERTAIN, HEAD, NAME, Style, broken, clean, width

_GAP = 9.0  # points between columns
_PAD = 2.2  # above and below the text of a row
_WIDEST_NAME = 150.0
_WIDEST_WORD = 84.0  # a longer word may be broken
_MOST_LINES = 45  # of one part of a row: a longer one goes on on the next page
_UNBROKEN = 190.0  # a table that is not higher stays on one page


def fact_boxes(table: FactTable, room: float) -> list[Box]:
    """Names and values."""
    if not table.facts:
        return []
    names = min(_WIDEST_NAME, max(_line_width(name, NAME) for name, _ in table.facts))
    widths = (names, room - names - _GAP)
    rows = [part for fact in table.facts for part in _row(fact, widths, (NAME, CELL), room)]
    return [*_caption(table.caption, room), *kept_together(rows, _UNBROKEN)]


def column_boxes(table: ColumnTable, room: float) -> list[Box]:
    """Heads and rows; where the columns do not fit side by side, several tables with the first column again."""
    boxes: list[Box] = []
    for chosen in _parts(table, room):
        heads = tuple(table.heads[column] for column in chosen)
        rows = [tuple(row[column] for column in chosen) for row in table.rows]
        widths = _widths(heads, rows, room)
        boxes += _columns(
            table.caption if not boxes else f"{table.caption}, further columns", heads, rows, widths, room
        )
    return boxes


def _columns(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], room: float
) -> list[Box]:
    head = [replace(box, keep=True) for box in _row(heads, widths, [HEAD] * len(heads), room, rule=STRONG)]
    certain = heads[0] == CERTAIN_HEAD
    body = []
    for row in rows:
        first = CERTAIN.get(row[0], CELL) if certain else CELL
        body += _row(row, widths, [first, *[CELL] * (len(row) - 1)], room)
    body = [replace(box, again=tuple(head)) for box in kept_together(body, _UNBROKEN)]
    return [*_caption(caption, room), *head, *body]


def _caption(text: str, room: float) -> list[Box]:
    return text_boxes(broken(text, CAPTION, room), CAPTION, before=9.0, keep=True)


def _row(
    cells: Sequence[str], widths: Sequence[float], styles: Sequence[Style], room: float, rule: str = ""
) -> list[Box]:
    """The boxes of a row: one, or more where a cell is very long."""
    broken_cells = [broken(cell, style, wide) for cell, style, wide in zip(cells, styles, widths, strict=True)]
    longest = max(len(lines) for lines in broken_cells)
    boxes = []
    for start in range(0, longest, _MOST_LINES):
        part = [lines[start : start + _MOST_LINES] for lines in broken_cells]
        boxes.append(_part(part, widths, styles))
    height = boxes[-1].height
    drawn = Rule(x=0, y=height, length=room, colour=rule) if rule else Rule(x=0, y=height, length=room)
    boxes[-1] = replace(boxes[-1], rules=(drawn,))
    return boxes


def _part(cells: Sequence[Sequence[str]], widths: Sequence[float], styles: Sequence[Style]) -> Box:
    lines, x = [], 0.0
    for texts, style, wide in zip(cells, styles, widths, strict=True):
        lines += [
            Line(x=x, baseline=_PAD + row * style.line + style.size * 1.05, text=text, style=style)
            for row, text in enumerate(texts)
            if text
        ]
        x += wide + _GAP
    most = max(len(texts) * style.line for texts, style in zip(cells, styles, strict=True))
    return Box(height=most + 2 * _PAD, lines=tuple(lines))


def _parts(table: ColumnTable, room: float) -> list[tuple[int, ...]]:
    """Which columns stand side by side; the first in every part."""
    least = [max(_least(text) for text in texts) for texts in _by_column(table.heads, table.rows)]
    parts: list[list[int]] = [[0]]
    for column in range(1, len(least)):
        there = [*parts[-1], column]
        if len(parts[-1]) > 1 and sum(least[one] for one in there) + _GAP * (len(there) - 1) > room:
            parts.append([0])
        parts[-1].append(column)
    return [tuple(part) for part in parts]


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """As wide as the longest text where that fits; else columns share what there is by how much text they have."""
    texts = _by_column(heads, rows)
    wanted = [max(12.0, *(_line_width(text, HEAD) for text in one)) for one in texts]
    least = [max(_least(text) for text in one) for one in texts]
    left = room - _GAP * (len(wanted) - 1)
    if sum(wanted) <= left:
        return wanted
    if sum(least) >= left:
        return [one * left / sum(least) for one in least]
    # A text of twice the length takes twice the room, in width and height together.
    claims = [
        math.sqrt(sum(_line_width(text, CELL) for text in one) * want) for one, want in zip(texts, wanted, strict=True)
    ]
    widths: dict[int, float] = {}
    while len(widths) < len(wanted):
        open_columns = [one for one in range(len(wanted)) if one not in widths]
        unit = (left - sum(widths.values())) / sum(claims[one] for one in open_columns)
        settled = {one: wanted[one] for one in open_columns if claims[one] * unit >= wanted[one]}
        settled = settled or {one: least[one] for one in open_columns if claims[one] * unit < least[one]}
        widths |= settled or {one: claims[one] * unit for one in open_columns}
    return [widths[one] for one in range(len(wanted))]


def _by_column(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[head, *(row[column] for row in rows)] for column, head in enumerate(heads)]


def _line_width(text: str, style: Style) -> float:
    return max(width(line, style) for line in clean(text).split("\n")) + 0.5


def _least(text: str) -> float:
    """The narrowest that a column may be for this text: its longest word, if that is not too long."""
    words = clean(text).split()
    return min(_WIDEST_WORD, max((width(word, HEAD) for word in words), default=0.0)) + 0.5
