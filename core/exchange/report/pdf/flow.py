"""A report as boxes, in the order in which they are read."""

from collections.abc import Callable
from dataclasses import replace

from matplotlib.figure import Figure

from core.exchange.report.blocks import Block, ColumnTable, FactTable, Listing, Picture, Report, Section, Words
from core.exchange.report.pdf.boxes import STRONG, Box, Drawing, Rule, text_box, text_boxes
from core.exchange.report.pdf.lettering import (
    BODY,
    CAPTION,
    HEADING,
    LEAD,
    LINK,
    PARTIAL,
    TITLE,
    Style,
    broken,
    fitting,
    width,
)
from core.exchange.report.pdf.paper import HIGHEST_FIGURE, ROOM
from core.exchange.report.pdf.tables import column_boxes, fact_boxes

SizeOf = Callable[[Picture], tuple[float, float] | str]  # width and height in points, or why it cannot be drawn
_LOOKS: dict[str, Style] = {"plain": BODY, "lead": LEAD, "partial": PARTIAL, "note": BODY}
_BULLET, _INDENT = "•", 11.0


def title_boxes(report: Report) -> list[Box]:
    """The head of the first page: what it is about, and the facts of the session."""
    return [
        *text_boxes(broken(report.title, TITLE, ROOM), TITLE, keep=True),
        *text_boxes(broken(report.lead, LEAD, ROOM), LEAD, before=3.0),
        *fact_boxes(FactTable(caption="Session", facts=report.facts), ROOM),
    ]


def contents_boxes(report: Report, page_of: dict[str, int]) -> list[Box]:
    """A line for each section, with its page; pages that are not known yet are 0."""
    boxes = [replace(text_box(["Contents"], HEADING, before=20.0), keep=True)]
    for number, section in enumerate(report.sections, start=1):
        page = str(page_of.get(section.anchor, 0))
        at = ROOM - width(page, LINK)
        name = fitting(f"{number}   {section.title}", LINK, at - 20.0)
        box = text_box([name], LINK)
        end = text_box([page], LINK, x=at)
        dots = Rule(x=width(name, LINK) + 6, y=LINK.size * 1.08, length=at - width(name, LINK) - 12, thickness=0.4)
        boxes.append(replace(box, lines=(*box.lines, *end.lines), rules=(dots,), leads_to=section.anchor))
    return boxes


def section_boxes(section: Section, number: int, size_of: SizeOf) -> list[Box]:
    """The heading of a section, and what it says."""
    boxes = text_boxes(broken(f"{number}   {section.title}", HEADING, ROOM), HEADING, before=24.0, keep=True)
    boxes[0] = replace(boxes[0], anchor=section.anchor, new_page=section.kind == "result")
    rule = Rule(x=0, y=boxes[-1].height + 2, length=ROOM, colour=STRONG)
    boxes[-1] = replace(boxes[-1], height=boxes[-1].height + 6, rules=(rule,))
    for block in section.blocks:
        boxes += _boxes(block, size_of)
    return boxes


def _boxes(block: Block, size_of: SizeOf) -> list[Box]:
    if isinstance(block, Words):
        after = block.look in ("lead", "partial")  # what such words are about follows
        style = _LOOKS[block.look]
        return text_boxes(broken(block.text, style, ROOM), style, before=4.0, keep=after)
    if isinstance(block, Picture):
        return _figure(block, size_of)
    if isinstance(block, FactTable):
        return fact_boxes(block, ROOM)
    if isinstance(block, ColumnTable):
        return column_boxes(block, ROOM)
    return _listing(block)


def _listing(block: Listing) -> list[Box]:
    boxes = text_boxes(broken(block.title, CAPTION, ROOM), CAPTION, before=9.0, keep=True)
    for sentence in block.sentences:
        first, *others = text_boxes(broken(sentence, BODY, ROOM - _INDENT), BODY, x=_INDENT, before=2.5)
        bullet = text_box([_BULLET], BODY, x=2.0)
        boxes += [replace(first, lines=(*bullet.lines, *first.lines)), *others]
    return boxes


def _figure(picture: Picture, size_of: SizeOf) -> list[Box]:
    size = size_of(picture)
    if isinstance(size, str):  # the numbers are in the tables all the same
        return text_boxes(broken(size, PARTIAL, ROOM), PARTIAL, before=6.0)
    wide, high = size
    scale = min(ROOM / wide, HIGHEST_FIGURE / high)
    drawing = Drawing(picture=picture, x=(ROOM - scale * wide) / 2, scale=scale)
    return [Box(height=scale * high, drawing=drawing, before=6.0)]


def size_in_points(figure: Figure) -> tuple[float, float]:
    """Width and height."""
    wide, high = figure.get_size_inches()
    return 72.0 * float(wide), 72.0 * float(high)
