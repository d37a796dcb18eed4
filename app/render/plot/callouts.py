"""Labels inside a plot that keep clear of one another and of what they name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.render.plot.pixel_item import PixelItem
from app.render.plot.style import PlotColours, faded, line_pen

PADDING = 5.0  # pixels between a label's text and its border
DISTANCES = (9.0, 26.0, 52.0, 90.0)  # pixels between a label and what it names: as near as there is room
LEADER = 20.0  # pixels from which on a line leads from the label to its place
REGRET = 0.1  # of covering what is worth seeing, against 1 for covering an obstacle
_AROUND = ((1, -1), (1, 1), (-1, -1), (-1, 1), (0, -1), (0, 1), (1, 0), (-1, 0))  # y points downwards

Worth = Callable[[QRectF], float]  # share of a rectangle that is worth seeing, 0 to 1


@dataclass(frozen=True)
class Callout:
    """Text in a frame beside a rectangle of the plot, which may be a point."""

    text: str
    anchor: QRectF  # in pixels of the view box
    colour: QColor  # of the frame


@dataclass(frozen=True)
class Placed:
    """A callout with the place that was found for it."""

    callout: Callout
    rect: QRectF


def place_label(
    size: QSizeF,
    anchor: QRectF,
    obstacles: Sequence[QRectF],
    room: QRectF,
    previous: QRectF | None = None,
    worth: Worth | None = None,
) -> QRectF:
    """Where a label goes: as near to its anchor as it can without covering an obstacle or leaving the room.

    Every place is tried in the order of preference; where all are taken, the least covered one is used. The previous
    place comes first while it is near, so that a label does not jump while a box is moved. `worth` says which share of
    a place one would rather see than cover; it decides among the places that are free.
    """
    candidates = [_moved_into(room, rect) for rect in _around(size, anchor)] + _corners(size, room)
    if previous is not None and previous.size() == size and _near(previous, anchor):
        candidates.insert(0, previous)
    least, best = float("inf"), candidates[0]
    for rect in candidates:
        cost = _covered(rect, obstacles, room)
        if cost < least and worth is not None:
            cost += REGRET * _area(rect) * worth(rect)
        if cost < least:
            least, best = cost, rect
        if cost == 0:
            break
    return best


def _around(size: QSizeF, anchor: QRectF) -> list[QRectF]:
    places = []
    for distance in DISTANCES:
        for x, y in _AROUND:
            horizontal = anchor.width() / 2 + (size.width() / 2 if y == 0 or anchor.width() < 12 else -size.width() / 2)
            centre = QPointF(
                anchor.center().x() + x * (horizontal + (distance if y == 0 or anchor.width() < 12 else 0)),
                anchor.center().y() + y * (anchor.height() / 2 + size.height() / 2 + distance),
            )
            places.append(_about(centre, size))
    return places


def _corners(size: QSizeF, room: QRectF) -> list[QRectF]:
    x = (room.left() + size.width() / 2, room.right() - size.width() / 2)
    y = (room.top() + size.height() / 2, room.bottom() - size.height() / 2)
    return [_about(QPointF(a, b), size) for b in y for a in x]


def _about(centre: QPointF, size: QSizeF) -> QRectF:
    # Whole pixels: text on half a pixel looks blurred.
    left, top = round(centre.x() - size.width() / 2), round(centre.y() - size.height() / 2)
    return QRectF(QPointF(left, top), size)


def _moved_into(room: QRectF, rect: QRectF) -> QRectF:
    """The rectangle, pushed inside as little as needed; its left and top where it is too large."""
    left = max(room.left(), min(rect.left(), room.right() - rect.width()))
    top = max(room.top(), min(rect.top(), room.bottom() - rect.height()))
    return QRectF(QPointF(round(left), round(top)), rect.size())


def _near(rect: QRectF, anchor: QRectF) -> bool:
    reach = DISTANCES[-1]
    return rect.intersects(anchor.adjusted(-reach, -reach, reach, reach))


def _covered(rect: QRectF, obstacles: Sequence[QRectF], room: QRectF) -> float:
    """Pixels of the label that lie on something, or outside: outside is worse."""
    inside = rect.intersected(room)
    lost = rect.width() * rect.height() - inside.width() * inside.height()
    return 4 * lost + sum(_area(rect.intersected(obstacle)) for obstacle in obstacles)


def _area(rect: QRectF) -> float:
    return max(rect.width(), 0.0) * max(rect.height(), 0.0)


class CalloutItem(PixelItem):
    """A group of callouts, placed one after the other, the most important first."""

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._placed: tuple[Placed, ...] = ()
        self._bounds = QRectF()
        self._colours: PlotColours | None = None
        self._font = QFont()

    @property
    def placed(self) -> tuple[Placed, ...]:
        """What is shown, and where."""
        return self._placed

    def set_look(self, colours: PlotColours, font: QFont) -> None:
        """Follow palette and font."""
        self._colours, self._font = colours, font
        self.update()

    def show_callouts(
        self,
        callouts: Sequence[Callout],
        obstacles: Sequence[QRectF],
        *,
        keep: bool = False,
        worth: Worth | None = None,
    ) -> None:
        """Place these clear of the obstacles and of one another; `keep`: where they were, while that is free."""
        room = self.view.boundingRect().adjusted(3, 3, -3, -3)
        taken, placed = list(obstacles), list[Placed]()
        before = [each.rect for each in self._placed] if keep else []
        for index, callout in enumerate(callouts):
            previous = before[index] if index < len(before) else None
            rect = place_label(self._size(callout.text), callout.anchor, taken, room, previous, worth)
            placed.append(Placed(callout, rect))
            taken.append(rect)
        self.prepareGeometryChange()
        self._placed = tuple(placed)
        self._bounds = QRectF()
        for each in placed:
            self._bounds = self._bounds.united(each.rect.united(each.callout.anchor).adjusted(-2, -2, 2, 2))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def draw(self, painter: QPainter) -> None:
        if self._colours is None:
            return
        painter.setFont(self._font)
        for each in self._placed:
            self._draw_leader(painter, each)  # all of them first: no line runs across a text
        for each in self._placed:
            painter.setPen(line_pen(each.callout.colour, 1.2))
            painter.setBrush(faded(self._colours.background, 0.96))
            painter.drawRoundedRect(each.rect, 3, 3)
            painter.setPen(self._colours.text)
            inner = each.rect.adjusted(PADDING, PADDING - 1, 0, 0)
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, each.callout.text)

    def _draw_leader(self, painter: QPainter, each: Placed) -> None:
        target = each.callout.anchor.center()
        start = QPointF(
            min(max(target.x(), each.rect.left()), each.rect.right()),
            min(max(target.y(), each.rect.top()), each.rect.bottom()),
        )
        end = QPointF(
            min(max(start.x(), each.callout.anchor.left()), each.callout.anchor.right()),
            min(max(start.y(), each.callout.anchor.top()), each.callout.anchor.bottom()),
        )
        if (end - start).manhattanLength() > LEADER:
            painter.setPen(line_pen(each.callout.colour, 1.0))
            painter.drawLine(start, end)

    def _size(self, text: str) -> QSizeF:
        metrics = QFontMetricsF(self._font)
        lines = text.split("\n")
        width = max(metrics.horizontalAdvance(line) for line in lines)
        return QSizeF(round(width + 2 * PADDING), round(metrics.lineSpacing() * len(lines) + 2 * PADDING - 2))
