"""Chooses what a correction is to reach: a class, or a value at least, at most or between so much."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.views.inspector.fields import NumberField
from app.views.made import chooser, text_label
from core.corrections.requests.rows import Wanted
from core.data.dataset import Dataset
from core.data.tables.features import FeatureCard

Said = npt.NDArray[np.int64] | npt.NDArray[np.float64]
SORTS = ("at least", "at most", "between")


class WantedChoice(QWidget):
    """One line: the classes to choose from, or the sort of limit and its numbers in the target's unit.

    Its fields are named after the form that it is part of.
    """

    changed = Signal()

    def __init__(self, form: str, data: Dataset, card: FeatureCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card = card
        self.target = chooser(f"{form}.target")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.target, 1)
        self.setFocusProxy(self.target)
        self.limits: list[NumberField] = []
        self._and: QWidget | None = None
        if card.classes:
            self.target.addItems(card.classes)
            self.target.setCurrentText(card.wanted or card.classes[-1])
        else:
            self.target.addItems(SORTS)
            self._add_limits(form, row, np.asarray(data.y, dtype=np.float64))
        self.target.currentIndexChanged.connect(self._on_chosen)
        self._on_chosen()

    def wanted(self) -> Wanted:
        """What is chosen."""
        if self._card.classes:
            return Wanted(classes=(self.target.currentText(),))
        first, second = (field.value() for field in self.limits)
        return (
            Wanted(at_least=first),
            Wanted(at_most=first),
            Wanted(at_least=first, at_most=second),
        )[self.target.currentIndex()]

    def reached(self, said: Said) -> npt.NDArray[np.bool_]:
        """By which rows (n,) it is reached, from what the network says of them: class indices, or values."""
        if self._card.classes:
            found: npt.NDArray[np.bool_] = said == self.target.currentIndex()
            return found
        wanted = self.wanted()
        low = -np.inf if wanted.at_least is None else wanted.at_least
        high = np.inf if wanted.at_most is None else wanted.at_most
        return np.asarray((said >= low) & (said <= high))

    def said_words(self, said: Said, row: int) -> str:
        """What the network says of a row: ``judged bad``, ``judged 2.94 bar``."""
        if not self._card.classes:
            return f"judged {said[row]:.4g} {self._card.target_unit}".rstrip()
        index, known = int(said[row]), self._card.classes
        return f"judged {known[index] if index < len(known) else f'class {index}'}"

    def _add_limits(self, form: str, row: QHBoxLayout, values: npt.NDArray[np.float64]) -> None:
        low, high = np.quantile(values, [0.75, 0.95]).tolist()  # what most rows do not reach
        unit = f" {self._card.target_unit}" if self._card.target_unit else ""
        step = float(np.ptp(values)) / 100 or 1.0
        for place, value in enumerate((low, high)):
            field = NumberField(f"{form}.limit.{place}", -1e15, 1e15, float(f"{value:.4g}"), step=step)
            field.setSuffix(unit)
            field.valueChanged.connect(self.changed)
            if place:
                self._and = text_label("and")
                row.addWidget(self._and)
            row.addWidget(field, 1)
            self.limits.append(field)

    def _on_chosen(self) -> None:
        if self._and is not None:
            for widget in (self._and, *self.limits[1:]):
                widget.setVisible(self.target.currentText() == "between")
        self.changed.emit()
