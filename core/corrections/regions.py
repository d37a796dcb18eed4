"""Where in a slice the wanted class wins: the accepted region, up to a margin that rounding cannot bridge."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.mesh import OUTSIDE, PlanarMesh
from core.corrections.outline import areas_of
from core.corrections.polygons import vertex_means
from core.corrections.rounding import TOLERANCE
from core.corrections.slices import Slice2D
from core.errors import InvalidRequest
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
# A lead that is visible in float32, whose unit in the last place is 1.2e-7, is one that a deployed network shows too.
RELATIVE_MARGIN = 1e-6
SMALLEST_PART = 1e-12  # share of the slice below which a part is left out of the inner region


@dataclass(frozen=True, kw_only=True, eq=False)
class AcceptedRegion:
    """The accepted region from both sides. Truth lies between `inner` and `outer`."""

    inner: shapely.MultiPolygon = field(repr=False)  # the target leads by at least `margin`: all of it is accepted
    outer: shapely.MultiPolygon = field(repr=False)  # it trails by at most `margin`: nothing beyond it is accepted
    margin: float  # a difference of logits


def safe_margin(cells: Slice2D, target: int) -> float:
    """The lead of the target class that guards "accepted" against rounding.

    Notes
    -----
    A lead is a difference of two logits, each off by at most `Slice2D.error`. Twice that sum, and not less than
    `RELATIVE_MARGIN` of the largest lead in the slice: with a computed lead of this size the true one is at least
    half of it, everywhere in a cell whose vertices have it, because it is affine there.
    """
    others = np.arange(cells.logits.shape[1]) != target
    largest = np.abs(cells.logits[:, [target]] - cells.logits[:, others]).max()
    error = cells.error[target] + cells.error[others].max()
    return float(max(RELATIVE_MARGIN * largest, 2 * error))


def accepted_region(cells: Slice2D, target: int, job: JobContext) -> AcceptedRegion:
    """The part of the slice in which the network says `target`.

    Raises
    ------
    InvalidRequest
        If the network has no such class, or only one.
    """
    classes = cells.logits.shape[1]
    if classes < 2:
        raise InvalidRequest("The network has a single output, so it chooses no class. Use one with a logit per class.")
    if not 0 <= target < classes:
        raise InvalidRequest(f"There is no class {target}: the network has {classes}, numbered from 0.")
    margin = safe_margin(cells, target)
    inner = _where_leading(cells, target, margin, job)
    large = [part for part in inner.geoms if part.area > SMALLEST_PART * cells.area]
    outer = _where_leading(cells, target, -margin, job)
    return AcceptedRegion(inner=shapely.MultiPolygon(large), outer=outer, margin=margin)


def _where_leading(cells: Slice2D, target: int, lead: float, job: JobContext) -> shapely.MultiPolygon:
    """Where the target's logit is larger than every other one by at least `lead`."""
    others = np.arange(cells.logits.shape[1]) != target
    ahead = (cells.logits[:, [target]] - cells.logits[:, others] - lead).T.copy()
    mesh = mesh_of(cells)
    mesh.begin_layer(ahead)
    uncut = 0.0  # leads on the wrong side of a cell that rounding had made too crooked to cut
    for row in range(len(ahead)):
        job.check()
        uncut = max(uncut, mesh.cut(row, TOLERANCE * float(np.abs(ahead[row]).max())))
    # Such a cell belongs to what may be accepted, never to what is.
    return _outline(mesh, np.all(vertex_means(mesh, mesh.values) > np.copysign(uncut, lead), axis=1))


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
