"""How convex the loss is over a plane: |λmin/λmax| of the Hessian as in Li et al. 2018, Figure 7."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.render.colormaps import colormap
from app.render.plot.planes.convexity_words import BINS, HIGHEST, convexity_caption, convexity_reading, ratio_counts
from app.render.plot.planes.map_plot import MapPlot, PlaneMap
from app.render.plot.style import line_pen, plot_colours
from app.render.scales import HeightScale, shared_scale
from core.exchange.plane_words import axis_labels
from core.exchange.words import number
from core.landscape.convexity import Convexity
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface

EMPTY = "No curvature yet. The map grows here as soon as its job runs; until then it waits for the jobs before it."
COLOURS = "cividis"  # dark where the loss is convex
TALL = 66  # pixels of the histogram


class ConvexityView(MapPlot):
    """The map with the contour lines of the loss on top, and how often each ratio occurs below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY, bar="|λmin/λmax|", parent=parent)
        self.setObjectName("convexityView")
        self.setAccessibleName("Map of convexity")
        self.histogram = RatioHistogram()
        self.column.insertWidget(1, self.histogram)
        self._convexity: Convexity | None = None
        self._surface: Surface | None = None
        self.reader = self._read
        self.set_convexity(None)

    @property
    def convexity(self) -> Convexity | None:
        """What is on screen."""
        return self._convexity

    @property
    def surface(self) -> Surface | None:
        """Whose contour lines lie over the map."""
        return self._surface

    def set_convexity(self, convexity: Convexity | None) -> None:
        """Show this map, complete or growing."""
        self._convexity = convexity
        self._draw()

    def set_surface(self, surface: Surface | None) -> None:
        """Draw the contour lines of this surface over the map; None: no lines."""
        self._surface = surface
        self._draw()

    def _draw(self) -> None:
        convexity, surface = self._convexity, self._surface
        if convexity is None:
            self.set_map(None)
            return
        ratio = convexity.ratio
        clips = bool(np.any(np.nan_to_num(ratio, posinf=1.0) > HIGHEST))
        self.histogram.set_counts(ratio_counts(convexity))
        self.set_map(
            PlaneMap(
                x=convexity.x,
                y=convexity.y,
                values=ratio,
                scale=HeightScale(low=0.0, high=HIGHEST, kind="linear", clips=clips),
                colours=COLOURS,
                axes=axis_labels(convexity.request.directions),
                caption=convexity_caption(convexity),
                lines_of=surface,
                lines_scale=None if surface is None else shared_scale([surface]),
            )
        )

    def _read(self, row: int, column: int) -> str:
        return "" if self._convexity is None else convexity_reading(self._convexity, row, column)


class RatioHistogram(QWidget):
    """How many points have which ratio, in the colours of the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ratioHistogram")
        self.setAccessibleName("How often each ratio occurs")
        self.setFixedHeight(TALL)
        self._counts: FloatArray = np.zeros(BINS)

    @property
    def counts(self) -> FloatArray:
        """Points in each bin, from 0 to the upper end of the colours."""
        return self._counts

    def set_counts(self, counts: FloatArray) -> None:
        """Show these."""
        self._counts = counts
        busiest = int(np.argmax(counts)) if counts.any() else 0
        low, high = busiest / BINS * HIGHEST, (busiest + 1) / BINS * HIGHEST
        words = f"Most points, {int(counts[busiest])} of {int(counts.sum())}, lie between {low:g} and {high:g}"
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, TALL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, metrics = plot_colours(self.palette()), self.fontMetrics()
        area = QRectF(self.rect()).adjusted(64, 6, -96, -metrics.height() - 6)
        width = area.width() / BINS
        table, most = colormap(COLOURS), max(float(self._counts.max()), 1.0)
        painter.setPen(line_pen(frame.grid))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        for place, amount in enumerate(self._counts):
            if not amount:
                continue
            tall = max(2.0, area.height() * float(amount) / most)
            bar = QRectF(area.left() + place * width + 0.5, area.bottom() - tall, width - 1, tall)
            painter.setPen(line_pen(frame.muted, 0.6))
            painter.setBrush(QColor(*(int(channel) for channel in table[round((place + 0.5) / BINS * 255)])))
            painter.drawRect(bar)
        painter.setPen(frame.muted)
        line = area.bottom() + metrics.ascent() + 2
        for share in (0.0, 0.5, 1.0):
            text = number(share * HIGHEST) + (" and more" if share == 1.0 else "")
            shift = metrics.horizontalAdvance(number(share * HIGHEST)) / 2
            painter.drawText(QPointF(area.left() + share * area.width() - shift, line), text)
        side = QRectF(0, area.top(), 58, area.height())
        painter.drawText(side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, f"{int(most):,}")
        painter.drawText(side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, "points")
        painter.end()
