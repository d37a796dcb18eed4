"""A round mark at one place of the scene."""

import numpy as np
from vispy import gloo

from app.render.gl import shaders
from app.render.gl.projection import Projection

Colour = tuple[float, float, float]


class Marker:
    """A disc with a rim, of one size on the screen, always turned to the viewer."""

    def __init__(self) -> None:
        self._program = gloo.Program(shaders.MARKER_VERTEX, shaders.MARKER_FRAGMENT)
        self._program["a_corner"] = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)

    def draw(
        self,
        view: Projection,
        viewport: tuple[int, int],
        *,
        place: tuple[float, float, float],
        radius: float,
        inside: Colour,
        outline: Colour,
        opacity: float = 1.0,
    ) -> None:
        """Draw the mark with a radius in device pixels."""
        self._program["u_matrix"] = view.matrix.T.astype(np.float32)
        self._program["u_viewport"] = viewport
        self._program["u_place"] = place
        self._program["u_radius"] = radius
        self._program["u_inside"] = inside
        self._program["u_outline"] = outline
        self._program["u_opacity"] = opacity
        self._program.draw("triangle_strip")
