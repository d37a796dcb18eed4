"""What is written around every picture of a surface, so that all of them say the same."""

import numpy as np

from app.render.plot.number_text import MINUS, scientific
from app.render.scales import HeightScale
from core.landscape.surface import EVALUATED, INTERPOLATED, FloatArray, Surface

NO_SURFACE = "No surface yet. It grows here as soon as its job runs; until then it waits for the jobs before it."

NORMALISED = {
    "filter": "filter-normalised",
    "layer": "layer-normalised",
    "weight": "weight-normalised",
    "dfilter": "unit filters",
    "dlayer": "unit layers",
    "none": "not normalised",
}
OBTAINED = {EVALUATED: "evaluated", INTERPOLATED: "interpolated"}


def axis_titles(surface: Surface) -> tuple[str, str]:
    """What the two axes of the plane are, with their unit."""
    unit = NORMALISED.get(getattr(surface.request.directions, "norm", ""), "")
    suffix = f" ({unit})" if unit else ""
    return f"direction δ{suffix}", f"direction η{suffix}"


def lowest_point(surface: Surface) -> tuple[int, int] | None:
    """Row and column of the lowest evaluated point; None if there is none with a finite loss."""
    candidates = np.where((surface.evaluated != INTERPOLATED) & np.isfinite(surface.loss), surface.loss, np.inf)
    row, column = np.unravel_index(int(np.argmin(candidates)), candidates.shape)
    return (int(row), int(column)) if np.isfinite(candidates[row, column]) else None


def written(number: float) -> str:
    """Three significant digits and a true minus sign, as everywhere beside a picture."""
    if number != 0 and not 1e-4 <= abs(number) < 1e6:
        return scientific(number, 3)
    return f"{number + 0.0:.3g}".replace("-", MINUS)


def caption(surface: Surface, scale: HeightScale) -> str:
    """How the picture came about and what in it is not as it seems, in one line."""
    total = surface.loss.size
    unknown = int(np.count_nonzero(np.isnan(surface.loss) & (surface.evaluated == INTERPOLATED)))
    parts = [f"{surface.evaluated_count:,} of {total:,} points evaluated"]
    if surface.status == "partial":
        parts[0] = f"Partial: {parts[0]}"
    interpolated = total - surface.evaluated_count - unknown
    if interpolated > 0:
        parts.append(f"{interpolated:,} interpolated")
    if unknown:
        parts.append(f"{unknown:,} not known yet")
    if (lowest := lowest_point(surface)) is not None:
        row, column = lowest
        parts.append(
            f"lowest {written(surface.loss[row, column])} at ({written(surface.x[column])}, {written(surface.y[row])})"
        )
    if surface.holes:
        verb = "has no finite loss and is left open" if surface.holes == 1 else "have no finite loss and are left open"
        parts.append(f"{surface.holes:,} point{'' if surface.holes == 1 else 's'} {verb}")
    if np.any(np.isfinite(surface.loss) & (surface.loss > scale.high)):
        parts.append(f"loss above {written(scale.high)} is flat and hatched")
    return " · ".join(parts)


def nearest(coordinates: FloatArray, value: float) -> int:
    """Index of the grid line nearest to a coordinate."""
    return int(np.argmin(np.abs(coordinates - value)))


def reading(surface: Surface, a: float, b: float) -> str:
    """What is known at the grid point nearest to (a, b), and how it was obtained."""
    row, column = nearest(surface.y, b), nearest(surface.x, a)
    loss, accuracy = surface.loss[row, column], surface.accuracy[row, column]
    place = f"δ {written(surface.x[column])}, η {written(surface.y[row])}"
    obtained = OBTAINED.get(int(surface.evaluated[row, column]), "estimated")
    if not np.isfinite(loss):
        return f"{place}: {'loss is not finite' if obtained != 'interpolated' else 'not known yet'}"
    share = f", accuracy {100 * accuracy:.1f} %" if np.isfinite(accuracy) else ""
    return f"{place}: loss {written(loss)}{share}, {obtained}"
