"""What is missing beside a picture, in a sentence, and the button that computes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.views.made import named, text_label, with_icon


class PageOffer(QWidget):
    """A line above a picture; hidden while nothing is missing."""

    taken = Signal()

    def __init__(self, text: str, button: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.text = text_label(text, f"{name}.text")
        self.button = named(with_icon(QPushButton(button), "compute"), f"{name}.button")
        self.button.clicked.connect(self.taken)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 10, 4)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.hide()

    def offer(self, text: str = "") -> None:
        """Show the line, with another sentence if one is given."""
        if text:
            self.text.setText(text)
        self.show()
