"""A surface as a shaded relief, computed by the processor."""

import numpy as np

from app.render.colormaps import ColourArray, colours, over_colour
from app.render.scales import HeightScale
from app.render.slopes import slopes
from core.landscape.surface import FloatArray, Surface

FINER = 10  # pixels per cell; between grid points the heights are linear, as in the mesh of the 3-D view
TALL = 0.7  # height of the whole scale where half the plane is 1; lower than in the 3-D view, or slopes turn black
LIGHT = np.array([-0.50, 0.55, 0.67]) / np.linalg.norm([-0.50, 0.55, 0.67])  # from the upper left, as on maps


def relief(surface: Surface, scale: HeightScale, name: str) -> ColourArray:
    """The picture of a surface lit from the upper left: (rows upwards, columns, 4); open where a loss is unknown."""
    rows, columns = (_finer(len(places)) for places in (surface.y, surface.x))
    heights = _between(scale.heights(surface.loss), rows, columns)
    shares = np.clip((heights - scale.bottom) / (scale.top - scale.bottom), 0.0, 1.0)
    pixels = colours(name, shares)
    pixels[np.nan_to_num(heights) > scale.top] = over_colour(name)
    longest = max(float(np.ptp(surface.x)), float(np.ptp(surface.y)))
    steep = slopes(surface.x, surface.y, scale.shares(surface.loss)) * TALL * longest / 2
    downhill = -np.stack([_between(steep[..., axis], rows, columns) for axis in (0, 1)], axis=-1)
    upright = 1.0 / np.sqrt(1.0 + np.square(downhill).sum(axis=-1))
    lit = np.clip((downhill @ LIGHT[:2] + LIGHT[2]) * upright, 0.0, 1.0)
    shade = 0.55 + 0.45 * lit / LIGHT[2]
    pixels[..., :3] = np.clip(pixels[..., :3] * shade[..., None], 0, 255).astype(np.uint8)
    return pixels


def _finer(count: int) -> FloatArray:
    """Places of the pixels' middles, in steps of the grid."""
    pixels = (count - 1) * FINER
    return (np.arange(pixels) + 0.5) / FINER


def _between(values: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Bilinear values between grid points; NaN beside a NaN."""
    row, column = rows.astype(np.intp), columns.astype(np.intp)
    down, across = (rows - row)[:, None], (columns - column)[None, :]
    top = values[row][:, column] * (1 - across) + values[row][:, column + 1] * across
    bottom = values[row + 1][:, column] * (1 - across) + values[row + 1][:, column + 1] * across
    blended: FloatArray = top * (1 - down) + bottom * down
    return blended
