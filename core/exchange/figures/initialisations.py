"""Where training begins: the loss of fresh initialisations against the levels of a plane (Li et al. 2018, §5)."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import count, made_words, number, partial_notes, samples_words
from core.landscape.initialisation import Initialisations
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface

_STRIP = 1.5  # inches, of the strip of losses
_SHARES = 2.4  # of the panel of the plane's levels
_BETWEEN = 0.25
_LEFT = 1.75  # room for the names of the rows
_ROWS = (
    ("loss", "as initialised", frame.VERMILLION, "o"),
    ("calibrated_loss", "statistics of\nthe samples", frame.BLUE, "s"),
)


def initialisations_figure(
    initialisations: Initialisations, subject: Subject, beside: Beside = NOTHING_BESIDE
) -> Figure:
    """Draw every initialisation at its loss; below, how much of a plane of the network lies under each loss."""
    with house_style():
        page = frame.Page(subject.title, "Mean loss per sample of untrained networks of the same architecture")
        width = frame.RIGHT - _LEFT
        strip = page.axes(_LEFT, frame.TOP, width, _STRIP)
        panels = [strip]
        handles = _strip(strip, initialisations)
        if beside.surface is not None and np.isfinite(beside.surface.loss).any():
            panels.append(page.axes(_LEFT, frame.TOP + _STRIP + _BETWEEN, width, _SHARES))
            handles += _shares(panels[-1], beside.surface, initialisations)
        _scale(panels, initialisations, beside.surface)
        panels[-1].set_xlabel(f"loss ({initialisations.loss_unit})")
        for panel in panels[:-1]:
            panel.tick_params(labelbottom=False)
        if initialisations.status == "partial":
            frame.mark_partial(strip)
        return page.finish(handles, _notes(initialisations, subject, beside))


def _strip(axes: Axes, initialisations: Initialisations) -> list[Artist]:
    """One row without and one with statistics of normalisation of the samples; dots side by side, not on each other."""
    jitter = 0.22 * np.sin(2.4 * np.arange(len(initialisations.seed)))
    for row, (name, _, colour, marker) in enumerate(_ROWS):
        values: FloatArray = getattr(initialisations, name)
        style: frame.Style = {"linestyle": "none", "marker": marker, "markersize": 5.0, "color": colour, "alpha": 0.7}
        axes.plot(values, row + jitter, zorder=4, markeredgecolor=frame.PAPER, markeredgewidth=0.5, **style)
        if (known := values[np.isfinite(values)]).size:
            axes.plot([np.median(known)] * 2, [row - 0.36, row + 0.36], color=colour, linewidth=1.8, zorder=3)
    axes.set_yticks(range(len(_ROWS)), [words for _, words, _, _ in _ROWS])
    axes.set_ylim(len(_ROWS) - 0.4, -0.6)
    axes.grid(visible=True, axis="x", zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)
    handles: list[Artist] = [Line2D([], [], color=frame.MUTED, linewidth=1.8, label="median")]
    if np.isfinite(initialisations.centre_loss):
        handles.append(_trained(axes, initialisations))
    return handles


def _trained(axes: Axes, initialisations: Initialisations) -> Artist:
    words = f"the trained network, loss {number(initialisations.centre_loss, 3)}"
    return axes.axvline(initialisations.centre_loss, color=frame.INK, linewidth=1.1, linestyle=(0, (4, 2)), label=words)


def _shares(axes: Axes, surface: Surface, initialisations: Initialisations) -> list[Artist]:
    """The share of the plane below each loss: where it is flat there is nothing, where it is steep much lies."""
    known = np.sort(surface.loss[np.isfinite(surface.loss)])
    shares = 100 * np.arange(1, len(known) + 1) / surface.loss.size
    (line,) = axes.plot(
        known,
        shares,
        color=frame.GREEN,
        linewidth=1.7,
        drawstyle="steps-post",
        label="share of the plane below",
        zorder=4,
    )
    if np.isfinite(initialisations.centre_loss):
        _trained(axes, initialisations)
    for name, _, colour, _ in _ROWS:
        values: FloatArray = getattr(initialisations, name)
        if (finite := values[np.isfinite(values)]).size:
            axes.axvspan(float(finite.min()), float(finite.max()), color=colour, alpha=0.13, linewidth=0, zorder=1)
    axes.set_ylabel("share of the\nplane below (%)")
    axes.set_ylim(0, 103)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.grid(visible=True, zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)
    return [line]


def _scale(panels: list[Axes], initialisations: Initialisations, surface: Surface | None) -> None:
    """One range of losses for all panels, on a logarithm where that is possible."""
    values = [initialisations.loss, initialisations.calibrated_loss, np.array([initialisations.centre_loss])]
    values += [surface.loss.ravel()] if surface is not None else []
    known = np.concatenate([array[np.isfinite(array)] for array in values])
    if not known.size:
        return
    low, high = float(known.min()), float(known.max())
    for axes in panels:
        if low > 0:
            axes.set_xscale("log")
            spread = max(high / low, 1.2) ** 0.04
            axes.set_xlim(low / spread, high * spread)
            axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high / low < 300 else (1.0,)))
            axes.xaxis.set_minor_formatter(NullFormatter())
        else:
            margin = 0.04 * max(high - low, 1e-9)
            axes.set_xlim(low - margin, high + margin)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))


def _notes(initialisations: Initialisations, subject: Subject, beside: Beside) -> list[str]:
    owner = f"Architecture of: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    notes = [f"{owner}, {samples_words(initialisations.provenance)} · {count(len(initialisations.seed), 'seed')}."]
    notes.append(
        "As initialised: normalisation layers have the statistics they are created with. Statistics of the samples: as "
        "training sees the network in its first step."
    )
    if beside.surface is not None:
        notes.append("The plane is the newest surface of the network; bands show where the initialisations lie.")
    if lost := int(np.count_nonzero(~np.isfinite(initialisations.loss))):
        notes.append(f"{count(lost, 'initialisation')} without a finite loss.")
    notes += partial_notes(initialisations.status)
    return [*notes, made_words(initialisations.provenance)]
