"""Asks for a correction: which row, which two features may change, how stable."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.section import FoldButton
from app.views.inspector.wanted_choice import Said, WantedChoice
from app.views.made import chooser, named, text_label
from core.corrections.correction import CorrectionRequest, Norm
from core.corrections.requests import request_for_row
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard
from core.errors import InvalidRequest
from core.exchange.words import NORMS

MEANINGS: dict[Norm, str] = {
    "L1": "the sum of the weighted changes is to be smallest",
    "L2": "their Euclidean length",
    "Linf": "the largest of them",
}


class CorrectionForm(RequestForm):
    """For tables with a feature card. Rows can be walked by verdict once the network's verdicts are known."""

    def __init__(self, data: Dataset, card: FeatureCard, parent: QWidget | None = None) -> None:
        super().__init__("Compute correction", "correction", parent)
        self._data, self._card = data, card
        self._verdicts: Said | None = None
        self._changeable = [f for f in card.features if f.kind != "category" and f.change != "fixed"]
        self.row = whole_number("correction.row", 0, len(data) - 1, 0, "Counted from 0")
        self.next = named(QPushButton("Next rejected"), "correction.next")
        self.next.setEnabled(False)
        self.verdict = text_label(name="correction.verdict")
        self.wanted = WantedChoice(data, card)
        self.features = [self._feature_box(index) for index in (0, 1)]
        self.norm = chooser("correction.norm")
        for norm in MEANINGS:
            self.norm.addItem(NORMS[norm], norm)
        self.more = FoldButton("More", "correction.more", unfolded=False)
        self.more.setToolTip("What most people leave as it is")
        self.stability = [NumberField(f"correction.stability.{i}", 0.0, 1e12, 0.0, step=1.0) for i in (0, 1)]
        rows = QHBoxLayout()
        rows.addWidget(self.row, 1)
        rows.addWidget(self.next)
        self.add_row("Ro&w", rows, self.row)
        self.fields.addRow("", self.verdict)
        self.fields.addRow("Wante&d", self.wanted)
        for index, name in enumerate(("First", "Second")):
            self.fields.addRow(f"{name} feature", self.features[index])
            self.fields.addRow("stable for ±", self.stability[index])
            self.features[index].currentIndexChanged.connect(self._on_feature_changed)
        self._more_rows = Rows(self.fields, self.more.isChecked)
        tip = "; ".join(f"{NORMS[norm]}: {meaning}" for norm, meaning in MEANINGS.items())
        self._more_rows.add("&Norm", self.norm, when=lambda: True, more=True, tip=f"Of the change. {tip}")
        self.fields.addRow(self.more)
        self.more.toggled.connect(self._more_rows.refresh)
        self._more_rows.refresh()
        self.row.valueChanged.connect(self._describe)
        self.wanted.changed.connect(self._describe)
        self.next.clicked.connect(self._go_to_next)
        self.button.setEnabled(len(self._changeable) >= 2)
        if len(self._changeable) < 2:
            self.complain("Fewer than two numbers may change in this table. Allow more on its feature card.")
        self._on_feature_changed()
        self._describe()

    def set_verdicts(self, said: Said) -> None:
        """Tell what the network says of every row; goes to the first rejected one if the present one is accepted."""
        self._verdicts = said
        if self.wanted.reached(said)[self.row.value()]:
            self._go_to_next()
        self._describe()

    def request(self) -> CorrectionRequest:
        free = [box.currentData() for box in self.features]
        if free[0] == free[1]:
            raise InvalidRequest("The two features are the same one. Choose two.")
        stability = {name: field.value() for name, field in zip(free, self.stability, strict=True)}
        norm = self.norm.currentData()
        return request_for_row(self._data, self.row.value(), free, self.wanted.wanted(), stability, norm=norm)

    def _feature_box(self, start: int) -> QComboBox:
        box = chooser(f"correction.feature.{start}")
        for feature in self._changeable:
            box.addItem(f"{feature.name} ({feature.unit})" if feature.unit else feature.name, feature.name)
        box.setCurrentIndex(min(start, box.count() - 1))
        return box

    def _chosen(self) -> Sequence[Feature]:
        return [self._card.feature(box.currentData()) for box in self.features if box.currentData()]

    def _on_feature_changed(self) -> None:
        for feature, field in zip(self._chosen(), self.stability, strict=False):
            field.setValue(feature.half_width)
            field.setSuffix(f" {feature.unit}" if feature.unit else "")

    def _go_to_next(self) -> None:
        if self._verdicts is None:
            return
        rejected = np.flatnonzero(~self.wanted.reached(self._verdicts))
        if len(rejected):
            beyond = rejected[rejected > self.row.value()]
            self.row.setValue(int(beyond[0] if len(beyond) else rejected[0]))

    def _label_words(self, row: int) -> str:
        if self._data.task == "regression":
            return f"labelled {float(np.reshape(self._data.y[row], -1)[0]):.4g} {self._card.target_unit}".rstrip()
        return f"labelled {self._data.classes[self._data.y[row]]}" if self._data.classes else ""

    def _describe(self) -> None:
        row = self.row.value()
        words = self._label_words(row)
        if self._verdicts is not None:
            reached = self.wanted.reached(self._verdicts)
            self.next.setEnabled(not reached.all())
            words = f"{self.wanted.said_words(self._verdicts, row)}, {words}"
            if reached[row]:
                words += ": nothing to correct"
        self.verdict.setText(words)
