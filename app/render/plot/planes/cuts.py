"""Two cuts through a surface at the crosshair: the loss along the first and along the second direction."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QWidget

from app.render.fields import FieldName, Picture, checked_field, own_scale, picture_of
from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.plot.style import (
    BLUE,
    SKY_BLUE,
    PlainAxis,
    PlotColours,
    apply_style,
    changes_colours,
    faded,
    line_pen,
    make_plot,
    set_axis_label,
)
from app.render.pointing import Place, snapped
from app.render.refinement import CELLS, factor_for, finer_places, refine
from app.render.scales import HeightScale
from app.render.surface_words import axis_symbols, axis_titles, lowest_point, nearest, written
from core.landscape.plane import FloatArray
from core.landscape.surface import EVALUATED, INTERPOLATED, LOG_OFFSET, SAMPLED, Surface

NO_CUTS = "No surface yet. The loss along both directions through the crosshair is shown here."
HEADROOM = 0.03  # of the scale, above its top


class LossAxis(PlainAxis):
    """An axis of heights on which losses are written."""

    def __init__(self) -> None:
        self._scale: HeightScale | None = None
        super().__init__("left")

    def set_scale(self, scale: HeightScale) -> None:
        """Write the losses of this scale."""
        self._scale = scale
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if self._scale is None:
            return []
        heights = [self._scale.height(loss) for loss in self._scale.ticks(max(2, int(size / 28)))]
        return [(1.0, [height for height in heights if low <= height <= high])]

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        scale = self._scale
        if scale is None:
            return []
        return [written(loss_at(scale, value)) for value in values]


def loss_at(scale: HeightScale, height: float) -> float:
    """The loss of a height, rounded to what a tick can say."""
    loss = height if scale.kind == "linear" else 10.0**height - LOG_OFFSET
    return float(f"{loss:.4g}") if abs(loss) > 1e-9 else 0.0


class Cut:
    """One of the two plots: a line through computed and interpolated points, and where the crosshair is on it."""

    def __init__(self, parent: QWidget, on_click: Callable[[float], None]) -> None:
        self.axis = LossAxis()
        self.plot = make_plot(parent, left=self.axis)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMouseEnabled(x=False, y=False)
        self._on_click = on_click
        self._band = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._within = pg.FillBetweenItem(*self._band)
        self._solid, self._dashed = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._exact = pg.ScatterPlotItem(size=5, symbol="o")
        self._sampled = pg.ScatterPlotItem(size=6, symbol="o")
        self._here = pg.InfiniteLine(angle=90)
        self._top = pg.InfiniteLine(angle=0)
        for item in (self._within, self._top, self._here, self._solid, self._dashed, self._exact, self._sampled):
            self.plot.addItem(item)
        self.plot.scene().sigMouseClicked.connect(self._clicked)

    def restyle(self, palette: QPalette) -> PlotColours:
        """Follow the palette."""
        colours = apply_style(self.plot, palette)
        ink = SKY_BLUE if colours.dark else BLUE
        self._solid.setPen(line_pen(ink, 1.8))
        self._dashed.setPen(line_pen(ink, 1.5, Qt.PenStyle.DashLine))
        self._exact.setPen(None)
        self._exact.setBrush(ink)
        self._sampled.setPen(line_pen(ink, 1.2))
        self._sampled.setBrush(QColor(colours.background))
        self._within.setBrush(faded(ink, 0.18))
        self._here.setPen(line_pen(colours.text, 1.0))
        self._top.setPen(line_pen(colours.muted, 1.0, Qt.PenStyle.DotLine))
        return colours

    def show_cut(
        self, places: FloatArray, losses: FloatArray, kinds: npt.NDArray[np.uint8], picture: Picture, *, refined: bool
    ) -> None:
        """Draw losses (n,) at places (n,), each obtained as `kinds` says, on the scale of a picture."""
        scale = picture.scale
        heights = scale.heights(losses)
        factor = factor_for((len(places),), CELLS) if refined else 1
        # A second, equal row turns the line into a grid that can be refined like the surface itself.
        fine = refine(places, np.array([0.0, 1.0]), np.stack([heights, heights]), factor)[0]
        at = finer_places(places, factor)
        computed = kinds != INTERPOLATED
        solid = np.append(np.repeat(computed[:-1] & computed[1:], factor), False)
        known = np.isfinite(fine)
        drawn = known & np.append(known[1:], False)
        self._solid.setData(at, np.nan_to_num(fine), connect=(solid & drawn).astype(np.int32))
        self._dashed.setData(at, np.nan_to_num(fine), connect=(~solid & drawn).astype(np.int32))
        for item, kind in ((self._exact, EVALUATED), (self._sampled, SAMPLED)):
            chosen = (kinds == kind) & np.isfinite(heights)
            item.setData(places[chosen], heights[chosen])
        self._show_band(at, fine, solid, picture)
        self.axis.set_scale(scale)
        self._top.setVisible(scale.clips)
        self._top.setValue(scale.top)
        span = scale.top - scale.bottom
        self.plot.setXRange(places[0], places[-1], padding=0.01)
        self.plot.setYRange(scale.bottom - HEADROOM * span, scale.top + HEADROOM * span, padding=0)

    def _show_band(self, at: FloatArray, fine: FloatArray, exact: FloatArray, picture: Picture) -> None:
        """How far off the certificate lets the line be where it is not exact."""
        certificate, scale = picture.surface.certificate, picture.scale
        self._within.setVisible(certificate is not None)
        if certificate is None:
            return
        # The certificate is about the natural logarithm of loss + 0.1.
        tolerance = np.where(exact, 0.0, certificate.tolerance)
        losses = fine if scale.kind == "linear" else 10.0**fine - LOG_OFFSET
        edges = [scale.heights((losses + LOG_OFFSET) * np.exp(sign * tolerance) - LOG_OFFSET) for sign in (-1, 1)]
        known = np.isfinite(fine)
        for curve, edge in zip(self._band, edges, strict=True):
            curve.setData(at[known], edge[known])

    def show_here(self, place: float | None) -> None:
        """Mark where the crosshair is."""
        self._here.setVisible(place is not None)
        if place is not None:
            self._here.setValue(place)

    def _clicked(self, event: object) -> None:
        position: QPointF = event.scenePos()  # type: ignore[attr-defined]
        view = self.plot.getViewBox()
        if view.sceneBoundingRect().contains(position):
            self._on_click(float(view.mapSceneToView(position).x()))


class CutsView(QWidget):
    """Shows a surface along both directions through the crosshair, or through its lowest point while there is none."""

    pointed = Signal(float, float)  # the grid point that a click chose

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cutsView")
        self.setAccessibleName("Loss along both directions through the crosshair")
        self._surface: Surface | None = None
        self._scale: HeightScale | None = None
        self._field: FieldName = "loss"
        self._overlays = NO_OVERLAYS
        self._place: Place | None = None
        self._refined = True
        self._stale = True
        self._first = Cut(self, lambda place: self._chosen(place, None))
        self._second = Cut(self, lambda place: self._chosen(None, place))
        self._empty = QLabel(NO_CUTS, self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._content = QWidget(self)
        row = QHBoxLayout(self._content)
        row.setContentsMargins(4, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self._first.plot, 1)
        row.addWidget(self._second.plot, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._restyle()

    @property
    def place(self) -> Place | None:
        """The grid point that the cuts go through."""
        if self._surface is None:
            return None
        if self._place is not None:
            return snapped(self._surface, *self._place)
        lowest = lowest_point(self._surface)
        if lowest is None:
            return snapped(self._surface, float(np.median(self._surface.x)), float(np.median(self._surface.y)))
        return float(self._surface.x[lowest[1]]), float(self._surface.y[lowest[0]])

    @property
    def surface(self) -> Surface | None:
        """The surface that is cut."""
        return self._surface

    @property
    def field(self) -> FieldName:
        """What the picture beside shows."""
        return self._field

    @property
    def overlays(self) -> Overlays:
        """What is laid over the picture beside."""
        return self._overlays

    def set_surface(self, surface: Surface | None) -> None:
        """Cut this surface, complete or still in work."""
        self._surface = surface
        self._refresh()

    def set_scale(self, scale: HeightScale | None) -> None:
        """Use this scale, such as that of the view beside; None: the surface's own."""
        self._scale = scale
        self._refresh()

    def set_field(self, name: str) -> None:
        """Cut the test loss where that is the height of the picture, else the loss."""
        self._field = checked_field(name)
        self._refresh()

    def set_overlays(self, overlays: Overlays) -> None:
        """Take note of what is laid over the surface; a field may need it."""
        self._overlays = overlays
        self._refresh()

    def set_refined(self, refined: bool) -> None:  # noqa: FBT001  a Qt slot
        """Draw what is between the points smooth, or straight from point to point."""
        self._refined = refined
        self._refresh()

    def set_pointed(self, place: Place | None) -> None:
        """Cut through the grid point nearest to a place; None: through the lowest point."""
        if place is not None and not (math.isfinite(place[0]) and math.isfinite(place[1])):
            place = None
        if place != self._place:
            self._place = place
            self._refresh()

    def follow(self, a: float, b: float) -> None:
        """A slot for `pointed` of the view beside: as `set_pointed`, NaN for none."""
        self.set_pointed((a, b))

    def _refresh(self) -> None:
        self._stale = True
        self._pages.setCurrentWidget(self._empty if self._surface is None else self._content)
        if self.isVisible():
            self._draw_now()

    def _draw_now(self) -> None:
        surface, place = self._surface, self.place
        if surface is None or place is None or not self._stale:
            return
        self._stale = False
        scale = self._scale or own_scale(surface, self._field)
        picture = picture_of(surface, self._field, self._overlays, scale)
        surface = picture.surface
        row, column = nearest(surface.y, place[1]), nearest(surface.x, place[0])
        first, second = axis_symbols(surface)
        loss = "test loss" if picture.field in ("test loss", "test accuracy") else "loss"
        titles = axis_titles(surface)
        for cut, title, other, at, places, losses, kinds, here in (
            (self._first, titles[0], second, place[1], surface.x, surface.loss[row], surface.evaluated[row], place[0]),
            (
                self._second,
                titles[1],
                first,
                place[0],
                surface.y,
                surface.loss[:, column],
                surface.evaluated[:, column],
                place[1],
            ),
        ):
            cut.show_cut(places, losses, kinds, picture, refined=self._refined)
            cut.show_here(here)
            name, _, unit = title.removesuffix(")").partition(" (")
            set_axis_label(cut.plot, "bottom", f"{name}, at {other} = {written(at)}", unit)
            set_axis_label(cut.plot, "left", loss, surface.loss_unit)
        self.setAccessibleDescription(f"through {first} {written(place[0])}, {second} {written(place[1])}")

    def _chosen(self, x: float | None, y: float | None) -> None:
        """A click in one of the plots moves the crosshair along its direction."""
        if self._surface is None or self.place is None:
            return
        a, b = self.place
        place = snapped(self._surface, a if x is None else x, b if y is None else y)
        self.set_pointed(place)
        self.pointed.emit(*place)

    def sizeHint(self) -> QSize:
        return QSize(640, 200)

    def showEvent(self, event: QShowEvent) -> None:
        self._draw_now()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        for cut in (self._first, self._second):
            colours = cut.restyle(self.palette())
        quiet = QPalette(self.palette())
        quiet.setColor(QPalette.ColorRole.WindowText, colours.muted)
        self._empty.setPalette(quiet)
