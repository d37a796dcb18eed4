"""Below the features of a correction: how lower bound and best came together, and what stability costs."""

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.corrections.records.joint import JointCorrection
from core.exchange.figures import frame
from core.exchange.words import number

FloatArray = npt.NDArray[np.float64]
_HEIGHT = 1.15  # inches
_GUTTER = 0.75  # inches between two panels
_NONE = "#DFE2E5"
_BETWEEN = "#F3D9C7"


def draw_panels(page: frame.Page, joint: JointCorrection, top: float) -> list[Artist]:
    """Draw what there is of both, side by side. Returns the legend's part."""
    drawn = []
    if len(joint.course) > 1 and np.isfinite(joint.course[:, 1:]).any():
        drawn.append(_course)
    if len(joint.tradeoff) > 1 and np.isfinite(joint.tradeoff[:, 2]).any():
        drawn.append(_tradeoff)
    if not drawn:
        return []
    whole = frame.RIGHT - frame.LEFT
    width = (whole - _GUTTER * (len(drawn) - 1)) / len(drawn)
    handles: list[Artist] = [
        Line2D([], [], color=frame.VERMILLION, linewidth=1.3, label="distance of the best"),
        Line2D([], [], color=frame.BLUE, linewidth=1.3, label="bound: proved, none is nearer"),
    ]
    for place, draw in enumerate(drawn):
        axes = page.axes(frame.LEFT + place * (width + _GUTTER), top, width, _HEIGHT)
        handles += draw(axes, joint)
        axes.set_ylabel("distance")
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 4)))
        frame.quiet(axes)
    return handles


def _course(axes: Axes, joint: JointCorrection) -> list[Artist]:
    """Both ends of the bracket over the seconds, as steps: each holds until it gets better."""
    seconds, lower, distance = np.concatenate([[[0.0, 0.0, np.inf]], joint.course]).T
    top = _top(joint.course[:, 1:])
    best = np.where(np.isfinite(distance), distance, top)
    low = np.minimum(lower, top)
    axes.fill_between(seconds, low, best, step="post", color=_BETWEEN, linewidth=0, zorder=2)
    axes.step(seconds, low, where="post", color=frame.BLUE, linewidth=1.3, zorder=3)
    axes.step(
        seconds, np.where(np.isfinite(distance), distance, np.nan), where="post", color=frame.VERMILLION, zorder=4
    )
    axes.set_xlim(0, float(seconds[-1]) * 1.02 or 1.0)
    axes.set_ylim(0, top)
    axes.set_xlabel("seconds of search")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    return []


def _tradeoff(axes: Axes, joint: JointCorrection) -> list[Artist]:
    """The nearest distance over the stability, between what is proved and what was found."""
    scale, lower, distance = joint.tradeoff.T
    top = _top(joint.tradeoff[:, 1:])
    found = np.isfinite(distance)
    axes.fill_between(scale[found], lower[found], distance[found], color=_BETWEEN, linewidth=0, zorder=2)
    axes.plot(scale[found], lower[found], color=frame.BLUE, linewidth=1.0, zorder=3)
    style: frame.Style = {"color": frame.VERMILLION, "linewidth": 1.3, "marker": "o", "markersize": 3, "zorder": 4}
    axes.plot(scale[found], distance[found], **style)
    none = scale[np.isinf(lower)]
    handles: list[Artist] = []
    if len(none):
        axes.axvspan(float(none.min()), float(scale[-1]), facecolor=_NONE, linewidth=0, zorder=1)
        handles.append(Rectangle((0, 0), 1, 1, facecolor=_NONE, label="proved: none is that stable"))
    axes.axvline(1.0, color=frame.MUTED, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    axes.set_xlim(0, float(scale[-1]))
    axes.set_ylim(0, top)
    axes.set_xlabel("stability, in multiples of what is asked for")
    return handles


def _top(values: FloatArray) -> float:
    """The end of an axis of distances."""
    finite = values[np.isfinite(values)]
    return 1.15 * float(finite.max(initial=0.0)) or 1.0
