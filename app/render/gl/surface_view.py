"""A loss surface in three dimensions, with axes, contour lines, colour scale and a line that says what it is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from app.render.cameras import PAPER, PRESETS, Orbit
from app.render.gl.pin_ground import StageGround
from app.render.gl.scene import Inks
from app.render.gl.surface_stage import SurfaceStage
from app.render.pins.ground import PinGround
from app.render.pointing import Place, snapped
from app.render.surface_picture import PALE, SurfacePicture
from app.render.surface_words import nearest, reading, value_words
from core.errors import InvalidRequest
from core.landscape.surface import Surface


class SurfaceView(SurfacePicture):
    """Shows the surface it is given. Remembers nothing else: it can be made anew at any time."""

    camera_changed = Signal()  # after the point of view moved, by hand or by `set_camera_state`
    turntable_changed = Signal(bool)  # whether the surface turns by itself, also after a hand stopped it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surfaceView")
        self._stage = SurfaceStage(self)
        self._surround(self._stage, inset=0, above=2)
        self.setFocusProxy(self._stage)
        self._stage.orbit_changed.connect(self.camera_changed)
        self._stage.turntable_changed.connect(self.turntable_changed)
        self._stage.pointed_at.connect(self._on_pointed_at)
        self._stage.stepped.connect(self._step)
        self._restyle()
        self.set_surface(None)

    def set_surface(self, surface: Surface | None) -> None:
        """Show this surface, complete or still in work, or a sentence if there is none."""
        if surface is None:
            self._place = None
        super().set_surface(surface)

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001  a Qt slot
        """Leave colour scale, caption and labels away, for one of several small pictures that share them."""
        super().set_compact(compact)
        self._stage.set_bare(compact)

    def set_refined(self, refined: bool) -> None:  # noqa: FBT001  a Qt slot
        """Draw the surface smooth between its points, or as computed: plain triangles from point to point."""
        self._show(refined=refined)

    def _show(self, **changes: Any) -> None:
        self._stage.show_content(replace(self._stage.canvas.shown, **changes))

    def _show_picture(self, words: str) -> None:
        picture = self._picture
        paleness = PALE if self._faded else 0.0
        self._show(picture=picture, overlays=self._overlays, colormap=self._map, paleness=paleness)
        self._stage.setAccessibleDescription(words)
        self._show_place()
        if self._place is not None and picture is not None:  # what is known there may have changed
            self.hovered.emit(reading(picture.surface, *self._place, picture))

    # ---- reading

    def _show_place(self) -> None:
        if self._place is None or self._picture is None:
            self._stage.remove_crosshair()
            return
        surface = self._picture.surface
        row, column = nearest(surface.y, self._place[1]), nearest(surface.x, self._place[0])
        self._stage.set_crosshair(row, column, value_words(surface, row, column))

    def _on_pointed_at(self, place: Place | None) -> None:
        if place is None or self._surface is None:
            self._leave()
        else:
            self._point_at(snapped(self._surface, *place))

    def pin_ground(self) -> PinGround:
        return StageGround(self._stage)

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

    def _paint_all(self, painter: QPainter, scale: float) -> None:
        """All but the focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(self._stage.mapTo(self, QPoint(0, 0)), self._stage.picture(scale))
        if self._bar.isHidden():
            return
        self._bar.paint(painter, QRectF(self._bar.mapTo(self, QPoint(0, 0)), self._bar.size()))
        words = QRectF(self._caption.mapTo(self, QPoint(0, 0)), self._caption.size())
        painter.setFont(self._caption.font())
        painter.setPen(self._caption.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(words.adjusted(10, 2, -10, -6), int(Qt.TextFlag.TextWordWrap), self._caption.text())

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
        self._set_quiet(QColor.fromRgbF(*inks.faint(0.78)))


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
