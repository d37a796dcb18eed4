"""The crosshair on the surface: where the two cuts run over it; painted over the picture, so moving it is cheap."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.render.gl.mesh_geometry import Mesh
from app.render.gl.picking import visible
from app.render.gl.projection import Box, Projection
from core.landscape.plane import FloatArray

DARK, LIGHT = QColor(15, 15, 15), QColor(255, 255, 255)
RADIUS = 4.0  # logical pixels
LOOKED_AT = 80  # points of a line for which it is found out whether they are hidden
HIDDEN = 0.28  # opacity behind the surface


class Crosshair:
    """The lines over a mesh through one of the surface's own grid points."""

    def __init__(self, mesh: Mesh, box: Box, row: int, column: int) -> None:
        row, column = row * mesh.factor, column * mesh.factor
        heights = mesh.shares * box.tall
        self._mesh, self._box = mesh, box
        self._lines = (
            np.column_stack([mesh.x, np.full(len(mesh.x), mesh.y[row]), heights[row]]),
            np.column_stack([np.full(len(mesh.y), mesh.x[column]), mesh.y, heights[:, column]]),
        )
        self.place = np.array([mesh.x[column], mesh.y[row], heights[row, column]])

    def paint(self, painter: QPainter, view: Projection) -> None:
        """Draw the lines and the point, faint where the surface hides them."""
        for line in self._lines:
            known = np.isfinite(line[:, 2])
            seen = np.zeros(len(line), dtype=bool)
            some = known.copy()
            some[np.arange(len(line)) % (1 + len(line) // LOOKED_AT) != 0] = False
            if some.any():  # the others are seen where the one before them is
                looked = np.zeros(len(line), dtype=bool)
                looked[some] = visible(view, line[some], self._mesh, self._box)
                before = np.maximum.accumulate(np.where(some, np.arange(len(line)), 0))
                seen = looked[before] & known
            pixels = view.to_pixels(np.nan_to_num(line))
            for opacity, chosen in ((HIDDEN, known & ~seen), (1.0, seen)):
                self._paint_line(painter, pixels, chosen, opacity)
        if np.isfinite(self.place).all():
            painter.setOpacity(1.0)
            painter.setPen(QPen(DARK, 1.6))
            painter.setBrush(LIGHT)
            painter.drawEllipse(QPointF(*view.to_pixels(self.place[None])[0]), RADIUS, RADIUS)
        painter.setOpacity(1.0)

    @staticmethod
    def _paint_line(
        painter: QPainter, pixels: FloatArray, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]", opacity: float
    ) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]])))
        painter.setOpacity(opacity)
        for colour, width in ((DARK, 3.2), (LIGHT, 1.4)):
            painter.setPen(QPen(colour, width))
            for start, end in edges.reshape(-1, 2):
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in pixels[start:end].tolist()]))
