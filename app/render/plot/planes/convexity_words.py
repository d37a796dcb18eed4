"""What the map of the Hessian's extreme eigenvalues says in words."""

import numpy as np

from core.exchange.words import count, counted_samples, number
from core.landscape.convexity import Convexity
from core.landscape.plane import FloatArray

HIGHEST = 0.5  # |λmin/λmax| at the upper end of the colours, as in Li et al. 2018, Figure 7
BINS = 20
LITTLE = (
    0.01  # a negative curvature below this share of the largest is hardly one (Li et al. 2018, §6: "less than 1 %")
)


def convexity_caption(convexity: Convexity) -> str:
    """How the map came about, and how much of it is convex, in one line."""
    ratio = known_ratios(convexity)
    total = convexity.min_eigenvalue.size
    parts = [f"{len(ratio):,} of {count(total, 'point')} computed on {counted_samples(convexity.provenance)}"]
    if convexity.status == "partial":
        parts[0] = f"Partial: {parts[0]}"
    if len(ratio):
        parts.append(f"negative curvature below 1 % of the largest at {_percent(ratio < LITTLE)} of them")
        parts.append(f"none at all at {_percent(ratio == 0)}")
        parts.append(f"largest ratio {number(float(ratio.max()), 3)}")
    if above := int(np.count_nonzero(ratio > HIGHEST)):
        parts.append(f"{above:,} above {HIGHEST:g}, hatched in the colour scale")
    failed = int(np.count_nonzero((convexity.products > 0) & ~np.isfinite(convexity.max_eigenvalue)))
    if failed:
        parts.append(f"{failed:,} without finite curvature")
    return " · ".join(parts)


def convexity_reading(convexity: Convexity, row: int, column: int) -> str:
    """All that is known at a grid point."""
    place = f"({number(float(convexity.x[column]), 3)}, {number(float(convexity.y[row]), 3)})"
    low, high = float(convexity.min_eigenvalue[row, column]), float(convexity.max_eigenvalue[row, column])
    products = int(convexity.products[row, column])
    if np.isnan(low) or np.isnan(high):
        return f"{place}: {'no finite curvature' if products else 'not computed yet'}"
    ratio, residual = float(convexity.ratio[row, column]), float(convexity.residual[row, column])
    return (
        f"{place}: |λmin/λmax| {number(ratio, 3)} · λmin {number(low)} · λmax {number(high)} · "
        f"residual {number(residual, 2)} · {count(products, 'product')}"
    )


def known_ratios(convexity: Convexity) -> FloatArray:
    """|λmin/λmax| at the points where both are known: (k,)."""
    ratio = convexity.ratio
    found: FloatArray = ratio[np.isfinite(ratio)]
    return found


def ratio_counts(convexity: Convexity) -> FloatArray:
    """How many points have a ratio in each of `BINS` bins from 0 to `HIGHEST`; the last also counts those above."""
    clipped = np.minimum(known_ratios(convexity), HIGHEST * (1 - 1e-12))
    counts, _ = np.histogram(clipped, bins=BINS, range=(0.0, HIGHEST))
    return np.asarray(counts, dtype=np.float64)


def _percent(which: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> str:
    return f"{number(100.0 * float(which.mean()), 3)} %"
