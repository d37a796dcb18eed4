"""The widget that OpenGL draws in, and the scene in it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget
from vispy import app, gloo

from app.render.cameras import Orbit
from app.render.colormaps import DEFAULT_LOSS_MAP
from app.render.gl.box_lines import Axes, axes_of, lowest_place
from app.render.gl.probe import probe_graphics
from app.render.gl.projection import Box, Margins, Projection, project
from app.render.gl.scene import Inks, Scene
from app.render.scales import HeightScale, shared_scale
from core.landscape.surface import Surface

SAMPLES = 4  # of antialiasing per pixel; the processor alone would need twice the time for a frame
SUPERSAMPLING = 2  # of exported pictures, whose frame buffer has no antialiasing of its own


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """What a canvas draws, apart from the point of view."""

    surface: Surface | None = None
    scale: HeightScale = field(default_factory=lambda: shared_scale([]))
    colormap: str = DEFAULT_LOSS_MAP
    inks: Inks = field(default_factory=Inks)
    paleness: float = 0.0  # how far interpolated parts fade into the background, 0 to 1


class SurfaceCanvas(app.Canvas):
    """Draws a surface from a point of view. Redraws only when something changed."""

    def __init__(self, parent: QWidget, on_context_lost: Callable[[], None]) -> None:
        self._on_context_lost = on_context_lost
        self._scene: Scene | None = None
        self._shown = Shown()
        self._axes: Axes | None = None
        self._stale = True
        self._lost = False
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
        """The box around the surface, if there is one."""
        return self._axes

    @property
    def lowest(self) -> tuple[float, float, float] | None:
        """Where the lowest point is in the scene, if one is known."""
        if self._shown.surface is None or self._axes is None:
            return None
        return lowest_place(self._shown.surface, self._shown.scale, self._axes.box)

    @property
    def shown(self) -> Shown:
        """What is drawn."""
        return self._shown

    def show_content(self, shown: Shown) -> None:
        """Draw this from now on. The graphics card gets it at the next redraw."""
        if shown is not self._shown:
            self._shown = shown
            # Known at once, for labels that are painted before the first redraw.
            self._axes = None if shown.surface is None else axes_of(shown.surface, shown.scale)
            self._stale = True
            self.update()

    def projection(self) -> Projection:
        """From where the surface is seen now."""
        size = self.widget.size()
        box = self.axes.box if self.axes is not None else Box()
        return project(self.orbit, box, max(size.width(), 1), max(size.height(), 1), self.margins)

    def prepare(self) -> None:
        """Send what changed to the graphics card. Needs the context to be current."""
        if self._scene is None or not self._stale:
            return
        self._stale = False
        self._scene.set_inks(self._shown.inks)
        self._scene.set_paleness(self._shown.paleness)
        self._scene.set_surface(self._shown.surface, self._shown.scale, self._shown.colormap, self._axes)

    def on_initialize(self, _event: object) -> None:
        """Make the scene. A second time means that the widget moved to another window, where it has a new context.

        vispy cannot follow: it takes the names of the old context's buffers for those of the new one. So this canvas
        draws nothing more and asks to be replaced.
        """
        if self._lost or self._scene is not None:
            self._lost, self._scene = True, None
            self._on_context_lost()
        else:
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
