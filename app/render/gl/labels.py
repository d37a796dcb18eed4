"""Ticks and titles of the box, written in the window's own font over the picture."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF, QTransform

from app.render.gl.box_lines import Axes, far_walls
from app.render.gl.projection import Projection
from core.landscape.plane import FloatArray

TICK = 5.0  # pixels
GAP = 4.0
FLAT = 0.35  # share of the height that is left when it is seen from above; below, it cannot be read
STEEP = 0.77  # sine of the elevation above which the edges of the top may lie further out than those of the floor
SHORTEST_AXIS = 40.0  # pixels; an axis that points at the viewer has no room for numbers


@dataclass(frozen=True, kw_only=True, eq=False)
class Ruler:
    """One edge of the box on the screen, with what is to be written along it."""

    start: FloatArray  # (2,), pixels
    end: FloatArray
    outwards: FloatArray  # (2,), unit length, away from the box
    places: FloatArray  # (n, 2), pixels
    texts: tuple[str, ...]
    titles: tuple[str, ...]  # the longest first


def rulers(axes: Axes, view: Projection) -> list[Ruler]:
    """The edges that carry numbers from this point of view: two of the floor, and one upright at the left."""
    box = axes.box
    found = [_floor_ruler(axes, view, 0), _floor_ruler(axes, view, 1)]
    far_x, far_y = far_walls(view)
    uprights = np.array(
        [[far_x * box.half_x, -far_y * box.half_y, 0.0], [-far_x * box.half_x, far_y * box.half_y, 0.0]]
    )
    foot = uprights[int(np.argmin(view.to_pixels(uprights)[:, 0]))]
    head = np.array([foot[0], foot[1], box.tall])
    if abs(view.up[2]) > FLAT:
        along_z = np.array([[foot[0], foot[1], tick] for tick, _ in axes.z]).reshape(-1, 3)
        found.append(_ruler(view, foot, head, None, along_z, axes.z, _titles(axes, 2)))
    return [ruler for ruler in found if np.hypot(*(ruler.end - ruler.start)) >= SHORTEST_AXIS]


def _floor_ruler(axes: Axes, view: Projection, axis: int) -> Ruler:
    """The near edge along x (0) or y (1): of the floor, or from above or below of the top, if that is further out."""
    box = axes.box
    half = (box.half_x, box.half_y)
    outwards = np.zeros(3)
    outwards[1 - axis] = -far_walls(view)[1 - axis]
    ticks = (axes.x, axes.y)[axis]
    candidates = []
    looking_down = float(np.cross(view.right, view.up)[2])
    for z in (box.floor, box.tall) if looking_down > STEEP or looking_down < 0 else (box.floor,):
        edge = outwards * half[1 - axis] + [0.0, 0.0, z]
        start, end = edge.copy(), edge.copy()
        start[axis], end[axis] = -half[axis], half[axis]
        places = np.tile(edge, (len(ticks), 1))
        places[:, axis] = [tick for tick, _ in ticks]
        candidates.append(_ruler(view, start, end, outwards, places, ticks, _titles(axes, axis)))
    reach = [float((ruler.start + ruler.end) / 2 @ candidates[0].outwards) for ruler in candidates]
    return candidates[int(np.argmax(reach))]


def _ruler(
    view: Projection,
    start: FloatArray,
    end: FloatArray,
    outwards: FloatArray | None,
    places: FloatArray,
    ticks: tuple[tuple[float, str], ...],
    titles: tuple[str, ...],
) -> Ruler:
    first, last = view.to_pixels(np.array([start, end]))
    direction = np.array([-1.0, 0.0])
    if outwards is not None:
        middle = (start + end) / 2
        inner, outer = view.to_pixels(np.array([middle, middle + 0.2 * outwards]))
        length = float(np.hypot(*(outer - inner)))
        direction = (outer - inner) / length if length > 1.0 else np.array([0.0, 1.0])
    return Ruler(
        start=first,
        end=last,
        outwards=direction,
        places=view.to_pixels(places) if len(places) else np.empty((0, 2)),
        texts=tuple(text for _, text in ticks),
        titles=titles,
    )


def _titles(axes: Axes, axis: int) -> tuple[str, ...]:
    return axes.titles[axis], axes.titles[axis].split(" (")[0], axes.symbols[axis]


class LabelPainter:
    """Writes labels one after the other and leaves out those that would touch an earlier one or the border."""

    def __init__(self, painter: QPainter, area: QRectF, font: QFont, colour: QColor) -> None:
        self._painter = painter
        self._area = area
        self._metrics = QFontMetricsF(font)
        self._colour = colour
        self._taken: list[QPolygonF] = []
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def write_axes(self, axes: Axes, view: Projection) -> None:
        """All numbers, then all titles beyond them."""
        edges = rulers(axes, view)
        depths = [self._write_ticks(ruler) for ruler in edges]
        for ruler, depth in zip(edges, depths, strict=True):
            self._write_title(ruler, depth)

    def write_tag(self, place: QPointF, text: str, background: QColor) -> None:
        """A word beside a mark, on a quiet ground so that it can be read on every colour."""
        size = self._size(text)
        for dx, dy in ((1, -1), (-1, -1), (1, 1), (-1, 1)):
            centre = QPointF(place.x() + dx * (size[0] / 2 + 16), place.y() + dy * (size[1] / 2 + 8))
            rectangle = QRectF(0, 0, size[0] + 10, size[1] + 2)
            rectangle.moveCenter(centre)
            if self._area.contains(rectangle) and self._free(QPolygonF(rectangle)):
                ground = QColor(background)
                ground.setAlphaF(0.82)
                self._painter.setPen(Qt.PenStyle.NoPen)
                self._painter.setBrush(ground)
                self._painter.drawRoundedRect(rectangle, 3, 3)
                self._painter.setPen(self._colour)
                self._painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, text)
                self._taken.append(QPolygonF(rectangle))
                return

    def _size(self, text: str) -> tuple[float, float]:
        return self._metrics.horizontalAdvance(text), self._metrics.height()

    def _free(self, outline: QPolygonF) -> bool:
        return not any(outline.intersects(other) for other in self._taken)

    def _write_ticks(self, ruler: Ruler) -> float:
        """Returns how far the numbers reach away from the axis, in pixels."""
        faint = QColor(self._colour)
        faint.setAlphaF(0.5)
        deepest = 0.0
        for place, text in zip(ruler.places, ruler.texts, strict=True):
            size = self._size(text)
            # From the axis to the middle of a text that just clears it, in whatever direction that is.
            reach = TICK + GAP + abs(ruler.outwards[0]) * size[0] / 2 + abs(ruler.outwards[1]) * size[1] / 2
            rectangle = QRectF(0, 0, size[0], size[1])
            rectangle.moveCenter(QPointF(*(place + reach * ruler.outwards)))
            outline = QPolygonF(rectangle.adjusted(-3, 1, 3, -1))
            if not (self._area.contains(rectangle) and self._free(outline)):
                continue
            self._painter.setPen(faint)
            self._painter.drawLine(QPointF(*place), QPointF(*(place + TICK * ruler.outwards)))
            self._painter.setPen(self._colour)
            self._painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, text)
            self._taken.append(outline)
            deepest = max(deepest, 2 * reach - TICK - GAP)
        return deepest

    def _write_title(self, ruler: Ruler, depth: float) -> None:
        """Along the axis, beyond its numbers; without its unit, or in a letter, where there is no room."""
        run = ruler.end - ruler.start
        angle = float(np.degrees(np.arctan2(run[1], run[0])))
        angle = (angle + 90.0) % 180.0 - 90.0
        if abs(angle) > 89.0:
            angle = -90.0
        across = np.array([-run[1], run[0]]) / max(float(np.hypot(*run)), 1e-6)
        away = abs(float(across @ ruler.outwards))
        for text in ruler.titles:
            size = self._size(text)
            for further in (0.0, 6.0, 14.0):
                distance = depth + GAP + further + size[1] / 2 / max(away, 0.5)
                centre = (ruler.start + ruler.end) / 2 + distance * ruler.outwards
                turn = QTransform().translate(*centre).rotate(angle)
                outline = turn.map(QPolygonF(QRectF(-size[0] / 2, -size[1] / 2, *size)))
                if not (self._area.contains(outline.boundingRect()) and self._free(outline)):
                    continue
                self._painter.save()
                self._painter.setTransform(turn, True)  # noqa: FBT003  Qt's "combine"
                self._painter.setPen(self._colour)
                self._painter.drawText(QRectF(-size[0] / 2, -size[1] / 2, *size), Qt.AlignmentFlag.AlignCenter, text)
                self._painter.restore()
                self._taken.append(outline)
                return
