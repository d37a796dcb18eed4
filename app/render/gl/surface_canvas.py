"""The widget that OpenGL draws in, and the scene in it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget
from vispy import app, gloo

from app.render.cameras import Orbit
from app.render.colormaps import DEFAULT_LOSS_MAP
from app.render.fields import Picture
from app.render.gl.box_lines import Axes, axes_of
from app.render.gl.mesh_geometry import Mesh, mesh_of
from app.render.gl.overlay_marks import Laid, lay
from app.render.gl.probe import probe_graphics
from app.render.gl.projection import Box, Margins, Projection, project
from app.render.gl.scene import Inks, Scene
from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.surface_words import initial_losses

SAMPLES = 4  # of antialiasing per pixel; the processor alone would need twice the time for a frame
SUPERSAMPLING = 2  # of exported pictures, whose frame buffer has no antialiasing of its own
LARGEST = 8192  # pixels along a side of a frame buffer, which every driver offers
CELLS = 300  # along a side, to which a smooth surface is refined
CELLS_IN_SOFTWARE = 200  # where the processor draws; while the surface is turned, it draws half as many
CELLS_IN_WORK = 100  # there, while the surface still grows


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """What a canvas draws, apart from the point of view."""

    picture: Picture | None = None
    overlays: Overlays = NO_OVERLAYS
    colormap: str = DEFAULT_LOSS_MAP
    inks: Inks = field(default_factory=Inks)
    paleness: float = 0.0  # how far interpolated parts fade into the background, 0 to 1
    refined: bool = True  # smooth between the grid points, or as computed


class SurfaceCanvas(app.Canvas):
    """Draws a surface from a point of view. Redraws only when something changed."""

    def __init__(self, parent: QWidget, on_context_lost: Callable[[], None]) -> None:
        self._on_context_lost = on_context_lost
        self._scene: Scene | None = None
        self._shown = Shown()
        self._axes: Axes | None = None
        self._mesh: Mesh | None = None
        self._laid: Laid | None = None
        self._stale = True
        self.moving = False  # drawn with fewer triangles, where the processor draws
        self._lost = False
        self._resized = False
        self.drawn = False  # whether there was a first picture
        self.orbit = Orbit()
        self.margins = Margins(left=0, top=0, right=0, bottom=0)
        self._software = probe_graphics().software
        samples = 0 if self._software else SAMPLES
        # The resolution is given because vispy would start another program to find out.
        super().__init__(
            app=app.use_app("pyside6"),
            parent=parent,
            config={"samples": samples, "depth_size": 24},
            keys=None,
            dpi=96,
            # Qt shows what was drawn when it composes the window; to swap buffers before that costs a frame its half.
            autoswap=False,
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
    def mesh(self) -> Mesh | None:
        """The surface as it is drawn. Made when it is first needed: a hidden view costs nothing."""
        if self._mesh is None and self._shown.picture is not None and self._axes is not None:
            self._mesh = mesh_of(self._shown.picture, tall=self._axes.box.tall, cells=self._cells(self._shown.picture))
        return self._mesh

    @property
    def laid(self) -> Laid | None:
        """What is laid over the surface, in the scene."""
        if self._laid is None and self._shown.picture is not None and self._axes is not None and self.mesh is not None:
            self._laid = lay(self._shown.picture, self.mesh, self._axes, self._shown.overlays)
        return self._laid

    @property
    def settled(self) -> bool:
        """Whether all that is shown was drawn."""
        return self.drawn and not self._stale

    @property
    def ready(self) -> bool:
        """Whether what is laid over the surface was made, or is due: a first picture is not held up by words."""
        return self.drawn or self._laid is not None

    def _cells(self, picture: Picture) -> int:
        if not self._shown.refined:
            return 0
        if not self._software:
            return CELLS
        return CELLS_IN_SOFTWARE if picture.surface.status == "complete" else CELLS_IN_WORK

    @property
    def shown(self) -> Shown:
        """What is drawn."""
        return self._shown

    def show_content(self, shown: Shown) -> None:
        """Draw this from now on. The graphics card gets it at the next redraw, which whoever calls this asks for."""
        if shown is self._shown:
            return
        before, self._shown = self._shown, shown
        if shown.picture is not before.picture or shown.refined != before.refined:
            # The axes at once, for labels that are painted before the first redraw.
            self._axes = None if shown.picture is None else axes_of(shown.picture)
            self._mesh = self._laid = None
        if shown.overlays is not before.overlays:
            self._laid = None
        self._stale = True

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
        shown = self._shown
        self._scene.set_inks(shown.inks)
        self._scene.set_paleness(shown.paleness)
        if shown.picture is None or self._axes is None or self.mesh is None or self.laid is None:
            self._scene.clear()
            return
        self._scene.set_picture(shown.picture, self.mesh, self._axes, shown.colormap)
        initial = shown.picture.scale.shares(initial_losses(shown.overlays)) * self._axes.box.tall
        self._scene.set_overlays(self.laid, initial)

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

    def on_resize(self, _event: object) -> None:
        """Another size; Qt asks for a picture right after it."""
        self._resized = True

    def on_draw(self, _event: object) -> None:
        """Draw into the window."""
        if self._scene is None:
            return
        if self._resized:
            # Qt asks for a picture within the resizing, and for another before it shows the window: one is enough.
            self._resized = False
            self.update()
            return
        self.drawn = True
        self.prepare()
        width, height = self.physical_size
        quick = self.moving and self._software
        self._scene.draw(self.projection(), (int(width), int(height)), self._pixel(), quick=quick)

    def picture(self, scale: float) -> npt.NDArray[np.uint8]:
        """The scene without labels at `scale` pixels per logical one, finer where there is room: (h, w, 4)."""
        size = self.widget.size()
        factor = min(scale * SUPERSAMPLING, LARGEST / max(size.width(), size.height(), 1))
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
