"""What the main window has to do with the drawing tutor: its page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.tutoring import Tutoring
from app.views.pages.fixed_page import FixedPage
from app.views.tutor.tutor_page import PAGE_ID, TutorPage

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class TutorRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        desk = window.desk
        self.tutoring = Tutoring(desk.state, desk.history, desk.jobs, self)
        window.pages.add_fixed(
            FixedPage(
                id=PAGE_ID,
                title="Drawing tutor",
                icon=TutorPage.icon_name,
                make=lambda: TutorPage(desk.state, self.tutoring),
            )
        )

    def show_page(self) -> None:
        """Turn to the drawing tutor."""
        self._window.pages.open_page(PAGE_ID)
