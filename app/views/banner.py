"""What went wrong, in words, across the top of the window: it waits, and blocks nothing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.jobs.failure import JobFailure
from app.theme.theme import Theme
from app.views.made import named, text_label

LONGEST = 900  # characters that are seen at once


class Banner(QFrame):
    """Shows the newest failure until it is dismissed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._theme = theme
        self._text = text_label(name="banner.text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A long name in it must not stretch the window.
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._details = named(QPlainTextEdit(), "banner.details")
        self._details.setReadOnly(True)
        self._details.setMaximumHeight(180)
        self._details.hide()
        self._more = named(QPushButton("Details"), "banner.more")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        self._copy = named(QPushButton("Copy report"), "banner.copy")
        self._copy.clicked.connect(self._copy_report)
        close = named(QPushButton("Dismiss"), "banner.dismiss")
        close.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.addWidget(self._text, 1)
        for button in (self._more, self._copy, close):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(row)
        layout.addWidget(self._details)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that stands there; empty when the banner is hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_failure(self, failure: JobFailure) -> None:
        """Say what went wrong."""
        cut = len(failure.message) > LONGEST
        self._text.setText(f"{failure.message[:LONGEST]}…" if cut else failure.message)
        self._details.setPlainText(f"{failure.message}\n\n{failure.details}" if cut else failure.details)
        for button in (self._more, self._copy):
            button.setVisible(cut or failure.kind != "explained")  # else its own sentence says all there is to say
        self._more.setChecked(False)
        self.show()

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details.toPlainText()}")

    def _restyle(self) -> None:
        colours = self._theme.colours
        self.setStyleSheet(
            f"#banner {{ background: {colours.base}; border: none; border-left: 4px solid {colours.bad};"
            f" border-bottom: 1px solid {colours.border}; }}"
        )
