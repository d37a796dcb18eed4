"""The triangle that the paper would have answered with: greedy growth within the accepted region.

Zhang, Solar-Lezama, Singh 2018 (Algorithm 3) describe the corrections in two features by a triangle: several random
starts, whose corners move away from the opposite edge or along it by a fiftieth of their distance to the boundary as
long as the triangle stays inside, and of which the one with the widest and highest bounding box wins. They grow it
within the hundred cells that they found; here it may have all of the exact region, which is to its favour.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.slices.outline import segments_of
from core.corrections.slices.stability import Bounds
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
STARTS = 10
PART = 1 / 50  # of the distance to the boundary, by which a corner moves
ROUNDS = 150  # in each of which every corner may move once
AFRESH = 5  # rounds after which the distances to the boundary are measured again
ENOUGH = 2e-3  # of the ranges: if no triangle gains more between two measurements, the growth ends


def grown_triangle(region: shapely.MultiPolygon, inside: Bounds, bounds: Bounds, job: JobContext) -> FloatArray | None:
    """Corners (3, 2) of a triangle in the region that began inside a box of it.

    Parameters
    ----------
    inside : x low, y low, x high, y high
        A box in the region, with some width and height: the random corners are drawn from it.
    bounds : x low, y low, x high, y high
        Of the slice, whose ranges are the units in which width and height are added.

    Returns
    -------
    (3, 2) array or None
        None if the box does not lie in the region after all.
    """
    if region.is_empty or not shapely.covers(region, shapely.box(*inside)):
        return None
    origin, extent = np.array(bounds[:2]), np.array(bounds[2:]) - np.array(bounds[:2])
    shapely.prepare(region)
    segments = (segments_of(region) - np.tile(origin, 2)) / np.tile(extent, 2)
    generator = np.random.default_rng(0)
    low, high = (np.array(inside[:2]) - origin) / extent, (np.array(inside[2:]) - origin) / extent
    triangles = generator.uniform(low, high, size=(STARTS, 3, 2))
    growth = _Growth(region, segments, origin, extent)
    before = np.full(STARTS, -np.inf)  # however small they begin
    free = np.zeros((3, STARTS, 3))
    for turn in range(ROUNDS):
        if turn % AFRESH == 0:
            score = _score(triangles)
            if (score - before).max() < ENOUGH:
                break
            before = score
        for corner in range(3):
            job.check()
            if turn % AFRESH == 0:
                free[corner] = growth.free_way(triangles, corner)
            triangles = growth.moved(triangles, corner, free[corner])
    best = triangles[int(_score(triangles).argmax())] * extent + origin
    return best if shapely.covers(region, shapely.Polygon(best)) else None


@dataclass(frozen=True)
class _Growth:
    """Moves corners of triangles (n, 3, 2), in shares of the ranges."""

    region: shapely.MultiPolygon  # prepared, in the user's units
    segments: FloatArray = field(repr=False)  # of its outline (m, 4), in shares
    origin: FloatArray
    extent: FloatArray

    def free_way(self, triangles: FloatArray, corner: int) -> FloatArray:
        """How far (n, 3) one corner of each may go outwards and to both sides."""
        return _free_way(self.segments, triangles[:, corner], _ways(triangles, corner))

    def moved(self, triangles: FloatArray, corner: int, free: FloatArray) -> FloatArray:
        """Each triangle with one corner moved outwards or to a side, whichever is inside and scores most."""
        ways = _ways(triangles, corner)
        tried = np.repeat(triangles[:, None], 4, axis=1)
        tried[:, 1:, corner] += PART * free[:, :, None] * ways
        users = tried * self.extent + self.origin
        inside = shapely.covers(self.region, shapely.polygons(users[:, 1:].reshape(-1, 3, 2))).reshape(-1, 3)
        scores = np.concatenate([_score(tried[:, :1]), np.where(inside, _score(tried[:, 1:]), -np.inf)], axis=1)
        return np.take_along_axis(tried, scores.argmax(axis=1)[:, None, None, None], axis=1)[:, 0]


def _ways(triangles: FloatArray, corner: int) -> FloatArray:
    """Directions (n, 3, 2) away from the opposite edge, and along it to both sides."""
    own = triangles[:, corner]
    one, other = triangles[:, (corner + 1) % 3], triangles[:, (corner + 2) % 3]
    along = other - one
    along = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), np.finfo(np.float64).tiny)[:, None]
    away = np.stack([-along[:, 1], along[:, 0]], axis=1)
    away = away * np.where(np.sum((own - one) * away, axis=1) < 0, -1.0, 1.0)[:, None]
    return np.stack([away, along, -along], axis=1)


def _score(triangles: FloatArray) -> FloatArray:
    """Width plus height of the bounding boxes (…,) of triangles (…, 3, 2)."""
    sizes: FloatArray = np.ptp(triangles, axis=-2).sum(axis=-1)
    return sizes


def _free_way(segments: FloatArray, points: FloatArray, ways: FloatArray) -> FloatArray:
    """How far (n, k) from points (n, 2) in directions (n, k, 2) until a segment is met."""
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    from_point = start - points[:, None]  # (n, m, 2)
    across = ways[:, :, None, 0] * step[:, 1] - ways[:, :, None, 1] * step[:, 0]  # (n, k, m)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = (from_point[:, None, :, 0] * step[:, 1] - from_point[:, None, :, 1] * step[:, 0]) / across
        share = (
            from_point[:, None, :, 0] * ways[:, :, None, 1] - from_point[:, None, :, 1] * ways[:, :, None, 0]
        ) / across
        met = (far > 0) & (share >= 0) & (share <= 1)
    free: FloatArray = np.where(met, far, np.inf).min(axis=2)
    return np.where(np.isfinite(free), free, 0.0)
