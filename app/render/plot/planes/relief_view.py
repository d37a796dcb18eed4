"""What stands in for the 3-D view where there is no OpenGL: a shaded relief, and the reason."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.render.cameras import PRESETS, Orbit
from app.render.fields import Picture
from app.render.plot.planes.readable_plot import ReadablePlot
from app.render.plot.planes.relief import finer, relief
from app.render.plot.style import PlotColours
from app.render.refinement import between
from app.render.surface_picture import PALE
from core.errors import InvalidRequest
from core.landscape.surface import INTERPOLATED


class ReliefView(ReadablePlot):
    """Can be used in place of a `SurfaceView`. It keeps the camera it is given, for windows that have a 3-D view."""

    camera_changed = Signal()  # after `set_camera_state` brought another one
    turntable_changed = Signal(bool)  # never

    def __init__(self, parent: QWidget | None = None, *, reason: str = "") -> None:
        self._orbit = Orbit()
        super().__init__(parent)
        self.setObjectName("reliefView")
        self.setAccessibleName("Loss surface as a shaded relief")
        self._banner = QLabel(f"Shown as a relief from above. {reason}".strip(), self)
        self._banner.setObjectName("noOpenGLBanner")
        self._banner.setWordWrap(True)
        self._banner.setContentsMargins(10, 6, 10, 6)
        self._banner.setAutoFillBackground(True)
        self.column.insertWidget(0, self._banner)
        self._restyle()
        self.set_surface(None)

    @property
    def reason(self) -> str:
        """The sentence above the picture."""
        return self._banner.text()

    def _draw(self, picture: Picture) -> None:
        surface = picture.surface
        pixels = relief(picture, self._map, refined=self._refined)
        if self._faded:
            factor = finer(surface.loss.shape)
            guessed = between((surface.evaluated == INTERPOLATED).astype(np.float64), factor)
            pixels[..., 3] = (pixels[..., 3] * (1 - PALE * guessed)).astype(np.uint8)
        # The middles of the outer pixels lie on the outer grid lines.
        half = [
            float(np.ptp(places)) / (count - 1) / 2
            for places, count in ((surface.x, pixels.shape[1]), (surface.y, pixels.shape[0]))
        ]
        area = QRectF(QPointF(surface.x[0], surface.y[0]), QPointF(surface.x[-1], surface.y[-1]))
        self._canvas.show_pixels(pixels, area.adjusted(-half[0], -half[1], half[0], half[1]))

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

    def reset_view(self) -> None:
        """Show the whole plane, and give others the point of view of the paper's figures."""
        super().reset_view()
        self.set_camera_preset("paper")

    @property
    def turntable(self) -> bool:
        """A relief does not turn."""
        return False

    def set_turntable(self, _turning: bool) -> None:  # noqa: FBT001  a Qt slot
        """A relief does not turn: nothing happens."""

    def _restyle(self) -> PlotColours:
        found = super()._restyle()
        if hasattr(self, "_banner"):
            palette = self._banner.palette()
            palette.setColor(palette.ColorRole.Window, found.neutral)
            palette.setColor(palette.ColorRole.WindowText, found.text)
            self._banner.setPalette(palette)
        return found
