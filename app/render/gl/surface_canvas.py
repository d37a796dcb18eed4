"""The widget that OpenGL draws in, and the scene in it."""

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget
from vispy import app, gloo

from app.render.cameras import Orbit
from app.render.gl.box_lines import Axes
from app.render.gl.probe import probe_graphics
from app.render.gl.projection import Box, Margins, Projection, project
from app.render.gl.scene import Inks, Scene
from app.render.scales import HeightScale
from core.landscape.surface import Surface

SAMPLES = 4  # of antialiasing per pixel; the processor alone would need twice the time for a frame
SUPERSAMPLING = 2  # of exported pictures, whose frame buffer has no antialiasing of its own


class SurfaceCanvas(app.Canvas):
    """Draws a surface from a point of view. Redraws only when something changed."""

    def __init__(self, parent: QWidget) -> None:
        self._scene: Scene | None = None
        self._content: tuple[Surface | None, HeightScale, str] | None = None
        self._inks = Inks()
        self._paleness = 0.0
        self._stale = True
        self.orbit = Orbit()
        self.margins = Margins(left=0, top=0, right=0, bottom=0)
        samples = 0 if probe_graphics().software else SAMPLES
        # The resolution is given because vispy would start another program to find out.
        super().__init__(
            app=app.use_app("pyside6"), parent=parent, config={"samples": samples, "depth_size": 24}, keys=None, dpi=96
        )
        # A mistake of ours must be seen, not printed and repeated at each redraw.
        self.events.ignore_callback_errors = False

    @property
    def widget(self) -> QWidget:
        """The Qt widget of this canvas."""
        native: QWidget = self.native
        return native

    @property
    def axes(self) -> Axes | None:
        """The box around the surface, once it was drawn."""
        return self._scene.axes if self._scene is not None else None

    @property
    def lowest(self) -> tuple[float, float, float] | None:
        """Where the lowest point is in the scene, once it was drawn."""
        return self._scene.lowest if self._scene is not None else None

    def show_surface(self, surface: Surface | None, scale: HeightScale, name: str) -> None:
        """Draw this surface from now on in the colours of a map. The graphics card gets it at the next redraw."""
        self._content = (surface, scale, name)
        self._stale = True
        self.update()

    def show_inks(self, inks: Inks) -> None:
        """Use these colours around the surface."""
        if inks != self._inks:
            self._inks = inks
            self._stale = True
            self.update()

    def show_paleness(self, amount: float) -> None:
        """Let interpolated parts fade into the background."""
        self._paleness = amount
        self._stale = True
        self.update()

    def projection(self) -> Projection:
        """From where the surface is seen now."""
        size = self.widget.size()
        box = self.axes.box if self.axes is not None else Box()
        return project(self.orbit, box, max(size.width(), 1), max(size.height(), 1), self.margins)

    def prepare(self) -> None:
        """Send what changed to the graphics card. Needs the context to be current."""
        if self._scene is None or not self._stale or self._content is None:
            return
        self._stale = False
        self._scene.set_inks(self._inks)
        self._scene.set_paleness(self._paleness)
        self._scene.set_surface(*self._content)

    def on_initialize(self, _event: object) -> None:
        """A new context has none of the old one's buffers: also after the widget moved to another window."""
        self._scene = Scene()
        self._stale = True

    def on_draw(self, _event: object) -> None:
        """Draw into the window."""
        if self._scene is None:
            return
        self.prepare()
        width, height = self.physical_size
        self._scene.draw(self.projection(), (int(width), int(height)), self._pixel())

    def picture(self, scale: float) -> npt.NDArray[np.uint8]:
        """The scene without labels at `scale` pixels per logical one, finer by `SUPERSAMPLING`: (h, w, 4)."""
        factor = scale * SUPERSAMPLING
        size = self.widget.size()
        shape = (round(size.height() * factor), round(size.width() * factor))
        self.set_current()
        target = gloo.FrameBuffer(color=gloo.RenderBuffer(shape), depth=gloo.RenderBuffer(shape))
        with target:
            if self._scene is not None:
                self.prepare()
                self._scene.draw(self.projection(), (shape[1], shape[0]), factor)
            picture: npt.NDArray[np.uint8] = np.ascontiguousarray(target.read())
        return picture

    def _pixel(self) -> float:
        return float(self.widget.devicePixelRatioF())
