"""A sentence that must be seen, in a frame of the colour of warnings, with buttons for what can be done about it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.actions.wording import literal
from app.views.made import named, text_label
from app.views.networks.tones import tones

Offer = tuple[str, Callable[[], object]]  # text of a button, what it does


class Notice(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._text = text_label(name=f"{name}.text")
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self._text)
        layout.addLayout(self._buttons)
        self._restyle()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that stands there; empty if there is none."""
        return "" if self.isHidden() else self._text.text().removeprefix("⚠ ")

    def show_text(self, text: str, offers: Sequence[Offer] = ()) -> None:
        """Say this, and offer what can be done; an empty text hides the frame."""
        while (entry := self._buttons.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.deleteLater()
        self._text.setText(f"⚠ {text}" if text else "")
        for index, (words, act) in enumerate(offers):
            button = named(QPushButton(literal(words)), f"{self.objectName()}.offer{index}")
            button.clicked.connect(lambda _checked, act=act: act())
            self._buttons.addWidget(button)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        colours = tones(self.palette())
        sheet = (
            f"Notice {{ background: {colours.base}; border: 1px solid {colours.border};"
            f" border-left: 4px solid {colours.warning}; }}"
        )
        if sheet != self.styleSheet():  # a new sheet is itself a change of the palette
            self.setStyleSheet(sheet)
