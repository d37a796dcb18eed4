"""A loss surface from above: every grid point as one cell of colour, with labelled lines of equal loss."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.render.colormaps import ColourArray, colours, over_colour
from app.render.plot.plane_plot import PlanePlot, cell_borders
from app.render.scales import HeightScale
from app.render.surface_words import nearest, reading
from core.landscape.surface import FloatArray, Surface

FINE = 600  # columns of an image whose grid lines are not evenly spaced
KEY_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}


class ContourView(PlanePlot):
    """Shows the surface it is given; what is known at a point is read by pointing at it, or with the arrow keys."""

    hovered = Signal(str)  # what is known at the point that is pointed at, "" when none is any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contourView")
        self.setAccessibleName("Loss contours")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._plot.viewport().installEventFilter(self)
        self._plot.viewport().setMouseTracking(True)
        self.set_surface(None)

    # ---- the picture

    def _draw(self, surface: Surface, scale: HeightScale) -> None:
        borders = cell_borders(surface.x), cell_borders(surface.y)
        area = QRectF(QPointF(borders[0][0], borders[1][0]), QPointF(borders[0][-1], borders[1][-1]))
        pixels = colours(self._map, scale.shares(surface.loss))
        pixels[np.nan_to_num(surface.loss, posinf=0.0) > scale.high] = over_colour(self._map)
        self._show_pixels(_even_pixels(pixels, surface.x, surface.y, borders), area)
        if self._marks.pointed is not None:
            self._point_at(*self._marks.pointed)

    # ---- reading

    def _on_mouse_moved(self, position: QPointF) -> None:
        view = self._plot.getViewBox()
        if self._surface is None or not view.sceneBoundingRect().contains(position):
            self._leave()
            return
        place = view.mapSceneToView(position)
        borders = cell_borders(self._surface.x), cell_borders(self._surface.y)
        if borders[0][0] <= place.x() <= borders[0][-1] and borders[1][0] <= place.y() <= borders[1][-1]:
            self._point_at(place.x(), place.y())
        else:
            self._leave()

    def _point_at(self, a: float, b: float) -> None:
        """Read the grid point nearest to (a, b), and put the crosshair there, for nothing is known between."""
        if self._surface is None:
            return
        row, column = nearest(self._surface.y, b), nearest(self._surface.x, a)
        self._marks.set_pointed((float(self._surface.x[column]), float(self._surface.y[row])))
        self.hovered.emit(reading(self._surface, a, b))

    def _leave(self) -> None:
        if self._marks.pointed is not None:
            self._marks.set_pointed(None)
            self.hovered.emit("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._leave()
        if event.type() == QEvent.Type.MouseButtonDblClick and self._surface is not None:
            self._fit(self._surface)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._marks.pointed is not None:
            self._leave()
        elif key in KEY_STEPS and self._surface is not None:
            x, y = self._surface.x, self._surface.y
            a, b = self._marks.pointed or (float(np.median(x)), float(np.median(y)))
            up, right = KEY_STEPS[key] if self._marks.pointed is not None else (0, 0)
            column = int(np.clip(nearest(x, a) + right, 0, len(x) - 1))
            row = int(np.clip(nearest(y, b) + up, 0, len(y) - 1))
            self._point_at(float(x[column]), float(y[row]))
        else:
            super().keyPressEvent(event)


def _even_pixels(
    pixels: ColourArray, x: FloatArray, y: FloatArray, borders: tuple[FloatArray, FloatArray]
) -> ColourArray:
    """The image itself if its cells are all of one size, else one of many small pixels with the same cells."""
    for axis, places in ((1, x), (0, y)):
        steps = np.diff(places)
        if np.ptp(steps) > 1e-6 * steps.mean():
            edge = borders[1 - axis]
            middles = edge[0] + (np.arange(FINE) + 0.5) * (edge[-1] - edge[0]) / FINE
            pixels = np.take(pixels, np.searchsorted(edge, middles) - 1, axis=axis)
    return pixels
