"""Lines of equal loss over the plane, the same for every picture."""

from itertools import pairwise

import contourpy
import numpy as np

from app.render.refinement import finer_places, refine
from app.render.scales import HeightScale
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface

Levels = list[tuple[float, list[FloatArray]]]
Refined = tuple[FloatArray, FloatArray, "np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]"]


def contour_lines(surface: Surface, scale: HeightScale, factor: int = 1) -> Levels:
    """For each level of the scale the lines (n, 2) in coordinates of the plane.

    The heights between grid points are those of the mesh: refined by `factor`, linear beyond that. Of a cell with one
    unknown corner the other half is crossed; beside more holes than that, lines end.
    """
    return _lines(_refined(surface, scale, factor), scale)


def region_above(surface: Surface, scale: HeightScale, factor: int = 1) -> list[FloatArray]:
    """Where the loss is above the scale: outer rings and holes (n, 2), to be filled by the odd-even rule."""
    return _rings(_refined(surface, scale, factor), scale)


def lines_and_region(surface: Surface, scale: HeightScale, factor: int = 1) -> tuple[Levels, list[FloatArray]]:
    """Both `contour_lines` and `region_above`, of heights that are refined once."""
    refined = _refined(surface, scale, factor)
    return _lines(refined, scale), _rings(refined, scale)


def _lines(refined: Refined, scale: HeightScale) -> Levels:
    generator = contourpy.contour_generator(*refined, corner_mask=True)
    levels = [level for level in (*scale.levels(), scale.high) if level < scale.high or scale.clips]
    found = []
    for level in dict.fromkeys(levels):
        lines = [np.asarray(line) for line in generator.lines(scale.height(level))]
        if lines:
            found.append((level, lines))
    return found


def _rings(refined: Refined, scale: HeightScale) -> list[FloatArray]:
    x, y, heights = refined
    if not scale.clips or not np.any(heights > scale.top):
        return []
    generator = contourpy.contour_generator(x, y, heights, corner_mask=True, fill_type=contourpy.FillType.OuterOffset)
    polygons, offsets = generator.filled(scale.top, float(heights.max()) + 1.0)
    return [
        np.asarray(points[start:end])
        for points, starts in zip(polygons, offsets, strict=True)
        for start, end in pairwise(starts)
    ]


def _refined(surface: Surface, scale: HeightScale, factor: int) -> Refined:
    x, y = finer_places(surface.x, factor), finer_places(surface.y, factor)
    return x, y, np.ma.masked_invalid(refine(surface.x, surface.y, scale.heights(surface.loss), factor))
