"""Says which file from elsewhere is being checked, across the top of the window, with a button that stops it."""

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
        self._paths: list[Path] = []
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

    def _begin(self, path: Path) -> None:
        self._paths.append(path)
        self._show()

    def _end(self, path: Path) -> None:
        if path in self._paths:
            self._paths.remove(path)
        self._show()

    def _stop(self) -> None:
        self._checks.stop(self._paths[-1])

    def _show(self) -> None:
        if self._paths:
            name = self._paths[-1].name
            self._text.setText(f"“{name}” was written elsewhere, so a process of its own reads it first …")
        self.setVisible(bool(self._paths))

    def _restyle(self) -> None:
        colours = self._theme.colours
        self.setStyleSheet(
            f"#checking {{ background: {colours.base}; border: none; border-left: 4px solid {colours.accent};"
            f" border-bottom: 1px solid {colours.border}; }}"
        )
