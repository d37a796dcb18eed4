"""How much of the sky each point of a surface sees: the soft shadow in its valleys, computed once per surface."""

import numpy as np

from core.landscape.plane import FloatArray

COMPASS = ((1, 0), (2, 1), (1, 1), (1, 2), (0, 1), (-1, 2), (-1, 1), (-2, 1))  # and their opposites
REACHES = (1, 2, 3, 5, 8, 13)  # steps outwards: close by every one counts, further off a few tell the horizon


def sky_light(x: FloatArray, y: FloatArray, heights: FloatArray) -> FloatArray:
    """Share of an evenly bright sky that is seen from each point, 0 to 1: (ny, nx); 1 where nothing is known.

    In sixteen directions the highest horizon is found along the grid; a direction whose horizon is at the angle h
    above the level gives ``cos² h`` of its light, as on a level ground.
    """
    known = np.where(np.isfinite(heights), heights, -np.inf)
    rows, columns = heights.shape
    step_x, step_y = (float(np.ptp(places)) / max(len(places) - 1, 1) for places in (x, y))
    light = np.zeros(heights.shape)
    base = np.where(np.isfinite(heights), heights, np.inf)  # where nothing is known, nothing stands above it
    for right, up in (*COMPASS, *((-right, -up) for right, up in COMPASS)):
        steepest = np.zeros(heights.shape)
        for reach in REACHES:
            dx, dy = right * reach, up * reach
            if abs(dx) >= columns or abs(dy) >= rows:
                break
            here = np.s_[max(0, -dy) : rows - max(0, dy), max(0, -dx) : columns - max(0, dx)]
            there = np.s_[max(0, dy) : rows - max(0, -dy), max(0, dx) : columns - max(0, -dx)]
            slope = (known[there] - base[here]) / np.hypot(dx * step_x, dy * step_y)
            np.maximum(steepest[here], slope, out=steepest[here])
        light += 1.0 / (1.0 + steepest**2)  # cos² of the angle whose tangent is the slope
    return light / (2 * len(COMPASS))
