"""How rough a surface is, as one sees it: log(loss + 0.1), where pictures are not clipped."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.landscape.measures.field import Field, log_height
from core.landscape.measures.measure import Measure
from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET

WINDOW = 5  # points on either side: enough to tell a bend from a bump
OSCILLATION_SOURCE = "Normalised total variation, after Wu et al. 2021 (roughness index of loss landscapes)"
BUMP_SOURCE = "Residual of a local quadratic fit (Savitzky & Golay 1964), as surface roughness is measured"


def ups_and_downs(height: FloatArray) -> float:
    """Total variation along all rows and columns, over that of lines which only fall and then only rise.

    1 for every surface that has one valley along each of its lines; NaN if it is level. Points without a height are
    skipped.

    Parameters
    ----------
    height : (ny, nx)
    """
    total = least = 0.0
    for lines in (height, height.T):
        bridged = _bridged(lines[(~np.isnan(lines)).sum(axis=1) >= 2])
        if len(bridged):
            total += float(np.abs(np.diff(bridged, axis=1)).sum())
            least += float((bridged[:, 0] + bridged[:, -1] - 2 * bridged.min(axis=1)).sum())
    return total / least if least > 0 else float("nan")


def _bridged(lines: FloatArray) -> FloatArray:
    """Lines of which every gap holds the last height before it, and a gap at the beginning the first one after it."""
    known = ~np.isnan(lines)
    first = known.argmax(axis=1)[:, None]
    last = np.maximum.accumulate(np.where(known, np.arange(lines.shape[1]), first), axis=1)
    bridged: FloatArray = np.take_along_axis(lines, last, axis=1)
    return bridged


def bumps(height: FloatArray) -> float:
    """Root mean square distance of points from the quadratic that fits their window best; NaN without a whole window.

    Parameters
    ----------
    height : (ny, nx)
        NaN where a point is not to be counted; a window that holds one is left out.
    """
    if min(height.shape) < WINDOW:
        return float("nan")
    windows = sliding_window_view(height, (WINDOW, WINDOW)).reshape(-1, WINDOW * WINDOW)
    whole = windows[np.isfinite(windows).all(axis=1)]
    if len(whole) == 0:
        return float("nan")
    deviation = whole @ _deviation_at_the_middle()
    return float(np.sqrt(np.mean(deviation**2)))


def _deviation_at_the_middle() -> FloatArray:
    """Weights whose sum over a window is the middle's distance from the quadratic through it. (WINDOW²,)."""
    y, x = (part.ravel() for part in np.mgrid[:WINDOW, :WINDOW] - WINDOW // 2)
    quadratics = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1).astype(float)
    projector = np.eye(WINDOW * WINDOW) - quadratics @ np.linalg.pinv(quadratics)
    weights: FloatArray = projector[WINDOW * WINDOW // 2]
    return weights


def roughness_measures(field: Field, caveat: str) -> tuple[Measure, ...]:
    """Ups and downs, and bumps."""
    clipped = log_height(np.where(field.known, np.minimum(field.loss, field.limit), np.nan))
    shown = np.where(field.loss <= field.limit, field.height, np.nan)
    ratio, rms = ups_and_downs(clipped), bumps(shown)
    steps = f"{field.x[1] - field.x[0]:.3g} × {field.y[1] - field.y[0]:.3g}"
    height = f"log(loss + {LOG_OFFSET}) up to the display limit of {field.limit:g}"
    return (
        Measure(
            key="ups-and-downs",
            name="Ups and downs",
            value=ratio,
            unit="",
            text="unknown: the surface is level" if np.isnan(ratio) else f"{ratio:.3g} times those of a single valley",
            definition=(
                f"The height is {height}. Along every row and column of the grid, all rises and falls are added up, "
                "and divided by what they would be if the line only fell to its lowest point and then only rose to its "
                "end. 1: one valley along every line. 3: three times as much climbing as the terrain needs."
            ),
            source=OSCILLATION_SOURCE,
            caveat=caveat,
        ),
        Measure(
            key="roughness",
            name="Roughness",
            value=rms,
            unit="",
            text="unknown: too few points are shown" if np.isnan(rms) else f"{rms:.3g} at a spacing of {steps}",
            definition=(
                f"The height is {height}. In every window of {WINDOW} × {WINDOW} grid points that is wholly below the "
                "limit, the distance of the middle point from the quadratic surface that fits the window best; of all "
                "these the root mean square. 0.05 means that points stand out by about 5 %. A smooth bowl gives nearly "
                f"0. It depends on the spacing of the grid ({steps} here): compare surfaces of equal spacing only."
            ),
            source=BUMP_SOURCE,
            caveat=caveat,
        ),
    )
