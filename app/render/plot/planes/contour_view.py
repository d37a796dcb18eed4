"""A loss surface from above: every grid point as one cell of colour, with labelled lines of equal loss."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from app.render.colormaps import ColourArray, colours, over_colour
from app.render.fields import Picture
from app.render.plot.planes.plane_canvas import cell_borders
from app.render.plot.planes.readable_plot import ReadablePlot
from app.render.surface_picture import PALE
from core.landscape.plane import FloatArray
from core.landscape.surface import INTERPOLATED

FINE = 600  # columns of an image whose grid lines are not evenly spaced


class ContourView(ReadablePlot):
    """Shows the surface it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contourView")
        self.setAccessibleName("Loss contours")
        self.set_surface(None)

    def _draw(self, picture: Picture) -> None:
        surface = picture.surface
        borders = cell_borders(surface.x), cell_borders(surface.y)
        area = QRectF(QPointF(borders[0][0], borders[1][0]), QPointF(borders[0][-1], borders[1][-1]))
        pixels = colours(self._map, picture.bar.shares(picture.values))
        if picture.coloured_by_height:
            pixels[np.nan_to_num(surface.loss, posinf=0.0) > picture.scale.high] = over_colour(self._map)
        if self._faded:
            pixels[surface.evaluated == INTERPOLATED, 3] = round(255 * (1 - PALE))
            pixels[~np.isfinite(picture.values), 3] = 0
        self._canvas.show_pixels(_even_pixels(pixels, surface.x, surface.y, borders), area)


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
