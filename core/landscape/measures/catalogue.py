"""All measures of a surface or a curve, in the order in which the window, the reports and commands show them."""

import numpy as np

from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.measures.barriers import barrier_measures
from core.landscape.measures.basins import basin_measures, tree_of
from core.landscape.measures.convex import convex_share_measure, convexity_measures
from core.landscape.measures.descent import descent_measures
from core.landscape.measures.field import Field, field_of, surface_caveat, unit_length
from core.landscape.measures.lines import line_measures
from core.landscape.measures.measure import Measure
from core.landscape.measures.passes import pass_measures
from core.landscape.measures.roughness import roughness_measures
from core.landscape.measures.sharpness import sharpness_measures
from core.landscape.measures.way import way_measures
from core.landscape.measures.width import share_measure, width_measures
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

__all__ = ["Measure", "curve_measures", "surface_measures"]

RISE = 0.1  # of the display limit: the height above the network at which its valley is measured, 1 nat by default


def surface_measures(
    surface: Surface,
    convexity: Convexity | None = None,
    initialisations: Initialisations | None = None,
    trajectory: Trajectory | None = None,
    *,
    levels: tuple[float, ...] = (),
) -> tuple[Measure, ...]:
    """Everything that can be read off a surface, complete or not.

    Parameters
    ----------
    surface : Surface
    convexity : Convexity, optional
        Of the same plane.
    initialisations : Initialisations, optional
        Of the same architecture and data.
    trajectory : Trajectory, optional
        Projected into the same plane.
    levels : tuple of float
        Further losses below which the share of the plane is wanted, beside the display limit.
    """
    field, caveat = field_of(surface), surface_caveat(surface)
    unit = unit_length(surface.request.directions, field.reach)
    return (
        *sharpness_measures(field, unit, caveat),
        *width_measures(field, RISE * field.limit, caveat),
        *(share_measure(field, level, caveat) for level in dict.fromkeys((*levels, field.limit))),
        *roughness_measures(field, caveat),
        convex_share_measure(field, caveat),
        *(convexity_measures(convexity) if convexity is not None else ()),
        *(_flooded(surface, field, initialisations, caveat) if field.whole else ()),
        *(way_measures(field, trajectory, caveat) if trajectory is not None else ()),
    )


def _flooded(
    surface: Surface, field: Field, initialisations: Initialisations | None, caveat: str
) -> tuple[Measure, ...]:
    """What flooding the plane tells: not before every point has a height, else every gap would be a wall."""
    tree = tree_of(field)
    return (
        *basin_measures(field, tree, caveat),
        *pass_measures(field, tree, surface.directions.anchors, caveat),
        *descent_measures(field, tree, initialisations, caveat),
    )


def curve_measures(curve: Curve) -> tuple[Measure, ...]:
    """Everything that can be read off a curve, complete or not."""
    missing = int(np.count_nonzero(np.isnan(curve.loss)))
    caveat = f"The curve is not complete: {missing} points are not known yet." if curve.status == "partial" else ""
    between = curve.request.directions.kind in ("networks", "bezier")
    return barrier_measures(curve, caveat) if between else line_measures(curve, caveat)
