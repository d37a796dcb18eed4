"""Many straight lines in the scene, of one width on the screen."""

import numpy as np
import numpy.typing as npt
from vispy import gloo

from app.render.gl import shaders
from app.render.gl.projection import Projection
from core.landscape.plane import FloatArray

CORNERS = np.array([[0, -1], [0, 1], [1, -1], [1, 1]], np.float32)


class LineSet:
    """Line segments, each with its colour."""

    def __init__(self) -> None:
        self._program = gloo.Program(shaders.LINE_VERTEX, shaders.LINE_FRAGMENT)
        self._buffer = gloo.VertexBuffer()
        self._index = gloo.IndexBuffer()
        self._count = 0

    def set_segments(self, starts: FloatArray, ends: FloatArray, colours: npt.ArrayLike) -> None:
        """Show the lines from `starts` to `ends`, both (n, 3), in one colour (4,) or one each (n, 4), 0 to 1."""
        if len(starts) != self._count:
            first = 4 * np.arange(len(starts), dtype=np.uint32)[:, None]
            self._count = len(starts)
            if self._count:
                self._index.set_data((first + np.array([0, 1, 2, 2, 1, 3], np.uint32)).ravel())
        if not self._count:
            return
        vertices = np.zeros(
            4 * self._count, [("a_from", "f4", 3), ("a_to", "f4", 3), ("a_corner", "f4", 2), ("a_colour", "f4", 4)]
        )
        vertices["a_from"] = np.repeat(starts, 4, axis=0)
        vertices["a_to"] = np.repeat(ends, 4, axis=0)
        vertices["a_corner"] = np.tile(CORNERS, (self._count, 1))
        vertices["a_colour"] = np.repeat(np.broadcast_to(np.asarray(colours), (self._count, 4)), 4, axis=0)
        self._buffer.set_data(vertices)
        self._program.bind(self._buffer)

    def draw(
        self,
        view: Projection,
        viewport: tuple[int, int],
        width: float,
        *,
        lift: float = 0.0,
        opacity: float = 1.0,
        chained: bool = False,
    ) -> None:
        """Draw the lines `width` device pixels wide, a little nearer to the viewer by `lift` in depth.

        `chained`: many short lines that follow one another and are not opaque, whose ends must not overlap.
        """
        if not self._count:
            return
        self._program["u_matrix"] = view.matrix.T.astype(np.float32)
        self._program["u_viewport"] = viewport
        self._program["u_width"] = width
        self._program["u_lift"] = lift
        self._program["u_cap"] = 0.0 if chained else 0.35
        self._program["u_opacity"] = opacity
        self._program.draw("triangles", self._index)
