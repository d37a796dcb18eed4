"""One plot of lines that grow in place, with a logarithmic scale, marked places and a mark to read by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.pins.ground import PinGround
from app.render.plot.lines.place_marks import PlaceMarks
from app.render.plot.pin_ground import PlotGround
from app.render.plot.runs.curve_panel import FEW, NEAR, STYLES, LossAxis
from app.render.plot.runs.run_series import Look
from app.render.plot.style import (
    PlotColours,
    apply_style,
    changes_colours,
    faded,
    line_pen,
    make_plot,
    set_axis_label,
)
from core.landscape.plane import FloatArray
from core.review.note import Anchor, PointAnchor

FAINT = 0.32  # of a line among many


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawnLine:
    """A line of the plot. Lines of one key move; another key makes another line."""

    key: tuple[str, str]  # what it belongs to, and which of its lines it is
    x: FloatArray
    y: FloatArray  # NaN leaves a gap
    colour: QColor
    look: Look


class LinePanel(QWidget):
    """Draws what it is given; says where the pointer is, and shows the mark where it is told to."""

    pointed_at = Signal(str, float)  # first part of the nearest line's key, and its place; "" when nothing is near

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._lines: dict[tuple[str, str], pg.PlotDataItem] = {}
        self._drawn: tuple[DrawnLine, ...] = ()
        self._logarithmic = False
        self._axis = LossAxis("left")
        self._plot = make_plot(self, left=self._axis)
        self._plot.setMinimumHeight(110)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setAccessibleName(title)
        self._places = PlaceMarks(self._plot.getViewBox(), z=-5)
        self._mark = pg.InfiniteLine(angle=90, movable=False)
        self._dots = pg.ScatterPlotItem(size=9)
        for item in (self._mark, self._dots):
            item.setZValue(50)
            item.hide()
            self._plot.addItem(item, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.installEventFilter(self)
        self._plot.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._frame = self._restyle()

    @property
    def drawn(self) -> tuple[DrawnLine, ...]:
        """The lines on screen."""
        return self._drawn

    def set_labels(self, bottom: str, left: str, unit: str = "", *, short: str = "") -> None:
        """Label the axes; what stands in parentheses may give way."""
        set_axis_label(self._plot, "bottom", bottom, short=bottom.partition(" (")[0])
        set_axis_label(self._plot, "left", left, unit, short=short)

    def show_lines(self, lines: Sequence[DrawnLine], *, logarithmic: bool = False) -> None:
        """Draw these. On the logarithmic scale what is not above zero leaves a gap."""
        rescaled = logarithmic != self._logarithmic
        self._logarithmic = self._axis.logarithmic = logarithmic
        self._drawn = tuple(lines)
        for line in lines:
            self._draw_line(line)
        used = {line.key for line in lines}
        for key in [key for key in self._lines if key not in used]:
            self._plot.removeItem(self._lines.pop(key))
        if rescaled:
            self.reset_view()

    def set_places(self, places: Sequence[tuple[float, str]], *, drops: bool = False) -> None:
        """Mark these places of the horizontal axis, with a word each; `drops` are only ticked, and said below."""
        self._places.set_places(places, quiet=drops)

    def point_at(self, x: float | None) -> None:
        """Put the mark at a place, with a dot on every line that has a value there; None takes it away."""
        found = []
        for line in self._drawn:
            if x is None or line.look == "faint" or not len(line.x):
                continue
            nearest = int(np.argmin(np.abs(line.x - x)))
            if line.x[nearest] == x and np.isfinite(y := self._placed(line)[nearest]):
                found.append({"pos": (x, y), "brush": line.colour, "pen": line_pen(self._frame.text)})
        self._mark.setVisible(x is not None)
        self._dots.setVisible(bool(found))
        if x is not None:
            self._mark.setPos(x)
        self._dots.setData(found)

    def pin_ground(self, key: str) -> PinGround:
        """A new ground for pins along the median of the line whose key begins so. Whoever keeps it asks once."""

        def line() -> DrawnLine | None:
            own = (line for line in self._drawn if line.key[0] == key and line.look == "solid")
            return next(own, None)

        def place(anchor: Anchor) -> tuple[float, float] | None:
            found = line()
            if found is None or not isinstance(anchor, PointAnchor) or anchor.y is not None:
                return None
            y = self._placed(found)
            shown = np.isfinite(y)
            if not shown.any() or not found.x[0] <= anchor.x <= found.x[-1]:
                return None
            return anchor.x, float(np.interp(anchor.x, found.x[shown], y[shown]))

        def anchor(x: float, _y: float) -> Anchor | None:
            found = line()
            if found is None or not len(found.x):
                return None
            nearest = int(np.argmin(np.abs(found.x - x)))
            loss = float(found.y[nearest])
            return PointAnchor(x=float(found.x[nearest]), loss=loss if np.isfinite(loss) else None)

        return PlotGround(self._plot, place, anchor, self.reset_view)

    def reset_view(self) -> None:
        """Show all of the lines again, after the user has zoomed."""
        self._plot.enableAutoRange()

    def _draw_line(self, line: DrawnLine) -> None:
        if line.key not in self._lines:
            item = self._lines[line.key] = pg.PlotDataItem(connect="finite")
            item.setZValue(5 if line.look == "faint" else 20)
            self._plot.addItem(item)
        faint = line.look == "faint"
        pen = line_pen(faded(line.colour, FAINT) if faint else line.colour, 1.0 if faint else 2.0, STYLES[line.look])
        y = self._placed(line)
        marked = line.look in ("solid", "dashed") and int(np.count_nonzero(np.isfinite(y))) <= FEW
        brush = line.colour if line.look == "solid" else self._frame.background
        shown = np.isfinite(y)
        self._lines[line.key].setData(
            line.x,
            y,
            pen=pen,
            symbol="o" if marked and shown.any() else None,
            symbolSize=4,
            symbolPen=line_pen(line.colour),
            symbolBrush=brush,
        )

    def _placed(self, line: DrawnLine) -> FloatArray:
        if not self._logarithmic:
            return line.y
        positive = np.where(np.nan_to_num(line.y) > 0, line.y, np.nan)
        placed: FloatArray = np.log10(positive)
        return placed

    def _on_moved(self, place: QPointF) -> None:
        view = self._plot.getViewBox()
        if not view.sceneBoundingRect().contains(place):
            self.pointed_at.emit("", 0.0)
            return
        best: tuple[float, str, float] | None = None
        pixel = view.viewPixelSize()
        here = view.mapSceneToView(place)
        for line in self._drawn:
            y = self._placed(line)
            shown = np.isfinite(y)
            if line.look == "faint" or not shown.any():
                continue
            # Along the axis a point is found from afar: curves are read by their place more than by their height.
            distances = np.hypot((line.x[shown] - here.x()) / pixel[0], (y[shown] - here.y()) / pixel[1] / 4)
            nearest = int(np.argmin(distances))
            if best is None or distances[nearest] < best[0]:
                best = float(distances[nearest]), line.key[0], float(line.x[shown][nearest])
        if best is None or best[0] > 3 * NEAR:
            self.pointed_at.emit("", 0.0)
        else:
            self.pointed_at.emit(best[1], best[2])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.pointed_at.emit("", 0.0)
        elif event.type() is QEvent.Type.MouseButtonDblClick:
            self.reset_view()
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._frame = self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> PlotColours:
        colours = apply_style(self._plot, self.palette())
        self._mark.setPen(line_pen(colours.muted))
        self._places.set_look(colours, self.font())
        return colours
