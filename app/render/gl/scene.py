"""What stands in the box: surface, rim, floor contours, grid, and what is laid over the surface."""

from dataclasses import dataclass

import numpy as np
from vispy import gloo

from app.render.colormaps import ColourArray, colormap, over_colour
from app.render.contour_lines import contour_lines
from app.render.fields import Picture
from app.render.gl.box_lines import Axes, box_segments, far_walls, level_segments
from app.render.gl.line_set import LineSet
from app.render.gl.mesh_geometry import Mesh, plane_places, quick_stride
from app.render.gl.overlay_marks import DROP, Laid
from app.render.gl.point_set import PointSet
from app.render.gl.projection import Projection
from app.render.gl.surface_mesh import SurfaceMesh
from core.landscape.plane import FloatArray

Colour = tuple[float, float, float]

RIM = (0.0, 0.0, 0.0, 0.45)  # a thin line along the border of the surface and of its holes
CASING = (0.06, 0.06, 0.06, 1.0)
WAY = (1.0, 1.0, 1.0, 1.0)
HIDDEN = 0.40  # opacity of a line or a mark behind the surface


@dataclass(frozen=True, kw_only=True)
class Inks:
    """The colours around the surface, from the palette of the window."""

    background: Colour = (1.0, 1.0, 1.0)
    text: Colour = (0.1, 0.1, 0.1)

    def faint(self, strength: float) -> tuple[float, float, float, float]:
        """The text's colour, mixed into the background."""
        mixed = [b + (t - b) * strength for t, b in zip(self.text, self.background, strict=True)]
        return (mixed[0], mixed[1], mixed[2], 1.0)


class Scene:
    """Draws one surface. All of it needs a current OpenGL context."""

    def __init__(self) -> None:
        self._mesh = SurfaceMesh()
        self._grid = LineSet()
        self._levels = LineSet()
        self._floor = LineSet()
        self._rim = LineSet()
        self._casing = LineSet()
        self._way = LineSet()
        self._drops = LineSet()
        self._marks = PointSet()
        self._dots = PointSet()
        self._axes: Axes | None = None
        self._initial: FloatArray = np.empty(0)
        self._inks = Inks()
        self._walls: tuple[float, float] | None = None

    def clear(self) -> None:
        """Draw only the background."""
        self._axes = None

    def set_picture(self, picture: Picture, mesh: Mesh, axes: Axes, name: str) -> None:
        """Show a picture as this mesh, in the colours of a map, in the box of these axes."""
        self._axes, self._walls = axes, None
        self._mesh.set_mesh(mesh, picture.scale)
        self._mesh.set_colours(colormap(name), over_colour(name), self._inks.background)
        places = np.dstack([*np.meshgrid(mesh.x, mesh.y), np.nan_to_num(mesh.shares) * axes.box.tall]).reshape(-1, 3)
        self._rim.set_segments(places[mesh.rim[:, 0]], places[mesh.rim[:, 1]], RIM)
        self._set_floor(picture, mesh, colormap(name), axes.box.floor)

    def set_overlays(self, laid: Laid, initial: FloatArray) -> None:
        """Show what is laid over the surface; `initial` are heights of levels on the back walls, in the scene."""
        self._casing.set_segments(*laid.way, CASING)
        self._way.set_segments(*laid.way, WAY)
        self._drops.set_segments(*laid.drops, self._inks.faint(0.75))
        self._marks.set_marks(list(laid.marks))
        self._dots.set_marks(list(laid.dots))
        self._initial, self._walls = initial, None

    def _set_floor(self, picture: Picture, mesh: Mesh, table: ColourArray, floor: float) -> None:
        surface, scale = picture.surface, picture.scale
        x, y = plane_places(surface.x, surface.y)
        factor = mesh.factor // quick_stride(mesh.heights.shape, mesh.factor)
        starts, ends, colours = [], [], []
        for level, lines in contour_lines(surface, scale, factor):
            # A quarter of the text's colour keeps pale lines visible on the bare background.
            colour = 0.78 * table[round(scale.share(level) * 255)] / 255.0 + 0.22 * np.array([*self._inks.text, 1.0])
            if not picture.coloured_by_height:
                colour = np.array(self._inks.faint(0.55))
            for line in lines:
                across, up = np.interp(line[:, 0], surface.x, x), np.interp(line[:, 1], surface.y, y)
                points = np.column_stack([across, up, np.full(len(line), floor)])
                starts.append(points[:-1])
                ends.append(points[1:])
                colours.append(np.tile(colour, (len(line) - 1, 1)))
        if starts:
            self._floor.set_segments(np.concatenate(starts), np.concatenate(ends), np.concatenate(colours))
        else:
            self._floor.set_segments(np.empty((0, 3)), np.empty((0, 3)), (0, 0, 0, 0))

    def set_inks(self, inks: Inks) -> None:
        """Use other colours around the surface; call `set_picture` again afterwards."""
        self._inks = inks
        self._walls = None

    def set_paleness(self, amount: float) -> None:
        """How far interpolated parts fade into the background, 0 to 1."""
        self._mesh.set_paleness(amount)

    def draw(self, view: Projection, size: tuple[int, int], pixel: float, *, quick: bool = False) -> None:
        """Draw into the current frame buffer of `size` device pixels, `pixel` of them to a logical one."""
        gloo.set_viewport(0, 0, *size)
        gloo.set_clear_color((*self._inks.background, 1.0))
        gloo.clear(color=True, depth=True)
        if self._axes is None:
            return
        gloo.set_state(
            depth_test=True, blend=True, cull_face=False, blend_func=("src_alpha", "one_minus_src_alpha", "one", "one")
        )
        self._follow_walls(self._axes, view)
        gloo.set_depth_mask(False)
        self._grid.draw(view, size, 1.0 * pixel)
        self._levels.draw(view, size, 1.2 * pixel)
        self._floor.draw(view, size, 1.5 * pixel)
        gloo.set_depth_mask(True)
        self._mesh.draw(view, self._axes.box.tall, pixel, quick=quick)
        self._rim.draw(view, size, 1.2 * pixel, lift=0.004, chained=True)
        self._draw_overlays(view, size, pixel)

    def _follow_walls(self, axes: Axes, view: Projection) -> None:
        """The grid stands behind the surface, from wherever it is seen."""
        if self._walls != (walls := far_walls(view)):
            self._walls = walls
            self._grid.set_segments(*box_segments(axes, view), self._inks.faint(0.16))
            self._levels.set_segments(*level_segments(axes, view, self._initial), DROP)

    def _draw_overlays(self, view: Projection, size: tuple[int, int], pixel: float) -> None:
        """Lines and marks twice: faint through the surface, and in full where they can be seen."""
        self._dots.draw(view, size, pixel, lift=0.005)
        gloo.set_depth_mask(False)
        for seen in (False, True):
            gloo.set_state(depth_test=seen)
            opacity = 1.0 if seen else HIDDEN
            self._drops.draw(view, size, 1.0 * pixel, lift=0.0005, opacity=opacity)
            self._casing.draw(view, size, 3.6 * pixel, lift=0.002, opacity=opacity, chained=not seen)
            self._way.draw(view, size, 1.8 * pixel, lift=0.0022, opacity=opacity, chained=not seen)
            self._marks.draw(view, size, pixel, opacity=opacity)
        gloo.set_state(depth_test=True)
        gloo.set_depth_mask(True)
