"""A spectrum as bars with certified errors: sign by colour and hatch, what is not verified paler and dashed.

Error of the solver and error of sampling are two whiskers side by side. Density and layers follow below, if there are.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.figures.spectrum_panels import (
    DENSITY_HEIGHT,
    LAYER_HEIGHT,
    MOST_LAYERS,
    density_note,
    draw_density,
    draw_layers,
)
from core.exchange.shown_names import shown
from core.exchange.spectrum_words import (
    bracket_words,
    density_words,
    eigenvalues_words,
    rank_words,
    sampling_words,
    trace_words,
)
from core.exchange.subject import Subject
from core.exchange.words import audit_words, count, made_words, number, partial_notes, residual_words, verified_words
from core.spectrum.spectrum import Spectrum

_HEIGHT = 3.7  # inches, of the axes
_BETWEEN = 0.75  # inches between panels
_LAYER_NAMES = 0.55  # inches that names of layers take besides the usual margin
_APART = 0.2  # of the distance between bars: the whisker of sampling beside that of the solver
_WIDE_RANGE = 60.0  # largest over smallest magnitude, from which on a linear axis shows only the largest
_DEEPEST = 1e-12  # of the largest magnitude: below, the axis is linear
_MOST_NUMBERS = 12  # bars that have room for their value
_SAMPLING: frame.Style = {"color": frame.GREEN, "linewidth": 2.2}
_HALO = [withStroke(linewidth=4.0, foreground=frame.PAPER)]  # green on blue is hard to see


def spectrum_figure(spectrum: Spectrum, subject: Subject) -> Figure:
    """Draw the eigenvalues by decreasing magnitude, each with the interval in which a true eigenvalue lies."""
    with house_style():
        page = frame.Page(subject.title, f"{eigenvalues_words(spectrum.request)}, with their errors")
        width = frame.RIGHT - frame.LEFT
        axes = page.axes(frame.LEFT, frame.TOP, width, _HEIGHT)
        if spectrum.eigenvalues.size:
            _scale(axes, spectrum)
            _bars(axes, spectrum)
            _marks(axes, spectrum)
        _label(axes, spectrum)
        if spectrum.status == "partial":
            frame.mark_partial(axes)
        handles, top = _legend(spectrum), frame.TOP + _HEIGHT + _BETWEEN
        if spectrum.density is not None:
            handles += draw_density(page.axes(frame.LEFT, top, width, DENSITY_HEIGHT), spectrum)
            top += DENSITY_HEIGHT + _BETWEEN
        if spectrum.layer_table:
            height = LAYER_HEIGHT * min(MOST_LAYERS, len(spectrum.layer_table)) + 0.3
            place = (frame.LEFT + _LAYER_NAMES, top, width - _LAYER_NAMES, height)
            handles += draw_layers(page.axes(*place), spectrum.layer_table)
        return page.finish(handles, _notes(spectrum, subject))


def _scale(axes: Axes, spectrum: Spectrum) -> None:
    """A symmetric logarithm where magnitudes differ much; linear around zero below the smallest of them."""
    sizes = np.abs(spectrum.eigenvalues[np.isfinite(spectrum.eigenvalues) & (spectrum.eigenvalues != 0)])
    if sizes.size and sizes.max() > _WIDE_RANGE * sizes.min():
        threshold = 10.0 ** np.floor(np.log10(max(sizes.min(), sizes.max() * _DEEPEST)))
        axes.set_yscale("symlog", linthresh=threshold, linscale=0.6)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(7))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 4)))


def _bars(axes: Axes, spectrum: Spectrum) -> None:
    for rank, (value, verified) in enumerate(zip(spectrum.eigenvalues, spectrum.verified, strict=True), start=1):
        if np.isfinite(value):
            axes.bar(rank, value, width=0.66, zorder=2, **_look(negative=value < 0, verified=bool(verified)))
    ranks = np.arange(1, len(spectrum.eigenvalues) + 1)
    axes.errorbar(
        ranks,
        spectrum.eigenvalues,
        yerr=spectrum.residuals,
        fmt="none",
        ecolor=frame.INK,
        elinewidth=1.0,
        capsize=2.5,
        capthick=1.0,
        zorder=3,
    )
    if (sampling := spectrum.sampling) is not None:
        low, high = (spectrum.eigenvalues + sign * sampling.standard_error for sign in (-1, 1))
        axes.vlines(ranks + _APART, low, high, **_SAMPLING, path_effects=_HALO, zorder=3)
    axes.axhline(0, color=frame.INK, linewidth=0.8, zorder=4)


def _look(*, negative: bool, verified: bool) -> frame.Style:
    colour = frame.VERMILLION if negative else frame.BLUE
    return {
        "facecolor": to_rgba(colour, 0.85 if verified and not negative else 0.3 if verified else 0.12),
        "edgecolor": colour,
        "hatch": "////" if negative else None,
        "linestyle": "solid" if verified else (0, (3, 2)),
        "linewidth": 1.0,
    }


def _marks(axes: Axes, spectrum: Spectrum) -> None:
    """Above or below each bar: a tick or a question mark, and the value where there is room."""
    with_value = len(spectrum.eigenvalues) <= _MOST_NUMBERS
    # Bars and whiskers first, so that the words below do not stretch the axis.
    axes.margins(y=0.14)
    axes.autoscale_view()
    for rank, (value, error, verified) in enumerate(
        zip(spectrum.eigenvalues, spectrum.residuals, spectrum.verified, strict=True), start=1
    ):
        if not np.isfinite(value):
            continue
        words = ("✓" if verified else "?") + (f"\n{number(value, 3)}" if with_value else "")
        words = "\n".join(reversed(words.split("\n"))) if value >= 0 else words
        reach = value + np.copysign(_reach(spectrum, rank - 1, float(error)), value)
        axes.annotate(
            words,
            (rank, reach),
            xytext=(0, 4 if value >= 0 else -4),
            textcoords="offset points",
            ha="center",
            va="bottom" if value >= 0 else "top",
            size=7.5,
            color=frame.INK if verified else frame.MUTED,
            linespacing=1.25,
            zorder=5,
        )


def _reach(spectrum: Spectrum, place: int, error: float) -> float:
    """How far the longer of the two whiskers goes."""
    sampling = spectrum.sampling
    errors = (error, 0.0 if sampling is None else float(sampling.standard_error[place]))
    return max(one if np.isfinite(one) else 0.0 for one in errors)


def _label(axes: Axes, spectrum: Spectrum) -> None:
    axes.set_xlabel(rank_words(spectrum.request))
    axes.set_ylabel("eigenvalue (loss per squared parameter unit)")
    axes.set_xlim(0.3, max(1, len(spectrum.eigenvalues)) + 0.7)
    axes.xaxis.set_major_locator(MaxNLocator(20, integer=True))
    axes.set_facecolor(frame.PAPER)
    axes.grid(visible=True, axis="y", zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)


def _legend(spectrum: Spectrum) -> list[Artist]:
    entries = {
        (bool(value < 0), bool(verified))
        for value, verified in zip(spectrum.eigenvalues, spectrum.verified, strict=True)
        if np.isfinite(value)
    }
    handles: list[Artist] = []
    for negative, verified in sorted(entries, key=lambda entry: (entry[0], not entry[1])):
        words = f"{'negative' if negative else 'positive'}, {'verified ✓' if verified else 'not verified ?'}"
        handles.append(Rectangle((0, 0), 1, 1, label=words, **_look(negative=negative, verified=verified)))
    if spectrum.eigenvalues.size:
        words = "± estimated residual" if spectrum.status == "partial" else "± residual: a true eigenvalue lies within"
        whisker: frame.Style = {"marker": "|", "linestyle": "none", "color": frame.INK, "markersize": 10}
        handles.append(Line2D([], [], label=words, **whisker))
    if sampling_words(spectrum):
        bar: frame.Style = {"marker": "|", "linestyle": "none", "color": frame.GREEN, "markeredgewidth": 2.2}
        handles.append(Line2D([], [], label="± standard error of sampling", markersize=10, **bar))
    return handles


def _notes(spectrum: Spectrum, subject: Subject) -> list[str]:
    made = spectrum.provenance
    notes = [
        f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}, first "
        + count(made.samples, "sample")
        + f" · {verified_words(spectrum)} · {count(spectrum.products, 'matrix-vector product')} · "
        + f"seed {spectrum.request.seed}.",
        f"Whiskers: {residual_words(spectrum)}. Certainty: {audit_words(spectrum)}.",
    ]
    more = [sampling_words(spectrum), bracket_words(spectrum)]
    more += [f"trace {words}" if (words := trace_words(spectrum)) else ""]
    if (density := spectrum.density) is not None:
        more.append(f"density: {density_words(density)}; {density_note(density)}")
    if spectrum.layer_table and len(spectrum.layer_table) > MOST_LAYERS:
        more.append(f"layers: of {len(spectrum.layer_table)} the {MOST_LAYERS} of largest curvature are drawn")
    notes += [f"{words[0].upper()}{words[1:]}." for words in more if words]
    notes += partial_notes(spectrum.status)
    notes.append(made_words(made))
    return notes
