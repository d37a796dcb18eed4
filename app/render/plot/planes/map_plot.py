"""A map over a plane of weight space: coloured cells, contour lines of a loss, a crosshair, and what is read there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from app.render.captioned_picture import CaptionedPicture
from app.render.colormaps import colormap, colours, lightness, over_colour
from app.render.colour_bar import ColourBar
from app.render.contour_lines import contour_lines
from app.render.pins.ground import PinGround
from app.render.plot.pin_ground import PlotGround
from app.render.plot.planes.contour_item import Contour
from app.render.plot.planes.plane_canvas import PlaneCanvas, frame_of
from app.render.plot.style import PlotColours, changes_colours
from app.render.pointing import KEY_STEPS, Place, snapped, stepped
from app.render.scales import HeightScale
from app.render.surface_words import nearest
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.review.note import Anchor, PointAnchor


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaneMap:
    """What a `MapPlot` shows."""

    x: FloatArray  # (nx,)
    y: FloatArray  # (ny,)
    values: FloatArray  # (ny, nx); NaN shows the ground
    scale: HeightScale
    colours: str  # name of a colour map
    axes: tuple[str, str]  # what they are, with their unit in brackets
    caption: str
    lines_of: Surface | None = None  # whose contour lines lie over the cells
    lines_scale: HeightScale | None = None


class MapPlot(CaptionedPicture):
    """Cells of colour with equal units on both axes. What a cell says, whoever shows the map tells by `reader`."""

    hovered = Signal(str)  # words about the point that is pointed at, "" when there is none any more
    pointed = Signal(object)  # (a, b) of the grid point, or None

    def __init__(self, empty: str, *, bar: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reader: Callable[[int, int], str] = lambda _row, _column: ""  # words about a grid point
        self._map: PlaneMap | None = None
        self._stale = False  # whether the map is not drawn yet: nobody has seen it
        self._shown_frame: QRectF | None = None
        self._canvas = PlaneCanvas(self)
        self._plot, self._image = self._canvas.plot, self._canvas.image
        self._contours, self._marks = self._canvas.contours, self._canvas.marks
        self._arrange(self._plot, empty, ColourBar(self, title=bar, unit=unit), inset=4, above=4)
        self._caption.setObjectName("mapCaption")
        self._empty.setObjectName("mapEmpty")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._canvas.moved.connect(self._on_moved)
        self._canvas.left.connect(self._leave)
        self._canvas.double_clicked.connect(self.reset_view)
        self._frame = self._restyle()

    @property
    def shown(self) -> PlaneMap | None:
        """What is on screen."""
        return self._map

    @property
    def caption(self) -> str:
        """The line below the picture."""
        return self._caption.text()

    @property
    def labels(self) -> tuple[str, ...]:
        """The losses written into the lines."""
        self._draw_now()
        return self._contours.labels

    def set_map(self, shown: PlaneMap | None) -> None:
        """Show this, or the sentence that says there is nothing."""
        self._map = shown
        self._show_page(something=shown is not None)
        if shown is None:
            return
        self._bar.set_colormap(shown.colours)
        self._bar.set_scale(shown.scale)
        self._caption.setText(shown.caption)
        self.setAccessibleDescription(shown.caption)
        self._canvas.set_axes(shown.axes)
        self._stale = True
        if self.isVisible():
            self._draw_now()
        frame = frame_of(shown)
        if self._shown_frame is None or frame.getCoords() != self._shown_frame.getCoords():
            self._shown_frame = frame
            self.reset_view()
        if self._marks.pointed is not None:
            self.point_at(self._marks.pointed, announce=False)

    def _draw_now(self) -> None:
        """Draw what changed since the last time, if anything did."""
        shown = self._map
        if shown is None or not self._stale:
            return
        self._stale = False
        pixels = colours(shown.colours, shown.scale.shares(shown.values))
        pixels[np.nan_to_num(shown.values, posinf=0.0) > shown.scale.high] = over_colour(shown.colours)
        self._canvas.show_pixels(pixels, frame_of(shown))
        self._contours.set_contours(self._lines(shown), [])

    def showEvent(self, event: QShowEvent) -> None:
        self._draw_now()
        super().showEvent(event)

    def _paint_all(self, painter: QPainter, scale: float) -> None:
        self._draw_now()
        super()._paint_all(painter, scale)

    def set_bar(self, title: str, unit: str = "") -> None:
        """Say what the colours stand for."""
        self._bar.set_title(title, unit)

    def set_lowest(self, place: tuple[float, float] | None) -> None:
        """Ring the lowest point."""
        self._marks.set_lowest(place)

    def point_at(self, place: tuple[float, float] | None, *, announce: bool = True) -> None:
        """Put the crosshair on the grid point nearest to (a, b), for nothing is known between; None takes it away."""
        words = ""
        if place is not None and self._map is not None:
            row, column = nearest(self._map.y, place[1]), nearest(self._map.x, place[0])
            place = float(self._map.x[column]), float(self._map.y[row])
            words = self.reader(row, column)
        self._marks.set_pointed(place)
        if announce:
            self.hovered.emit(words)
            self.pointed.emit(place)

    @property
    def pointed_anchor(self) -> PointAnchor | None:
        """What a note about the point that is read would be pinned to."""
        place = self._marks.pointed
        return None if place is None else PointAnchor(x=place[0], y=place[1])

    def pin_ground(self) -> PinGround:
        """A new ground for pins on this map. Whoever keeps it asks once."""
        return PlotGround(self._plot, self._pin_place, self._pin_anchor, self.reset_view)

    def _pin_place(self, anchor: Anchor) -> Place | None:
        frame = self._shown_frame
        if self._map is None or frame is None or not isinstance(anchor, PointAnchor) or anchor.y is None:
            return None
        return (anchor.x, anchor.y) if frame.contains(QPointF(anchor.x, anchor.y)) else None

    def _pin_anchor(self, a: float, b: float) -> Anchor | None:
        frame = self._shown_frame
        if self._map is None or frame is None or not frame.contains(QPointF(a, b)):
            return None
        x, y = snapped(self._map, a, b)
        return PointAnchor(x=x, y=y)

    def reset_view(self) -> None:
        """Show the whole of the map again."""
        if (frame := self._shown_frame) is not None:
            self._canvas.show_whole(frame, frame.height() / frame.width())

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shown, pointed = Qt.Key(event.key()), self._map, self._marks.pointed
        if key == Qt.Key.Key_Escape and pointed is not None:
            self._leave()
        elif key in KEY_STEPS and shown is not None:
            self.point_at(stepped(shown, pointed, *KEY_STEPS[key]))
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        if self._marks.pointed is not None:
            self.point_at(None)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._frame = self._restyle()
        super().changeEvent(event)

    def _lines(self, shown: PlaneMap) -> tuple[Contour, ...]:
        if shown.lines_of is None or shown.lines_scale is None:
            return ()
        return tuple(
            Contour(level=level, lines=tuple(lines), colour=self._ink(shown, lines[0]))
            for level, lines in contour_lines(shown.lines_of, shown.lines_scale)
        )

    def _ink(self, shown: PlaneMap, line: FloatArray) -> QColor:
        """Black or white, whichever is legible on the cells that a line runs over."""
        rows = np.abs(shown.y[:, None] - line[None, :, 1]).argmin(axis=0)
        columns = np.abs(shown.x[:, None] - line[None, :, 0]).argmin(axis=0)
        shares = shown.scale.shares(shown.values[rows, columns])
        share = float(np.median(shares[np.isfinite(shares)])) if np.isfinite(shares).any() else float("nan")
        dark = self._frame.dark if np.isnan(share) else lightness(colormap(shown.colours)[round(share * 255)]) < 55
        return QColor(255, 255, 255, 210) if dark else QColor(0, 0, 0, 160)

    def _on_moved(self, position: QPointF) -> None:
        place = None if self._shown_frame is None else self._canvas.place_at(position, self._shown_frame)
        if place is None:
            self._leave()
        else:
            self.point_at(place)

    def _restyle(self) -> PlotColours:
        found = self._canvas.restyle(self.palette(), self.font())
        self._set_quiet(found.muted)
        return found
