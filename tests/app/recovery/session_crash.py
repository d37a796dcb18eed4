"""A process that edits a session in the real window, says what it has done, and waits to be killed."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.recovery import keeping_session
from app.state.settings import Settings
from app.theme.theme import Theme
from app.views.desk import Desk
from app.views.main_window import MainWindow


def main() -> None:
    """Open a session, rename a surface, and tell when a checkpoint holds that."""
    keeping_session.KEEP_SECONDS = 0.05
    application = QApplication([])
    window = MainWindow(Desk(Settings()), Theme(application, "light"))
    window.resize(1200, 800)
    window.show()
    path = Path(sys.argv[1])
    window.open_paths([path])

    def edit() -> None:
        window.pages.rename("surface-0", "worth hours")

    def told(_document: object) -> None:
        sys.stdout.write("kept\n")
        sys.stdout.flush()

    window.desk.door.document_opened.connect(lambda _path: QTimer.singleShot(0, edit))
    window.desk.keeps_session.kept.connect(told)
    sys.exit(application.exec())


if __name__ == "__main__":
    main()
