"""Size and sharpness of one network: the distribution of its margins, and the norms of its layers in their order."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from core.exchange.facts.complexity import eigenvalue_words, gap_words, path_words, sharpness_words
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import count, made_words, number, partial_notes, samples_words
from core.generalisation.complexity import Complexity, LayerNorms
from core.generalisation.measures import LOW_MARGIN, low_margin

_HEIGHT = 2.35  # inches, of a panel
_BETWEEN = 0.75  # room for ticks and label of the panel above
_BINS = 48
_MOST_NAMED = 24  # layers whose names fit below the axis


def complexity_figure(found: Complexity, subject: Subject) -> Figure:
    """Draw what is known: margins where there are classes, norms where they are measured."""
    with house_style():
        page = frame.Page(subject.title, "Margins of the training samples and norms of the layers")
        panels = [panel for panel, there in ((_margins, found.margins.size), (_norms, found.layers)) if there]
        handles: list[Artist] = []
        axes: Axes | None = None
        top = frame.TOP
        for panel in panels or [_nothing]:
            axes = page.axes(frame.LEFT, top, frame.RIGHT - frame.LEFT, _HEIGHT)
            handles += panel(axes, found)
            axes.grid(visible=True, axis="y", zorder=0)
            axes.set_axisbelow(True)
            frame.quiet(axes)
            top += _HEIGHT + _BETWEEN
        if found.status == "partial" and axes is not None:
            frame.mark_partial(axes)
        return page.finish(handles, _notes(found, subject))


def _nothing(axes: Axes, found: Complexity) -> list[Artist]:
    del found
    axes.text(0.5, 0.5, "nothing measured yet", ha="center", va="center", color=frame.MUTED, transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])
    return []


def _margins(axes: Axes, found: Complexity) -> list[Artist]:
    """A histogram in which samples on the wrong side are hatched."""
    known = found.margins[np.isfinite(found.margins)]
    axes.set_xlabel("margin: output of the right class minus the largest other")
    axes.set_ylabel("samples")
    if not known.size:
        return []
    counts, edges = np.histogram(known, bins=_edges(known))
    for height, left, right in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        axes.bar(left, height, right - left, align="edge", zorder=2, **_look(wrong=right <= 0))
    axes.axvline(0, color=frame.INK, linewidth=0.8, zorder=3)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    low, median = low_margin(found), float(np.median(known))
    handles: list[Artist] = []
    if (known > 0).any():
        handles.append(Rectangle((0, 0), 1, 1, label="right", **_look(wrong=False)))
    if (known <= 0).any():
        handles.append(Rectangle((0, 0), 1, 1, label="wrong", **_look(wrong=True)))
    for value, words, dashes in (
        (median, "median", (0, (5, 2))),
        (low, f"{100 - LOW_MARGIN:g} % above", (0, (1, 1.4))),
    ):
        if np.isfinite(value):
            label = f"{words}: {number(value, 3)}"
            handles.append(axes.axvline(value, color=frame.INK, linewidth=1.3, linestyle=dashes, label=label, zorder=4))
    return handles


def _edges(known: np.ndarray) -> np.ndarray:
    """Bins of one width, with an edge at 0 where 0 is among them: no bar is half right and half wrong."""
    low, high = float(known.min()), float(known.max())
    width = max((high - low) / _BINS, 1e-12 * max(abs(low), abs(high), 1e-300))
    if width == 0 or not np.isfinite(width):
        width = 1.0
    first = np.floor(low / width)
    edges: np.ndarray = width * np.arange(first, np.floor(high / width) + 2)
    return edges


def _look(*, wrong: bool) -> frame.Style:
    colour = frame.VERMILLION if wrong else frame.BLUE
    return {
        "facecolor": to_rgba(colour, 0.3 if wrong else 0.75),
        "edgecolor": colour,
        "hatch": "////" if wrong else None,
        "linewidth": 0.6,
    }


def _norms(axes: Axes, found: Complexity) -> list[Artist]:
    """Both norms of every layer, in the order in which they act; normalisations by their own mark."""
    layers = found.layers
    places = np.arange(1, len(layers) + 1)
    usual = np.array([layer.kind != "normalisation" for layer in layers])
    spectral, frobenius, errors = (
        np.array([getattr(layer, name) for layer in layers], dtype=np.float64)
        for name in ("spectral", "frobenius", "spectral_error")
    )
    handles: list[Artist] = []
    for values, among, words, style in (
        (frobenius, usual, "Frobenius norm", {"marker": "s", "color": frame.SKY_BLUE, "markerfacecolor": frame.PAPER}),
        (spectral, usual, "spectral norm ± error", {"marker": "o", "color": frame.BLUE}),
        (spectral, ~usual, "normalisation, largest factor", {"marker": "^", "color": frame.GREEN}),
    ):
        if among.any():
            mark: frame.Style = {"linestyle": "none", "markersize": 4.5, "zorder": 3, **style}
            axes.plot(places[among], values[among], **mark)
            handles.append(Line2D([], [], label=words, **mark))
    searched = errors > 0
    whisker: frame.Style = {"fmt": "none", "ecolor": frame.INK, "elinewidth": 0.9, "capsize": 2, "zorder": 4}
    axes.errorbar(places[searched], spectral[searched], yerr=errors[searched], **whisker)
    axes.set_ylabel("norm")
    axes.set_xlim(0.3, len(layers) + 0.7)
    _logarithmic(axes, np.concatenate([spectral, frobenius[usual]]))
    _name_layers(axes, layers)
    return handles


def _logarithmic(axes: Axes, values: np.ndarray) -> None:
    known = values[np.isfinite(values) & (values > 0)]
    if not known.size or known.max() < 20 * known.min():
        axes.set_ylim(bottom=0)
        return
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0,) if known.max() > 300 * known.min() else (1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _name_layers(axes: Axes, layers: tuple[LayerNorms, ...]) -> None:
    if len(layers) > _MOST_NAMED:
        axes.set_xlabel("layer, in the order in which they act")
        axes.xaxis.set_major_locator(MaxNLocator(12, integer=True))
        return
    names = [shown(layer.layer, 18) for layer in layers]
    slanted: frame.Style = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"}
    room = 80 // len(names)  # characters that fit side by side
    axes.set_xticks(range(1, len(layers) + 1), names, **(slanted if max(map(len, names)) > room else {}))


def _notes(found: Complexity, subject: Subject) -> list[str]:
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    size = f"{count(found.parameters, 'parameter')} · seed {found.request.seed}"
    notes = [f"{owner}, {samples_words(found.provenance)} · {size}."]
    if found.test_samples and np.isfinite(found.gap):
        notes.append(f"Generalisation gap: {gap_words(found)}, of {count(found.test_samples, 'test sample')}.")
    if found.layers:
        notes.append(f"Path norm: {path_words(found)}" + ("" if found.path_reason else "."))
    if found.rises.size:
        words = sharpness_words(found)
        notes.append(f"Sharpness: {words}.")
    if words := eigenvalue_words(found):
        notes.append(f"Top eigenvalue of the Hessian: {words}.")
    notes += partial_notes(found.status)
    return [*notes, made_words(found.provenance)]
