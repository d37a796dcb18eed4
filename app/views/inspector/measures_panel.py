"""The measures of a surface or a curve: a number each, its definition one click away."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.actions.wording import tip
from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.views.inspector.facts import WIDEST_NAME
from app.views.made import named, text_label
from core.exchange.tables.rows import csv_text
from core.landscape.measures.measure import Measure

Measures = Sequence[Measure]


class MeasuresPanel(QWidget):
    """Filled from another thread, because basins and barriers take longer than a frame.

    Parameters
    ----------
    measure : callable
        Computes the measures; touches no widget.
    """

    def __init__(self, measure: Callable[[], Measures], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("measures_panel")
        self.measures: Measures = ()
        self.warning = text_label(name="measures.warning")
        self.warning.hide()
        self.state = text_label("Being measured…", "measures.state")
        self._rows = QGridLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(6)
        self._rows.setVerticalSpacing(3)
        self._rows.setColumnStretch(1, 1)
        self.copy = named(QPushButton("Copy as CSV"), "measures.copy")
        self.copy.setToolTip("Copy names, values, units and definitions, for a table or a review")
        self.copy.setEnabled(False)
        self.copy.clicked.connect(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.warning)
        layout.addWidget(self.state)
        layout.addLayout(self._rows)
        layout.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        run_in_background(measure, self._show, self._explain, name="the measures", owner=self)

    def warn(self, text: str) -> None:
        """Say above the measures what they must not be taken for."""
        self.warning.setText(text)
        self.warning.show()

    def _show(self, measures: Measures) -> None:
        self.measures = measures
        self.state.setText("" if measures else "Nothing can be measured on this yet.")
        self.state.setVisible(not measures)
        self.copy.setEnabled(bool(measures))
        for place, measure in enumerate(measures):
            self._add(2 * place, measure)

    def _explain(self, failure: JobFailure) -> None:
        self.state.setText(failure.message)

    def _add(self, row: int, measure: Measure) -> None:
        name, value = text_label(measure.name), text_label(measure.text, f"measure.{measure.key}")
        name.setEnabled(False)
        name.setFixedWidth(WIDEST_NAME + 8)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setAccessibleName(f"{measure.name}: {measure.text}")
        value.setToolTip(tip(measure.definition))
        why = named(QToolButton(), f"measure.{measure.key}.definition")
        why.setText("?")
        why.setCheckable(True)
        why.setAutoRaise(True)
        why.setToolTip("What exactly this is")
        why.setAccessibleName(f"Definition of {measure.name}")
        definition = _definition(measure)
        why.toggled.connect(definition.setVisible)
        top = Qt.AlignmentFlag.AlignTop
        self._rows.addWidget(name, row, 0, top)
        self._rows.addWidget(value, row, 1, top)
        self._rows.addWidget(why, row, 2, top)
        self._rows.addWidget(definition, row + 1, 0, 1, 3)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_csv(self.measures))


def as_csv(measures: Measures) -> str:
    """A table with a heading: name, value, unit, definition, source, caveat."""
    heads = ("measure", "value", "unit", "definition", "source", "caveat")
    rows = [(one.name, repr(one.value), one.unit, one.definition, one.source, one.caveat) for one in measures]
    return csv_text([heads, *rows])


def _definition(measure: Measure) -> QLabel:
    parts = [measure.definition, f"Source: {measure.source}." if measure.source else "", measure.caveat]
    label = text_label("\n".join(part for part in parts if part), f"measure.{measure.key}.words")
    label.setContentsMargins(10, 0, 0, 6)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.hide()
    return label
