"""One pin on the screen: a drop with a number in it, whose tip is on the place that the note is about."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.render.pins.pin import Pin

HEAD = 22  # pixels across the head of a pin
HALO = 4  # pixels around it that are left to the ring of the note that is read
FAINT = 0.68  # how solid a settled one is drawn, and one behind the surface
RIM = QColor(255, 255, 255)
INK = QColor(28, 33, 38)  # of the number of a settled one, which is paper in either theme: pictures keep their colours
SHADE = QColor(0, 0, 0, 70)
JOIN = Qt.PenJoinStyle.RoundJoin


class PinMark(QAbstractButton):
    """Shows the first of its pins, and how many more there are; the button is pressed to read them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setObjectName("pin")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pins: tuple[Pin, ...] = ()
        self.current = self.hidden = False
        self._left = self._below = False  # on which side of its tip it lies: where there is room
        self._tip = QPointF()

    @property
    def lead(self) -> Pin:
        """The pin that is seen."""
        return self.pins[0]

    @property
    def tip_place(self) -> QPointF:
        """The point of the parent that it marks."""
        return self._tip

    def show_pins(self, pins: Sequence[Pin], *, current: bool, hidden: bool) -> None:
        """Stand for these: the one that leads is read if `current`, and behind something if `hidden`."""
        if (tuple(pins), current, hidden) != (self.pins, self.current, self.hidden):
            self.pins, self.current, self.hidden = tuple(pins), current, hidden
            more = len(self.pins) - 1
            self.setAccessibleName(self.lead.words + (f", and {more} more here" if more else ""))
            self.setToolTip("<hr>".join(pin.tip for pin in self.pins[:3]) + (f"<hr>{more - 2} more" * (more > 2)))
            self.resize(self.sizeHint())
            self.update()

    def put(self, tip: QPointF) -> None:
        """Point at this place of the parent, from where there is room."""
        self._tip = QPointF(tip)
        room = self._ground.size()
        self._left = tip.x() + self.width() > room.width() and tip.x() > self.width()
        self._below = tip.y() < self.height()
        x = tip.x() + HALO - (self.width() if self._left else 2 * HALO)
        y = tip.y() + HALO - (2 * HALO if self._below else self.height())
        place = QPoint(round(x), round(y))
        if place != self.pos():
            self.move(place)
            self.update()

    def sizeHint(self) -> QSize:
        wide = max(HEAD, self._font_metrics_width() + 12)
        return QSize(wide + 2 * HALO, HEAD + 2 * HALO)

    def _font_metrics_width(self) -> int:
        self.setFont(self._number_font())
        return self.fontMetrics().horizontalAdvance(self._text())

    def _number_font(self) -> QFont:
        font = QFont(self._ground.font())
        font.setBold(True)
        font.setPointSizeF(max(7.0, font.pointSizeF() * (0.95 if len(self._text()) < 3 else 0.85)))
        return font

    def _text(self) -> str:
        if not self.pins:
            return ""
        first = str(self.lead.number) if self.lead.number else "+"
        return first if len(self.pins) == 1 else f"{first} +{len(self.pins) - 1}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(HALO, HALO, -HALO, -HALO)
        shape = _drop(body, left=self._left, below=self._below)
        if self.current or self.hasFocus() or self.underMouse():  # one ring inside another is seen on any colour
            accent = self.palette().color(QPalette.ColorRole.Highlight)
            for ring, width in ((accent, 2 * HALO), (RIM, 2 * HALO - (3 if self.current else 1.6))):
                painter.setPen(QPen(ring, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, JOIN))
                painter.drawPath(shape)
        painter.setOpacity(FAINT if (self.lead.resolved or self.hidden) and not self.current else 1.0)
        if not self.current:
            painter.setPen(QPen(SHADE, 3.2))
            painter.drawPath(shape)
        fill, ink, rim = self._colours()
        painter.setPen(QPen(rim, 1.5))
        painter.setBrush(fill)
        painter.drawPath(shape)
        painter.setFont(self._number_font())
        painter.setPen(ink)
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, self._text())
        painter.end()

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Of the head, its number and its rim: full for what is open, hollow for what is settled."""
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Highlight)
        if self.lead.resolved:
            return RIM, INK, accent
        return accent, palette.color(QPalette.ColorRole.HighlightedText), RIM


def _drop(body: QRectF, *, left: bool, below: bool) -> QPainterPath:
    """A round body whose corner at the tip is sharp."""
    shape = QPainterPath()
    shape.addRoundedRect(body, body.height() / 2, body.height() / 2)
    half = body.height() / 2
    corner = QRectF(
        body.right() - half if left else body.left(), body.top() if below else body.bottom() - half, half, half
    )
    sharp = QPainterPath()
    sharp.addRect(corner)
    return shape.united(sharp).simplified()
