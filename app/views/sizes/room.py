"""What the main window has to do with size and sharpness of all networks: their page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.views.pages.fixed_page import FixedPage
from app.views.sizes.table_page import PAGE_ID, SizesPage
from core.generalisation.complexity import Complexity

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class SizesRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        state = window.desk.state
        window.pages.add_fixed(
            FixedPage(id=PAGE_ID, title="Size against the gap", icon=SizesPage.icon_name, make=lambda: SizesPage(state))
        )

    @property
    def possible(self) -> bool:
        """Whether any network was measured."""
        return any(isinstance(item.result, Complexity) for item in self._window.desk.state.document.results)

    def show_page(self) -> None:
        """Turn to the table."""
        self._window.pages.open_page(PAGE_ID)
