"""A loss surface in three dimensions, with axes, contour lines, colour scale and a line that says what it is."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.render.cameras import PAPER, PRESETS, Orbit
from app.render.colormaps import DEFAULT_LOSS_MAP, colormap
from app.render.colour_bar import ColourBar
from app.render.fields import FieldName, Picture, checked_field, own_scale, picture_of
from app.render.gl.scene import Inks
from app.render.gl.surface_stage import SurfaceStage
from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.pointing import Place, snapped, stepped
from app.render.scales import HeightScale
from app.render.surface_words import (
    NO_SURFACE,
    caption,
    initial_losses,
    nearest,
    overlay_words,
    reading,
    value_words,
)
from core.errors import InvalidRequest
from core.landscape.surface import Surface

PALE = 0.55


class SurfaceView(QWidget):
    """Shows the surface it is given. Remembers nothing else: it can be made anew at any time."""

    camera_changed = Signal()  # after the point of view moved, by hand or by `set_camera_state`
    turntable_changed = Signal(bool)  # whether the surface turns by itself, also after a hand stopped it
    hovered = Signal(str)  # what is known at the point that is pointed at, "" when none is any more
    pointed = Signal(float, float)  # that point; NaN when none is any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surfaceView")
        self._surface: Surface | None = None
        self._scale: HeightScale | None = None
        self._map: str = DEFAULT_LOSS_MAP
        self._field: FieldName = "loss"
        self._overlays = NO_OVERLAYS
        self._picture: Picture | None = None
        self._pale = False
        self._place: Place | None = None
        self._build()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFocusProxy(self._stage)
        self._stage.orbit_changed.connect(self.camera_changed)
        self._stage.turntable_changed.connect(self.turntable_changed)
        self._stage.pointed_at.connect(self._on_pointed_at)
        self._stage.stepped.connect(self._on_stepped)
        self._restyle()
        self.set_surface(None)

    def _build(self) -> None:
        self._stage = SurfaceStage(self)
        self._bar = ColourBar(self)
        self._caption = QLabel(self)
        self._caption.setObjectName("surfaceCaption")
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(10, 2, 10, 6)
        self._empty = QLabel(NO_SURFACE, self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(24)
        self._content = QWidget(self)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._stage, 1)
        row.addWidget(self._bar)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self._caption)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content)

    # ---- what is shown

    @property
    def surface(self) -> Surface | None:
        """The surface on screen."""
        return self._surface

    @property
    def scale(self) -> HeightScale:
        """The scale on screen: the one that was set, or the surface's own."""
        return self._scale or own_scale(self._surface, self._field)

    def set_surface(self, surface: Surface | None) -> None:
        """Show this surface, complete or still in work, or a sentence if there is none."""
        self._surface = surface
        if surface is None:
            self._place = None
        self._refresh()

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
        self._stage.set_bare(compact)

    @property
    def field(self) -> FieldName:
        """What the colours mean."""
        return self._field

    def set_field(self, name: str) -> None:
        """Draw one of `fields.FIELDS`: a loss as height and colour, or another quantity as colour over the loss."""
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
        """Draw the surface smooth between its points, or as computed: plain triangles from point to point."""
        self._show(refined=refined)

    def _show(self, **changes: Any) -> None:
        canvas = self._stage.canvas
        canvas.show_content(replace(canvas.shown, **changes))

    def _refresh(self) -> None:
        surface, overlays = self._surface, self._overlays
        picture = None if surface is None else picture_of(surface, self._field, overlays, self._scale)
        self._picture = picture
        self._pages.setCurrentWidget(self._empty if picture is None else self._content)
        paleness = PALE if self._pale or overlays.show_evaluated else 0.0
        self._show(picture=picture, overlays=overlays, colormap=self._map, paleness=paleness)
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
        self._stage.setAccessibleDescription(words)
        self._show_place()
        if self._place is not None and picture is not None:  # what is known there may have changed
            self.hovered.emit(reading(picture.surface, *self._place, picture))

    # ---- reading

    def set_pointed(self, place: Place | None) -> None:
        """Put the crosshair on the grid point nearest to a place of the plane, or take it away. Emits nothing."""
        surface = self._surface
        self._place = None if place is None or surface is None else snapped(surface, *place)
        self._show_place()

    def _show_place(self) -> None:
        if self._place is None or self._picture is None:
            self._stage.remove_crosshair()
            return
        surface = self._picture.surface
        row, column = nearest(surface.y, self._place[1]), nearest(surface.x, self._place[0])
        self._stage.set_crosshair(row, column, value_words(surface, row, column))

    def _on_pointed_at(self, place: Place | None) -> None:
        before = self._place
        self.set_pointed(place)
        if self._place is None or self._picture is None:
            if before is not None:
                self.hovered.emit("")
                self.pointed.emit(math.nan, math.nan)
        elif self._place != before:
            self.hovered.emit(reading(self._picture.surface, *self._place, self._picture))
            self.pointed.emit(*self._place)

    def _on_stepped(self, up: int, right: int) -> None:
        if self._surface is not None:
            self._on_pointed_at(stepped(self._surface, self._place, up, right))

    # ---- the camera

    def camera_state(self) -> dict[str, object]:
        """The point of view as plain numbers for JSON."""
        return self._stage.orbit.to_state()

    def set_camera_state(self, state: Mapping[str, object]) -> None:
        """Look from where `camera_state` said."""
        self._stage.set_orbit(Orbit.from_state(state))

    def set_camera_preset(self, name: str) -> None:
        """Go to one of `cameras.PRESETS`, such as ``"paper"``, ``"front"`` or ``"top"``."""
        if name not in PRESETS:
            raise InvalidRequest(f'There is no camera "{name}". There are: {", ".join(PRESETS)}.')
        self._stage.go_to(PRESETS[name])

    def reset_view(self) -> None:
        """Back to the point of view of the paper's figures."""
        self._stage.go_to(PAPER)

    @property
    def turntable(self) -> bool:
        """Whether the surface turns by itself."""
        return self._stage.turntable

    def set_turntable(self, turning: bool) -> None:  # noqa: FBT001  a Qt slot
        """Let the surface turn by itself, until a hand stops it."""
        self._stage.set_turntable(turning)

    # ---- pictures

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    def image(self, scale: float = 2.0) -> QImage:
        """All that is on screen but the focus, at `scale` pixels per logical pixel, for copying and export."""
        if self._surface is None:
            raise InvalidRequest("There is no surface to make a picture of. Compute one first.")
        picture = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(self._stage.mapTo(self, QPoint(0, 0)), self._stage.picture(scale))
        if self._bar.isHidden():
            painter.end()
            return picture
        self._bar.paint(painter, QRectF(self._bar.mapTo(self, QPoint(0, 0)), self._bar.size()))
        words = QRectF(self._caption.mapTo(self, QPoint(0, 0)), self._caption.size())
        painter.setFont(self._caption.font())
        painter.setPen(self._caption.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(words.adjusted(10, 2, -10, -6), int(Qt.TextFlag.TextWordWrap), self._caption.text())
        painter.end()
        return picture

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        inks = Inks(
            background=_channels(self.palette().color(QPalette.ColorRole.Base)),
            text=_channels(self.palette().color(QPalette.ColorRole.Text)),
        )
        self._show(inks=inks)
        quiet = QPalette(self.palette())
        quiet.setColor(QPalette.ColorRole.WindowText, QColor.fromRgbF(*inks.faint(0.78)))
        self._caption.setPalette(quiet)
        self._empty.setPalette(quiet)


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
