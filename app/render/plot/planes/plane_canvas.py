"""The plot of a flat picture over a plane: pixels, contour lines and marks, and where the pointer is among them."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QWidget

from app.render.colormaps import ColourArray
from app.render.plot.planes.contour_item import ContourItem
from app.render.plot.planes.point_marks import PointMarks
from app.render.plot.style import PlotColours, apply_style, make_plot, set_axis_label
from app.render.pointing import Grid, Place
from core.landscape.plane import FloatArray

LEAST_WIDTH = 0.25  # of a plane much longer than wide: see `aspect_of`


def aspect_of(ratio: float) -> float:
    """How long the second direction is drawn beside the first, `ratio` of it: equal, unless one would become a line."""
    return float(np.clip(1.0, ratio * LEAST_WIDTH, ratio / LEAST_WIDTH))


def cell_borders(places: FloatArray) -> FloatArray:
    """Borders half-way between grid lines, and as far beyond the outer ones: (n + 1,)."""
    middles = (places[1:] + places[:-1]) / 2
    return np.concatenate([[2 * places[0] - middles[0]], middles, [2 * places[-1] - middles[-1]]])


def frame_of(grid: Grid) -> QRectF:
    """From the outermost border of the cells to the other, in units of the plane."""
    columns, rows = cell_borders(grid.x), cell_borders(grid.y)
    return QRectF(QPointF(columns[0], rows[0]), QPointF(columns[-1], rows[-1]))


class PlaneCanvas(QObject):
    """Draws what the picture around it says. Reads nothing itself: it only tells what the pointer does."""

    moved = Signal(object)  # where the pointer is, a QPointF in the scene of the plot
    left = Signal()  # the pointer is no longer there
    double_clicked = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.plot = make_plot(owner)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.plot.addItem(self.image)
        self.contours = ContourItem(self.plot.getViewBox(), z=10)
        self.marks = PointMarks(self.plot.getViewBox(), z=20)
        self.plot.scene().sigMouseMoved.connect(self.moved)
        self.plot.viewport().installEventFilter(self)
        self.plot.viewport().setMouseTracking(True)

    def set_axes(self, titles: tuple[str, str]) -> None:
        """Write these along the axes, each with its unit in brackets."""
        first, second = (title.removesuffix(")").partition(" (")[::2] for title in titles)
        set_axis_label(self.plot, "bottom", *first)
        set_axis_label(self.plot, "left", *second)

    def show_pixels(self, pixels: ColourArray, area: QRectF) -> None:
        """Show an image (rows upwards, columns, 4) over an area of the plane."""
        self.image.setImage(pixels, autoLevels=False, levels=None)
        self.image.setRect(area)

    def show_whole(self, frame: QRectF, ratio: float) -> None:
        """Show this part of the plane, whose second direction is `ratio` times as long as the first."""
        self.plot.setAspectLocked(True, ratio=aspect_of(ratio))
        self.plot.setRange(frame, padding=0.01)

    def place_at(self, position: QPointF, frame: QRectF) -> Place | None:
        """The place of the plane at a point of the scene; None outside of the frame or of what is seen."""
        view = self.plot.getViewBox()
        if not view.sceneBoundingRect().contains(position):
            return None
        place = view.mapSceneToView(position)
        inside = frame.left() <= place.x() <= frame.right() and frame.top() <= place.y() <= frame.bottom()
        return (place.x(), place.y()) if inside else None

    def restyle(self, palette: QPalette, font: QFont) -> PlotColours:
        """Follow palette and font. Returns the colours of the plot."""
        self.contours.set_font(font)
        return apply_style(self.plot, palette, grid=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.double_clicked.emit()
        return super().eventFilter(watched, event)
