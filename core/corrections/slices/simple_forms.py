"""Corrections that can be said in a sentence: the largest accepted box, and the paper's triangle beside it."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.proving import Proof as Proved
from core.corrections.bounds.proving import prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.records.correction import Box, Correction, CorrectionRequest, Proof, Triangle
from core.corrections.records.goal import Goal
from core.corrections.slices.largest_box import largest_box
from core.corrections.slices.stability import Bounds, nearest_point, stable_centres
from core.corrections.slices.steps import nearest_on_steps
from core.corrections.slices.triangle import grown_triangle
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
THREAD = 1e-6  # share of a range: half the width of the box to grow from where no stability is asked for
DRAWN_IN = (0.0, 1e-6, 1e-3)  # shares of a side by which the box is made smaller until it is proved
BOXES = 4_000  # budget of each of these proofs


def with_simple_forms(
    found: Correction, region: shapely.MultiPolygon, network: Restriction, goal: Goal, job: JobContext
) -> Correction:
    """Add the largest box and the triangle, both grown from the nearest stable correction.

    Parameters
    ----------
    found : Correction
        With its centre; without one it is returned as it is.
    region : MultiPolygon
        In which the goal is reached.
    network, goal
        In the slice, for the second proof of the box: by bounds that know nothing of the region.
    """
    seed = _seed(found, region)
    if seed is None:
        return found
    job.progress(0, 2, "largest box")
    grown = largest_box(region, seed, job)
    if grown is not None:
        box = _proved(_aligned(grown, found.request), found.request, network, goal, job)
        found = replace(found, largest_box=box)
    job.progress(1, 2, "triangle")
    return replace(found, triangle=_triangle(found, region, seed, job))


def _seed(found: Correction, region: shapely.MultiPolygon) -> Bounds | None:
    """The box of the nearest stable correction; where that has no width, the nearest box of a hair's breadth."""
    if found.centre is None:
        return None
    x, y = found.request.free
    half_width, centre = found.request.half_width, found.centre
    if min(half_width) == 0:
        half_width = (x.half_width or THREAD * (x.high - x.low), y.half_width or THREAD * (y.high - y.low))
        stable = stable_centres(region, found.request.bounds, half_width)
        nearest = nearest_point(stable, centre, found.request.weights, found.request.norm)
        if nearest is None:
            return None
        centre = nearest[0]
    return Box(centre=centre, half_width=half_width).bounds


def _aligned(grown: Bounds, request: CorrectionRequest) -> FloatArray:
    """Low and high (2, 2), of whole steps where there are steps and one of them lies inside."""
    return np.stack(Lattice.from_zero(np.array(request.steps)).of_boxes(*np.reshape(grown, (2, 2))))


def _proved(sides: FloatArray, request: CorrectionRequest, network: Restriction, goal: Goal, job: JobContext) -> Box:
    """The box, made smaller by a hair where that is what it takes to prove it; else as it is, not proved."""
    low, high = sides
    limits = np.reshape(request.bounds, (2, 2))
    stepped = np.array(request.steps) > 0
    free = ~stepped & (sides != limits)  # sides that end where the region does
    for share in DRAWN_IN:
        hair = share * (high - low)
        drawn = np.where(free, np.stack([low + hair, high - hair]), sides)
        if isinstance(prove_box(network, goal, *_of(drawn), job, max_boxes=BOXES), Proved):
            return _box(drawn, "proved")
    return _box(sides, "unknown")


def _of(sides: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Low and high as the box made of them has them: its centre and half-widths round."""
    low, high = np.reshape(_box(sides, "unknown").bounds, (2, 2))
    return low, high


def _box(sides: FloatArray, proof: Proof) -> Box:
    (x, y), (w, h) = ((sides[0] + sides[1]) / 2).tolist(), ((sides[1] - sides[0]) / 2).tolist()
    return Box(centre=(x, y), half_width=(w, h), proof=proof)


def _triangle(found: Correction, region: shapely.MultiPolygon, seed: Bounds, job: JobContext) -> Triangle | None:
    request = found.request
    corners = grown_triangle(region, seed, request.bounds, job)
    if corners is None:
        return None
    shape = shapely.MultiPolygon([shapely.Polygon(corners)])
    stable = stable_centres(shape, request.bounds, request.half_width)
    nearest = nearest_on_steps(stable, request.point, request.weights, request.norm, request.steps)
    return Triangle(
        corners=corners,
        share=float(shape.area / region.area),
        centre=None if nearest is None else nearest[0],
        distance=None if nearest is None else nearest[1],
    )
