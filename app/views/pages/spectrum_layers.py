"""The curvature of every layer by itself, as a table that sorts and copies."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.render.plot.number_text import with_error
from app.views.made import named, with_icon
from app.views.networks.item_table import Column, ItemTable
from core.exchange.tables.rows import Cell, csv_text
from core.exchange.words import number, whole
from core.spectrum.spectrum import LayerCurvature

ALONE = "(on their own)"
LEAST_ROWS = 3
WIDEST_NAME = 150  # pixels; the tooltip has all of a long name


@dataclass(frozen=True, kw_only=True)
class LayerRow:
    """One layer's own block; its id is the name of the module."""

    id: str
    layer: LayerCurvature


def _magnitude(value: float) -> float:
    return -math.inf if math.isnan(value) else value


COLUMNS: tuple[Column[LayerRow], ...] = (
    Column(title="Layer", text=lambda row: row.id or ALONE, tooltip="The module whose parameters alone are varied"),
    Column(
        title="Parameters",
        text=lambda row: whole(row.layer.parameters),
        key=lambda row: row.layer.parameters,
        tooltip="Numbers in it",
    ),
    Column(
        title="Top eigenvalue",
        text=lambda row: number(row.layer.top_eigenvalue, 4),
        key=lambda row: _magnitude(row.layer.top_eigenvalue),
        hint=lambda row: f"± residual {number(row.layer.residual, 2)}: a true eigenvalue lies within",
        tooltip="Of largest magnitude, with its sign; loss per squared weight",
    ),
    Column(
        title="Trace",
        text=lambda row: _trace(row.layer),
        key=lambda row: _magnitude(row.layer.trace.value),
        tooltip="Sum of all eigenvalues ± standard error over random vectors; loss per squared weight",
    ),
    Column(
        title="Share of v₁",
        text=lambda row: "—" if math.isnan(row.layer.share) else f"{100 * row.layer.share:.3g} %",
        key=lambda row: _magnitude(row.layer.share),
        tooltip="Of the squared length of the whole network's first eigenvector that lies in this layer",
    ),
)


def _trace(layer: LayerCurvature) -> str:
    """As many digits as the error leaves."""
    value, error = layer.trace.value, layer.trace.standard_error
    return number(value, 4) if error == 0 else with_error(value, error)


class LayerTable(ItemTable[LayerRow]):
    """Layers in the order of the network until a heading is pressed; copies all digits, with units."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "Curvature of every layer", COLUMNS, parent)
        self.unit = "loss per squared weight"
        self.setMinimumHeight((LEAST_ROWS + 1) * self.verticalHeader().defaultSectionSize())
        self.horizontalHeader().setStretchLastSection(True)

    def fit_columns(self) -> None:
        """As narrow as their contents: the page has little room beside the density."""
        self.resizeColumnsToContents()
        self.setColumnWidth(0, min(self.columnWidth(0), WIDEST_NAME))

    def as_csv(self) -> str:
        unit = self.unit
        heads = [
            "layer",
            "parameters",
            f"top eigenvalue ({unit})",
            f"residual ({unit})",
            f"trace ({unit})",
            f"standard error of trace ({unit})",
            "share of the first eigenvector",
        ]
        rows: list[list[Cell]] = [[*heads]]
        for row in self.seen_rows():
            layer = row.layer
            numbers = (layer.top_eigenvalue, layer.residual, layer.trace.value, layer.trace.standard_error, layer.share)
            rows.append([row.id or ALONE, layer.parameters, *map(repr, numbers)])
        return csv_text(rows)


class LayerPanel(QWidget):
    """The table, and what can be done with the selected layer."""

    layer_wanted = Signal(str)  # name of a layer whose spectrum is to be computed
    read = Signal(str)  # words about the selected layer

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"layers.{item_id}")
        self.table = LayerTable(f"layers.table.{item_id}")
        self.alone = named(with_icon(QPushButton("Spectrum of this &layer"), "compute"), f"layers.alone.{item_id}")
        self.alone.setToolTip("Compute the eigenvalues of this layer's own block, the other weights at rest")
        self.alone.setEnabled(False)
        self.copy = named(QPushButton("Cop&y table"), f"layers.copy.{item_id}")
        self.copy.setToolTip(
            "Copy the table as CSV, with headings and units, in the order in which it is shown (Ctrl+C)"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addWidget(self.alone)
        row.addStretch(1)
        row.addWidget(self.copy)
        layout.addLayout(row)
        self.table.chosen.connect(self._on_chosen)
        self.table.chosen.connect(self._tell)
        self.table.activated_row.connect(self.layer_wanted)
        self.alone.clicked.connect(self._on_alone)
        self.copy.clicked.connect(self.table.copy_csv)

    def set_layers(self, layers: Sequence[LayerCurvature], unit: str) -> None:
        """Show these layers; the selected one stays selected."""
        self.table.unit = unit
        self.table.set_rows([LayerRow(id=layer.layer, layer=layer) for layer in layers])
        self._on_chosen(self.table.current_id)

    def layer(self, name: str | None) -> LayerCurvature | None:
        """The row of that name."""
        return next((row.layer for row in self.table.model_of_rows.rows if row.id == name), None)

    def _on_chosen(self, name: str | None) -> None:
        layer = self.layer(name)
        self.alone.setEnabled(layer is not None and bool(layer.layer))

    def _tell(self, name: str) -> None:
        if (layer := self.layer(name)) is not None:
            self.read.emit(layer_words(layer, self.table.unit))

    def _on_alone(self) -> None:
        if (name := self.table.current_id) is not None:
            self.layer_wanted.emit(name)


def layer_words(layer: LayerCurvature, unit: str) -> str:
    """All that is known of one layer, in a sentence."""
    error = layer.trace.standard_error
    trace = f"{number(layer.trace.value, 5)}, exact" if error == 0 else f"{_trace(layer)} (standard error)"
    share = "" if math.isnan(layer.share) else f"; {100 * layer.share:.3g} % of the first eigenvector"
    return (
        f"{layer.layer or ALONE}: top eigenvalue {number(layer.top_eigenvalue, 5)} ± {number(layer.residual, 2)} "
        f"(residual), trace {trace}, {unit}, {whole(layer.parameters)} parameters{share}"
    )
