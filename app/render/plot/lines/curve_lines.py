"""Curves through weight space as lines to be drawn, and what is said about a point of them. No drawing here."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.render.plot.runs.run_series import Series
from core.exchange.words import counted_samples, number, whole
from core.landscape.curve import Curve, meant_accuracy
from core.landscape.plane import FloatArray

LineMeasure = Literal["loss", "accuracy"]

BEYOND = 0.15  # of the range of the losses: so far a parabola is drawn above and below it
ON_THE_LINE = 1e-6  # a network is marked on a line through weight space if it lies this near to it


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownCurve:
    """A curve with its name and its place among the colours."""

    id: str
    name: str
    curve: Curve
    colour: int = 0


@dataclass(frozen=True)
class Station:
    """A network that the curve passes."""

    x: float
    name: str


def lines_of(curve: Curve, measure: LineMeasure) -> tuple[Series, ...]:
    """Every draw faint where there are several, the median or only one solid, that of the test set dashed.

    Losses in their unit, accuracies in per cent. A point that is not finite leaves a gap; one that is not computed
    yet does not.
    """
    train, test = (curve.loss, curve.test_loss) if measure == "loss" else _accuracies(curve)
    factor = 100.0 if measure == "accuracy" else 1.0
    several = len(train) > 1
    lines = [_line(curve, factor * draw, "faint") for draw in train] if several else []
    lines.append(_line(curve, factor * middle(train), "solid"))
    if test is not None:
        lines.append(_line(curve, factor * middle(test), "dashed"))
    if measure == "loss" and (promised := _promised(curve)) is not None:
        lines.append(Series(x=curve.x, y=promised, look="dotted"))
    return tuple(lines)


def _promised(curve: Curve) -> FloatArray | None:
    """The parabola of the eigenvalue along the line, as far as it stays near the losses; None without one."""
    known = curve.loss[np.isfinite(curve.loss)]
    if (parabola := curve.parabola) is None or not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    room = BEYOND * (high - low)
    near = (parabola >= low - room) & (parabola <= high + room)
    return np.asarray(np.where(near, parabola, np.nan))


def middle(draws: FloatArray) -> FloatArray:
    """The median over the draws that are computed so far: (draws, n) → (n,), NaN where none is."""
    result = np.full(draws.shape[1], np.nan)
    known = ~np.isnan(draws).all(axis=0)
    result[known] = np.nanmedian(draws[:, known], axis=0)
    return result


def stations_of(curve: Curve) -> tuple[Station, ...]:
    """The network itself at zero, and others that the line runs through."""
    others = [Station(anchor.x, anchor.name) for anchor in curve.directions.anchors if abs(anchor.y) < ON_THE_LINE]
    return (Station(0.0, "this network"), *others)


def has_classes(curve: Curve) -> bool:
    """Whether there are accuracies, and the loss is in nats."""
    return bool(np.isfinite(curve.accuracy).any())


def curve_reading(shown: ShownCurve, index: int) -> str:
    """All that is known at a point of a curve."""
    curve = shown.curve
    parts = [f"{shown.name}: at {number(float(curve.x[index]), 4)}"]
    parts += _values("loss", curve.loss[:, index], None if curve.test_loss is None else curve.test_loss[:, index])
    accuracy, test = _accuracies(curve)
    parts += _values("accuracy", 100 * accuracy[:, index], None if test is None else 100 * test[:, index], " %")
    return " · ".join(parts)


def curve_summary(curve: Curve) -> str:
    """How the curve came about and what in it is not as it seems, in one line."""
    complete = curve.status == "complete"  # then what is not a number was computed, too
    computed = curve.loss.size if complete else int(np.count_nonzero(~np.isnan(curve.loss)))
    draws = len(curve.loss)
    points = f"{whole(computed)} of {whole(curve.loss.size)} points computed on {counted_samples(curve.provenance)}"
    parts = [f"Partial: {points}" if curve.status == "partial" else points]
    if draws > 1:
        parts.append(f"{draws} random directions: what differs between them is chance")
    if curve.request.batch_norm == "recalibrated":
        parts.append("statistics of normalisation computed anew at every point")
    if lost := int(np.count_nonzero(~np.isfinite(curve.loss) if complete else np.isinf(curve.loss))):
        parts.append(f"{whole(lost)} without a finite loss: the line has a gap there")
    return " · ".join(parts)


def _accuracies(curve: Curve) -> tuple[FloatArray, FloatArray | None]:
    test, test_loss = curve.test_accuracy, curve.test_loss
    return (
        meant_accuracy(curve.accuracy, curve.loss),
        test if test is None or test_loss is None else meant_accuracy(test, test_loss),
    )


def _values(word: str, train: FloatArray, test: FloatArray | None, unit: str = "") -> list[str]:
    texts = [f"{_spread(train, unit)} train"] if not np.isnan(train).all() else []
    if test is not None and not np.isnan(test).all():
        texts.append(f"{_spread(test, unit)} test")
    return [f"{word} {', '.join(texts)}"] if texts else ([f"{word} not computed yet"] if word == "loss" else [])


def _spread(draws: FloatArray, unit: str) -> str:
    known = draws[~np.isnan(draws)]
    if len(draws) == 1:
        return f"{number(float(known[0]))}{unit}"
    low, high = (number(float(value), 3) for value in (known.min(), known.max()))
    return f"{number(float(np.median(known)))}{unit} (median of {len(known)}, {low} to {high})"


def _line(curve: Curve, values: FloatArray, look: Literal["solid", "dashed", "faint"]) -> Series:
    known = ~np.isnan(values) if curve.status == "partial" else np.ones(len(values), dtype=bool)
    finite = np.where(np.isfinite(values), values, np.nan)
    return Series(x=curve.x[known], y=finite[known], look=look)
