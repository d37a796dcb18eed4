"""Minimal against stable: the distance of the nearest correction over the stability, below a correction's slice."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.corrections.records.correction import Correction
from core.corrections.records.tradeoff import Tradeoff
from core.exchange.figures import frame
from core.exchange.subject import Subject
from core.exchange.tradeoff_words import stability_axis_words
from core.exchange.words import number

HEIGHT = 1.05  # inches
_NONE = "#DFE2E5"
_BEYOND = 1.06  # of the stabilities: how far the axis goes on, to show that there is an end
_ABOVE = 0.12  # of the distances, left free above the curve


def draw_tradeoff(axes: Axes, correction: Correction, subject: Subject) -> list[Artist]:
    """Draw the curve, a mark at what was asked for, and where there provably is nothing. Returns the legend's part."""
    tradeoff = correction.tradeoff
    if tradeoff is None or tradeoff.largest is None:
        return []
    end = _BEYOND * max(tradeoff.none_beyond, 1.0 if tradeoff.asked else 0.0)
    low, high = _distances(tradeoff)
    axes.set_xlim(0, end)
    axes.set_ylim(low, high)
    axes.axvspan(tradeoff.none_beyond, end, facecolor=_NONE, linewidth=0, zorder=1)
    axes.plot(tradeoff.stability, tradeoff.distance, color=frame.BLUE, linewidth=1.4, zorder=3)
    axes.plot(tradeoff.largest, tradeoff.distance[-1], "o", markersize=3.5, color=frame.BLUE, zorder=4)
    asked = 1.0 if tradeoff.asked else 0.0
    distance = tradeoff.distance_at(asked)
    style: frame.Style = {"color": frame.VERMILLION, "zorder": 5}
    axes.axvline(asked, linewidth=0.9, linestyle=(0, (3, 2)), **style)
    if distance is not None:
        axes.plot(asked, distance, "o", markersize=5, clip_on=False, **style)
    _label(axes, correction, subject)
    return [Rectangle((0, 0), 1, 1, facecolor=_NONE, label="proved: no correction is that stable")]


def _distances(tradeoff: Tradeoff) -> tuple[float, float]:
    """The range of the axis of distances: all of the curve, from 0 if that is not far."""
    low, high = float(tradeoff.distance[0]), float(tradeoff.distance[-1])
    low = 0.0 if low < 0.6 * high else low
    room = _ABOVE * ((high - low) or high or 1.0)
    return (low if low == 0.0 else low - room), high + room


def _label(axes: Axes, correction: Correction, subject: Subject) -> None:
    axes.set_xlabel(stability_axis_words(correction, subject))
    axes.set_ylabel("distance")
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 4)))
    frame.quiet(axes)
