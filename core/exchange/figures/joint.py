"""A correction in several features: a row for each of them, and how the bracket closed."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from core.corrections.joint import JointCorrection
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.joint_words import joint_notes, joint_subtitle
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import number

_ROW = 0.42  # inches
_NAMES = 1.6  # inches, left of the bars


def joint_figure(joint: JointCorrection, subject: Subject) -> Figure:
    """Draw every free feature over its own range."""
    with house_style():
        page = frame.Page(subject.title, joint_subtitle(joint, subject))
        rows = len(joint.request.freedom.names)
        axes = page.axes(frame.LEFT + _NAMES, frame.TOP, frame.RIGHT - frame.LEFT - _NAMES, _ROW * rows)
        handles = _features(axes, joint, subject)
        if joint.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, joint_notes(joint, subject))


def _features(axes: Axes, joint: JointCorrection, subject: Subject) -> list[Artist]:
    freedom = joint.request.freedom
    rows = len(freedom.names)
    axes.set_xlim(0, 1)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks(range(rows), [shown(name, 22) for name in freedom.names])
    axes.set_xticks([])
    for place, feature in enumerate(freedom.numbers):
        before = float(joint.request.start[place])
        low, high = min(feature.low, before), max(feature.high, before)

        def at(value: float, low: float = low, high: float = high) -> float:
            return (value - low) / (high - low)

        left, right = at(feature.low), at(feature.high)
        axes.add_patch(Rectangle((left, place - 0.2), right - left, 0.4, facecolor=frame.NOTHING, linewidth=0))
        if joint.box is not None:
            ends = at(float(joint.box.low[place])), at(float(joint.box.high[place]))
            axes.add_patch(
                Rectangle((ends[0], place - 0.2), ends[1] - ends[0], 0.4, facecolor=frame.SKY_BLUE, linewidth=0)
            )
        axes.plot(at(before), place, "X", color=frame.INK, markersize=7, markeredgewidth=0)
        if joint.nearest.point is not None:
            axes.plot(at(float(joint.nearest.point[place])), place, "o", color=frame.VERMILLION, markersize=6)
        unit = shown(subject.unit(feature.name), 12)
        axes.text(left, place + 0.38, number(feature.low), size=7, va="center", color=frame.MUTED)
        axes.text(right, place + 0.38, f"{number(feature.high)} {unit}", size=7, va="center", ha="right")
    for place, category in enumerate(freedom.categories, start=len(freedom.numbers)):
        before_level = category.levels[joint.request.present[place - len(freedom.numbers)]]
        after = joint.nearest.levels[place - len(freedom.numbers)] if joint.nearest.levels else None
        words = shown(before_level, 30) + ("" if after is None else f" → {shown(category.levels[after], 30)}")
        axes.text(0.0, place, words, size=8.5, va="center")
    frame.quiet(axes)
    return [
        Line2D([], [], marker="X", linestyle="none", color=frame.INK, label="the input"),
        Line2D([], [], marker="o", linestyle="none", color=frame.VERMILLION, label="nearest stable correction"),
        Rectangle((0, 0), 1, 1, facecolor=frame.SKY_BLUE, label="largest box found"),
    ]
