"""A lesson of the drawing tutor: the drawing, what is missing in green, and the boxes of its free line ends."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import AbstractPathEffect, withStroke

from core.corrections.tutor.lesson import EndBox, Lesson
from core.data.drawings.strokes import SIDE, Strokes
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.lesson_words import lesson_notes
from core.exchange.shown_names import shown

_SIDE = 5.0  # inches of the paper
_HALO: list[AbstractPathEffect] = [withStroke(linewidth=2.6, foreground=frame.PAPER)]
_ALONE: frame.Style = {"facecolor": "#009E7314", "edgecolor": frame.GREEN, "linestyle": (0, (4, 2)), "linewidth": 0.9}
_JOINT: frame.Style = {"facecolor": "#009E7340", "edgecolor": frame.GREEN, "linewidth": 1.2}
_DRAWN: frame.Style = {"color": frame.INK, "linewidth": 1.7}
_CANONICAL: frame.Style = {"color": "#B4BAC1", "linewidth": 0.9, "linestyle": (0, (4, 3))}
_DROPPED: frame.Style = {"color": frame.VERMILLION, "linewidth": 1.4, "linestyle": (0, (1, 2))}
_SUGGESTED: frame.Style = {"color": frame.GREEN, "linewidth": 2.2}
_END: frame.Style = {"marker": "o", "markersize": 6, "markerfacecolor": frame.PAPER, "markeredgecolor": frame.GREEN}


def lesson_figure(lesson: Lesson, network_name: str) -> Figure:
    """Draw a lesson on its paper of 256 × 256 pixels, y downwards."""
    with house_style():
        page = frame.Page(
            "A drawing completed", f'What "{shown(network_name, 50)}" misses in it, and where its lines may end'
        )
        axes = page.axes(frame.LEFT, frame.TOP, _SIDE, _SIDE)
        _paper(axes)
        _strokes(axes, lesson.request.canonical, _CANONICAL)
        for box in lesson.alone:
            axes.add_patch(_rectangle(box, _ALONE))
        for box in lesson.joint:
            axes.add_patch(_rectangle(box, _JOINT))
        drawn = lesson.request.drawing
        _strokes(axes, tuple(one for place, one in enumerate(drawn) if place not in lesson.dropped), _DRAWN)
        _strokes(axes, tuple(drawn[place] for place in lesson.dropped), _DROPPED)
        chosen = sorted({*lesson.added, *(stroke for stroke, _ in lesson.free)})
        _strokes(axes, tuple(lesson.drawing[place] for place in chosen), _SUGGESTED)
        _ends(axes, lesson)
        if lesson.status == "partial":
            frame.mark_partial(axes)
        return page.finish(_legend(lesson), lesson_notes(lesson, network_name))


def _paper(axes: Axes) -> None:
    axes.set_xlim(-3, SIDE + 2)
    axes.set_ylim(SIDE + 2, -3)
    axes.set_aspect("equal")
    axes.set_xticks(range(0, 257, 64))
    axes.set_yticks(range(0, 257, 64))
    axes.set_xlabel("x (pixels)")
    axes.set_ylabel("y (pixels)")
    frame.quiet(axes)


def _strokes(axes: Axes, strokes: Strokes, style: frame.Style) -> None:
    for x, y in strokes:
        axes.plot(x, y, solid_capstyle="round", solid_joinstyle="round", **style)


def _ends(axes: Axes, lesson: Lesson) -> None:
    home = lesson.placing.start.reshape(-1, 2).tolist() if lesson.free else []
    for place, (x, y) in enumerate(home):
        axes.plot(x, y, linestyle="none", markeredgewidth=1.4, zorder=6, **_END)
        style: frame.Style = {"size": 8, "weight": "bold", "color": frame.GREEN, "path_effects": _HALO, "zorder": 7}
        axes.annotate(str(place + 1), (x, y), (5, 4), textcoords="offset points", **style)


def _rectangle(box: EndBox, style: frame.Style) -> Rectangle:
    """Of whole pixels: a box of a single pixel is as large as that pixel."""
    width, height = (box.high - box.low + 1).tolist()
    return Rectangle((float(box.low[0]) - 0.5, float(box.low[1]) - 0.5), width, height, **style)


def _legend(lesson: Lesson) -> list[Artist]:
    handles: list[Artist] = [Line2D([], [], label="the drawing", **_DRAWN)]
    handles.append(Line2D([], [], label="canonical drawing", **_CANONICAL))
    if lesson.dropped:
        handles.append(Line2D([], [], label="taken out", **_DROPPED))
    if lesson.added or lesson.free:
        handles.append(Line2D([], [], label="suggested, free ends", **_SUGGESTED, **_END))
    if lesson.joint:
        handles.append(Rectangle((0, 0), 1, 1, label="all ends at once: proved", **_JOINT))
    if lesson.alone:
        handles.append(Rectangle((0, 0), 1, 1, label="this end alone: proved", **_ALONE))
    return handles
