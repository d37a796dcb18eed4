"""A PDF file, page by page: text and figures as matplotlib's own PDF backend writes them, with links and bookmarks.

Text stays text in embedded fonts, figures stay vectors, and both share the fonts. Links inside of a document and its
bookmarks are no part of what matplotlib draws; they are written as objects of the file (PDF 1.7, §12.3).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

from matplotlib.backends import backend_pdf
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.transforms import IdentityTransform

from core.exchange.figures.rendering import DOTS_PER_INCH
from core.exchange.report.pdf.lettering import Style
from core.exchange.report.pdf.paper import HEIGHT, WIDTH

_POINTS = 72.0  # to an inch
Place = tuple[int, float]  # page from 0, and points from its top


class Sheets:
    """An open PDF. Must be used, and finished, within `core.exchange.figures.rendering.house_style`."""

    def __init__(self, file: BinaryIO, metadata: Mapping[str, object]) -> None:
        self._file: Any = backend_pdf.PdfFile(file, metadata=dict(metadata))  # type: ignore[no-untyped-call]
        self._links: list[tuple[dict[str, Any], str]] = []
        self._pencil: Any = None

    def begin(self, links: Sequence[tuple[float, float, float, float, str]]) -> None:
        """Begin a page with these links: left, top, right and bottom, and the anchor that each leads to."""
        self._end()
        for left, top, right, bottom, anchor in links:
            link = {
                "Type": backend_pdf.Name("Annot"),  # type: ignore[no-untyped-call]
                "Subtype": backend_pdf.Name("Link"),  # type: ignore[no-untyped-call]
                "Rect": [left, HEIGHT - bottom, right, HEIGHT - top],
                "Border": [0, 0, 0],
            }
            self._links.append((link, anchor))
            self._file.pageAnnotations.append(link)
        self._file.newPage(WIDTH / _POINTS, HEIGHT / _POINTS)

    def figure(self, figure: Figure, left: float, bottom: float, scale: float, look: Callable[[], None]) -> None:
        """Draw a figure with its lower left corner there, before anything else is written on the page.

        `look` is called before every stroke; what it raises ends the drawing.
        """
        wide, high = figure.get_size_inches()
        figure.set_dpi(_POINTS)
        self._file.output(backend_pdf.Op.gsave)
        self._file.output(scale, 0, 0, scale, left, HEIGHT - bottom, backend_pdf.Op.concat_matrix)
        pencil: Any = _Watched(self._file, high, wide, look)
        page = self._file.width, self._file.height
        self._file.width, self._file.height = wide, high  # the backend leaves out what lies outside of them
        try:
            figure.draw(pencil)
        finally:  # a page on which a figure failed has room for a sentence
            self._file.width, self._file.height = page
            pencil.finalize()
            self._file.output(backend_pdf.Op.grestore)

    def write(self, text: str, left: float, baseline: float, style: Style) -> None:
        """Write a line."""
        pencil = self._page_pencil()
        ink = pencil.new_gc()
        ink.set_foreground(style.colour)
        pencil.draw_text(ink, left, HEIGHT - baseline, text, style.font, 0, ismath=False)
        ink.restore()

    def rule(self, left: float, y: float, length: float, colour: str, thickness: float) -> None:
        """Draw a line from left to right."""
        pencil = self._page_pencil()
        ink = pencil.new_gc()
        ink.set_foreground(colour)
        ink.set_linewidth(thickness)
        line = Outline([(left, HEIGHT - y), (left + length, HEIGHT - y)])
        pencil.draw_path(ink, line, IdentityTransform())
        ink.restore()

    def finish(self, marks: Sequence[tuple[str, str]], places: Mapping[str, Place]) -> None:
        """Write the end of the file: bookmarks, each a title with its anchor, and where the anchors are."""
        self._end()
        self._file.endStream()
        for link, anchor in self._links:
            link["Dest"] = self._target(places[anchor])
        root: dict[str, Any] = {
            "Type": backend_pdf.Name("Catalog"),  # type: ignore[no-untyped-call]
            "Pages": self._file.pagesObject,
            "Lang": "en",
            "ViewerPreferences": {"DisplayDocTitle": True},
        }
        if marks:
            root["Outlines"] = self._bookmarks(marks, places)
            root["PageMode"] = backend_pdf.Name("UseOutlines")  # type: ignore[no-untyped-call]
        self._file.writeObject(self._file.rootObject, root)  # in the place of the first one, which had only pages
        self._file.finalize()

    def close(self) -> None:
        """Let go of the file, finished or not; it stays open for whoever opened it."""
        self._file.close()

    def _bookmarks(self, marks: Sequence[tuple[str, str]], places: Mapping[str, Place]) -> Any:
        whole = self._file.reserveObject("outlines")
        each = [self._file.reserveObject("outline entry") for _ in marks]
        for index, (title, anchor) in enumerate(marks):
            entry = {"Title": title, "Parent": whole, "Dest": self._target(places[anchor])}
            if index:
                entry["Prev"] = each[index - 1]
            if index + 1 < len(each):
                entry["Next"] = each[index + 1]
            self._file.writeObject(each[index], entry)
        kind = backend_pdf.Name("Outlines")  # type: ignore[no-untyped-call]
        self._file.writeObject(whole, {"Type": kind, "First": each[0], "Last": each[-1], "Count": len(each)})
        return whole

    def _target(self, place: Place) -> list[Any]:
        page, top = place
        kind = backend_pdf.Name("XYZ")  # type: ignore[no-untyped-call]
        return [self._file.pageList[page], kind, 0, HEIGHT - top + 8, 0]

    def _page_pencil(self) -> Any:
        if self._pencil is None:
            self._pencil = backend_pdf.RendererPdf(  # type: ignore[no-untyped-call]
                self._file, DOTS_PER_INCH, HEIGHT / _POINTS, WIDTH / _POINTS
            )
        return self._pencil

    def _end(self) -> None:
        if self._pencil is not None:
            self._pencil.finalize()
            self._pencil = None


class _Watched(backend_pdf.RendererPdf):
    """Draws as the backend does, and can be stopped in the middle of a figure, which may take a second."""

    def __init__(self, file: Any, high: float, wide: float, look: Callable[[], None]) -> None:
        super().__init__(file, DOTS_PER_INCH, high, wide)  # type: ignore[no-untyped-call]
        self._look = look

    def check_gc(self, gc: Any, fillcolor: Any = None) -> None:
        self._look()
        super().check_gc(gc, fillcolor)  # type: ignore[no-untyped-call]
