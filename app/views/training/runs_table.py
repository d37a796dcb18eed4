"""The table of runs: several can be selected, each shown run has its colour before its name."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.views.networks.item_table import Index, ItemTable
from app.views.training.run_rows import COLUMNS, RunRow

SWATCH = 16  # pixels before the name


class _Swatches(QStyledItemDelegate):
    """Draws the colour of a run's curve before its name."""

    def __init__(self, table: "RunsTable") -> None:
        super().__init__(table)
        self._table = table

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        colour = self._table.colour_at(index)
        picture = QPixmap(SWATCH, SWATCH)
        picture.fill(Qt.GlobalColor.transparent)
        if colour is not None:
            painter = QPainter(picture)
            painter.fillRect(2, SWATCH // 2 - 2, SWATCH - 4, 4, colour)
            painter.end()
        option.icon = QIcon(picture)
        option.decorationSize = picture.size()
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration


class RunsTable(ItemTable[RunRow]):
    """One row per run. The selection is told as a whole, because two runs can be compared."""

    selected = Signal(object)  # tuple of ids, in the order of the table

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("training.runs", "Runs", COLUMNS, parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._colours: Mapping[str, QColor] = {}
        self._refilling = False
        self.setItemDelegateForColumn(0, _Swatches(self))
        self.selectionModel().selectionChanged.connect(self._on_selection)

    @property
    def selected_ids(self) -> tuple[str, ...]:
        """Ids of the selected rows."""
        return tuple(self._id_at(index) for index in self.selectionModel().selectedRows())

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these rows; what is selected stays selected if it is still there."""
        kept = self.selected_ids
        same = [row.id for row in rows] == [row.id for row in self.model_of_rows.rows]
        self._refilling = True
        super().set_rows(rows)
        if not same:
            self.select_ids(kept)
        self._refilling = False
        if self.selected_ids != kept:
            self.selected.emit(self.selected_ids)

    def select_ids(self, ids: Sequence[str]) -> None:
        """Select these rows and no others."""
        places = {row.id: place for place, row in enumerate(self.model_of_rows.seen)}
        selection = self.selectionModel()
        selection.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for run_id in ids:
            if run_id in places:
                selection.select(self.model_of_rows.index(places[run_id], 0), flags)

    def set_colours(self, colours: Mapping[str, QColor]) -> None:
        """Say which runs are drawn, and in which colour."""
        self._colours = colours
        self.viewport().update()

    def colour_at(self, index: Index) -> QColor | None:
        """The colour of the run in that row; None if it is not drawn."""
        return self._colours.get(self._id_at(index))

    def _on_selection(self) -> None:
        if not self._refilling:
            self.selected.emit(self.selected_ids)
