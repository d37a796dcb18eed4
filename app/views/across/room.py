"""What the main window has to do with layouts across networks: their page, and their figures and tables in files."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.views.across.across_page import PAGE_ID, AcrossPage
from app.views.pages.fixed_page import FixedPage
from core.exchange.endings import FIGURES, filter_of
from core.exchange.layouts.picture import Picture

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class AcrossRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.pages.add_fixed(FixedPage(id=PAGE_ID, title="Across networks", icon="compare", make=self._make_page))

    @property
    def possible(self) -> bool:
        """Whether there is anybody to take part in a layout."""
        document = self._window.desk.state.document
        return bool(document.networks or document.runs)

    def show_layout(self, kind: str) -> None:
        """Turn to that layout."""
        self._window.pages.open_page(PAGE_ID)
        page = self._window.area.page(PAGE_ID)
        if isinstance(page, AcrossPage):
            page.lay_out(kind)

    def export(self, picture: Picture) -> None:
        """Ask where the layout should go, and write it there."""
        name = f"{picture.title.lower().replace(' ', '-').replace('₁', '1')}.png"
        path = self._window.dialogs.save_file("Export layout", name, filter_of((*FIGURES, ".csv")))
        if path is None:
            return

        def write(target: Path) -> None:
            from core.exchange.export import export_layout  # noqa: PLC0415  matplotlib takes a second

            export_layout(picture, target)

        self._window.desk.file.write(path, write)

    def _stay(self) -> None:
        """Whoever has results of a layout computed goes on looking at the layout."""
        self._window.pages.open_page(PAGE_ID)

    def _make_page(self) -> AcrossPage:
        page = AcrossPage(self._window.desk.state, self._window.desk.computations)
        page.export_wanted.connect(self.export)
        page.queued.connect(self._stay)
        return page
