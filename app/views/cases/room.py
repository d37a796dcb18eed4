"""What the main window has to do with tables of cases of several networks: their page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.views.cases.comparison_page import PAGE_ID, CasesComparisonPage
from app.views.pages.fixed_page import FixedPage
from core.corrections.records.cases import Cases

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class CasesRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.pages.add_fixed(
            FixedPage(id=PAGE_ID, title="Rejected rows", icon=CasesComparisonPage.icon_name, make=self._make)
        )

    @property
    def possible(self) -> bool:
        """Whether there is a table of cases."""
        return any(isinstance(item.result, Cases) for item in self._window.desk.state.document.results)

    def show_page(self) -> None:
        """Turn to the comparison."""
        self._window.pages.open_page(PAGE_ID)

    def _make(self) -> CasesComparisonPage:
        page = CasesComparisonPage(self._window.desk.state)
        page.result_wanted.connect(self._window.pages.open_page)
        return page
