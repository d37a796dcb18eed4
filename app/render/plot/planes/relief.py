"""A surface as a shaded relief, computed by the processor."""

import numpy as np

from app.render.colormaps import ColourArray, colours, over_colour
from app.render.fields import Picture
from app.render.refinement import between, finer_places, refine
from app.render.sky_light import sky_light
from app.render.slopes import slopes
from core.landscape.plane import FloatArray

FINEST = 500  # points of the picture along a side; a small grid gets at most
MOST = 24  # of them to a step
TALL = 0.7  # height of the whole scale where half the plane is 1; lower than in the 3-D view, or slopes turn black
LIGHT = np.array([-0.50, 0.55, 0.67]) / np.linalg.norm([-0.50, 0.55, 0.67])  # from the upper left, as on maps


def finer(shape: tuple[int, ...]) -> int:
    """Points of the picture to one step of a grid of that shape."""
    return int(np.clip(FINEST // max(max(shape) - 1, 1), 1, MOST))


def relief(picture: Picture, name: str, *, refined: bool = True) -> ColourArray:
    """The picture of a surface lit from the upper left: (rows upwards, columns, 4); open where a loss is unknown."""
    surface, scale = picture.surface, picture.scale
    factor = finer(surface.loss.shape)
    longest = max(float(np.ptp(surface.x)), float(np.ptp(surface.y)))
    x, y = surface.x * 2 / longest, surface.y * 2 / longest
    own = scale.heights(surface.loss)
    heights = refine(x, y, own, factor) if refined else between(own, factor)
    shares = (heights - scale.bottom) / (scale.top - scale.bottom)
    over = np.nan_to_num(heights, nan=scale.bottom) > scale.top
    if picture.coloured_by_height:
        pixels = colours(name, shares)
    else:
        pixels = colours(name, between(picture.bar.shares(picture.values), factor))
        pixels[~np.isfinite(shares)] = 0
    pixels[over] = over_colour(name)
    steep = slopes(finer_places(x, factor), finer_places(y, factor), shares) * TALL
    steep[over] = 0.0
    downhill = -steep
    upright = 1.0 / np.sqrt(1.0 + np.square(downhill).sum(axis=-1))
    lit = np.clip((downhill @ LIGHT[:2] + LIGHT[2]) * upright, 0.0, 1.0)
    sky = between(sky_light(x, y, scale.shares(surface.loss) * TALL), factor)
    shade = 0.30 + 0.25 * sky + 0.45 * lit / LIGHT[2] * (0.6 + 0.4 * sky)
    return _shaded(pixels, shade)


def _shaded(pixels: ColourArray, shade: FloatArray) -> ColourArray:
    pixels[..., :3] = np.clip(pixels[..., :3] * shade[..., None], 0, 255).astype(np.uint8)
    return pixels
