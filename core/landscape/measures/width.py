"""How wide the valley around the network is at a height above it, and how much of the plane lies low."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import label

from core.landscape.measures.field import Field
from core.landscape.measures.measure import Measure, amount, percent
from core.landscape.plane import FloatArray

SOURCE = "Level sets of the loss; the reading of a contour plot (Li et al. 2018, §3)"


@dataclass(frozen=True, kw_only=True)
class Width:
    """A width along one axis."""

    value: float  # NaN: not known
    open: bool = False  # the valley goes on beyond the plane: it is at least so wide


def axis_width(position: FloatArray, loss: FloatArray, centre: float, level: float) -> Width:
    """Distance between the two places where a line through the network first rises above a level.

    Parameters
    ----------
    position, loss : (n,)
        Along the line; between grid points the loss is taken to be straight.
    centre : float
        The network's position.
    level : float
        A loss, in the loss's unit.
    """
    if not position[0] <= centre <= position[-1]:
        return Width(value=float("nan"))
    start = int(np.abs(position - centre).argmin())
    if not loss[start] <= level:
        return Width(value=float("nan"))
    right, right_open = _crossing(position[start:], loss[start:], level)
    left, left_open = _crossing(-position[start::-1], loss[start::-1], level)
    return Width(value=right + left, open=right_open or left_open)


def _crossing(position: FloatArray, loss: FloatArray, level: float) -> tuple[float, bool]:
    """Where the loss first exceeds the level; the end, and True, if it does not. A hole ends the valley."""
    above = ~(loss <= level)
    if not above.any():
        return float(position[-1]), True
    last = int(above.argmax()) - 1
    low, high = loss[last], loss[last + 1]
    if not np.isfinite(high):
        return float(position[last]), False
    share = (level - low) / (high - low)
    return float(position[last] + share * (position[last + 1] - position[last])), False


def region_around(field: Field, level: float) -> npt.NDArray[np.bool_]:
    """The connected points with a loss of at most `level` around the network; none if it lies outside. (ny, nx)."""
    at = field.nearest(0.0, 0.0)
    low = field.loss <= level
    if at is None or not low[at]:
        return np.zeros_like(low)
    numbers, _ = label(low, structure=np.ones((3, 3)))
    region: npt.NDArray[np.bool_] = numbers == numbers[at]
    return region


def share_below(field: Field, level: float) -> float:
    """Share of the plane's known area with a loss of at most `level`, 0 to 1."""
    areas = field.areas
    total = areas[field.known].sum()
    return float(areas[field.loss <= level].sum() / total) if total else float("nan")


def width_measures(field: Field, rise: float, caveat: str) -> tuple[Measure, ...]:
    """Widths along both axes and the radius of the valley, at `rise` above the network's own loss."""
    level = field.centre_loss + rise
    at = field.nearest(0.0, 0.0)
    row, column = at if at is not None else (0, 0)
    along_x = axis_width(field.x, field.loss[row], 0.0, level)
    along_y = axis_width(field.y, field.loss[:, column], 0.0, level)
    above = f"{amount(rise, field.unit)} above the network's own loss"
    return (
        _axis_measure("x", "first", along_x, rise, above, caveat),
        _axis_measure("y", "second", along_y, rise, above, caveat),
        _radius_measure(field, level, rise, above, caveat),
    )


def _axis_measure(key: str, which: str, width: Width, rise: float, above: str, caveat: str) -> Measure:
    known = not np.isnan(width.value)
    least = "at least " if width.open else ""
    return Measure(
        key=f"width-{key}-{rise:g}",
        name=f"Width along the {which} axis",
        value=width.value,
        unit="",
        text=f"{least}{width.value:.3g}, {above}" if known else "unknown: the network is not in the plane or not low",
        definition=(
            f"Along the {which} axis through the network, the distance between the two places where the loss first "
            f"rises to {above}, in multiples of the direction. Between grid points the loss is taken to be straight. "
            "Where it does not rise so high inside the plane, the width is at least the one given."
        ),
        source=SOURCE,
        caveat=caveat,
    )


def _radius_measure(field: Field, level: float, rise: float, above: str, caveat: str) -> Measure:
    region = region_around(field, level)
    area = float(field.areas[region].sum())
    radius = float(np.sqrt(area / np.pi)) if region.any() else float("nan")
    cut = bool(region[0].any() or region[-1].any() or region[:, 0].any() or region[:, -1].any())
    least = "at least " if cut else ""
    return Measure(
        key=f"radius-{rise:g}",
        name="Radius of the valley",
        value=radius,
        unit="",
        text=f"{least}{radius:.3g}, {above}" if region.any() else "unknown: the network is not in the plane or not low",
        definition=(
            f"The connected part of the plane around the network in which the loss is at most {above}: the radius of "
            "the circle of the same area, in multiples of the directions. Where that part touches the edge of the "
            "plane, it is at least as large."
        ),
        source=SOURCE,
        caveat=caveat,
    )


def share_measure(field: Field, level: float, caveat: str) -> Measure:
    """The share of the plane below a loss."""
    share = share_below(field, level)
    return Measure(
        key=f"share-below-{level:g}",
        name=f"Plane below {amount(level, field.unit)}",
        value=100 * share,
        unit="%",
        text=f"{percent(share)} of the plane",
        definition=(
            f"The share of the plane's area where the loss is at most {amount(level, field.unit)}. Every grid point "
            "stands for the rectangle half-way to its neighbours; holes (NaN) are left out of the whole."
        ),
        source=SOURCE,
        caveat=caveat,
    )
