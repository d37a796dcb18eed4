"""The listed notes as Qt's views want them."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.views.review.note_rows import NoteRow, tip_of

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
NOWHERE = QModelIndex()


class NoteModel(QAbstractListModel):
    """Rows in the order in which they are seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[NoteRow, ...] = ()

    def set_rows(self, rows: Sequence[NoteRow]) -> None:
        """Show these. Where only the content of some is another, nothing moves."""
        before, rows = self.rows, tuple(rows)
        if [row.id for row in before] != [row.id for row in rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        for place, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old is not new:
                self.dataChanged.emit(self.index(place), self.index(place))

    def place_of(self, note_id: str) -> int | None:
        """Where a note is seen; None if it is not."""
        return next((place for place, row in enumerate(self.rows) if row.id == note_id), None)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.spoken
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.spoken}. {row.about}. {row.state}."
        return tip_of(row) if role == Qt.ItemDataRole.ToolTipRole else None
