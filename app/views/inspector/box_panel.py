"""The box of a correction in numbers, in step with the one in the picture."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QPushButton, QVBoxLayout, QWidget

from app.actions.wording import short
from app.render.plot.slices.box_geometry import Limits
from app.views.inspector.fields import NumberField
from app.views.made import named, text_label, with_icon
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Box, Correction

PROOFS = {
    "proved": "proved: every point of the box is accepted",
    "sampled": "sampled, not proved",
    "unknown": "not proved",
    "none_exists": "provably none exists",
}
REFUTED = "refuted: part of the box is rejected"


class BoxPanel(QWidget):
    """Centre and half-widths as fields, the proof in words, and the way to the nearest stable correction."""

    box_edited = Signal(object)  # Box, with proof unknown
    snap_wanted = Signal()

    def __init__(self, correction: Correction, units: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("box_panel")
        self._filling = False
        self._region = LiveRegion.of(correction)
        self._limits = Limits.of(correction)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.centre: list[NumberField] = []
        self.half_width: list[NumberField] = []
        for feature, unit in zip(correction.request.free, units, strict=True):
            step = feature.step or (feature.high - feature.low) / 100
            centre = NumberField(f"box.centre.{feature.name}", -1e15, 1e15, 0.0, step=step)
            half = NumberField(f"box.half_width.{feature.name}", 0.0, feature.high - feature.low, 0.0, step=step)
            for field in (centre, half):
                field.setSuffix(f" {unit}" if unit else "")
                field.valueChanged.connect(self._on_edited)
            form.addRow(text_label(short(feature.name)), centre)
            form.addRow("±", half)
            self.centre.append(centre)
            self.half_width.append(half)
        self.proof = text_label(name="box.proof")
        form.addRow("Box", self.proof)
        snap = named(with_icon(QPushButton("Move to the nearest stable correction"), "correction"), "box.snap")
        snap.clicked.connect(self.snap_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(snap)
        self.set_box(correction.box)

    def set_box(self, box: Box | None) -> None:
        """Show a box, also while it is dragged."""
        self.setEnabled(box is not None)
        if box is None:
            self.proof.setText("There is no box.")
            return
        self._filling = True
        for field, value in zip((*self.centre, *self.half_width), (*box.centre, *box.half_width), strict=True):
            field.setValue(value)
        self.proof.setText(self._words_about(box))
        self._filling = False

    def _words_about(self, box: Box) -> str:
        """As in the picture: a box that is not accepted whole is refuted by a point of it."""
        if box.proof == "unknown" and not self._region.judge(box).accepted:
            return REFUTED
        return PROOFS[box.proof]

    def _on_edited(self) -> None:
        if not self._filling:
            centre, (w, h) = ([field.value() for field in fields] for fields in (self.centre, self.half_width))
            x, y = (
                self._on_steps(axis, value, half) for axis, (value, half) in enumerate(zip(centre, (w, h), strict=True))
            )
            self._filling = True
            for field, value in zip(self.centre, (x, y), strict=True):
                field.setValue(value)
            self._filling = False
            self.box_edited.emit(Box(centre=(x, y), half_width=(w, h)))

    def _on_steps(self, axis: int, centre: float, half_width: float) -> float:
        """The middle on a whole step, or so that the edges are; where nothing goes in steps, as it was typed."""
        return self._limits.placed(axis, centre, half_width, centre) if self._limits.steps[axis] else centre
