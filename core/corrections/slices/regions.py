"""Where in a slice a goal is reached: the accepted region, up to a margin that rounding cannot bridge."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.records.goal import Demand, Goal
from core.corrections.slices.exact import Slice2D
from core.corrections.slices.mesh import OUTSIDE, PlanarMesh
from core.corrections.slices.outline import areas_of
from core.corrections.slices.polygons import vertex_means
from core.corrections.slices.rounding import TOLERANCE
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
# A lead that is visible in float32, whose unit in the last place is 1.2e-7, is one that a deployed network shows too.
RELATIVE_MARGIN = 1e-6
SMALLEST_PART = 1e-12  # share of the slice below which a part is left out of the inner region


@dataclass(frozen=True, kw_only=True, eq=False)
class AcceptedRegion:
    """The accepted region from both sides. Truth lies between `inner` and `outer`."""

    inner: shapely.MultiPolygon = field(repr=False)  # the goal is exceeded by `margin` at least: all of it is accepted
    outer: shapely.MultiPolygon = field(repr=False)  # it is missed by `margin` at most: nothing beyond is accepted
    margin: float  # a difference of logits, or in the units of a value


def safe_margin(cells: Slice2D, goal: Goal) -> float:
    """The lead that guards "accepted" against rounding.

    Notes
    -----
    A lead is a sum of outputs, each off by at most `Slice2D.error`, such as the difference of two logits. Twice the
    largest sum of these errors, and not less than `RELATIVE_MARGIN` of the largest lead in the slice: with a computed
    lead of this size the true one is at least half of it, everywhere in a cell whose vertices have it, because it is
    affine there.
    """
    demands = goal.demands(cells.logits.shape[1])
    largest = max(np.abs(leads).max() for leads in _leads(cells, demands))
    error = max((np.abs(demand.rows) @ cells.error).max() for demand in demands) + goal.doubt
    return float(max(RELATIVE_MARGIN * largest, 2 * error))


def accepted_region(cells: Slice2D, goal: Goal, job: JobContext) -> AcceptedRegion:
    """The part of the slice in which the network does what is asked for.

    Parameters
    ----------
    goal : Goal
        About the outputs before the head of the network: see `Head.before`.

    Raises
    ------
    InvalidRequest
        If the network has no such class, or not one output where a value is asked for.
    """
    margin = safe_margin(cells, goal)
    inner = _where_leading(cells, goal, margin, job)
    large = [part for part in inner.geoms if part.area > SMALLEST_PART * cells.area]
    outer = _where_leading(cells, goal, -margin, job)
    return AcceptedRegion(inner=shapely.MultiPolygon(large), outer=outer, margin=margin)


def _leads(cells: Slice2D, demands: Sequence[Demand]) -> list[FloatArray]:
    """What must be positive at the vertices (rows, n), for each alternative."""
    return [demand.rows @ cells.logits.T + demand.offsets[:, None] for demand in demands]


def _where_leading(cells: Slice2D, goal: Goal, lead: float, job: JobContext) -> shapely.MultiPolygon:
    """Where every row of one of the alternatives is at least `lead`."""
    alternatives = _leads(cells, goal.demands(cells.logits.shape[1]))
    mesh = mesh_of(cells)
    mesh.begin_layer([leads - lead for leads in alternatives])
    uncut = 0.0  # leads on the wrong side of a cell that rounding had made too crooked to cut
    for row in range(len(mesh.values)):
        job.check()
        uncut = max(uncut, mesh.cut(row, TOLERANCE * float(np.abs(mesh.values[row]).max())))
    # Such a cell belongs to what may be accepted, never to what is.
    ahead = vertex_means(mesh, mesh.values) > np.copysign(uncut, lead)
    ends = np.cumsum([len(rows) for rows in alternatives])
    met = [part.all(axis=1) for part in np.split(ahead, ends[:-1], axis=1)]
    return _outline(mesh, np.any(met, axis=0))


def _outline(mesh: PlanarMesh, accepted: npt.NDArray[np.bool_]) -> shapely.MultiPolygon:
    """The union of some cells. Inner edges have it on both sides and vanish, so no sliver can remain between cells."""
    known = np.append(accepted, False)  # and OUTSIDE is −1: the last one
    border = known[mesh.sides[:, 0]] != known[mesh.sides[:, 1]]
    lines = shapely.linestrings(mesh.points[mesh.edges[border]])
    region = shapely.build_area(shapely.geometrycollections(lines))
    # Rounding can fold a sliver thinner than the coordinates; what is mended is smaller than they resolve.
    return areas_of(region if shapely.is_valid(region) else shapely.make_valid(region, method="structure"))


def mesh_of(cells: Slice2D) -> PlanarMesh:
    """The cells of a slice as a mesh again, in the user's units, ready to be cut further."""
    owner = np.repeat(np.arange(cells.cells), np.diff(cells.offsets))
    start = cells.corners
    following = np.arange(1, len(start) + 1)
    following[cells.offsets[1:] - 1] = cells.offsets[:-1]
    end = start[following]
    # Both half-edges of an edge get the same key, and come to lie beside each other.
    key = np.minimum(start, end) * len(cells.points) + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    left = order[first]
    paired = np.diff(first, append=len(order)) == 2
    sides = np.stack([owner[left], np.full(len(left), OUTSIDE)], axis=1)
    sides[paired, 1] = owner[order[first[paired] + 1]]
    return PlanarMesh(cells.points.copy(), np.stack([start[left], end[left]], axis=1), sides, cells.cells)
