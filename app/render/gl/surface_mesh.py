"""The lit, coloured surface on the graphics card."""

import numpy as np
import numpy.typing as npt
from vispy import gloo

from app.render.colormaps import ColourArray
from app.render.gl import shaders
from app.render.gl.mesh_geometry import IndexArray, triangles
from app.render.gl.projection import Projection
from app.render.scales import HeightScale
from app.render.slopes import slopes
from core.landscape.surface import FloatArray

LEVEL_TEXELS = 2048


class SurfaceMesh:
    """A surface with one vertex per grid point.

    New heights cost three small vertex buffers; the triangles are sent again only where their layout changed.
    Colours and contour lines are looked up per pixel, so they follow the linear interpolation of the heights exactly.
    """

    def __init__(self) -> None:
        self._program = gloo.Program(shaders.SURFACE_VERTEX, shaders.SURFACE_FRAGMENT)
        self._place = gloo.VertexBuffer()
        self._height = gloo.VertexBuffer()
        self._slope = gloo.VertexBuffer()
        self._known = gloo.VertexBuffer()
        self._index = gloo.IndexBuffer()
        self._mesh: IndexArray = np.empty((0, 3), np.uint32)
        self._program["u_lines"] = 0.5
        self._program["u_pale"] = 0.0
        self._program["u_pixel"] = 1.0

    @property
    def mesh(self) -> IndexArray:
        """The triangles that are drawn, (t, 3)."""
        return self._mesh

    def set_surface(
        self, x: FloatArray, y: FloatArray, heights: FloatArray, known: npt.NDArray[np.bool_], scale: HeightScale
    ) -> None:
        """Show heights (ny, nx) over grid lines in scene coordinates; NaN is a hole."""
        place = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        shares = np.clip((heights - scale.bottom) / (scale.top - scale.bottom), 0.0, 1.0)
        mesh = triangles(shares)
        self._place.set_data(place.astype(np.float32))
        self._height.set_data(np.nan_to_num(heights, nan=scale.bottom).ravel().astype(np.float32))
        self._slope.set_data(slopes(x, y, shares).reshape(-1, 2).astype(np.float32))
        self._known.set_data(known.ravel().astype(np.float32))
        if not np.array_equal(mesh, self._mesh):
            self._mesh = mesh
            if len(mesh):
                self._index.set_data(mesh.ravel())
        for name, buffer in (
            ("a_place", self._place),
            ("a_height", self._height),
            ("a_slope", self._slope),
            ("a_known", self._known),
        ):
            self._program[name] = buffer
        self._program["u_bottom"] = scale.bottom
        self._program["u_top"] = scale.top
        self._set_levels(scale)

    def _set_levels(self, scale: HeightScale) -> None:
        levels = scale.heights(np.array([*scale.levels(), scale.high]))
        places = np.linspace(scale.bottom, scale.top, LEVEL_TEXELS)
        nearest = levels[np.abs(places[:, None] - levels).argmin(axis=1)].astype(np.float32)
        self._program["u_levels"] = gloo.Texture2D(
            nearest.reshape(1, -1, 1), interpolation="nearest", wrapping="clamp_to_edge", internalformat="r32f"
        )
        self._program["u_spacing"] = (scale.top - scale.bottom) / len(levels)

    def set_colours(self, table: ColourArray, over: ColourArray, background: tuple[float, float, float]) -> None:
        """Use a colour map (256, 4) and a colour `over` its end; interpolated parts fade into the background."""
        self._program["u_over"] = over[:3] / 255.0
        self._program["u_colours"] = gloo.Texture2D(
            np.ascontiguousarray(table[None]), interpolation="linear", wrapping="clamp_to_edge"
        )
        self._program["u_background"] = background

    def set_paleness(self, amount: float) -> None:
        """How far interpolated parts fade into the background, 0 to 1."""
        self._program["u_pale"] = amount

    def draw(self, view: Projection, tall: float, pixel: float) -> None:
        """Draw with lights that keep their place beside the viewer."""
        if not len(self._mesh):
            return
        backwards = np.cross(view.right, view.up)
        key = -0.50 * view.right + 0.62 * view.up + 0.45 * backwards
        fill = 0.75 * view.right + 0.25 * view.up + 0.55 * backwards
        self._program["u_matrix"] = view.matrix.T.astype(np.float32)
        self._program["u_tall"] = tall
        self._program["u_eye"] = view.eye.astype(np.float32)
        self._program["u_key"] = (key / np.linalg.norm(key)).astype(np.float32)
        self._program["u_fill"] = (fill / np.linalg.norm(fill)).astype(np.float32)
        self._program["u_pixel"] = pixel
        self._program.draw("triangles", self._index)
