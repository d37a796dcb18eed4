"""A map over a plane of weight space: coloured cells, contour lines of a loss, a crosshair, and what is read there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.render.colormaps import colormap, colours, lightness, over_colour
from app.render.colour_bar import ColourBar
from app.render.contour_lines import contour_lines
from app.render.plot.planes.contour_item import Contour, ContourItem
from app.render.plot.planes.plane_plot import LEAST_WIDTH, cell_borders
from app.render.plot.planes.point_marks import PointMarks
from app.render.plot.style import PlotColours, apply_style, changes_colours, make_plot, set_axis_label
from app.render.scales import HeightScale
from app.render.surface_words import nearest
from core.errors import InvalidRequest
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface

KEY_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}


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


class MapPlot(QWidget):
    """Cells of colour with equal units on both axes. What a cell says, whoever shows the map tells by `reader`."""

    hovered = Signal(str)  # words about the point that is pointed at, "" when there is none any more
    pointed = Signal(object)  # (a, b) of the grid point, or None

    def __init__(self, empty: str, *, bar: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reader: Callable[[int, int], str] = lambda _row, _column: ""  # words about a grid point
        self._map: PlaneMap | None = None
        self._frame_of: tuple[float, float, float, float] | None = None
        self._build(empty, bar, unit)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.viewport().installEventFilter(self)
        self._plot.viewport().setMouseTracking(True)
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
        return self._contours.labels

    def set_map(self, shown: PlaneMap | None) -> None:
        """Show this, or the sentence that says there is nothing."""
        self._map = shown
        self._pages.setCurrentIndex(0 if shown is None else 1)
        if shown is None:
            return
        self._bar.set_colormap(shown.colours)
        self._bar.set_scale(shown.scale)
        self._caption.setText(shown.caption)
        self.setAccessibleDescription(shown.caption)
        for side, words in zip(("bottom", "left"), shown.axes, strict=True):
            name, _, unit = words.removesuffix(")").partition(" (")
            set_axis_label(self._plot, "bottom" if side == "bottom" else "left", name, unit)
        pixels = colours(shown.colours, shown.scale.shares(shown.values))
        pixels[np.nan_to_num(shown.values, posinf=0.0) > shown.scale.high] = over_colour(shown.colours)
        columns, rows = cell_borders(shown.x), cell_borders(shown.y)
        self._image.setImage(pixels, autoLevels=False, levels=None)
        self._image.setRect(QRectF(QPointF(columns[0], rows[0]), QPointF(columns[-1], rows[-1])))
        self._contours.set_contours(self._lines(shown), [])
        frame = (float(columns[0]), float(rows[0]), float(columns[-1]), float(rows[-1]))
        if frame != self._frame_of:
            self._frame_of = frame
            self.reset_view()
        if self._marks.pointed is not None:
            self.point_at(self._marks.pointed, announce=False)

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

    def reset_view(self) -> None:
        """Show the whole of the map again."""
        if self._frame_of is not None:
            left, low, right, high = self._frame_of
            ratio = (high - low) / (right - left)
            self._plot.setAspectLocked(True, ratio=float(np.clip(1.0, ratio * LEAST_WIDTH, ratio / LEAST_WIDTH)))
            self._plot.setRange(QRectF(left, low, right - left, high - low), padding=0.01)

    def image(self, scale: float = 2.0) -> QImage:
        """All that is on screen, at `scale` pixels per logical pixel, for copying and export."""
        if self._map is None:
            raise InvalidRequest("There is nothing to make a picture of yet. Compute it first.")
        picture = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(picture)
        self.render(painter, QPoint(0, 0))
        painter.end()
        return picture

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shown, pointed = Qt.Key(event.key()), self._map, self._marks.pointed
        if key == Qt.Key.Key_Escape and pointed is not None:
            self.point_at(None)
        elif key in KEY_STEPS and shown is not None:
            a, b = pointed or (float(np.median(shown.x)), float(np.median(shown.y)))
            up, right = KEY_STEPS[key] if pointed is not None else (0, 0)
            column = int(np.clip(nearest(shown.x, a) + right, 0, len(shown.x) - 1))
            row = int(np.clip(nearest(shown.y, b) + up, 0, len(shown.y) - 1))
            self.point_at((float(shown.x[column]), float(shown.y[row])))
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and self._marks.pointed is not None:
            self.point_at(None)
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset_view()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event):
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
        view = self._plot.getViewBox()
        if self._frame_of is not None and view.sceneBoundingRect().contains(position):
            place = view.mapSceneToView(position)
            left, low, right, high = self._frame_of
            if left <= place.x() <= right and low <= place.y() <= high:
                self.point_at((place.x(), place.y()))
                return
        if self._marks.pointed is not None:
            self.point_at(None)

    def _build(self, empty: str, bar: str, unit: str) -> None:
        self._plot = make_plot(self)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._plot.addItem(self._image)
        self._contours = ContourItem(self._plot.getViewBox(), z=10)
        self._marks = PointMarks(self._plot.getViewBox(), z=20)
        self._bar = ColourBar(self, title=bar, unit=unit)
        self._caption, self._empty = QLabel(self), QLabel(empty, self)
        self._caption.setObjectName("mapCaption")
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(10, 4, 10, 6)
        self._empty.setObjectName("mapEmpty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(24)
        row = QHBoxLayout()
        row.setContentsMargins(4, 4, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._plot, 1)
        row.addWidget(self._bar)
        content = QWidget(self)
        self.column = QVBoxLayout(content)  # more can be put below the picture
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(row, 1)
        self.column.addWidget(self._caption)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(content)

    def _restyle(self) -> PlotColours:
        found = apply_style(self._plot, self.palette(), grid=False)
        self._contours.set_font(self.font())
        quiet = QPalette(self.palette())
        quiet.setColor(QPalette.ColorRole.WindowText, found.muted)
        self._caption.setPalette(quiet)
        self._empty.setPalette(quiet)
        return found
