"""What stands on a page: boxes below one another, each with its lines, rules and at most one figure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.exchange.report.blocks import Picture
from core.exchange.report.pdf.lettering import Style
from core.exchange.report.pdf.paper import BOTTOM, FIRST_TOP

FAINT, STRONG = "#E1E4E7", "#9AA0A6"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of text; places in points from the box's left and top."""

    x: float
    baseline: float
    text: str
    style: Style


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line that is drawn."""

    x: float
    y: float
    length: float
    colour: str = FAINT
    thickness: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure, so much larger or smaller than it is."""

    picture: Picture
    x: float
    scale: float


@dataclass(frozen=True, kw_only=True)
class Box:
    """A part of a page that is never cut."""

    height: float
    lines: tuple[Line, ...] = ()
    rules: tuple[Rule, ...] = ()
    drawing: Drawing | None = None
    before: float = 0.0  # room above it, not at the top of a page
    keep: bool = False  # with the next one
    new_page: bool = False
    anchor: str = ""  # where a link leads to
    again: tuple["Box", ...] = field(default=(), repr=False)  # what is repeated above it where a page begins with it
    leads_to: str = ""  # an anchor


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A box at its place from the top of the page."""

    box: Box
    top: float


Page = tuple[Placed, ...]


def text_box(lines: Sequence[str], style: Style, *, x: float = 0.0, before: float = 0.0, keep: bool = False) -> Box:
    """Lines of one style."""
    placed = tuple(
        Line(x=x, baseline=row * style.line + style.size * 1.08, text=text, style=style)
        for row, text in enumerate(lines)
    )
    return Box(height=len(lines) * style.line, lines=placed, before=before, keep=keep)


def text_boxes(
    lines: Sequence[str], style: Style, *, x: float = 0.0, before: float = 0.0, keep: bool = False
) -> list[Box]:
    """The same in as many boxes as it takes: none is higher than a page."""
    most = int((BOTTOM - FIRST_TOP) // style.line)
    parts = [lines[start : start + most] for start in range(0, len(lines), most)]
    return [text_box(part, style, x=x, before=0.0 if place else before, keep=keep) for place, part in enumerate(parts)]


def on_pages(boxes: Sequence[Box], top: float, bottom: float, first_top: float | None = None) -> list[Page]:
    """Put boxes on pages, between `top` and `bottom`, in points from the upper edge.

    A box that must stay with the next one moves to the next page with it. A table that goes on has its heads again.
    """
    pages: list[list[Placed]] = [[]]
    y = top if first_top is None else first_top
    for place, box in enumerate(boxes):
        page = pages[-1]
        together = _height_together(boxes, place, at_top=not page)
        if page and (box.new_page or y + together > bottom):
            page, y = [], top
            pages.append(page)
            for head in box.again:
                page.append(Placed(box=head, top=y))
                y += head.height
        y += box.before if page else 0.0
        page.append(Placed(box=box, top=y))
        y += box.height
    return [tuple(page) for page in pages]


def _height_together(boxes: Sequence[Box], place: int, *, at_top: bool) -> float:
    """Of a box and of those that it must not be parted from."""
    height, last = 0.0, place
    for last in range(place, len(boxes)):
        box = boxes[last]
        height += box.height + (0.0 if at_top and last == place else box.before)
        if not box.keep:
            break
    return height


def kept_together(boxes: Sequence[Box], most: float) -> list[Box]:
    """Boxes that stay on one page if they are not higher than that; else no single one is left behind or ahead."""
    if sum(box.before + box.height for box in boxes) <= most:
        return [replace(box, keep=True) for box in boxes[:-1]] + list(boxes[-1:])
    first, before_last = 0, len(boxes) - 2
    return [replace(box, keep=True) if place in (first, before_last) else box for place, box in enumerate(boxes)]
