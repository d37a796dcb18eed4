"""What every flat picture of a surface has: plot with equal units, colour scale, caption, or a sentence if empty."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QColor, QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from app.render.colormaps import colormap, lightness
from app.render.contour_lines import lines_and_region
from app.render.fields import Picture
from app.render.pins.ground import PinGround
from app.render.plot.pin_ground import PlotGround
from app.render.plot.planes.contour_item import Contour
from app.render.plot.planes.overlay_item import OverlayItem
from app.render.plot.planes.plane_canvas import PlaneCanvas, frame_of
from app.render.plot.style import PlotColours, changes_colours
from app.render.pointing import Place, snapped
from app.render.refinement import CELLS, factor_for
from app.render.surface_picture import SurfacePicture
from app.render.surface_pins import point_anchor, within
from app.render.surface_words import axis_titles, lowest_point
from core.landscape.surface import INTERPOLATED, Surface
from core.review.note import Anchor, PointAnchor


class PlanePlot(SurfacePicture):
    """A picture over the plane of a surface. What the picture is, its subclasses say in `_draw`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refined = True
        self._stale = True
        self._build()
        self._restyle()

    def _build(self) -> None:
        self._canvas = PlaneCanvas(self)
        self._plot, self._image = self._canvas.plot, self._canvas.image
        self._contours, self._marks = self._canvas.contours, self._canvas.marks
        self._laid = OverlayItem(self._plot.getViewBox(), z=15)
        self._surround(self._plot, inset=4, above=6)

    # ---- what is shown

    @property
    def labels(self) -> tuple[str, ...]:
        """The losses written into the lines."""
        self._draw_now()
        return self._contours.labels

    def set_surface(self, surface: Surface | None) -> None:
        """Show this surface, complete or still in work, or a sentence if there is none."""
        old = self._surface
        super().set_surface(surface)
        if surface is not None and (old is None or old.request != surface.request):
            self._fit(surface)

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001  a Qt slot
        """Leave colour scale, caption and labels away, for one of several small pictures that share them."""
        super().set_compact(compact)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setVisible(not compact)

    def set_refined(self, refined: bool) -> None:  # noqa: FBT001  a Qt slot
        """Draw what is between the points smooth, or as computed: straight from point to point."""
        self._refined = refined
        self._refresh()

    def _draw(self, picture: Picture) -> None:
        """Put the surface into the plot. Every kind of picture has its own."""
        raise NotImplementedError

    def _show_picture(self, words: str) -> None:
        """Draw it once somebody can see it."""
        self._stale = True
        self.setAccessibleDescription(words)
        if self.isVisible():
            self._draw_now()

    def _draw_now(self) -> None:
        """Draw what changed since the last time, if anything did."""
        picture = self._picture
        if picture is None or not self._stale:
            return
        self._stale = False
        self._canvas.set_axes(axis_titles(picture.surface))
        self._draw(picture)
        self._draw_lines(picture)
        self._laid.set_overlays(picture, self._overlays)

    def _factor(self, surface: Surface) -> int:
        """Steps of what is drawn to one of the surface's own."""
        return factor_for(surface.loss.shape, CELLS) if self._refined else 1

    def showEvent(self, event: QShowEvent) -> None:
        self._draw_now()
        super().showEvent(event)

    def _draw_lines(self, picture: Picture) -> None:
        surface, scale = picture.surface, picture.scale
        factor = self._factor(surface)
        levels, above = lines_and_region(surface, scale, factor)
        found = tuple(
            Contour(level=level, lines=tuple(lines), colour=self._ink(scale.share(level), picture))
            for level, lines in levels
        )
        self._contours.set_contours(found, above)
        lowest = lowest_point(surface)
        self._marks.set_lowest(None if lowest is None else (surface.x[lowest[1]], surface.y[lowest[0]]))

    def _ink(self, share: float, picture: Picture) -> QColor:
        mostly_pale = self._faded and np.mean(picture.surface.evaluated == INTERPOLATED) > 0.5
        if mostly_pale or not picture.coloured_by_height:  # any colour may be below it
            return QColor(0, 0, 0, 170)
        ground = lightness(colormap(self._map)[round(share * 255)])
        return QColor(255, 255, 255, 200) if ground < 55 else QColor(0, 0, 0, 150)

    def _fit(self, surface: Surface) -> None:
        self._canvas.show_whole(frame_of(surface), float(np.ptp(surface.y) / np.ptp(surface.x)))

    def pin_ground(self) -> PinGround:
        return PlotGround(self._plot, self._pin_place, self._pin_anchor, self.reset_view)

    def _pin_place(self, anchor: Anchor) -> Place | None:
        surface = self._surface
        if surface is None or not isinstance(anchor, PointAnchor) or anchor.y is None:
            return None
        return (anchor.x, anchor.y) if within(surface, anchor.x, anchor.y) else None

    def _pin_anchor(self, a: float, b: float) -> Anchor | None:
        surface = self._surface
        if surface is None or not frame_of(surface).contains(QPointF(a, b)):
            return None
        return point_anchor(surface, snapped(surface, a, b))

    def reset_view(self) -> None:
        """Show the whole plane."""
        if self._surface is not None:
            self._fit(self._surface)

    # ---- pictures

    def _paint_all(self, painter: QPainter, scale: float) -> None:
        self._draw_now()
        super()._paint_all(painter, scale)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> PlotColours:
        colours = self._canvas.restyle(self.palette(), self.font())
        self._laid.set_font(self.font())
        self._set_quiet(colours.muted)
        return colours
