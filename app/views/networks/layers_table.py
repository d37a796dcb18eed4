"""The parameters of a network by layer, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.views.networks.item_table import Column, ItemTable
from app.views.networks.number_lists import shape_text
from core.networks.layers import Layer

WIDEST_NAME = 150  # pixels; the tooltip has all of a long name


@dataclass(frozen=True, kw_only=True)
class LayerRow:
    """One layer, with its place among the others."""

    id: str
    layer: Layer
    share: float  # of all parameters

    @property
    def shapes(self) -> str:
        return ", ".join(f"{name} {shape_text(shape)}" for name, shape in self.layer.shapes)


COLUMNS: tuple[Column[LayerRow], ...] = (
    Column(title="Layer", text=lambda row: row.layer.name or "(network)"),
    Column(title="Parameters", text=lambda row: f"{row.layer.count:,}", key=lambda row: row.layer.count),
    Column(title="Share", text=lambda row: f"{row.share:.1%}", key=lambda row: row.share),
    Column(title="Shapes", text=lambda row: row.shapes),
)


class LayersTable(ItemTable[LayerRow]):
    """Layers in the order of the network, until a heading is pressed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "Parameters by layer", COLUMNS, parent)
        self.setMinimumHeight(6 * self.verticalHeader().defaultSectionSize())
        self.horizontalHeader().setStretchLastSection(True)

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Show these."""
        total = max(1, sum(layer.count for layer in layers))
        self.set_rows(
            [LayerRow(id=str(index), layer=layer, share=layer.count / total) for index, layer in enumerate(layers)]
        )
        self.fit_columns()
        self.setColumnWidth(0, min(self.columnWidth(0), WIDEST_NAME))
