"""A bar behind a percentage in a table."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.views.networks.item_table import SORTED_BY, Index


class ShareBar(QStyledItemDelegate):
    """Paints the number by which a column sorts, 0 to 1, as a bar; the text is on top of it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        share = index.data(SORTED_BY)
        if isinstance(share, float):
            cell = QRectF(option.rect).adjusted(2, 3, -2, -3)
            colour = QColor(option.palette.highlight().color())
            colour.setAlphaF(0.28)
            painter.fillRect(QRectF(cell.left(), cell.top(), cell.width() * min(1.0, share), cell.height()), colour)
        super().paint(painter, option, index)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.displayAlignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
