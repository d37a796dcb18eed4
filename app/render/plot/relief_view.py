"""What stands in for the 3-D view where there is no OpenGL: a shaded relief, and the reason."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.render.cameras import PRESETS, Orbit
from app.render.plot.plane_plot import PlanePlot
from app.render.plot.relief import FINER, relief
from app.render.plot.style import PlotColours
from app.render.scales import HeightScale
from core.errors import InvalidRequest
from core.landscape.surface import INTERPOLATED, Surface

PALE = 0.55


class ReliefView(PlanePlot):
    """Can be used in place of a `SurfaceView`. It keeps the camera it is given, for windows that have a 3-D view."""

    camera_changed = Signal()  # after `set_camera_state` brought another one

    def __init__(self, parent: QWidget | None = None, *, reason: str = "") -> None:
        self._orbit = Orbit()
        self._pale = False
        super().__init__(parent)
        self.setObjectName("reliefView")
        self.setAccessibleName("Loss surface as a shaded relief")
        self._banner = QLabel(f"Shown as a relief from above. {reason}".strip(), self)
        self._banner.setObjectName("noOpenGLBanner")
        self._banner.setWordWrap(True)
        self._banner.setContentsMargins(10, 6, 10, 6)
        self._banner.setAutoFillBackground(True)
        self._column.insertWidget(0, self._banner)
        self._restyle()
        self.set_surface(None)

    @property
    def reason(self) -> str:
        """The sentence above the picture."""
        return self._banner.text()

    def set_interpolated_pale(self, pale: bool) -> None:  # noqa: FBT001  a Qt slot
        """Let what was not evaluated fade into the background."""
        self._pale = pale
        self._refresh()

    def _draw(self, surface: Surface, scale: HeightScale) -> None:
        pixels = relief(surface, scale, self._map)
        if self._pale:
            rows, columns = (
                np.round((np.arange((n - 1) * FINER) + 0.5) / FINER).astype(int) for n in surface.loss.shape
            )
            guessed = (surface.evaluated == INTERPOLATED)[rows][:, columns]
            pixels[guessed, 3] = (pixels[guessed, 3] * (1 - PALE)).astype(np.uint8)
        area = QRectF(QPointF(surface.x[0], surface.y[0]), QPointF(surface.x[-1], surface.y[-1]))
        self._show_pixels(pixels, area)

    # ---- the camera, kept for others

    def camera_state(self) -> dict[str, object]:
        """The point of view as plain numbers for JSON."""
        return self._orbit.to_state()

    def set_camera_state(self, state: Mapping[str, object]) -> None:
        """Keep this point of view."""
        orbit = Orbit.from_state(state)
        if orbit != self._orbit:
            self._orbit = orbit
            self.camera_changed.emit()

    def set_camera_preset(self, name: str) -> None:
        """Keep the point of view of that name."""
        if name not in PRESETS:
            raise InvalidRequest(f'There is no camera "{name}". There are: {", ".join(PRESETS)}.')
        self.set_camera_state(PRESETS[name].to_state())

    def _restyle(self) -> PlotColours:
        found = super()._restyle()
        if hasattr(self, "_banner"):
            palette = self._banner.palette()
            palette.setColor(palette.ColorRole.Window, found.neutral)
            palette.setColor(palette.ColorRole.WindowText, found.text)
            self._banner.setPalette(palette)
        return found
