"""The density of all eigenvalues on decades of both signs, with the known ones as bars upon it."""

import math
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent, QVBoxLayout, QWidget

from app.render.plot.number_text import MINUS, power_of_ten, significant
from app.render.plot.pixel_item import PixelItem
from app.render.plot.spectra.paint import BarColours
from app.render.plot.spectra.words import unit_words
from app.render.plot.style import (
    PlotColours,
    apply_style,
    changes_colours,
    faded,
    line_pen,
    make_plot,
    set_axis_label,
)
from core.spectrum.density_curve import (
    DECADES,
    SymmetricLog,
    density_on_decades,
    symmetric_log_grid,
    symmetric_log_of,
)
from core.spectrum.spectrum import Density, FloatArray, Spectrum

SPAN = 5.0  # decades of the axis on either side
BELOW = 0.2  # of the height that a single eigenvalue has: where the axis begins
DEEPEST = 1e-6  # of the highest point, where no eigenvalue is known
NEAR = 5.0  # pixels at which a bar is pointed at
TICK_ROOM = 52.0  # pixels between two ticks of the horizontal axis
TICK_HEIGHT = 26.0  # of the vertical one
FEW_DECADES = 2.0  # of height


@dataclass(frozen=True, eq=False)
class DensityPicture:
    """A density as it is drawn: places along the axis, heights as powers of ten."""

    scale: SymmetricLog
    grid: FloatArray = field(repr=False)  # (n,) places
    height: FloatArray = field(repr=False)  # (n,) log10 of the share per decade, not below the floor
    floor: float  # log10
    places: FloatArray = field(repr=False)  # (k,) of the known eigenvalues
    tops: FloatArray = field(repr=False)  # (k,) log10 of the height that each of them has alone

    @property
    def top(self) -> float:
        """The highest point."""
        return max(float(self.height.max(initial=self.floor)), float(self.tops.max(initial=self.floor)))


def density_picture(spectrum: Spectrum) -> DensityPicture | None:
    """Places and heights for the density of a spectrum; None without one."""
    density = spectrum.density
    if density is None or not density.nodes.size:
        return None
    scale = symmetric_log_of(density, SPAN)
    grid = symmetric_log_grid(density, scale)
    curve = density_on_decades(density, scale, grid)
    values = spectrum.eigenvalues
    alone = _weights_of(density, values) / (math.sqrt(2 * math.pi) * DECADES)
    highest, known = float(curve.max()), alone[np.isfinite(alone)]
    least = float(np.clip(BELOW * known.min(), DEEPEST * highest, 0.03 * highest)) if known.size else DEEPEST * highest
    floor = math.log10(least)
    return DensityPicture(
        scale=scale,
        grid=grid,
        height=np.log10(np.maximum(curve, least)),
        floor=floor,
        places=scale.position(values),
        tops=np.log10(np.maximum(np.nan_to_num(alone, nan=least), 1.6 * least)),
    )


def _weights_of(density: Density, values: FloatArray) -> FloatArray:
    """(k,) what each of these eigenvalues weighs by itself, NaN for those that are no nodes."""
    at = np.clip(np.searchsorted(density.nodes, values), 0, len(density.nodes) - 1)
    return np.where(density.nodes[at] == values, density.weights[at], np.nan)


class KnownBars(PixelItem):
    """Thin bars at the known eigenvalues; says which one is pointed at."""

    pointed_at = Signal(int)
    read_at = Signal(float)  # place along the axis where no bar is; NaN when the pointer has left
    clicked = Signal(int, bool)

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view, z=10)
        self.picture: DensityPicture | None = None
        self.marked = -1
        self.chosen: tuple[int, ...] = ()
        self._colours: BarColours | None = None
        self.setAcceptHoverEvents(True)
        self.setAcceptedMouseButtons(Qt.MouseButton.LeftButton)

    def show_picture(self, picture: DensityPicture | None) -> None:
        """Draw the bars of this one."""
        self.picture = picture
        self.update()

    def mark(self, index: int, chosen: tuple[int, ...]) -> None:
        """Follow what is pointed at and chosen elsewhere."""
        if (index, chosen) != (self.marked, self.chosen):
            self.marked, self.chosen = index, chosen
            self.update()

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        self._colours = BarColours.on(colours)
        self.update()

    def draw(self, painter: QPainter) -> None:
        if self._colours is None or self.picture is None:
            return
        shown = self.picture
        bottom = self.boundingRect().bottom()
        for index, (place, top) in enumerate(zip(shown.places, shown.tops, strict=True)):
            if not np.isfinite(place):
                continue
            colour = self._colours.negative if place < 0 else self._colours.positive
            end = self.to_pixels(float(place), float(top))
            special = index == self.marked or index in self.chosen
            if special:
                painter.setPen(line_pen(self._colours.whisker, 1.0, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(end.x(), 0), QPointF(end.x(), bottom))
            painter.setPen(line_pen(colour, 4.0 if special else 2.4))
            painter.drawLine(QPointF(end.x(), bottom), end)

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        index = self._bar_at(event.pos())
        self.pointed_at.emit(index)
        if index < 0:
            self.read_at.emit(self.to_data(event.pos())[0])

    def hoverLeaveEvent(self, _event: QGraphicsSceneHoverEvent) -> None:
        self.pointed_at.emit(-1)
        self.read_at.emit(math.nan)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        more = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        self.clicked.emit(self._bar_at(event.pos()), bool(event.modifiers() & more))
        event.accept()

    def _bar_at(self, place: QPointF) -> int:
        """The nearest bar in reach, -1 for none."""
        if self.picture is None or not self.picture.places.size:
            return -1
        pixels = np.array([self.to_pixels(float(x), 0).x() for x in self.picture.places])
        distances = np.abs(pixels - place.x())
        index = int(np.nanargmin(distances)) if np.isfinite(distances).any() else -1
        return index if index >= 0 and distances[index] <= NEAR else -1


class DensityPanel(QWidget):
    """A curve with its bars; how it was computed stands in the caption of the whole figure."""

    read = Signal(str)  # words about the place that is pointed at, "" when there is none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("densityPanel")
        self.plot = make_plot(self)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMinimumHeight(110)
        self.curve = pg.PlotDataItem()
        self.plot.addItem(self.curve)
        self.bars = KnownBars(self.plot.getViewBox())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.bars.read_at.connect(self._on_read_at)
        self.plot.getAxis("left").set_labels(("share of all eigenvalues per decade", "share per decade", "share"))
        self._restyle()

    @property
    def picture(self) -> DensityPicture | None:
        """What is drawn."""
        return self.bars.picture

    def set_spectrum(self, spectrum: Spectrum | None) -> None:
        """Draw the density of this spectrum, if it has one."""
        picture = None if spectrum is None else density_picture(spectrum)
        self.bars.show_picture(picture)
        if spectrum is None or picture is None or spectrum.density is None:
            self.curve.setData([], [])
            return
        self.curve.setData(picture.grid, picture.height)
        self.curve.setFillLevel(picture.floor)
        set_axis_label(
            self.plot, "bottom", "eigenvalue, decades of both signs", unit_words(spectrum), short="eigenvalue"
        )
        self.plot.setXRange(float(picture.grid[0]), float(picture.grid[-1]), padding=0)
        self.plot.setYRange(picture.floor, picture.top + 0.06 * (picture.top - picture.floor), padding=0)
        self._set_ticks()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_ticks()

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._restyle()
        super().changeEvent(event)

    def _set_ticks(self) -> None:
        """As many as there is room for."""
        if self.picture is not None:
            room = self.plot.getViewBox().size()
            self.plot.getAxis("bottom").setTicks([_decades(self.picture, room.width() / TICK_ROOM), []])
            self.plot.getAxis("left").setTicks([_powers(self.picture, room.height() / TICK_HEIGHT), []])

    def _restyle(self) -> None:
        colours = apply_style(self.plot, self.palette())
        self.bars.set_colours(colours)
        self.curve.setPen(line_pen(colours.muted, 1.4))
        self.curve.setFillBrush(faded(colours.muted, 0.22))

    def _on_read_at(self, place: float) -> None:
        picture = self.picture
        if picture is None or math.isnan(place) or not picture.grid[0] <= place <= picture.grid[-1]:
            self.read.emit("")
            return
        height = 10.0 ** float(np.interp(place, picture.grid, picture.height))
        value = float(picture.scale.value(place))
        self.read.emit(
            f"Around {significant(value, 2)}: {significant(100 * height, 2)} % of all eigenvalues per decade"
        )


def _decades(picture: DensityPicture, most: float) -> list[tuple[float, str]]:
    """Powers of ten on both sides of zero, not more than that."""
    low, high = float(picture.grid[0]), float(picture.grid[-1])
    first = math.ceil(math.log10(picture.scale.threshold) - 1e-9) + 1
    last = math.floor(math.log10(picture.scale.value(max(abs(low), abs(high)))))
    places = max(1.0, most * max(abs(low), abs(high)) / (high - low))  # on the longer side of zero
    every = max(1, math.ceil((last - first + 1) / places))
    ticks = [(0.0, "0")]
    for exponent in range(last, first - 1, -every):
        place = float(picture.scale.position(10.0**exponent))
        ticks += [(place, power_of_ten(exponent)), (-place, MINUS + power_of_ten(exponent))]
    return sorted(tick for tick in ticks if low <= tick[0] <= high)


def _powers(picture: DensityPicture, most: float) -> list[tuple[float, str]]:
    """Powers of ten along the height; twos and fives too where there are few."""
    first, last = math.floor(picture.floor), math.ceil(picture.top)
    parts = (1, 2, 5) if picture.top - picture.floor < FEW_DECADES and most >= 3 else (1,)
    every = max(1, math.ceil((last - first) / max(1.0, most)))
    marks = [(math.log10(part) + power, part, power) for power in range(last, first - 1, -every) for part in parts]
    return [(at, _mark(part, power)) for at, part, power in marks if picture.floor <= at <= picture.top]


def _mark(part: int, power: int) -> str:
    return power_of_ten(power) if part == 1 else significant(part * 10.0**power, 1)
