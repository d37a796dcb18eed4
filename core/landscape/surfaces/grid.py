"""Every point of a grid, exactly, coarse to fine."""

import numpy as np

from core.landscape.surface import INTERPOLATED
from core.landscape.surfaces.growing import LOSSES, GrowingSurface
from core.landscape.surfaces.interpolation import fill_between
from core.landscape.surfaces.schedule import Level, coarse_to_fine
from core.landscape.surfaces.work import Work


def compute_every_point(work: Work) -> None:
    """Evaluate every cell that is not there yet, level by level."""
    growing = work.growing
    work.expected, work.per_point = growing.kind.size, work.source.forwards()
    for level in coarse_to_fine(*growing.kind.shape):
        work.exactly(level.points, f"{len(level.rows)} × {len(level.columns)} points")
        if not growing.exact.all():
            fill_level(growing, level)


def fill_level(growing: GrowingSurface, level: Level) -> None:
    """Show what a completed level says of the cells between its points."""
    for name, values in growing.values.items():
        known = np.where(growing.kind == INTERPOLATED, np.nan, values)
        growing.between[name] = fill_between(known, growing.computed, level, log=name in LOSSES)
