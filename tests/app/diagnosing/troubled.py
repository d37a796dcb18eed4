"""A process with the real window, in which everything goes wrong that the first argument says."""

import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer, qWarning

from app.views import application
from app.views.main_window import MainWindow


class TroubledWindow(MainWindow):
    """Does one thing after the other, each in a slot of its own, then closes."""

    def trouble(self, steps: Iterator[object]) -> None:
        """Go to the next step, a little later."""
        if next(steps, self) is not self:
            QTimer.singleShot(300, self, lambda: self.trouble(steps))


def steps(window: TroubledWindow, what: str) -> Iterator[object]:
    """Each `yield` leads back to the event loop."""
    yield None
    if what == "crash":
        ctypes.string_at(0)
    QTimer.singleShot(0, window, lambda: {}["missing key"])
    yield None
    sys.stdout.write(f"{window.banner.text}\n")
    thread = threading.Thread(target=lambda: int("seven"), name="errand")
    thread.start()
    thread.join()
    qWarning("a word of Qt")
    yield None
    sys.stdout.write(f"{window.banner.text}\n")
    freeze_in_python()
    yield None
    ctypes.PyDLL(None).usleep(1_900_000)  # this loader keeps Python's lock
    yield None
    window.close()


def freeze_in_python() -> None:
    """Keep the window's thread from its event loop."""
    time.sleep(0.9)


def main() -> int:
    """Run the application as its command does, with a window that gets into trouble."""

    def make(*arguments: object) -> TroubledWindow:
        window = TroubledWindow(*arguments)
        window.desk.workbench.warm_up = lambda: None  # torch has no part in this
        QTimer.singleShot(0, window, lambda: window.trouble(steps(window, sys.argv[1])))
        return window

    application.MainWindow = make
    return application.run_window([], example=False)


if __name__ == "__main__":
    sys.exit(main())
