"""A training's way in a plane, as Figure 9 of Li et al. 2018, with what a plane alone hides: the distance to it."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.figures import contours, frame
from core.exchange.figures.loss_scale import loss_scale
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_marks import DROP, anchor_marks
from core.exchange.plane_words import axis_labels, directions_words
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import count, made_words, number, partial_notes, samples_words
from core.landscape.measures.limits import WAY_LIMITS
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

_SIDE = 4.6  # inches, of the plane's axes
_BELOW = 1.75  # height of the panel of distances
_BETWEEN = 0.85
_MARGIN = 0.08
_MOST_LINES = 8
_MOST_NAMED = 6  # checkpoints with their epoch beside them
EPOCH_COLOURS = "plasma"


def trajectory_figure(trajectory: Trajectory, subject: Subject, beside: Beside = NOTHING_BESIDE) -> Figure:
    """Draw the way, coloured by epoch, over the surface of its plane if there is one; below, loss and distances."""
    with house_style():
        page = frame.Page(
            subject.title, f"Checkpoints of a training in a plane: {directions_words(trajectory.request.directions)}"
        )
        axes = page.axes(frame.LEFT, frame.TOP, _SIDE, _SIDE)
        handles: list[Artist] = []
        surface = beside.surface
        if surface is not None and np.count_nonzero(np.isfinite(surface.loss)) > 3:
            scale = loss_scale(surface)
            drawn = contours.bands(axes, surface, scale)
            contours.lines(axes, surface, scale, _MOST_LINES)
            handles += contours.clipped(axes, surface, scale)
            bar = page.axes(frame.LEFT + _SIDE + 0.13, frame.TOP, 0.15, _SIDE)
            contours.colour_bar(bar, drawn, scale, surface.loss_unit, _MOST_LINES)
        handles += _way(axes, trajectory)
        handles += anchor_marks(axes, trajectory.directions)
        _label(axes, trajectory, surface)
        top = frame.TOP + _SIDE + _BETWEEN
        below = page.axes(frame.LEFT, top, frame.RIGHT - frame.LEFT - 0.6, _BELOW)
        handles += _distances(below, page.axes(frame.LEFT, top, frame.RIGHT - frame.LEFT - 0.6, _BELOW), trajectory)
        if trajectory.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, _notes(trajectory, subject))


def _way(axes: Axes, trajectory: Trajectory) -> list[Artist]:
    """The path, its checkpoints by colour, the first, the last and some between by number."""
    halo = [withStroke(linewidth=3.0, foreground=frame.INK)]
    axes.plot(trajectory.x, trajectory.y, color=frame.PAPER, linewidth=1.3, path_effects=halo, zorder=5)
    axes.scatter(
        trajectory.x,
        trajectory.y,
        c=trajectory.epoch,
        cmap=EPOCH_COLOURS,
        s=26,
        edgecolors=frame.INK,
        linewidths=0.6,
        zorder=6,
    )
    line: frame.Style = {"color": frame.INK, "linewidth": 1.3, "marker": "o", "markersize": 4.5}
    handles: list[Artist] = [
        Line2D([], [], markerfacecolor="#CC4778", label="checkpoints, dark: early, light: late", **line)
    ]
    if drops := list(trajectory.rate_drops):
        red: frame.Style = {"linestyle": "none", "marker": "D", "color": DROP, "markeredgecolor": frame.PAPER}
        axes.plot(trajectory.x[drops], trajectory.y[drops], markersize=8, zorder=7, **red)
        handles.append(Line2D([], [], label="learning rate falls", markersize=6.5, **red))
    for index in _named(trajectory, drops):
        axes.annotate(
            number(trajectory.epoch[index]),
            (trajectory.x[index], trajectory.y[index]),
            xytext=(6, 5),
            textcoords="offset points",
            size=7.5,
            color=frame.INK,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": frame.PAPER, "edgecolor": "none", "alpha": 0.75},
            zorder=8,
        )
    return handles


def _named(trajectory: Trajectory, drops: list[int]) -> list[int]:
    """The first and the last checkpoint, those at a drop, and as many between as have room."""
    count_ = len(trajectory.epoch)
    if not count_:
        return []
    spread = np.linspace(0, count_ - 1, min(count_, _MOST_NAMED)).round().astype(int).tolist()
    places = {index: (trajectory.x[index], trajectory.y[index]) for index in [0, count_ - 1, *drops, *spread]}
    extent = max(float(np.ptp(trajectory.x)), float(np.ptp(trajectory.y)), 1e-300)
    kept: list[int] = []
    for index, place in places.items():
        if all(np.hypot(place[0] - places[k][0], place[1] - places[k][1]) > 0.07 * extent for k in kept):
            kept.append(index)
    return kept


def _distances(losses: Axes, lengths: Axes, trajectory: Trajectory) -> list[Artist]:
    """The loss of the checkpoints themselves at the left, their distances at the right, over the epoch."""
    losses.plot(trajectory.epoch, trajectory.loss, color=frame.BLUE, linewidth=1.5, marker="o", markersize=3, zorder=4)
    losses.set_ylabel(f"own loss ({trajectory.loss_unit})", color=frame.BLUE)
    losses.set_xlabel("epoch")
    losses.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    losses.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    losses.yaxis.set_major_locator(MaxNLocator(5))
    losses.patch.set_visible(False)
    losses.set_zorder(3)
    losses.margins(x=0.02, y=0.1)
    for index in trajectory.rate_drops:
        losses.axvline(trajectory.epoch[index], color=DROP, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
    frame.quiet(losses)
    handles: list[Artist] = [Line2D([], [], color=frame.BLUE, linewidth=1.5, label="loss of the checkpoint itself")]
    looks: tuple[tuple[str, str, frame.Style], ...] = (
        ("off_plane", "distance from the plane", {"linestyle": "solid"}),
        ("distance", "distance from the network", {"linestyle": (0, (4, 2))}),
    )
    for name, words, style in looks:
        look: frame.Style = {"color": frame.VERMILLION, "linewidth": 1.3, **style}
        lengths.plot(trajectory.epoch, getattr(trajectory, name), zorder=3, **look)
        handles.append(Line2D([], [], label=words, **look))
    lengths.set_ylim(bottom=0)
    lengths.margins(x=0.02)
    lengths.yaxis.tick_right()
    lengths.yaxis.set_label_position("right")
    lengths.yaxis.set_major_locator(MaxNLocator(5))
    lengths.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    lengths.set_ylabel("distance (weights)", color=frame.VERMILLION)
    lengths.xaxis.set_visible(False)
    lengths.tick_params(length=3, width=0.7, labelsize=8.5)
    lengths.spines[["top", "left", "bottom"]].set_visible(False)
    return handles


def _label(axes: Axes, trajectory: Trajectory, surface: Surface | None) -> None:
    labels = axis_labels(trajectory.request.directions)
    shares = [float(share) for share in trajectory.explained_variance]
    known = [f", {number(100 * share, 3)} % of the variance" if np.isfinite(share) else "" for share in shares]
    words = [label.removesuffix(" (unit length)") for label in labels]
    axes.set_xlabel(words[0] + (known[0] if known else ""))
    axes.set_ylabel(words[1] + (known[1] if known else ""))
    # The way and the network at the origin; of the surface as much as it has.
    for values, grid, set_limits in (
        (trajectory.x, surface.x if surface is not None else None, axes.set_xlim),
        (trajectory.y, surface.y if surface is not None else None, axes.set_ylim),
    ):
        finite = values[np.isfinite(values)]
        low, high = (
            min(0.0, *finite, *(grid[:1] if grid is not None else ())),
            max(0.0, *finite, *(grid[-1:] if grid is not None else ())),
        )
        margin = 0.0 if grid is not None and grid[0] <= low and grid[-1] >= high else _MARGIN * max(high - low, 1e-9)
        set_limits(low - margin, high + margin)
    axes.set_facecolor(frame.NOTHING if surface is not None else frame.PAPER)
    axes.grid(visible=surface is None)
    axes.set_axisbelow(True)
    axes.tick_params(length=3, width=0.7, labelsize=8.5)


def _notes(trajectory: Trajectory, subject: Subject) -> list[str]:
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    notes = [f"{owner}, {samples_words(trajectory.provenance)} · {count(len(trajectory.x), 'checkpoint')}."]
    shares = trajectory.explained_variance
    if shares.size and np.isfinite(shares).all():
        notes.append(f"The two axes hold {number(100 * float(shares.sum()), 3)} % of the variance of the way.")
    notes += partial_notes(trajectory.status)
    return [*notes, WAY_LIMITS, made_words(trajectory.provenance)]
