"""A report as a PDF for the printer and the file: A4, with contents, bookmarks, page numbers, and text to select."""

from datetime import UTC, datetime
from typing import BinaryIO

from core.errors import InvalidRequest
from core.exchange.figures.rendering import drawing, house_style
from core.exchange.report.blocks import Picture, Report, dated
from core.exchange.report.pdf.boxes import FAINT, Box, Drawing, Page, Placed, on_pages, text_box
from core.exchange.report.pdf.flow import contents_boxes, section_boxes, size_in_points, title_boxes
from core.exchange.report.pdf.lettering import PARTIAL, RUNNING, broken, clean, fitting, width
from core.exchange.report.pdf.paper import BOTTOM, FIRST_TOP, FOOTER, HEADER, LEFT, ROOM, TOP
from core.exchange.report.pdf.sheets import Place, Sheets
from core.exchange.report.shares import WHOLE, Share
from core.job import JobContext

_ROOM = 250  # thousandths of the work: how much room the figures take
_MOST_TITLE = 0.62  # of a running line


def write_pdf(report: Report, file: BinaryIO, job: JobContext) -> None:
    """Write the whole report into an open file.

    Every figure is made twice, once to know how much room it takes and once to be drawn, so that never more than one of
    them is in memory.

    Raises
    ------
    Cancelled
    """
    pages = _laid_out(report, Share(job, 0, _ROOM))
    places = _places(pages)
    with house_style():
        sheets = Sheets(file, _metadata(report))
    try:
        stage = Share(job, _ROOM, WHOLE)
        for number, page in enumerate(pages):
            stage.check()
            stage.progress(number, len(pages), f"page {number + 1} of {len(pages)}")
            with house_style():
                _draw(page, number, len(pages), report, sheets, job)
        with house_style():
            sheets.finish([(clean(one.title), one.anchor) for one in report.sections], places)
    finally:
        sheets.close()


def _laid_out(report: Report, job: JobContext) -> list[Page]:
    """All pages; the contents are laid out twice, because the first time their page numbers are not known."""
    sizes = _Sizes(job, len(report.pictures))
    boxes: list[Box] = []
    with house_style():
        front = title_boxes(report)
        before = on_pages([*front, *contents_boxes(report, {})], TOP, BOTTOM, FIRST_TOP)
        for number, section in enumerate(report.sections, start=1):
            job.check()
            boxes += section_boxes(section, number, sizes.of)
        after = on_pages(boxes, TOP, BOTTOM)
        page_of = {anchor: len(before) + page + 1 for anchor, (page, _) in _places(after).items()}
        return [*on_pages([*front, *contents_boxes(report, page_of)], TOP, BOTTOM, FIRST_TOP), *after]


def _places(pages: list[Page]) -> dict[str, Place]:
    """Where each anchor is."""
    return {
        placed.box.anchor: (number, placed.top)
        for number, page in enumerate(pages)
        for placed in page
        if placed.box.anchor
    }


class _Sizes:
    """How large figures are; each is made for that, and let go."""

    def __init__(self, job: JobContext, total: int) -> None:
        self._job, self._total, self._done = job, total, 0

    def of(self, picture: Picture) -> tuple[float, float] | str:
        """Width and height in points, or the sentence that stands in the place of a figure that cannot be drawn."""
        self._job.check()
        self._job.progress(self._done, self._total, picture.words.partition(";")[0])
        self._done += 1
        try:
            with drawing():
                return size_in_points(picture.draw())
        except InvalidRequest as error:
            return str(error)


def _draw(page: Page, number: int, total: int, report: Report, sheets: Sheets, job: JobContext) -> None:
    failures: list[Placed] = []
    sheets.begin(
        [(LEFT, one.top, LEFT + ROOM, one.top + one.box.height, one.box.leads_to) for one in page if one.box.leads_to]
    )
    for placed in page:
        if placed.box.drawing is not None:
            failures += _figure(placed, placed.box.drawing, sheets, job)
    for placed in (*page, *failures):
        for rule in placed.box.rules:
            sheets.rule(LEFT + rule.x, placed.top + rule.y, rule.length, rule.colour, rule.thickness)
        for line in placed.box.lines:
            sheets.write(clean(line.text), LEFT + line.x, placed.top + line.baseline, line.style)
    _running_lines(number, total, report, sheets)


def _figure(placed: Placed, drawn: Drawing, sheets: Sheets, job: JobContext) -> list[Placed]:
    """Draw a figure; where that fails in the middle, the sentence that says why stands in its place."""
    try:
        with drawing():
            figure, bottom = drawn.picture.draw(), placed.top + placed.box.height
            sheets.figure(figure, LEFT + drawn.x, bottom, drawn.scale, job.check)
    except InvalidRequest as error:
        return [Placed(box=text_box(broken(str(error), PARTIAL, ROOM), PARTIAL), top=placed.top)]
    return []


def _running_lines(number: int, total: int, report: Report, sheets: Sheets) -> None:
    """Session and date above, but on the first page; program and page number below."""
    if number:
        sheets.write(fitting(report.title, RUNNING, _MOST_TITLE * ROOM), LEFT, HEADER, RUNNING)
        _at_right(dated(report.made_utc), HEADER, sheets)
        sheets.rule(LEFT, HEADER + 6, ROOM, FAINT, 0.6)
    sheets.rule(LEFT, FOOTER - 11, ROOM, FAINT, 0.6)
    sheets.write(f"Corrie {report.version}", LEFT, FOOTER, RUNNING)
    _at_right(f"Page {number + 1} of {total}", FOOTER, sheets)


def _at_right(text: str, baseline: float, sheets: Sheets) -> None:
    sheets.write(text, LEFT + ROOM - width(text, RUNNING), baseline, RUNNING)


def _metadata(report: Report) -> dict[str, object]:
    return {
        "Title": clean(report.title),
        "Subject": "Report of a session",
        "Creator": f"Corrie {report.version}",
        "CreationDate": datetime.fromisoformat(report.made_utc).astimezone(UTC),
    }
