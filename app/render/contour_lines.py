"""Lines of equal loss over the plane, the same for every picture."""

from itertools import pairwise

import contourpy
import numpy as np

from app.render.scales import HeightScale
from core.landscape.surface import FloatArray, Surface


def contour_lines(surface: Surface, scale: HeightScale) -> list[tuple[float, list[FloatArray]]]:
    """For each level of the scale the lines (n, 2) in coordinates of the plane.

    The heights between grid points are linear, as in the mesh. Of a cell with one unknown corner the other half is
    crossed; beside more holes than that, lines end.
    """
    heights = np.ma.masked_invalid(scale.heights(surface.loss))
    generator = contourpy.contour_generator(surface.x, surface.y, heights, corner_mask=True)
    levels = [level for level in (*scale.levels(), scale.high) if level < scale.high or scale.clips]
    found = []
    for level in dict.fromkeys(levels):
        lines = [np.asarray(line) for line in generator.lines(scale.height(level))]
        if lines:
            found.append((level, lines))
    return found


def region_above(surface: Surface, scale: HeightScale) -> list[FloatArray]:
    """Where the loss is above the scale: outer rings and holes (n, 2), to be filled by the odd-even rule."""
    heights = np.ma.masked_invalid(scale.heights(surface.loss))
    if not scale.clips or not np.any(heights > scale.top):
        return []
    generator = contourpy.contour_generator(
        surface.x, surface.y, heights, corner_mask=True, fill_type=contourpy.FillType.OuterOffset
    )
    polygons, offsets = generator.filled(scale.top, float(heights.max()) + 1.0)
    return [
        np.asarray(points[start:end])
        for points, starts in zip(polygons, offsets, strict=True)
        for start, end in pairwise(starts)
    ]
