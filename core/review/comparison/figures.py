"""Two results of one kind in one picture: the difference of two surfaces, or both curves, or both spectra."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from core.exchange.figures import frame
from core.exchange.figures.difference import difference_figure
from core.exchange.figures.rendering import house_style
from core.exchange.plane_words import axis_labels
from core.exchange.words import number
from core.landscape.curve import Curve
from core.landscape.difference import same_grid
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.session.document import Item, ResultItem, RunItem
from core.spectrum.spectrum import Spectrum
from core.training.run import Run

_HEIGHT = 3.3  # inches
_WIDE_RANGE = 30.0  # largest over smallest loss, from which on a logarithm shows more
_B: frame.Style = {"linestyle": (0, (4, 2))}  # told from A by its dashes, too
_MOST_BARS = 60


def pair_figure(one: Item, other: Item) -> Callable[[], Figure] | None:
    """What draws two items of one kind together; None where there is no such picture.

    The figures raise `core.errors.InvalidRequest` where the numbers are too far apart to be drawn.
    """
    if isinstance(one, RunItem) and isinstance(other, RunItem):
        return _runs(one.run, other.run, _title(one, other))
    if isinstance(one, ResultItem) and isinstance(other, ResultItem):
        return _results(one, other)
    return None


def _results(one: ResultItem, other: ResultItem) -> Callable[[], Figure] | None:
    title, a, b = _title(one, other), one.result, other.result
    if isinstance(a, Surface) and isinstance(b, Surface) and same_grid(a, b) and a.loss_unit == b.loss_unit:
        return lambda: difference_figure(a, b, (f"A: {one.name}", f"B: {other.name}"))
    if isinstance(a, Curve) and isinstance(b, Curve) and a.loss_unit == b.loss_unit:
        return lambda: _curves(a, b, title)
    if isinstance(a, Spectrum) and isinstance(b, Spectrum) and len(a.eigenvalues) and len(b.eigenvalues):
        return lambda: _spectra(a, b, title)
    return None


def _title(one: Item, other: Item) -> str:
    return one.name if one.name == other.name else f"{one.name} / {other.name}"


def _curves(a: Curve, b: Curve, title: str) -> Figure:
    words = axis_labels(a.request.directions)[0]
    lines = (a.x, a.loss[0], b.x, b.loss[0])
    return _two_lines(title, "Mean loss per sample: A solid, B dashed", lines, words, f"loss ({a.loss_unit})")


def _runs(a: Run, b: Run, title: str) -> Callable[[], Figure] | None:
    lines = (a.epoch.astype(np.float64), a.train_loss, b.epoch.astype(np.float64), b.train_loss)
    if not (np.isfinite(a.train_loss).any() and np.isfinite(b.train_loss).any()):
        return None
    return lambda: _two_lines(title, "Training loss: A solid, B dashed", lines, "epoch", "loss")


def _two_lines(
    title: str, subtitle: str, lines: tuple[FloatArray, FloatArray, FloatArray, FloatArray], x_words: str, y_words: str
) -> Figure:
    x_a, y_a, x_b, y_b = lines
    with house_style():
        page = frame.Page(title, subtitle)
        axes = page.axes(frame.LEFT, frame.TOP, frame.RIGHT - frame.LEFT, _HEIGHT)
        axes.plot(x_a, np.where(np.isfinite(y_a), y_a, np.nan), color=frame.BLUE, linewidth=1.7)
        axes.plot(x_b, np.where(np.isfinite(y_b), y_b, np.nan), color=frame.VERMILLION, linewidth=1.4, **_B)
        known = np.concatenate([y_a[np.isfinite(y_a)], y_b[np.isfinite(y_b)]])
        if known.size and known.min() > 0 and known.max() > _WIDE_RANGE * known.min():
            axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
        axes.set_xlabel(x_words)
        axes.set_ylabel(y_words)
        axes.grid(visible=True, axis="y", zorder=0)
        frame.quiet(axes)
        handles = [
            Line2D([], [], color=frame.BLUE, linewidth=1.7, label="A"),
            Line2D([], [], color=frame.VERMILLION, linewidth=1.4, label="B", **_B),
        ]
        return page.finish(handles, [])


def _spectra(a: Spectrum, b: Spectrum, title: str) -> Figure:
    """Both bars of each rank, on decades of both signs, with the errors of both."""
    with house_style():
        page = frame.Page(title, "Eigenvalues by rank, with their error bars: A left, B right")
        axes = page.axes(frame.LEFT, frame.TOP, frame.RIGHT - frame.LEFT, _HEIGHT)
        sides = ((a, -0.2, frame.BLUE, ""), (b, 0.2, frame.VERMILLION, "////"))
        whiskers: frame.Style = {"ecolor": frame.INK, "elinewidth": 0.9, "capsize": 2.0, "capthick": 0.8}
        for spectrum, shift, colour, hatch in sides:
            values = spectrum.eigenvalues[:_MOST_BARS]
            known = np.isfinite(values) & np.isfinite(spectrum.residuals[: len(values)])
            places, errors = np.arange(1, len(values) + 1) + shift, spectrum.residuals[: len(values)]
            axes.bar(
                places[known],
                values[known],
                width=0.36,
                color=colour,
                alpha=0.65,
                hatch=hatch,
                edgecolor=frame.PAPER,
                linewidth=0.0,
                yerr=errors[known],
                error_kw=whiskers,
                zorder=2,
            )
        sizes = np.abs(np.concatenate([a.eigenvalues, b.eigenvalues]))
        sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
        if sizes.size and sizes.max() > _WIDE_RANGE * sizes.min():
            axes.set_yscale("symlog", linthresh=float(max(sizes.min(), 1e-6 * sizes.max())), linscale=0.5)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
        axes.axhline(0, color=frame.INK, linewidth=0.8, zorder=3)
        axes.set_xlabel("rank")
        axes.set_ylabel("eigenvalue")
        axes.grid(visible=True, axis="y", zorder=0)
        frame.quiet(axes)
        handles = [
            frame.hatched_sample("", frame.BLUE, frame.PAPER, "A"),
            frame.hatched_sample("////", frame.VERMILLION, frame.PAPER, "B"),
        ]
        return page.finish(handles, [])
