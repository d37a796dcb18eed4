"""Something that can be done now and need not be, across the top of the window: it waits, and blocks nothing."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.theme.theme import Theme
from app.views.made import named, text_label

Choice = tuple[str, Callable[[], object]]  # what the button says, and what it does


class OfferBar(QFrame):
    """Shows the newest offer until it is taken or put off; then the one before it, if that waits still."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offer")
        self._theme = theme
        self._text = text_label(name="offer.text")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._open: list[tuple[str, tuple[Choice, ...]]] = []  # neither taken nor put off, the newest last
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 12, 8)
        self._row.addWidget(self._text, 1)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that stands there; empty when the bar is hidden."""
        return "" if self.isHidden() else self._text.text()

    def offer(self, text: str, choices: Sequence[Choice]) -> None:
        """Say what could be done, with a button for each way, and one for none of them."""
        self._open.append((text, tuple(choices)))
        self._show(text, choices)

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._text.setText(text)
        self._buttons = [
            self._button(*choice) for choice in (*choices, ("Not now" if choices else "Dismiss", lambda: None))
        ]
        for button in self._buttons:
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.show()

    def _button(self, text: str, work: Callable[[], object]) -> QPushButton:
        button = named(QPushButton(text), f"offer.{text.lower().replace(' ', '_')}")

        def take() -> None:
            self.hide()
            self._open.pop()
            if self._open:
                self._show(*self._open[-1])
            work()

        button.clicked.connect(take)
        return button

    def _restyle(self) -> None:
        colours = self._theme.colours
        self.setStyleSheet(
            f"#offer {{ background: {colours.base}; border: none; border-left: 4px solid {colours.accent};"
            f" border-bottom: 1px solid {colours.border}; }}"
        )
