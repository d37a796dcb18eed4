"""What stands in the box: surface, rim, floor contours, grid and the mark of the lowest point."""

from dataclasses import dataclass

import numpy as np
from vispy import gloo

from app.render.colormaps import ColourArray, colormap, over_colour
from app.render.contour_lines import contour_lines
from app.render.gl.box_lines import Axes, box_segments, far_walls, lowest_place
from app.render.gl.line_set import LineSet
from app.render.gl.marker import Marker
from app.render.gl.mesh_geometry import IndexArray, boundary, plane_places
from app.render.gl.projection import Projection
from app.render.gl.surface_mesh import SurfaceMesh
from app.render.scales import HeightScale
from core.landscape.surface import INTERPOLATED, Surface

Colour = tuple[float, float, float]

RIM = (0.0, 0.0, 0.0, 0.45)  # a thin line along the border of the surface and of its holes


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
        self._floor = LineSet()
        self._rim = LineSet()
        self._marker = Marker()
        self._axes: Axes | None = None
        self._lowest: tuple[float, float, float] | None = None
        self._inks = Inks()
        self._walls: tuple[float, float] | None = None
        self._rim_of: IndexArray | None = None
        self._rim_edges: IndexArray = np.empty((0, 2), np.uint32)

    def set_surface(self, surface: Surface | None, scale: HeightScale, name: str, axes: Axes | None) -> None:
        """Show a surface on a scale, in the colours of a map, in the box of these axes; nothing without them."""
        self._axes, self._walls, self._lowest = axes, None, None
        if surface is None or axes is None:
            return
        x, y = plane_places(surface.x, surface.y)
        self._mesh.set_surface(x, y, scale.heights(surface.loss), surface.evaluated != INTERPOLATED, scale)
        self._mesh.set_colours(colormap(name), over_colour(name), self._inks.background)
        heights = np.nan_to_num(scale.shares(surface.loss)) * axes.box.tall
        places = np.dstack([*np.meshgrid(x, y), heights]).reshape(-1, 3)
        edges = self._edges()
        self._rim.set_segments(places[edges[:, 0]], places[edges[:, 1]], RIM)
        self._set_floor(surface, scale, colormap(name), axes.box.floor)
        self._lowest = lowest_place(surface, scale, axes.box)

    def _edges(self) -> IndexArray:
        mesh = self._mesh.mesh
        if self._rim_of is not mesh:
            self._rim_of, self._rim_edges = mesh, boundary(mesh)
        return self._rim_edges

    def _set_floor(self, surface: Surface, scale: HeightScale, table: ColourArray, floor: float) -> None:
        x, y = plane_places(surface.x, surface.y)
        starts, ends, colours = [], [], []
        for level, lines in contour_lines(surface, scale):
            # A quarter of the text's colour keeps pale lines visible on the bare background.
            colour = 0.78 * table[round(scale.share(level) * 255)] / 255.0 + 0.22 * np.array([*self._inks.text, 1.0])
            for line in lines:
                points = np.column_stack(
                    [
                        np.interp(line[:, 0], surface.x, x),
                        np.interp(line[:, 1], surface.y, y),
                        np.full(len(line), floor),
                    ]
                )
                starts.append(points[:-1])
                ends.append(points[1:])
                colours.append(np.tile(colour, (len(line) - 1, 1)))
        if starts:
            self._floor.set_segments(np.concatenate(starts), np.concatenate(ends), np.concatenate(colours))
        else:
            self._floor.set_segments(np.empty((0, 3)), np.empty((0, 3)), (0, 0, 0, 0))

    def set_inks(self, inks: Inks) -> None:
        """Use other colours around the surface; call `set_surface` again afterwards."""
        self._inks = inks
        self._walls = None

    def set_paleness(self, amount: float) -> None:
        """How far interpolated parts fade into the background, 0 to 1."""
        self._mesh.set_paleness(amount)

    def draw(self, view: Projection, size: tuple[int, int], pixel: float) -> None:
        """Draw into the current frame buffer of `size` device pixels, `pixel` of them to a logical one."""
        gloo.set_viewport(0, 0, *size)
        gloo.set_clear_color((*self._inks.background, 1.0))
        gloo.clear(color=True, depth=True)
        if self._axes is None:
            return
        gloo.set_state(
            depth_test=True, blend=True, cull_face=False, blend_func=("src_alpha", "one_minus_src_alpha", "one", "one")
        )
        if self._walls != (walls := far_walls(view)):
            self._walls = walls
            self._grid.set_segments(*box_segments(self._axes, view), self._inks.faint(0.16))
        gloo.set_depth_mask(False)
        self._grid.draw(view, size, 1.0 * pixel)
        self._floor.draw(view, size, 1.5 * pixel)
        gloo.set_depth_mask(True)
        self._mesh.draw(view, self._axes.box.tall, pixel)
        self._rim.draw(view, size, 1.1 * pixel, lift=0.0015)
        self._draw_lowest(view, size, pixel)

    def _draw_lowest(self, view: Projection, size: tuple[int, int], pixel: float) -> None:
        """Twice: faint through the surface, and in full where it can be seen."""
        if self._lowest is None:
            return
        for seen in (False, True):
            gloo.set_state(depth_test=seen)
            self._marker.draw(
                view,
                size,
                place=self._lowest,
                radius=5.0 * pixel,
                inside=(1.0, 1.0, 1.0),
                outline=(0.05, 0.05, 0.05),
                opacity=1.0 if seen else 0.45,
            )
        gloo.set_state(depth_test=True)
