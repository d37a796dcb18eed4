"""A spectrum as bars with certified errors: sign by colour and hatch, what is not verified paler and dashed."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.exchange.figures import frame
from core.exchange.figures.frame import shown
from core.exchange.figures.rendering import house_style
from core.exchange.subject import Subject
from core.exchange.words import audit_words, count, made_words, number, residual_words, verified_words
from core.spectrum.spectrum import Spectrum

_HEIGHT = 3.7  # inches, of the axes
_WIDE_RANGE = 60.0  # largest over smallest magnitude, from which on a linear axis shows only the largest
_DEEPEST = 1e-12  # of the largest magnitude: below, the axis is linear
_MOST_NUMBERS = 12  # bars that have room for their value


def spectrum_figure(spectrum: Spectrum, subject: Subject) -> Figure:
    """Draw the eigenvalues by decreasing magnitude, each with the interval in which a true eigenvalue lies."""
    with house_style():
        subtitle = "Eigenvalues of largest magnitude of the Hessian of the mean loss, with their errors"
        page = frame.Page(subject.title, subtitle)
        axes = page.axes(frame.LEFT, frame.TOP, frame.RIGHT - frame.LEFT, _HEIGHT)
        if spectrum.eigenvalues.size:
            _scale(axes, spectrum)
            _bars(axes, spectrum)
            _marks(axes, spectrum)
        _label(axes, spectrum)
        if spectrum.status == "partial":
            frame.mark_partial(axes)
        return page.finish(_legend(spectrum), _notes(spectrum, subject))


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
        reach = value + np.copysign(error if np.isfinite(error) else 0.0, value)
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


def _label(axes: Axes, spectrum: Spectrum) -> None:
    axes.set_xlabel("rank by magnitude")
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
    return handles


def _notes(spectrum: Spectrum, subject: Subject) -> list[str]:
    made = spectrum.provenance
    notes = [
        f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}, first "
        + count(made.samples, "sample")
        + f" · {verified_words(spectrum)} · {count(spectrum.products, 'Hessian-vector product')} · "
        + f"seed {spectrum.request.seed}.",
        f"Whiskers: {residual_words(spectrum)}. Certainty: {audit_words(spectrum)}.",
    ]
    if spectrum.status == "partial":
        notes.append("Partial result: the computation was stopped before it was complete.")
    notes.append(made_words(made))
    return notes
