"""Start the application: one QApplication, one desk, one window."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.diagnosing.diary import Diary
from app.jobs.background import run_in_background
from app.render.surface_widget import prepare_surface_widget
from app.state.settings import Settings
from app.theme.numbers import use_plain_numbers
from app.theme.theme import Theme
from app.views.desk import Desk
from app.views.main_window import MainWindow
from core import __version__


def make_application() -> QApplication:
    """The application object, with what must be set before any window exists."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Corrie")
    application.setApplicationDisplayName("Corrie")
    application.setApplicationVersion(__version__)
    use_plain_numbers()
    return application


def run_window(files: Sequence[Path], *, example: bool) -> int:
    """Open the window and stay until it is closed. Returns the exit status."""
    application = make_application()
    diary = Diary()
    diary.begin()
    settings = Settings()
    theme = Theme(application, settings.theme)
    window = MainWindow(Desk(settings), theme)
    diary.errors.happened.connect(window.on_failed)
    window.show()
    # The engines take seconds to import, and OpenGL to be tried: both happen behind the welcome page.
    window.jobs.warm_up(window.desk.workbench.warm_up)
    run_in_background(
        prepare_surface_widget, lambda _probe: None, window.banner.show_failure, name="OpenGL", owner=window
    )

    window.recovery.look()

    def begin() -> None:
        if example:
            window.open_example()
        window.open_paths(files)

    QTimer.singleShot(0, begin)
    status = application.exec()
    diary.end()
    return status
