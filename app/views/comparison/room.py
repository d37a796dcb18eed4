"""What the main window has to do with comparisons: their page, and their figures in files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.views.comparison.comparison_page import PAGE_ID, ComparisonPage
from app.views.comparison.layouts import surfaces_in
from app.views.pages.fixed_page import FixedPage
from core.exchange.endings import FIGURES, filter_of
from core.exchange.figures.comparison_layout import Layout
from core.session.document import ResultItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class ComparisonRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.pages.add_fixed(
            FixedPage(id=PAGE_ID, title="Comparison", icon=ComparisonPage.icon_name, make=self._make_page)
        )

    @property
    def possible(self) -> bool:
        """Whether there is anything to compare."""
        return bool(surfaces_in(self._window.desk.state.document))

    def show_page(self) -> None:
        """Turn to the comparison."""
        self._window.pages.open_page(PAGE_ID)

    def show_layout(self, way: str) -> None:
        """Turn to the comparison, laid out as a figure of Li et al. 2018."""
        self.show_page()
        page = self._window.area.page(PAGE_ID)
        if isinstance(page, ComparisonPage):
            page.lay_out(way)

    def export(self, layout: Layout, relief: bool) -> None:  # noqa: FBT001  a Qt slot
        """Ask where the figure of several surfaces should go, and write it there."""
        document = self._window.desk.state.document

        def write(path: Path) -> None:
            from core.exchange.export import export_figure  # noqa: PLC0415
            from core.exchange.figures.comparison import comparison_figure  # noqa: PLC0415  matplotlib takes a second

            export_figure(comparison_figure(layout, document, relief=relief), path)

        self._export("Export comparison", "comparison.png", write)

    def export_difference(self, first_id: str, second_id: str) -> None:
        """Ask where the map of a difference should go, and write it there."""
        items = self._window.desk.state.document.items
        first, second = items.get(first_id), items.get(second_id)
        if not isinstance(first, ResultItem) or not isinstance(second, ResultItem):
            return

        def write(path: Path) -> None:
            from core.exchange.export import export_difference  # noqa: PLC0415  matplotlib takes a second

            export_difference(first, second, path)

        self._export("Export difference", "difference.png", write)

    def _make_page(self) -> ComparisonPage:
        desk = self._window.desk
        page = ComparisonPage(desk.state, desk.live, desk.computations)
        page.export_wanted.connect(self.export)
        page.difference_export_wanted.connect(self.export_difference)
        page.open_wanted.connect(self._window.pages.open_page)
        return page

    def _export(self, title: str, suggestion: str, write: Callable[[Path], None]) -> None:
        path = self._window.dialogs.save_file(title, suggestion, filter_of(FIGURES))
        if path is not None:
            self._window.desk.file.write(path, write)
