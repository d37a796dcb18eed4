"""A loss surface in three dimensions, with axes, contour lines, colour scale and a line that says what it is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.render.cameras import PRESETS, Orbit
from app.render.colormaps import DEFAULT_LOSS_MAP, colormap
from app.render.colour_bar import ColourBar
from app.render.gl.scene import Inks
from app.render.gl.surface_stage import SurfaceStage
from app.render.scales import HeightScale, shared_scale
from app.render.surface_words import NO_SURFACE, caption, lowest_point, written
from core.errors import InvalidRequest
from core.landscape.surface import Surface

PALE = 0.55


class SurfaceView(QWidget):
    """Shows the surface it is given. Remembers nothing else: it can be made anew at any time."""

    camera_changed = Signal()  # after the point of view moved, by hand or by `set_camera_state`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surfaceView")
        self._surface: Surface | None = None
        self._scale: HeightScale | None = None
        self._map: str = DEFAULT_LOSS_MAP
        self._build()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFocusProxy(self._stage)
        self._stage.orbit_changed.connect(self.camera_changed)
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
        return self._scale or shared_scale([self._surface] if self._surface is not None else [])

    def set_surface(self, surface: Surface | None) -> None:
        """Show this surface, complete or still in work, or a sentence if there is none."""
        self._surface = surface
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

    def set_interpolated_pale(self, pale: bool) -> None:  # noqa: FBT001  a Qt slot
        """Let what was not evaluated fade into the background."""
        self._show(paleness=PALE if pale else 0.0)

    def _show(self, **changes: Any) -> None:
        canvas = self._stage.canvas
        canvas.show_content(replace(canvas.shown, **changes))

    def _refresh(self) -> None:
        scale = self.scale
        self._pages.setCurrentWidget(self._empty if self._surface is None else self._content)
        self._show(surface=self._surface, scale=scale, colormap=self._map)
        self._bar.set_scale(scale)
        if self._surface is not None:
            self._bar.set_unit(self._surface.loss_unit)
        words = NO_SURFACE if self._surface is None else caption(self._surface, scale)
        self._caption.setText(words)
        self._stage.setAccessibleDescription(words)
        tag = ""
        if self._surface is not None and (lowest := lowest_point(self._surface)) is not None:
            tag = f"lowest {written(float(self._surface.loss[lowest]))}"
        self._stage.set_tag(tag)

    # ---- the camera

    def camera_state(self) -> dict[str, object]:
        """The point of view as plain numbers for JSON."""
        return self._stage.orbit.to_state()

    def set_camera_state(self, state: Mapping[str, object]) -> None:
        """Look from where `camera_state` said."""
        self._stage.set_orbit(Orbit.from_state(state))

    def set_camera_preset(self, name: str) -> None:
        """Look from the ``"paper"``'s side, from the ``"front"`` or from the ``"top"``."""
        if name not in PRESETS:
            raise InvalidRequest(f'There is no camera "{name}". There are: {", ".join(PRESETS)}.')
        self._stage.set_orbit(PRESETS[name])

    # ---- pictures

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
