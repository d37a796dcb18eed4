"""What is written around every picture of a surface, so that all of them say the same."""

import numpy as np

from app.render.fields import Picture
from app.render.overlays import Overlays
from app.render.plot.number_text import MINUS, scientific
from app.render.scales import HeightScale
from core.exchange.plane_words import axis_labels
from core.exchange.words import whole
from core.landscape.plane import FloatArray, RandomDirections
from core.landscape.surface import EVALUATED, INTERPOLATED, LOG_OFFSET, SAMPLED, Surface

NO_SURFACE = "No surface yet. It grows here as soon as its job runs; until then it waits for the jobs before it."

OBTAINED = {EVALUATED: "exact", SAMPLED: "sampled", INTERPOLATED: "interpolated"}


def axis_titles(surface: Surface) -> tuple[str, str]:
    """What the two axes of the plane are, with their unit."""
    return axis_labels(surface.request.directions)


def axis_symbols(surface: Surface) -> tuple[str, str]:
    """The two axes in one letter each, for readings."""
    return ("δ", "η") if isinstance(surface.request.directions, RandomDirections) else ("x", "y")


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


def lowest_words(surface: Surface, network: str = "") -> str:
    """The tag beside the lowest point; `network` names what else is just there."""
    lowest = lowest_point(surface)
    if lowest is None:
        return ""
    words = f"lowest {written(float(surface.loss[lowest]))}"
    return f"{network}, {words}" if network else words


def caption(surface: Surface, scale: HeightScale, picture: Picture | None = None) -> str:
    """How the picture came about and what in it is not as it seems, in one line."""
    total = surface.loss.size
    known = np.isfinite(surface.loss)
    unknown = int(np.count_nonzero(np.isnan(surface.loss) & (surface.evaluated == INTERPOLATED)))
    sampled = int(np.count_nonzero(surface.evaluated == SAMPLED))
    parts = [f"{whole(surface.evaluated_count)} of {whole(total)} points evaluated"]
    if surface.status == "partial":
        parts[0] = f"Partial: {parts[0]}"
    if sampled:
        parts.append(f"{whole(sampled)} on a part of the samples")
    interpolated = total - surface.evaluated_count - sampled - unknown
    if interpolated > 0:
        parts.append(f"{whole(interpolated)} interpolated")
    if unknown:
        parts.append(f"{whole(unknown)} not known yet")
    if (lowest := lowest_point(surface)) is not None:
        row, column = lowest
        parts.append(
            f"lowest {written(surface.loss[row, column])} at ({written(surface.x[column])}, {written(surface.y[row])})"
        )
    if surface.holes:
        verb = "has no finite loss and is left open" if surface.holes == 1 else "have no finite loss and are left open"
        parts.append(f"{whole(surface.holes)} point{'' if surface.holes == 1 else 's'} {verb}")
    if np.any(known & (surface.loss > scale.high)):
        parts.append(f"loss above {written(scale.high)} is flat and hatched")
    if picture is not None:
        if not picture.coloured_by_height:
            parts.append(f"height and lines are the {'test ' if 'test' in picture.field else ''}loss")
        if picture.note:
            parts.append(picture.note)
    return " · ".join(parts)


def overlay_words(overlays: Overlays, surface: Surface) -> str:
    """What is laid over the picture and cannot be told from the picture alone; "" if nothing is."""
    parts = []
    if (way := overlays.trajectory) is not None and len(way.x):
        inside = (way.x >= surface.x[0]) & (way.x <= surface.x[-1]) & (way.y >= surface.y[0]) & (way.y <= surface.y[-1])
        words = f"{len(way.x)} checkpoints at their own loss"
        if not inside.all():
            words += f", {np.count_nonzero(~inside)} of them outside the plane shown"
        if np.isfinite(way.off_plane).any():
            words += f", up to {written(float(np.nanmax(way.off_plane)))} off the plane"
        parts.append(words)
        if np.isfinite(way.explained_variance).all():
            parts.append(f"the axes hold {100 * float(np.sum(way.explained_variance)):.0f} % of the way's variance")
    if (fresh := initial_losses(overlays)).size:
        parts.append(f"{fresh.size} initialisations: loss {_range_words(fresh)}")
    if overlays.held_out is not None and len(overlays.held_out.x):
        parts.append(f"{len(overlays.held_out.x)} held-out points (squares)")
    return " · ".join(parts)


def initial_losses(overlays: Overlays) -> FloatArray:
    """The finite losses of fresh initialisations as training sees them: with statistics of the samples, if known."""
    fresh = overlays.initialisations
    if fresh is None:
        return np.empty(0)
    losses = np.where(np.isfinite(fresh.calibrated_loss), fresh.calibrated_loss, fresh.loss)
    return np.asarray(losses[np.isfinite(losses)], dtype=np.float64)


def initial_words(overlays: Overlays) -> str:
    """What is written beside the levels of the initialisations."""
    losses = initial_losses(overlays)
    return f"initialisations {_range_words(losses)}" if losses.size else ""


def _range_words(losses: FloatArray) -> str:
    low, high = written(float(losses.min())), written(float(losses.max()))
    return low if low == high else f"{low} to {high}"


def nearest(coordinates: FloatArray, value: float) -> int:
    """Index of the grid line nearest to a coordinate."""
    return int(np.argmin(np.abs(coordinates - value)))


def certified_error(surface: Surface, row: int, column: int) -> float:
    """By how much the loss at a point may be off according to the certificate; 0 where exact, NaN where not certified.

    The certificate is about log(loss + 0.1); this is the larger of the two sides that it means for the loss itself.
    """
    if surface.evaluated[row, column] == EVALUATED:
        return 0.0
    if surface.certificate is None or surface.loss[row, column] > surface.certificate.display_limit:
        return float("nan")
    return float((surface.loss[row, column] + LOG_OFFSET) * np.expm1(surface.certificate.tolerance))


def value_words(surface: Surface, row: int, column: int) -> str:
    """The loss at a grid point, how sure it is, and how it was obtained."""
    loss, kind = surface.loss[row, column], int(surface.evaluated[row, column])
    if not np.isfinite(loss):
        return "loss is not finite" if kind != INTERPOLATED else "not known yet"
    error = certified_error(surface, row, column)
    within = f" ± {written(float(f'{error:.1e}'))}" if error > 0 else ""
    accuracy = surface.accuracy[row, column]
    share = f", accuracy {100 * accuracy:.1f} %" if np.isfinite(accuracy) else ""
    doubt = ", error not certified" if np.isnan(error) else ""
    return f"loss {written(loss)}{within}{share}, {OBTAINED.get(kind, 'estimated')}{doubt}"


def reading(surface: Surface, a: float, b: float, picture: Picture | None = None) -> str:
    """What is known at the grid point nearest to (a, b), and how it was obtained."""
    row, column = nearest(surface.y, b), nearest(surface.x, a)
    first, second = axis_symbols(surface)
    place = f"{first} {written(surface.x[column])}, {second} {written(surface.y[row])}"
    words = f"{place}: {value_words(surface, row, column)}"
    if picture is None or picture.field in ("loss", "accuracy"):
        return words
    if picture.field == "test loss":
        return words.replace(": loss", ": test loss", 1)
    value = picture.values[row, column]
    if not np.isfinite(value):
        return words
    shown = f"{value:.1f} %" if picture.unit == "%" else written(float(value))
    return f"{words}, {picture.title} {shown}"
