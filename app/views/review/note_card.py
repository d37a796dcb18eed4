"""How a note is drawn in the list: its number, who wrote it when, what it is about, and the beginning of its text."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.views.review.note_model import ROW
from app.views.review.note_rows import NoteRow, local_time

Index = QModelIndex | QPersistentModelIndex
PAD, GAP = 10, 3  # pixels
BADGE = 22
MOST = 400  # characters of a text that may be seen
LINES = 2


class NoteCard(QStyledItemDelegate):
    """Paints a `NoteRow`. Everything it says is said by the model's texts as well."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW)
        metrics = QFontMetrics(option.font)
        view = option.widget
        width = view.viewport().width() if view is not None and hasattr(view, "viewport") else option.rect.width()
        text = row.note.text[:MOST]
        long = "\n" in text or metrics.horizontalAdvance(text) > width - 3 * PAD - BADGE
        lines = (1 + LINES if long else 2) + 1
        return QSize(80, lines * metrics.lineSpacing() + 2 * PAD + 2 * GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: NoteRow = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette, area = option.palette, QRectF(option.rect)
        ground = palette.color(QPalette.ColorRole.Base)
        accent, ink = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.Text)
        if selected:
            wash = QColor(accent)
            wash.setAlphaF(0.14)
            painter.fillRect(area, wash)
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), accent)
        line = QColor(ink)
        line.setAlphaF(0.12)
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), line)
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        inner = area.adjusted(PAD, PAD, -PAD, -PAD)
        self._badge(
            painter, QRectF(inner.left(), inner.top() - 1, BADGE, BADGE), row, (accent, ground, ink), option.font
        )
        words = inner.adjusted(BADGE + PAD, 0, 0, 0)
        self._words(painter, words, row, option.font, (quiet if row.note.resolved else ink, quiet))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(accent, 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(1, 1, -2, -2))
        painter.restore()

    @staticmethod
    def _badge(
        painter: QPainter, place: QRectF, row: NoteRow, inks: tuple[QColor, QColor, QColor], font: QFont
    ) -> None:
        accent, ground, ink = inks
        small = QFont(font)
        small.setBold(True)
        small.setPointSizeF(font.pointSizeF() * (0.9 if row.number < 100 else 0.75))
        painter.setFont(small)
        painter.setPen(QPen(accent, 1.5))
        painter.setBrush(ground if row.note.resolved else accent)
        painter.drawEllipse(place.adjusted(1, 1, -1, -1))
        painter.setPen(ink if row.note.resolved else QColor("white"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(row.number))

    @staticmethod
    def _words(painter: QPainter, place: QRectF, row: NoteRow, font: QFont, inks: tuple[QColor, QColor]) -> None:
        ink, quiet = inks
        metrics, bold = QFontMetrics(font), QFont(font)
        bold.setBold(True)
        high = metrics.lineSpacing()
        time = f"{'✓ ' if row.note.resolved else ''}{local_time(row.note.created_utc)}"
        painter.setFont(font)
        painter.setPen(quiet)
        first = QRectF(place.left(), place.top(), place.width(), high)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, time)
        room = int(place.width()) - metrics.horizontalAdvance(time) - PAD
        painter.setFont(bold)
        painter.setPen(ink)
        author = QFontMetrics(bold).elidedText(row.signed, Qt.TextElideMode.ElideRight, room)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, author)
        painter.setFont(font)
        painter.setPen(quiet)
        second = first.translated(0, high + GAP)
        about = metrics.elidedText(row.where, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, about)
        painter.setPen(ink)
        draw_lines(painter, second.translated(0, high + GAP), row.note.text[:MOST], font)


def draw_lines(painter: QPainter, first: QRectF, text: str, font: QFont, lines: int = LINES) -> None:
    """The beginning of a text in so many lines from the first on, in the direction in which it is written."""
    flat = "\u2028".join(part for part in text.splitlines() if part.strip())
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout, metrics = QTextLayout(flat, font), QFontMetrics(font)
    layout.setTextOption(option)
    layout.beginLayout()
    ends = []
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(first.width())
        line.setPosition(QPointF(0, number * first.height()))
        ends.append((line.textStart(), line.textStart() + line.textLength()))
    layout.endLayout()
    if not ends or ends[-1][1] >= len(flat):
        layout.draw(painter, first.topLeft())
        return
    start = ends[-1][0]
    whole = flat[start:].replace("\u2028", " ")
    last = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, int(first.width()))
    if start:
        draw_lines(painter, first, flat[:start], font, lines - 1)
    painter.drawText(first.translated(0, (len(ends) - 1) * first.height()), last, option)
