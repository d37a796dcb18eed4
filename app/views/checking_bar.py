"""Says which file is being read, or checked first, across the top of the window, with a button that stops it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.actions.checking import FileChecks
from app.theme.theme import Theme
from app.views.made import named, text_label


class CheckingBar(QFrame):
    """Hidden while nothing takes long. It names the newest of several files; stopping stops that one."""

    def __init__(self, checks: FileChecks, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checking")
        self._checks, self._theme = checks, theme
        self._files: list[tuple[Path, bool]] = []  # with whether it is from elsewhere
        self._text = text_label(name="checking.text")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        stop = named(QPushButton("Stop"), "checking.stop")
        stop.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self._text, 1)
        row.addWidget(stop, 0, Qt.AlignmentFlag.AlignTop)
        checks.takes_long.connect(self._begin)
        checks.over.connect(self._end)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that stands there; empty when the bar is hidden."""
        return "" if self.isHidden() else self._text.text()

    def _begin(self, path: Path, elsewhere: bool) -> None:  # noqa: FBT001
        if elsewhere and (path, False) in self._files:
            self._files.remove((path, False))
        self._files.append((path, elsewhere))
        self._show()

    def _end(self, path: Path) -> None:
        for file in [file for file in self._files if file[0] == path][:1]:
            self._files.remove(file)
        self._show()

    def _stop(self) -> None:
        self._checks.stop(self._files[-1][0])

    def _show(self) -> None:
        if self._files:
            path, elsewhere = self._files[-1]
            what = "was written elsewhere, so a process of its own reads it first" if elsewhere else "is being read"
            self._text.setText(f"“{path.name}” {what} …")
        self.setVisible(bool(self._files))

    def _restyle(self) -> None:
        colours = self._theme.colours
        self.setStyleSheet(
            f"#checking {{ background: {colours.base}; border: none; border-left: 4px solid {colours.accent};"
            f" border-bottom: 1px solid {colours.border}; }}"
        )
