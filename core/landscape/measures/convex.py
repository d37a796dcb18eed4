"""Where the plane curves upwards in every direction, and what the Hessian itself says there."""

import numpy as np
import numpy.typing as npt

from core.landscape.convexity import Convexity
from core.landscape.measures.field import Field
from core.landscape.measures.measure import Measure, percent

ROUNDING = 2e-6  # relative: how far two float32 orders of summation differ on the paper's chaotic network
NEGLIGIBLE = 0.01  # Li et al. 2018, §6: negative eigenvalues below 1 % of the positive ones
PLANE_SOURCE = "Li et al. 2018, §6: non-convexity in the plane is non-convexity of the loss, not conversely"
HESSIAN_SOURCE = "Li et al. 2018, §6 and Figure 7"


def convex_points(field: Field) -> npt.NDArray[np.bool_]:
    """Whether the second differences of the loss over the plane are those of a convex surface. (ny − 2, nx − 2).

    Of points whose eight neighbours are known and finite; see `measurable_points`. Curvature that rounding of float32
    losses could produce counts as none.
    """
    xx, xy, yy, rounding = _second_differences(field)
    smallest = (xx + yy) / 2 - np.hypot((xx - yy) / 2, xy)
    convex: npt.NDArray[np.bool_] = smallest >= -rounding
    return convex


def measurable_points(field: Field) -> npt.NDArray[np.bool_]:
    """Inner points with eight finite neighbours and a finite loss. (ny − 2, nx − 2)."""
    finite = np.isfinite(field.loss)
    rows, columns = finite.shape
    around = [finite[r : rows - 2 + r, c : columns - 2 + c] for r in range(3) for c in range(3)]
    whole: npt.NDArray[np.bool_] = np.logical_and.reduce(around)
    return whole


def _second_differences(field: Field) -> tuple[npt.NDArray[np.float64], ...]:
    """In units of the loss per squared grid step, which changes no sign: xx, xy, yy, and what rounding may add."""
    loss = np.where(np.isfinite(field.loss), field.loss, np.nan)
    middle = loss[1:-1, 1:-1]
    xx = loss[1:-1, 2:] - 2 * middle + loss[1:-1, :-2]
    yy = loss[2:, 1:-1] - 2 * middle + loss[:-2, 1:-1]
    xy = (loss[2:, 2:] - loss[2:, :-2] - loss[:-2, 2:] + loss[:-2, :-2]) / 4
    highest = np.maximum(loss[1:-1, 2:], loss[1:-1, :-2]) + np.maximum(loss[2:, 1:-1], loss[:-2, 1:-1])
    return xx, xy, yy, 4 * ROUNDING * np.abs(highest)


def convex_share_measure(field: Field, caveat: str) -> Measure:
    """The share of the plane that looks convex."""
    measurable = measurable_points(field) if min(field.loss.shape) >= 3 else np.zeros((0, 0), dtype=bool)
    count = int(measurable.sum())
    share = float((convex_points(field) & measurable).sum() / count) if count else float("nan")
    return Measure(
        key="convex-share",
        name="Convex part of the plane",
        value=100 * share,
        unit="%",
        text=f"{percent(share)} of {count} inner points",
        definition=(
            "At every inner grid point the curvature of the loss over the plane is taken from its eight neighbours "
            "(the matrix of second differences). Counted are the points at which it is upwards in every direction, or "
            "level. Where it is not, the loss itself is certainly not convex; where it is, the loss may still curve "
            "downwards in directions outside the plane."
        ),
        source=PLANE_SOURCE,
        caveat=caveat,
    )


def convexity_measures(convexity: Convexity) -> tuple[Measure, ...]:
    """What the extreme eigenvalues over a plane say."""
    ratio = convexity.ratio[np.isfinite(convexity.ratio)]
    share = float((ratio < NEGLIGIBLE).mean()) if len(ratio) else float("nan")
    middle = float(np.median(ratio)) if len(ratio) else float("nan")
    caveat = _convexity_caveat(convexity)
    which = "all parameters" if convexity.request.parameters == "all" else "all filters and matrices"
    what = (
        f"At every point of a {convexity.request.columns} × {convexity.request.rows} grid, the smallest and largest "
        f"eigenvalue of the Hessian of the mean loss with respect to {which}; |smallest / largest|, 0 where none is "
        "negative. "
    )
    return (
        Measure(
            key="nearly-convex-share",
            name="Plane with negligible negative curvature",
            value=100 * share,
            unit="%",
            text=f"{percent(share)} of {len(ratio)} points",
            definition=what + "Counted are the points where it is below 1 %.",
            source=HESSIAN_SOURCE,
            caveat=caveat,
        ),
        Measure(
            key="curvature-ratio",
            name="Negative against positive curvature",
            value=middle,
            unit="",
            text=f"{middle:.3g} in the middle, {ratio.max():.3g} at most" if len(ratio) else "unknown",
            definition=what + "The median over the points; 1 would be as much downwards as upwards.",
            source=HESSIAN_SOURCE,
            caveat=caveat,
        ),
    )


def _convexity_caveat(convexity: Convexity) -> str:
    parts = []
    if convexity.status == "partial":
        parts.append(f"{int((~convexity.computed).sum())} points of the map are not computed yet.")
    if convexity.holes:
        parts.append(f"{convexity.holes} points have no finite Hessian and are left out.")
    if convexity.unconverged:
        parts.append(f"{convexity.unconverged} points were given up before the tolerance was reached.")
    return " ".join(parts)
