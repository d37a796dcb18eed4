"""A training's way through a plane in numbers and words: its own losses, and those of its shadow in the plane."""

import numpy as np

from app.render.scales import HeightScale, Kind
from core.exchange.words import count, number
from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET, Surface
from core.landscape.trajectory import Trajectory

NO_LIMIT = 10.0


def plane_loss(surface: Surface, x: FloatArray, y: FloatArray) -> FloatArray:
    """The surface's loss at places (n,) of its plane, bilinear; NaN outside and beside what is not known."""
    column = np.clip(np.searchsorted(surface.x, x) - 1, 0, len(surface.x) - 2)
    row = np.clip(np.searchsorted(surface.y, y) - 1, 0, len(surface.y) - 2)
    across = (x - surface.x[column]) / (surface.x[column + 1] - surface.x[column])
    up = (y - surface.y[row]) / (surface.y[row + 1] - surface.y[row])
    with np.errstate(invalid="ignore"):
        low = surface.loss[row, column] * (1 - across) + surface.loss[row, column + 1] * across
        high = surface.loss[row + 1, column] * (1 - across) + surface.loss[row + 1, column + 1] * across
        found: FloatArray = low * (1 - up) + high * up
    edge = 1e-9
    inside = (across >= -edge) & (across <= 1 + edge) & (up >= -edge) & (up <= 1 + edge)
    return np.where(inside, found, np.nan)


def loss_scale(surface: Surface | None, trajectory: Trajectory) -> HeightScale:
    """One scale for the plane and for the checkpoints' own losses."""
    parts = [trajectory.loss] if surface is None else [trajectory.loss, surface.loss.ravel()]
    known = np.concatenate(parts)
    known = known[np.isfinite(known)]
    limit = NO_LIMIT if surface is None else surface.request.display_limit
    own = trajectory.loss[np.isfinite(trajectory.loss)]
    limit = max(limit, float(own.max())) if len(own) else limit  # the way itself is never cut off
    if not len(known):
        return HeightScale(low=0.0, high=limit)
    low, most = float(known.min()), float(known.max())
    kind: Kind = "log" if low >= 0 else "linear"
    high = min(most, limit)
    if high <= low:
        high = low + 0.05 * max(abs(low), LOG_OFFSET)
    return HeightScale(low=low, high=high, kind=kind, clips=most > high)


def variance_axes(trajectory: Trajectory, labels: tuple[str, str]) -> tuple[str, str]:
    """Labels of the axes with the share of the way's variance that each holds."""
    shares = trajectory.explained_variance
    named = [label.partition(" (")[0] for label in labels]
    first, second = (
        f"{name} ({number(100 * float(share), 3)} % of the way's variance)" if np.isfinite(share) else label
        for name, label, share in zip(named, labels, shares, strict=True)
    )
    return first, second


def trajectory_caption(trajectory: Trajectory, surface: Surface | None) -> str:
    """What is shown and what in it is not as it seems."""
    known = int(np.count_nonzero(np.isfinite(trajectory.loss)))
    parts = [f"{count(len(trajectory.epoch), 'checkpoint')}, loss of {known:,} computed"]
    if trajectory.status == "partial":
        parts[0] = f"Partial: {parts[0]}"
    total = float(np.sum(trajectory.explained_variance))
    if np.isfinite(total):
        parts.append(f"the plane holds {number(100 * total, 3)} % of the way's variance")
    far = trajectory.off_plane[np.isfinite(trajectory.off_plane)]
    if len(far):
        parts.append(f"checkpoints lie up to {number(float(far.max()), 3)} off the plane")
    parts.append("each dot has the colour of its own loss, not of the plane below it")
    if surface is not None and surface.status == "partial":
        parts.append("the surface is not complete yet")
    return " · ".join(parts)


def trajectory_reading(trajectory: Trajectory, index: int, below: float) -> str:
    """All that is known of a checkpoint; `below` is the loss of the plane under it, or NaN."""
    parts = [f"epoch {number(float(trajectory.epoch[index]))}"]
    loss, accuracy = float(trajectory.loss[index]), float(trajectory.accuracy[index])
    parts.append("loss not computed yet" if np.isnan(loss) else f"own loss {number(loss)}")
    if np.isfinite(below):
        parts.append(f"the plane under it {number(below)}")
    if np.isfinite(accuracy):
        parts.append(f"accuracy {number(100 * accuracy, 3)} %")
    parts.append(f"{number(float(trajectory.off_plane[index]), 3)} off the plane")
    parts.append(f"{number(float(trajectory.distance[index]), 3)} from the network")
    if np.isfinite(rate := float(trajectory.learning_rate[index])):
        parts.append(f"rate {number(rate)}")
    return " · ".join(parts)
