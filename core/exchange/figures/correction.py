"""A correction: where the slice is accepted, where stably so, and the way from the input to the nearest such point."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.corrections.records.correction import Box, Correction, Polygon
from core.exchange.correction_words import (
    axis_label,
    change_words,
    correction_notes,
    correction_subtitle,
    point_words,
    verdict_words,
    wanted_words,
)
from core.exchange.figures import frame, image_panels, tradeoff_panel
from core.exchange.figures.rendering import house_style
from core.exchange.rule_words import area_words
from core.exchange.subject import Subject
from core.exchange.words import PROOFS, number

_HEIGHT = 4.7  # inches, of the axes
_APART = 0.72  # inches between them and the curve below: ticks and label
_REFUSED = "#F1ECE8"
_NEAR = 0.12  # of the range, from its rim: words go to the other side
_MARGIN = 0.03  # of the ranges, around them
_KNOWN = {"proved": "proved", "sampled": "sampled only", "unknown": "not proved", "none_exists": "not proved"}
_BOX_STYLES: frame.Style = {
    "proved": "solid",
    "sampled": (0, (4, 2)),
    "unknown": (0, (1, 2)),
    "none_exists": (0, (1, 2)),
}


def correction_figure(correction: Correction, subject: Subject) -> Figure:
    """Draw the slice of the two free features, in the user's units."""
    with house_style():
        page = frame.Page(subject.title, correction_subtitle(correction, subject))
        axes = page.axes(frame.LEFT + 0.1, frame.TOP, frame.RIGHT - frame.LEFT - 0.1, _HEIGHT)
        handles = [
            *_regions(axes, correction, subject),
            *_way(axes, correction, subject),
            *_boxes(axes, correction),
            *_simple_forms(axes, correction),
        ]
        _label(axes, correction, subject)
        below = frame.TOP + _HEIGHT + _APART
        if correction.tradeoff is not None and correction.tradeoff.largest is not None:
            panel = page.axes(frame.LEFT + 0.1, below, frame.RIGHT - frame.LEFT - 0.1, tradeoff_panel.HEIGHT)
            handles += tradeoff_panel.draw_tradeoff(panel, correction, subject)
            below += tradeoff_panel.HEIGHT + _APART
        if image_panels.draws_images(correction, subject):
            image_panels.draw_images(page, below, correction, subject)
        if correction.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, correction_notes(correction, subject))


def _regions(axes: Axes, correction: Correction, subject: Subject) -> list[Artist]:
    """The slice, the part of it that is accepted, and the part where a whole stability box fits."""
    first, second = correction.request.free
    corner, size = (first.low, second.low), (first.high - first.low, second.high - second.low)
    axes.add_patch(Rectangle(corner, *size, facecolor=_REFUSED, edgecolor=frame.MUTED, linewidth=0.7, zorder=1))
    accepted: frame.Style = {"facecolor": to_rgba(frame.SKY_BLUE, 0.38), "edgecolor": frame.BLUE, "linewidth": 1.3}
    stable: frame.Style = {"facecolor": to_rgba(frame.GREEN, 0.34), "edgecolor": frame.GREEN, "linewidth": 1.1}
    share = f"{number(100 * correction.accepted_share, 3)} % of the slice"
    handles: list[Artist] = [
        Rectangle((0, 0), 1, 1, label=f"accepted as {wanted_words(correction, subject)}, {share}", **accepted)
    ]
    _fill(axes, correction.accepted, zorder=2, **accepted)
    if correction.stable:
        _fill(axes, correction.stable, zorder=3, hatch="....", **stable)
        handles.append(
            Rectangle((0, 0), 1, 1, label="stable: the whole box around it is accepted", hatch="...", **stable)
        )
    return handles


def _fill(axes: Axes, polygons: Sequence[Polygon], **style: object) -> None:
    for polygon in polygons:
        rings = [_turned(polygon.exterior, left=True), *(_turned(hole, left=False) for hole in polygon.holes)]
        path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
        axes.add_patch(PathPatch(path, joinstyle="round", **style))


def _turned(ring: npt.NDArray[np.float64], *, left: bool) -> npt.NDArray[np.float64]:
    """The ring in the sense asked for: holes must run against their outline, or they are filled."""
    x, y = ring[:, 0], ring[:, 1]
    area = np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])
    return ring if (area > 0) == left else ring[::-1]


def _way(axes: Axes, correction: Correction, subject: Subject) -> list[Artist]:
    """The input, the nearest stable correction, and what has to change between them."""
    halo: list[AbstractPathEffect] = [withStroke(linewidth=3.2, foreground=frame.PAPER)]
    start = correction.request.point
    style: frame.Style = {"linestyle": "none", "zorder": 8, "path_effects": halo}
    words = f"the input, judged {verdict_words(correction, subject)}: {point_words(correction, subject, start)}"
    (mark,) = axes.plot(*start, marker="X", markersize=8, color=frame.INK, markeredgewidth=0, label=words, **style)
    handles: list[Artist] = [mark]
    if correction.centre is None:
        words = PROOFS["none_exists" if correction.proof == "none_exists" else "unknown"]
        axes.text(0.5, 0.06, words, transform=axes.transAxes, ha="center", size=9, color=frame.MUTED, zorder=8)
        return handles
    end = correction.centre
    arrow = FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=13, shrinkA=7, shrinkB=6, linewidth=1.5, color=frame.VERMILLION
    )
    arrow.set_zorder(7)
    arrow.set_path_effects(halo)
    axes.add_patch(arrow)
    words = f"nearest stable correction: {point_words(correction, subject, end)}"
    (mark,) = axes.plot(*end, marker="o", markersize=6.5, color=frame.VERMILLION, label=words, **style)
    handles.append(mark)
    _change(axes, correction, subject, end)
    return handles


def _change(axes: Axes, correction: Correction, subject: Subject, end: tuple[float, float]) -> None:
    """What has to change, beside the middle of the arrow on the side that has room."""
    start = correction.request.point
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    first = correction.request.free[0]
    right = middle[0] < first.low + 0.65 * (first.high - first.low)
    rising = (end[0] - start[0]) * (end[1] - start[1]) > 0
    second = correction.request.free[1]
    height = (middle[1] - second.low) / (second.high - second.low)
    free = _NEAR < height < 1 - _NEAR
    below, away = rising == right if free else height >= 1 - _NEAR, 5 if free else 16
    axes.annotate(
        change_words(correction, subject, end),
        middle,
        xytext=(9 if right else -9, -away if below else away),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top" if below else "bottom",
        size=8.5,
        weight="bold",
        color="#9C4400",
        linespacing=1.3,
        bbox={"boxstyle": "round,pad=0.25", "facecolor": frame.PAPER, "edgecolor": "none", "alpha": 0.85},
        zorder=9,
    )


def _boxes(axes: Axes, correction: Correction) -> list[Artist]:
    """The stability box around the correction, and the user's box if it is another one."""
    handles: list[Artist] = []
    half_width = (correction.request.free[0].half_width, correction.request.free[1].half_width)
    asked = None
    if correction.centre is not None and max(half_width) > 0:
        asked = Box(centre=correction.centre, half_width=half_width, proof=correction.proof)
        handles.append(_box(axes, asked, frame.VERMILLION, "stability box"))
    box = correction.box
    if box is not None and (asked is None or box.bounds != asked.bounds):
        handles.append(_box(axes, box, frame.INK, "chosen box"))
    return handles


def _simple_forms(axes: Axes, correction: Correction) -> list[Artist]:
    """The largest box as a thin outline and the triangle dashed, both below the boxes that one works with."""
    handles: list[Artist] = []
    thin: frame.Style = {"color": frame.INK, "linewidth": 0.9}
    if (box := correction.largest_box) is not None:
        low_x, low_y, high_x, high_y = box.bounds
        corners = [(low_x, low_y), (high_x, low_y), (high_x, high_y), (low_x, high_y), (low_x, low_y)]
        axes.plot(*zip(*corners, strict=True), zorder=5, **thin)
        handles.append(Line2D([], [], label=f"largest box ({_KNOWN[box.proof]})", **thin))
    if (triangle := correction.triangle) is not None:
        dashed: frame.Style = {"color": frame.MUTED, "linewidth": 0.9, "linestyle": (0, (5, 3))}
        axes.plot(*np.append(triangle.corners, triangle.corners[:1], axis=0).T, zorder=5, **dashed)
        handles.append(Line2D([], [], label=f"triangle, as by Zhang et al. 2018: {area_words(triangle)}", **dashed))
    return handles


def _box(axes: Axes, box: Box, colour: str, words: str) -> Artist:
    low_x, low_y, high_x, high_y = box.bounds
    style: frame.Style = {
        "facecolor": "none",
        "edgecolor": colour,
        "linewidth": 1.6,
        "linestyle": _BOX_STYLES[box.proof],
    }
    axes.add_patch(Rectangle((low_x, low_y), high_x - low_x, high_y - low_y, zorder=6, **style))
    label = f"{words} ({_KNOWN[box.proof]})"
    return Line2D([], [], color=colour, linewidth=1.6, linestyle=_BOX_STYLES[box.proof], label=label)


def _label(axes: Axes, correction: Correction, subject: Subject) -> None:
    """Axes that hold both ranges and the input, wherever it lies."""
    point = correction.request.point
    first, second = correction.request.free
    for feature, value, set_limits in ((first, point[0], axes.set_xlim), (second, point[1], axes.set_ylim)):
        low, high = min(feature.low, value), max(feature.high, value)
        set_limits(low - _MARGIN * (high - low), high + _MARGIN * (high - low))
    axes.set_xlabel(axis_label(first.name, subject))
    axes.set_ylabel(axis_label(second.name, subject))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(8))
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 5)))
    frame.quiet(axes)
