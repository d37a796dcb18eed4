"""What a layout lacks, each with a button that has it computed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.views.made import named, text_label, with_icon
from core.exchange.layouts.picture import Missing
from core.exchange.words import count

MOST_SHOWN = 8  # the button above them takes all


class MissingPanel(QWidget):
    """Says what is wanted; the page asks for it."""

    wanted = Signal(object)  # tuple of `Missing`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("across.missing")
        self.shown: tuple[Missing, ...] = ()
        self.waiting = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 4, 10, 4)
        self._column.setSpacing(3)
        self._rows: list[QWidget] = []

    def show_missing(self, missing: Sequence[Missing], waiting: int) -> None:
        """List what is missing, and say how many further results are on their way."""
        if tuple(missing) == self.shown and waiting == self.waiting:
            return
        self.shown, self.waiting = tuple(missing), waiting
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        possible = tuple(one for one in self.shown if one.request is not None)
        if len(possible) > 1:
            self._add(f"{count(len(self.shown), 'result')} of this layout missing.", possible, "Compute &all of them")
        for place, one in enumerate(self.shown[:MOST_SHOWN]):
            self._add(_sentence(one.words), (one,) if one.request is not None else (), "Compute", str(place))
        if waiting:
            self._add(f"{count(waiting, 'result')} being computed: see the jobs below.", (), "")
        self.setVisible(bool(self._rows))

    def _add(self, words: str, wanted: tuple[Missing, ...], text: str, name: str = "all") -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(text_label(words), 1)
        if wanted:
            button = named(with_icon(QPushButton(text), "compute"), f"across.compute.{name}")
            button.setAccessibleName(f"{text.replace('&', '')}: {words}")
            button.clicked.connect(lambda _checked: self.wanted.emit(wanted))
            line.addWidget(button)
        self._rows.append(row)
        self._column.addWidget(row)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
