"""How much of a training's way a plane shows, and how far the checkpoints' own loss is from what the plane shows."""

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from core.landscape.measures.field import Field, log_height
from core.landscape.measures.measure import Measure, percent
from core.landscape.surface import LOG_OFFSET
from core.landscape.trajectory import Trajectory

SOURCE = "Li et al. 2018, §7"
GAP_SOURCE = "Corrie; the surface is the loss of the checkpoints' shadows, not their own"


def way_measures(field: Field, trajectory: Trajectory, caveat: str) -> tuple[Measure, ...]:
    """Captured variance, and the gap between the checkpoints and their shadows in the plane."""
    captured = float(np.sum(trajectory.explained_variance))
    gap, compared = _median_gap(field, trajectory)
    return (
        Measure(
            key="captured-variance",
            name="Training's way within the plane",
            value=100 * captured,
            unit="%",
            text=f"{percent(captured)} of its variance",
            definition=(
                "The share of the variance of the checkpoints' positions in weight space that the two axes of the "
                "plane hold. The rest of the way goes on outside the plane."
            ),
            source=SOURCE,
        ),
        Measure(
            key="checkpoint-gap",
            name="Checkpoints beside the surface",
            value=gap,
            unit="",
            text="unknown" if np.isnan(gap) else f"{gap:.3g} in log(loss + {LOG_OFFSET}), median of {compared}",
            definition=(
                "For every checkpoint whose shadow lies within the plane, the difference between its own height and "
                f"that of the surface at the shadow, in log(loss + {LOG_OFFSET}); between grid points the surface is "
                "taken to be straight. The median of the magnitudes: 0.1 means that the marks stand about 10 % off the "
                "surface."
            ),
            source=GAP_SOURCE,
            caveat=caveat,
        ),
    )


def _median_gap(field: Field, trajectory: Trajectory) -> tuple[float, int]:
    surface = RegularGridInterpolator((field.y, field.x), field.height, bounds_error=False, fill_value=np.nan)
    shown = surface(np.stack([trajectory.y, trajectory.x], axis=1))
    gaps = np.abs(log_height(trajectory.loss) - shown)
    gaps = gaps[np.isfinite(gaps)]
    return (float(np.median(gaps)), len(gaps)) if len(gaps) else (float("nan"), 0)
