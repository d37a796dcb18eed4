"""What every flat picture of a surface has: plot with equal units, colour scale, caption, or a sentence if empty."""

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.render.colormaps import DEFAULT_LOSS_MAP, ColourArray, colormap, lightness
from app.render.colour_bar import ColourBar
from app.render.contour_lines import contour_lines, region_above
from app.render.fields import FieldName, Picture, checked_field, own_scale, picture_of
from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.plot.planes.contour_item import Contour, ContourItem
from app.render.plot.planes.overlay_item import OverlayItem
from app.render.plot.planes.point_marks import PointMarks
from app.render.plot.style import PlotColours, apply_style, changes_colours, make_plot, set_axis_label
from app.render.refinement import CELLS, factor_for
from app.render.scales import HeightScale
from app.render.surface_words import NO_SURFACE, axis_titles, caption, initial_losses, lowest_point, overlay_words
from core.errors import InvalidRequest
from core.landscape.surface import INTERPOLATED, FloatArray, Surface

PALE = 0.55  # how far interpolated parts fade into the background, on request
LEAST_WIDTH = 0.25  # of a plane much longer than wide: see `aspect_of`


def aspect_of(surface: Surface) -> float:
    """How long the first direction is drawn beside the second: equal, unless the plane would become a line."""
    ratio = float(np.ptp(surface.y) / np.ptp(surface.x))
    return float(np.clip(1.0, ratio * LEAST_WIDTH, ratio / LEAST_WIDTH))


def cell_borders(places: FloatArray) -> FloatArray:
    """Borders half-way between grid lines, and as far beyond the outer ones: (n + 1,)."""
    middles = (places[1:] + places[:-1]) / 2
    return np.concatenate([[2 * places[0] - middles[0]], middles, [2 * places[-1] - middles[-1]]])


class PlanePlot(QWidget):
    """A picture over the plane of a surface. What the picture is, its subclasses say in `_draw`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surface: Surface | None = None
        self._scale: HeightScale | None = None
        self._map: str = DEFAULT_LOSS_MAP
        self._field: FieldName = "loss"
        self._overlays = NO_OVERLAYS
        self._picture: Picture | None = None
        self._pale = False
        self._refined = True
        self._stale = True
        self._build()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._restyle()

    def _build(self) -> None:
        self._plot = make_plot(self)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._plot.addItem(self._image)
        self._contours = ContourItem(self._plot.getViewBox(), z=10)
        self._laid = OverlayItem(self._plot.getViewBox(), z=15)
        self._marks = PointMarks(self._plot.getViewBox(), z=20)
        self._bar = ColourBar(self)
        self._caption = QLabel(self)
        self._caption.setObjectName("surfaceCaption")
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(10, 6, 10, 6)
        self._empty = QLabel(NO_SURFACE, self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(24)
        row = QHBoxLayout()
        row.setContentsMargins(4, 4, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._plot, 1)
        row.addWidget(self._bar)
        self._content = QWidget(self)
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(row, 1)
        self._column.addWidget(self._caption)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content)

    # ---- what is shown

    @property
    def surface(self) -> Surface | None:
        """The surface on screen."""
        return self._surface

    @property
    def labels(self) -> tuple[str, ...]:
        """The losses written into the lines."""
        self._draw_now()
        return self._contours.labels

    @property
    def scale(self) -> HeightScale:
        """The scale on screen: the one that was set, or the surface's own."""
        return self._scale or own_scale(self._surface, self._field)

    def set_surface(self, surface: Surface | None) -> None:
        """Show this surface, complete or still in work, or a sentence if there is none."""
        old, self._surface = self._surface, surface
        self._refresh()
        if surface is not None and (old is None or old.request != surface.request):
            self._fit(surface)

    def set_scale(self, scale: HeightScale | None) -> None:
        """Use this scale, such as one shared with another view; None: the surface's own."""
        self._scale = scale
        self._refresh()

    def set_colormap(self, name: str) -> None:
        """Use the colours of this map."""
        colormap(name)
        self._map = name
        self._bar.set_colormap(name)
        self._refresh()

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001  a Qt slot
        """Leave colour scale, caption and labels away, for one of several small pictures that share them."""
        self._bar.setVisible(not compact)
        self._caption.setVisible(not compact)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setVisible(not compact)

    @property
    def field(self) -> FieldName:
        """What the colours mean."""
        return self._field

    def set_field(self, name: str) -> None:
        """Draw one of `fields.FIELDS`: a loss, or another quantity as colour under the lines of the loss."""
        self._field = checked_field(name)
        self._refresh()

    @property
    def overlays(self) -> Overlays:
        """What is laid over the surface."""
        return self._overlays

    def set_overlays(self, overlays: Overlays) -> None:
        """Lay these over the surface, and nothing else."""
        self._overlays = overlays
        self._refresh()

    def set_show_evaluated(self, shown: bool) -> None:  # noqa: FBT001  a Qt slot
        """Mark what was computed with dots, on a part of the samples with rings, and let the rest fade."""
        self.set_overlays(replace(self._overlays, show_evaluated=shown))

    def set_interpolated_pale(self, pale: bool) -> None:  # noqa: FBT001  a Qt slot
        """Let what was not evaluated fade into the background."""
        self._pale = pale
        self._refresh()

    def set_refined(self, refined: bool) -> None:  # noqa: FBT001  a Qt slot
        """Draw what is between the points smooth, or as computed: straight from point to point."""
        self._refined = refined
        self._refresh()

    def _draw(self, picture: Picture) -> None:
        """Put the surface into the plot. Every kind of picture has its own."""
        raise NotImplementedError

    def _show_pixels(self, pixels: ColourArray, area: QRectF) -> None:
        """Show an image (rows upwards, columns, 4) over an area of the plane."""
        self._image.setImage(pixels, autoLevels=False, levels=None)
        self._image.setRect(area)

    def _refresh(self) -> None:
        """Say at once what is shown; draw it once somebody can see it."""
        surface, overlays = self._surface, self._overlays
        picture = None if surface is None else picture_of(surface, self._field, overlays, self._scale)
        self._picture, self._stale = picture, True
        self._pages.setCurrentWidget(self._empty if picture is None else self._content)
        words = NO_SURFACE
        if picture is None:
            self._bar.set_scale(None)
        else:
            self._bar.set_title(picture.title, picture.unit)
            self._bar.set_scale(picture.bar)
            self._bar.set_marks(initial_losses(overlays) if picture.coloured_by_height else ())
            words = caption(picture.surface, picture.scale, picture)
            if more := overlay_words(overlays, picture.surface):
                words = f"{words} · {more}"
        self._caption.setText(words)
        self.setAccessibleDescription(words)
        if self.isVisible():
            self._draw_now()

    def _draw_now(self) -> None:
        """Draw what changed since the last time, if anything did."""
        picture = self._picture
        if picture is None or not self._stale:
            return
        self._stale = False
        first, second = (title.removesuffix(")").partition(" (")[::2] for title in axis_titles(picture.surface))
        set_axis_label(self._plot, "bottom", *first)
        set_axis_label(self._plot, "left", *second)
        self._draw(picture)
        self._draw_lines(picture)
        self._laid.set_overlays(picture, self._overlays)

    @property
    def _faded(self) -> bool:
        """Whether what was not evaluated fades into the background."""
        return self._pale or self._overlays.show_evaluated

    def _factor(self, surface: Surface) -> int:
        """Steps of what is drawn to one of the surface's own."""
        return factor_for(surface.loss.shape, CELLS) if self._refined else 1

    def showEvent(self, event: QShowEvent) -> None:
        self._draw_now()
        super().showEvent(event)

    def _draw_lines(self, picture: Picture) -> None:
        surface, scale = picture.surface, picture.scale
        factor = self._factor(surface)
        found = tuple(
            Contour(level=level, lines=tuple(lines), colour=self._ink(scale.share(level), picture))
            for level, lines in contour_lines(surface, scale, factor)
        )
        self._contours.set_contours(found, region_above(surface, scale, factor))
        lowest = lowest_point(surface)
        self._marks.set_lowest(None if lowest is None else (surface.x[lowest[1]], surface.y[lowest[0]]))

    def _ink(self, share: float, picture: Picture) -> QColor:
        mostly_pale = self._faded and np.mean(picture.surface.evaluated == INTERPOLATED) > 0.5
        if mostly_pale or not picture.coloured_by_height:  # any colour may be below it
            return QColor(0, 0, 0, 170)
        ground = lightness(colormap(self._map)[round(share * 255)])
        return QColor(255, 255, 255, 200) if ground < 55 else QColor(0, 0, 0, 150)

    def _fit(self, surface: Surface) -> None:
        columns, rows = cell_borders(surface.x), cell_borders(surface.y)
        self._plot.setAspectLocked(True, ratio=aspect_of(surface))
        self._plot.setRange(QRectF(columns[0], rows[0], columns[-1] - columns[0], rows[-1] - rows[0]), padding=0.01)

    def reset_view(self) -> None:
        """Show the whole plane."""
        if self._surface is not None:
            self._fit(self._surface)

    # ---- pictures

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    def image(self, scale: float = 2.0) -> QImage:
        """All that is on screen, at `scale` pixels per logical pixel, for copying and export."""
        if self._surface is None:
            raise InvalidRequest("There is no surface to make a picture of. Compute one first.")
        self._draw_now()
        picture = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(picture)
        self.render(painter, QPoint(0, 0))
        painter.end()
        return picture

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event):
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> PlotColours:
        colours = apply_style(self._plot, self.palette(), grid=False)
        self._contours.set_font(self.font())
        self._laid.set_font(self.font())
        quiet = QPalette(self.palette())
        quiet.setColor(QPalette.ColorRole.WindowText, colours.muted)
        self._caption.setPalette(quiet)
        self._empty.setPalette(quiet)
        return colours
