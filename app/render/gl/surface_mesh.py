"""The lit, coloured surface on the graphics card."""

import numpy as np
from vispy import gloo

from app.render.colormaps import ColourArray
from app.render.gl import shaders
from app.render.gl.mesh_geometry import IndexArray, Mesh
from app.render.gl.projection import Projection
from app.render.scales import HeightScale

LEVEL_TEXELS = 2048
LAYOUT = [
    ("a_place", "f4", 2),
    ("a_height", "f4"),
    ("a_slope", "f4", 2),
    ("a_sky", "f4"),
    ("a_colour", "f4"),
    ("a_known", "f4"),
]


class SurfaceMesh:
    """A surface with one vertex per point of its mesh.

    New heights cost one vertex buffer; the triangles are sent again only where their layout changed.
    Colours and contour lines are looked up per pixel, so they follow the heights between the points exactly.
    """

    def __init__(self) -> None:
        self._program = gloo.Program(shaders.SURFACE_VERTEX, shaders.SURFACE_FRAGMENT)
        self._vertices = gloo.VertexBuffer()
        self._all = gloo.IndexBuffer()
        self._few = gloo.IndexBuffer()
        self._mesh: IndexArray = np.empty((0, 3), np.uint32)
        self._quick: IndexArray = np.empty((0, 3), np.uint32)
        self._program["u_lines"] = 0.5
        self._program["u_pale"] = 0.0
        self._program["u_pixel"] = 1.0

    @property
    def mesh(self) -> IndexArray:
        """The triangles that are drawn, (t, 3)."""
        return self._mesh

    def set_mesh(self, mesh: Mesh, scale: HeightScale) -> None:
        """Show this mesh, whose heights are on that scale."""
        vertices = np.zeros(mesh.heights.size, LAYOUT)
        across, up = np.meshgrid(mesh.x, mesh.y)
        vertices["a_place"][:, 0], vertices["a_place"][:, 1] = across.ravel(), up.ravel()
        vertices["a_height"] = np.nan_to_num(mesh.heights, nan=scale.bottom).ravel()
        vertices["a_slope"] = np.nan_to_num(mesh.slopes).reshape(-1, 2)
        vertices["a_sky"] = mesh.sky.ravel()
        vertices["a_colour"] = mesh.colour.ravel()
        vertices["a_known"] = mesh.known.ravel()
        self._vertices.set_data(vertices)
        self._program.bind(self._vertices)
        if not np.array_equal(mesh.triangles, self._mesh):
            self._mesh = mesh.triangles
            if len(self._mesh):
                self._all.set_data(self._mesh.ravel())
        if not np.array_equal(mesh.quick, self._quick):
            self._quick = mesh.quick
            if len(self._quick):
                self._few.set_data(self._quick.ravel())
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

    def draw(self, view: Projection, tall: float, pixel: float, *, quick: bool = False) -> None:
        """Draw with lights that keep their place beside the viewer; `quick`: with fewer triangles."""
        if not len(self._mesh):
            return
        backwards = np.cross(view.right, view.up)
        key = -0.75 * view.right + 0.48 * view.up + 0.35 * backwards
        fill = 0.75 * view.right + 0.25 * view.up + 0.55 * backwards
        self._program["u_matrix"] = view.matrix.T.astype(np.float32)
        self._program["u_tall"] = tall
        self._program["u_eye"] = view.eye.astype(np.float32)
        self._program["u_key"] = (key / np.linalg.norm(key)).astype(np.float32)
        self._program["u_fill"] = (fill / np.linalg.norm(fill)).astype(np.float32)
        self._program["u_pixel"] = pixel
        few = quick and len(self._quick) < len(self._mesh)
        self._program.draw("triangles", self._few if few else self._all)
