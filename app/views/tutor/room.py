"""What the main window has to do with the drawing tutor: its page, and figures of its lessons in files."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.tutoring import Tutoring
from app.views.pages.fixed_page import FixedPage
from app.views.tutor.tutor_page import PAGE_ID, TutorPage
from core.corrections.tutor.lesson import Lesson
from core.exchange.endings import FIGURES, filter_of

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
                make=self._make_page,
            )
        )

    def show_page(self) -> None:
        """Turn to the drawing tutor."""
        self._window.pages.open_page(PAGE_ID)

    def export(self, lesson: Lesson, network_name: str) -> None:
        """Ask where the figure of a lesson should go, and write it there."""
        path = self._window.dialogs.save_file("Save figure", "drawing-completed.png", filter_of(FIGURES))
        if path is None:
            return

        def write(target: Path) -> None:
            from core.exchange.export import export_figure  # noqa: PLC0415  matplotlib takes a second
            from core.exchange.figures.lesson import lesson_figure  # noqa: PLC0415

            export_figure(lesson_figure(lesson, network_name), target)

        self._window.desk.file.write(path, write)

    def _make_page(self) -> TutorPage:
        page = TutorPage(self._window.desk.state, self.tutoring)
        page.export_wanted.connect(self.export)
        return page
