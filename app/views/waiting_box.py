"""Shows that a file is being written, as long as that takes, and lets the user go back to work meanwhile."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.actions.wording import short
from app.views.made import named, text_label

LOOK_MILLISECONDS = 50
UNSEEN_SECONDS = 0.4  # most saves take less: then nothing flashes up


class WaitingBox(QDialog):
    """Made for one wait."""

    def __init__(self, path: Path, busy: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("waiting")
        self.setWindowTitle("Saving")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._busy, self._stays = busy, False
        self._began = time.monotonic()
        self._time = text_label("", "waiting.time")
        bar = named(QProgressBar(), "waiting.bar")
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        stay = named(QPushButton("Do not close"), "waiting.stay")
        stay.setToolTip("The file is saved all the same")
        stay.clicked.connect(self.reject)
        self.rejected.connect(self._on_rejected)
        row = QHBoxLayout()
        row.addWidget(self._time, 1)
        row.addWidget(stay)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        text = f"“{short(path.name)}” is being saved. The session is closed as soon as the file is safe."
        column.addWidget(text_label(text, "waiting.text"))
        column.addWidget(bar)
        column.addLayout(row)
        self.setMinimumWidth(430)
        self._loop = QEventLoop(self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)

    def wait(self) -> bool:
        """Wait until nothing is written any more. False if the user would rather not close."""
        self._timer.start()
        if self._busy():
            self._loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        if self._busy():
            self.show()
            self._loop.exec()
        self._timer.stop()
        self.hide()
        self.deleteLater()
        return not self._stays

    def _look(self) -> None:
        seconds = time.monotonic() - self._began
        self._time.setText(f"{seconds:.0f} s")
        if not self._busy() or self._stays or (seconds >= UNSEEN_SECONDS and not self.isVisible()):
            self._loop.quit()

    def _on_rejected(self) -> None:
        self._stays = True
        self._loop.quit()
