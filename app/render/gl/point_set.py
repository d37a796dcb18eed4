"""Many marks in the scene, each of one size on the screen, all drawn at once."""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from vispy import gloo

from app.render.gl import shaders
from app.render.gl.projection import Projection
from core.landscape.plane import FloatArray

Shape = Literal["disc", "square", "diamond", "cross"]
Colour = tuple[float, float, float, float]
SHAPES: dict[Shape, int] = {"disc": 0, "square": 1, "diamond": 2, "cross": 3}  # as the shader numbers them
CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)
LAYOUT = [
    ("a_place", "f4", 3),
    ("a_corner", "f4", 2),
    ("a_radius", "f4"),
    ("a_shape", "f4"),
    ("a_inside", "f4", 4),
    ("a_outline", "f4", 4),
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Marks:
    """Marks of one look."""

    places: FloatArray  # (n, 3), in the scene
    shape: Shape = "disc"
    radius: float = 4.0  # logical pixels
    inside: Colour = (1.0, 1.0, 1.0, 1.0)
    outline: Colour = (0.05, 0.05, 0.05, 1.0)

    def at(self, places: FloatArray) -> Self:
        """The same look elsewhere."""
        return replace(self, places=places)


class PointSet:
    """Marks of several looks, drawn in the order in which they are given."""

    def __init__(self) -> None:
        self._program = gloo.Program(shaders.POINT_VERTEX, shaders.POINT_FRAGMENT)
        self._buffer = gloo.VertexBuffer()
        self._index = gloo.IndexBuffer()
        self._vertices: npt.NDArray[np.void] = np.zeros(0, LAYOUT)
        self._count = 0
        self._pixel = 0.0

    def set_marks(self, groups: list[Marks]) -> None:
        """Show these and nothing else."""
        parts = []
        for group in groups:
            part = np.zeros((len(group.places), 4), LAYOUT)
            part["a_place"] = group.places[:, None, :]
            part["a_corner"] = CORNERS
            part["a_radius"] = group.radius
            part["a_shape"] = SHAPES[group.shape]
            part["a_inside"] = group.inside
            part["a_outline"] = group.outline
            parts.append(part.ravel())
        self._vertices = np.concatenate(parts) if parts else np.zeros(0, LAYOUT)
        self._pixel = 0.0
        if len(self._vertices) != 4 * self._count:
            self._count = len(self._vertices) // 4
            if self._count:
                first = 4 * np.arange(self._count, dtype=np.uint32)[:, None]
                self._index.set_data((first + np.array([0, 1, 2, 2, 1, 3], np.uint32)).ravel())

    def draw(
        self, view: Projection, viewport: tuple[int, int], pixel: float, *, lift: float = 0.004, opacity: float = 1.0
    ) -> None:
        """Draw with `pixel` device pixels to a logical one."""
        if not self._count:
            return
        if pixel != self._pixel:  # a picture for print is finer than the screen
            self._pixel = pixel
            sized = self._vertices.copy()
            sized["a_radius"] *= pixel
            self._buffer.set_data(sized)
            self._program.bind(self._buffer)
        self._program["u_matrix"] = view.matrix.T.astype(np.float32)
        self._program["u_viewport"] = viewport
        self._program["u_lift"] = lift
        self._program["u_opacity"] = opacity
        self._program.draw("triangles", self._index)
