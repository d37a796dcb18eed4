"""How fast the loss rises around the network, within the plane (Keskar et al. 2017)."""

import numpy as np

from core.landscape.measures.field import Field
from core.landscape.measures.measure import Measure, percent

RADII = (0.1, 0.25, 0.5)  # shares of the unit length
FEWEST = 9  # grid points that a ball must hold

SOURCE = "Keskar et al. 2017, Metric 2.1, restricted to the plane"


def sharpness(field: Field, radius: float) -> float:
    """max (L − L₀) / (1 + L₀) over the grid points within `radius` of the network, L₀ its own loss.

    NaN if the ball reaches beyond the plane, or holds fewer than nine points with a known loss.
    """
    if radius > field.reach * (1 + 1e-9):
        return float("nan")
    distance = np.hypot(field.x[None, :], field.y[:, None])
    inside = field.loss[(distance <= radius * (1 + 1e-9)) & field.known]
    if len(inside) < FEWEST:
        return float("nan")
    return float((max(inside.max(), field.centre_loss) - field.centre_loss) / (1 + field.centre_loss))


def sharpness_measures(field: Field, unit: float, caveat: str) -> tuple[Measure, ...]:
    """Sharpness within several radii, given as shares of the unit length."""
    return tuple(_sharpness_measure(field, share, share * unit, caveat) for share in RADII)


def _sharpness_measure(field: Field, share: float, radius: float, caveat: str) -> Measure:
    value = sharpness(field, radius)
    if np.isnan(value):
        beyond = radius > field.reach * (1 + 1e-9)
        text = "unknown: the ball reaches beyond the plane" if beyond else "unknown: too few grid points in the ball"
    else:
        text = f"{percent(value)} within {radius:.3g} of the network"
    return Measure(
        key=f"sharpness-{share:g}",
        name=f"Sharpness within {radius:.3g}",
        value=100 * value,
        unit="%",
        text=text,
        definition=(
            f"The largest loss L at grid points within the distance {radius:.3g} of the network (in multiples of the "
            "directions), against the network's own loss L0: (L − L0) / (1 + L0), in percent. Keskar et al. search "
            "the whole space around the network; here only the plane is searched, which misses sharper directions."
        ),
        source=SOURCE,
        caveat=caveat,
    )
