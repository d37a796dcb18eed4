"""What the main window has to do with a second session: asking for its file, its page, and the comparison as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.comparing import SessionComparing
from app.views.dialogs import SESSION_FILTER
from app.views.pages.fixed_page import FixedPage
from app.views.two_sessions.page import PAGE_ID, SessionsPage
from core.session.document import DatasetItem, NetworkItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

FILTER = "Web page (*.html);;PDF (*.pdf);;Table (*.csv)"


class SessionsRoom(QObject):
    """Made once, with the actions of the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.comparing = SessionComparing(window.desk.state, window.desk.door.checks, self)
        self.comparing.failed.connect(window.on_failed)
        window.pages.add_fixed(
            FixedPage(id=PAGE_ID, title="Two sessions", icon=SessionsPage.icon_name, make=self._make_page)
        )

    def choose(self) -> None:
        """Ask which session the open one is to be compared with."""
        chosen = self._window.dialogs.open_files("Compare with session", SESSION_FILTER)
        if chosen:
            self.compare_with(chosen[0])

    def compare_with(self, path: Path) -> None:
        """Turn to the page, and compare."""
        self._window.pages.open_page(PAGE_ID)
        self.comparing.compare_with(path)

    def again(self) -> None:
        """Compare the session as it is now with the same other one, which is read anew."""
        if self.comparing.path is not None:
            self.compare_with(self.comparing.path)

    def export(self) -> None:
        """Ask where the comparison should go, and write it there."""
        comparing = self.comparing
        found, mine, other = comparing.found, comparing.mine, comparing.other
        if found is None or mine is None or other is None:
            return
        path = self._window.dialogs.save_file("Export comparison", "comparison.html", FILTER)
        if path is None:
            return

        def write(target: Path) -> None:
            from core.review.comparison.writing import write_comparison  # noqa: PLC0415  with h5py

            write_comparison(found, mine, other, target)

        self._window.desk.file.write(path if path.suffix else path.with_suffix(".html"), write)

    def open_item(self, item_id: str) -> None:
        """Turn to an item of the open session: to its page, or where it has none, to its inspector."""
        self._window.desk.selection.select(item_id)
        if not isinstance(self._window.desk.state.document.items.get(item_id), NetworkItem | DatasetItem):
            self._window.pages.open_page(item_id)

    def _make_page(self) -> SessionsPage:
        page = SessionsPage(self._window.desk.state, self.comparing, self._window.theme)
        page.choose_wanted.connect(self.choose)
        page.again_wanted.connect(self.again)
        page.export_wanted.connect(self.export)
        page.open_wanted.connect(self.open_item)
        return page
