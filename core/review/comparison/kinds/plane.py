"""Whether two results lie in one plane of weight space, and what an evaluated loss may be off by."""

import math

import numpy as np
import numpy.typing as npt

from core.exchange.words import number
from core.landscape.plane import Direction, Directions
from core.review.comparison.anatomy import identical
from core.review.comparison.numbers import FloatArray
from core.review.comparison.record import Row

SAME_DIRECTION = 1e-6  # of its length: what rounding to float32 leaves of a direction that is computed again
ALIKE = 1e-9  # relative difference of coordinates that are the same


def plane_row(a: Directions, b: Directions) -> tuple[Row, bool]:
    """The line about the axes, and whether both are one plane but for rounding."""
    words = [f"sha256 {side.fingerprint[:16]}…" for side in (a, b)]
    if a.fingerprint == b.fingerprint:
        return Row(part="about", what="Axes", a=words[0], b=words[1], finding="same"), True
    pairs = [(a.x, b.x)] + ([(a.y, b.y)] if a.y or b.y else [])
    apart = [_apart(one, other) for one, other in pairs]
    one_plane = all(share is not None and share <= SAME_DIRECTION for share in apart)
    said = ", ".join("other tensors" if share is None else f"{number(100 * share, 3)} %" for share in apart)
    return Row(
        part="about",
        what="Axes",
        a=words[0],
        b=words[1],
        difference=f"apart by {said} of their length" if None not in apart else "they move other tensors",
        finding="agree" if one_plane else "differ",
        size=max((share for share in apart if share is not None), default=None),
        allowed=SAME_DIRECTION,
    ), one_plane


def _apart(a: Direction, b: Direction) -> float | None:
    """‖A − B‖ relative to ‖A‖; None where they are not of the same tensors."""
    if a.keys() != b.keys() or any(a[name].shape != b[name].shape for name in a):
        return None
    squares = [float(np.square(a[name].astype(np.float64)).sum()) for name in a]
    moved = [float(np.square(a[name].astype(np.float64) - b[name].astype(np.float64)).sum()) for name in a]
    length = math.sqrt(sum(squares))
    return math.sqrt(sum(moved)) / length if length else (0.0 if not sum(moved) else math.inf)


def same_axis(a: FloatArray, b: FloatArray) -> bool:
    """Whether two axes have the same coordinates."""
    if len(a) != len(b) or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return identical(a, b)
    return bool(np.allclose(a, b, rtol=ALIKE, atol=ALIKE * float(np.ptp(a)) if len(a) else 0.0))


def _rises(axis: FloatArray) -> bool:
    return bool(len(axis) and np.isfinite(axis).all() and (np.diff(axis) > 0).all())


def common_places(a: FloatArray, b: FloatArray) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Places in A and in B of the coordinates that both axes have."""
    if same_axis(a, b):
        return np.arange(len(a)), np.arange(len(a))
    if not (_rises(a) and _rises(b)):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    reach = ALIKE * max(float(np.ptp(a)), float(np.ptp(b)), 1e-300)
    nearest = np.clip(np.searchsorted(b, a), 0, len(b) - 1)
    before = np.clip(nearest - 1, 0, len(b) - 1)
    nearest = np.where(np.abs(b[before] - a) < np.abs(b[nearest] - a), before, nearest)
    met = np.flatnonzero(np.abs(b[nearest] - a) <= reach)
    return met, nearest[met]
