"""A correction in several features: a row for each of them, how the bracket closed, and what stability costs."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.patheffects import AbstractPathEffect, withStroke

from core.corrections.live.joint import chosen_change, stable_for
from core.corrections.records.joint import FoundChange, JointCorrection
from core.exchange.figures import frame, joint_panels
from core.exchange.figures.rendering import house_style
from core.exchange.joint_words import (
    JOINT_PROOFS,
    Changed,
    change_words,
    changed_features,
    joint_notes,
    joint_subtitle,
)
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import in_norm, number

_ROW = 0.5  # inches
_NAMES, _WORDS = 1.55, 1.6  # inches, left and right of the bars
_APART = 0.55  # inches between the rows and the panels below
_MOST_ROWS = 12  # beyond, only what changes is drawn
_MOST_TICKS = 30  # steps of a number that are marked
_TRACK, _BOX, _LEVEL = 0.07, 0.17, 0.24  # half-heights in rows
_HALO: list[AbstractPathEffect] = [withStroke(linewidth=2.6, foreground=frame.PAPER)]
_INPUT: frame.Style = {"marker": "X", "markersize": 7.5, "color": frame.INK, "markeredgewidth": 0, "linestyle": "none"}
_GOAL: frame.Style = {"marker": "o", "markersize": 6.5, "color": frame.VERMILLION, "linestyle": "none"}
_EDGES: frame.Style = {"proved": "solid", "sampled": (0, (4, 2)), "unknown": (0, (1, 2)), "none_exists": (0, (1, 2))}
_KNOWN = {"proved": "proved", "sampled": "sampled only", "unknown": "not proved", "none_exists": "not proved"}


def joint_figure(joint: JointCorrection, subject: Subject) -> Figure:
    """Draw every free feature over its own range, in the user's units, with the way to the correction in the box."""
    with house_style():
        page = frame.Page(subject.title, joint_subtitle(joint, subject))
        change = chosen_change(joint)
        places = _drawn(joint, change)
        left, width = frame.LEFT + _NAMES, frame.RIGHT - frame.LEFT - _NAMES - _WORDS
        height = _ROW * max(1, len(places))
        axes = page.axes(left, frame.TOP, width, height)
        handles = _rows(axes, joint, change, subject, places)
        below = frame.TOP + height + _APART
        drawn = joint_panels.draw_panels(page, joint, below)
        notes = joint_notes(joint, subject)
        if change is not joint.nearest:
            cost = "" if change.distance is None else f", distance {number(change.distance)}"
            words = f"{change_words(joint, change, subject)}{cost}{in_norm(joint.request.norm)}"
            notes.insert(1, f"Drawn, as chosen: {words}. The result below is the nearest of all.")
        if left_out := len(joint.request.freedom.names) - len(places):
            notes.insert(1, f"{left_out} of the features stay as they are and are not drawn.")
        if joint.status == "partial":
            frame.mark_partial(axes)
        return page.finish([*handles, *drawn], notes)


def _drawn(joint: JointCorrection, change: FoundChange) -> list[int]:
    """The places of the features that have a row."""
    count = len(joint.request.freedom.names)
    if count <= _MOST_ROWS or change.point is None:
        return list(range(min(count, 2 * _MOST_ROWS)))
    moved = [*(change.point != joint.request.start)]
    moved += [level != now for level, now in zip(change.levels, joint.request.present, strict=True)]
    return [place for place in range(count) if moved[place]] or [0]


def _rows(axes: Axes, joint: JointCorrection, change: FoundChange, subject: Subject, places: list[int]) -> list[Artist]:
    freedom = joint.request.freedom
    axes.set_xlim(0, 1)
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_axis_off()
    words = changed_features(joint, change, subject)
    for row, place in enumerate(places):
        name, number_of = shown(freedom.names[place], 44), len(freedom.numbers)
        axes.text(-0.04, row, _wrapped(name), ha="right", va="center", size=8.5, linespacing=1.15)
        if place < number_of:
            _number(axes, joint, change, place, row, shown(subject.unit(freedom.numbers[place].name), 12))
        else:
            _category(axes, joint, change, place - number_of, row)
        if words:
            _said(axes, words[place], row)
    if change.point is None:
        axes.text(0.5, 0.5, JOINT_PROOFS[change.proof], transform=axes.transAxes, ha="center", va="center", size=9)
    return _legend(joint, change)


def _number(axes: Axes, joint: JointCorrection, change: FoundChange, place: int, row: int, unit: str) -> None:
    """The range as a track, the box on it, and the way from the input to the correction."""
    feature, before = joint.request.freedom.numbers[place], float(joint.request.start[place])
    least, most = min(feature.low, before), max(feature.high, before)

    def at(value: float) -> float:
        return (float(value) - least) / (most - least)

    left, right = at(feature.low), at(feature.high)
    axes.add_patch(
        Rectangle((left, row - _TRACK), right - left, 2 * _TRACK, facecolor="#DDE0E4", linewidth=0, zorder=1)
    )
    if feature.step and (feature.high - feature.low) / feature.step <= _MOST_TICKS:
        first = -(-feature.low // feature.step)
        steps = range(int(first), int(feature.high // feature.step) + 1)
        axes.vlines([at(n * feature.step) for n in steps], row - _TRACK, row + _TRACK, color=frame.PAPER, linewidth=0.7)
    if joint.box is not None:
        low, high = at(joint.box.low[place]), at(joint.box.high[place])
        style: frame.Style = {"facecolor": "#BBDDF5", "edgecolor": frame.BLUE, "linewidth": 0.9, "zorder": 2}
        edge = _EDGES[joint.box.proof]
        axes.add_patch(Rectangle((low, row - _BOX), high - low, 2 * _BOX, linestyle=edge, **style))
    small: frame.Style = {"size": 6.8, "va": "top", "color": frame.MUTED}
    axes.text(left, row + 0.21, number(feature.low), ha="left", **small)
    axes.text(right, row + 0.21, f"{number(feature.high)} {unit}".rstrip(), ha="right", **small)
    if change.point is not None:
        after, held = float(change.point[place]), float(stable_for(joint, change)[place])
        if held:
            ends = [at(after - held), at(after + held)]
            axes.plot(ends, [row, row], color=frame.VERMILLION, linewidth=1.4, marker="|", markersize=7, zorder=5)
        _way(axes, at(before), at(after), row)
    axes.plot(at(before), row, zorder=7, clip_on=False, path_effects=_HALO, **_INPUT)


def _category(axes: Axes, joint: JointCorrection, change: FoundChange, place: int, row: int) -> None:
    """A dot for each level, those that may not be chosen small; that of the box in its colours."""
    category = joint.request.freedom.categories[place]
    count, before = len(category.levels), joint.request.present[place]
    allowed = category.allowed or tuple(range(count))

    def at(level: int) -> float:
        return (level + 0.5) / count

    axes.plot([at(0), at(count - 1)], [row, row], color="#DDE0E4", linewidth=1.2, zorder=1)
    if joint.box is not None:
        left, half = at(joint.box.levels[place]), min(0.035, 0.4 / count)
        style: frame.Style = {"facecolor": "#BBDDF5", "edgecolor": frame.BLUE, "linewidth": 0.9, "zorder": 2}
        edge = _EDGES[joint.box.proof]
        axes.add_patch(Rectangle((left - half, row - _LEVEL), 2 * half, 2 * _LEVEL, linestyle=edge, **style))
    for level in range(count):
        chosen = level in allowed
        style = {"markersize": 7.5 if chosen else 3.0, "markeredgewidth": 0.9, "zorder": 3}
        axes.plot(at(level), row, "o", markerfacecolor=frame.PAPER, markeredgecolor=frame.MUTED, **style)
    if change.levels:
        _way(axes, at(before), at(change.levels[place]), row)
    axes.plot(at(before), row, zorder=7, clip_on=False, path_effects=_HALO, **_INPUT)


def _way(axes: Axes, start: float, end: float, row: int) -> None:
    if start != end:
        arrow = FancyArrowPatch(
            (start, row), (end, row), arrowstyle="-|>", mutation_scale=10, shrinkA=5, shrinkB=4, linewidth=1.3
        )
        arrow.set_color(frame.VERMILLION)
        arrow.set_zorder(6)
        axes.add_patch(arrow)
        axes.plot(end, row, zorder=8, clip_on=False, path_effects=_HALO, **_GOAL)


def _said(axes: Axes, changed: Changed, row: int) -> None:
    """What becomes of the feature, to the right of its bar."""
    place = 1.05
    style: frame.Style = {"va": "center", "ha": "left", "linespacing": 1.2}
    if not changed.any:
        axes.text(place, row, "stays", size=8, color=frame.MUTED, **style)
    elif changed.verb:
        words = f"{changed.before} → {changed.after} {changed.unit}".rstrip()
        axes.text(place, row, words, size=8.5, weight="bold", **style)
    else:
        before, after = shown(changed.before, 30), shown(changed.after, 30)
        axes.text(place, row - 0.17, before, size=7.2, color=frame.MUTED, **style)
        axes.text(place, row + 0.17, f"→ {after}", size=7.2, weight="bold", **style)


def _legend(joint: JointCorrection, change: FoundChange) -> list[Artist]:
    handles: list[Artist] = [Line2D([], [], label="the input", **_INPUT)]
    if change.point is not None:
        label = "nearest stable correction" if change is joint.nearest else "chosen stable correction"
        handles.append(Line2D([], [], label=label, **_GOAL))
        if stable_for(joint, change).any():
            style: frame.Style = {"color": frame.VERMILLION, "marker": "|", "markersize": 7, "linewidth": 1.4}
            handles.append(Line2D([], [], label=f"its stability ({_KNOWN[change.proof]})", **style))
    if joint.box is not None:
        edge = _EDGES[joint.box.proof]
        label = f"box ({_KNOWN[joint.box.proof]})"
        box = Rectangle((0, 0), 1, 1, facecolor="#BBDDF5", edgecolor=frame.BLUE, linestyle=edge, label=label)
        handles.append(box)
    return handles


def _wrapped(name: str) -> str:
    """In two lines where it is long."""
    words = name.replace("_", " ").split(" ")
    if len(name) <= 24 or len(words) == 1:
        return " ".join(words)
    cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))))
    return f"{' '.join(words[:cut])}\n{' '.join(words[cut:])}"
