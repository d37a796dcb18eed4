"""Below the bars of a spectrum: the density of all eigenvalues, and the curvature of every layer by itself."""

from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from core.exchange.figures import frame
from core.exchange.shown_names import shown
from core.exchange.words import number
from core.spectrum.density_curve import (
    DECADES,
    SymmetricLog,
    density_on_decades,
    symmetric_log_grid,
    symmetric_log_of,
)
from core.spectrum.spectrum import Density, FloatArray, LayerCurvature, Spectrum

DENSITY_HEIGHT = 2.4  # inches
LAYER_HEIGHT = 0.17  # inches a layer
MOST_LAYERS = 48  # that a page has room for: those of largest curvature; all are in the table
_SPAN = 5.0  # decades of the axis on either side
_BELOW = 0.2  # of the height that a single eigenvalue has: where the axis begins
_DEEPEST = 1e-6  # of the highest point, where no eigenvalue is known


def draw_density(axes: Axes, spectrum: Spectrum) -> list[Artist]:
    """The density on decades of both signs, its height logarithmic, with a tick for every eigenvalue of the bars."""
    density = spectrum.density
    if density is None or not density.nodes.size:
        return []
    scale = symmetric_log_of(density, _SPAN)
    grid = symmetric_log_grid(density, scale)
    curve = density_on_decades(density, scale, grid)
    floor = _floor(spectrum, density, curve)
    axes.set_yscale("log")
    axes.fill_between(grid, floor, np.maximum(curve, floor), color=frame.SKY_BLUE, alpha=0.35, linewidth=0, zorder=2)
    axes.plot(grid, np.maximum(curve, floor), color=frame.BLUE, linewidth=1.1, zorder=3)
    axes.set_ylim(floor, 3 * float(curve.max()))
    axes.set_xlim(float(grid[0]), float(grid[-1]))
    for value in spectrum.eigenvalues[np.isfinite(spectrum.eigenvalues)]:
        colour = frame.VERMILLION if value < 0 else frame.INK
        style: frame.Style = {"color": colour, "linewidth": 0.9, "zorder": 4}
        axes.axvline(float(scale.position(value)), 0, 0.06, **style)
    _decades(axes, scale, density)
    axes.set_xlabel("eigenvalue, decades of both signs")
    axes.set_ylabel("share of eigenvalues per decade")
    _quiet(axes)
    ticks: frame.Style = {"marker": "|", "linestyle": "none", "color": frame.INK, "markersize": 7}
    return [
        Line2D([], [], color=frame.BLUE, label="density of all eigenvalues"),
        Line2D([], [], label="eigenvalues of the bars", **ticks),
    ]


def density_note(density: Density) -> str:
    """The width that the picture has, which is a choice."""
    del density
    return f"nodes broadened by a Gaussian with a standard deviation of {number(DECADES)} of a decade"


def draw_layers(axes: Axes, table: tuple[LayerCurvature, ...]) -> list[Artist]:
    """Top eigenvalue of every layer's block as a bar, its trace as a point with its standard error."""
    rows = drawn_layers(table)
    places = np.arange(len(rows))
    values = np.array([row.top_eigenvalue for row in rows])
    traces = np.array([row.trace.value for row in rows])
    errors = np.array([row.trace.standard_error for row in rows])
    _logarithmic(axes, np.concatenate([values, traces]))
    colours = [frame.VERMILLION if value < 0 else frame.BLUE for value in values]
    residuals = np.array([row.residual for row in rows])
    whiskers: frame.Style = {"ecolor": frame.INK, "elinewidth": 0.8, "capsize": 1.5, "capthick": 0.8}
    axes.barh(places, values, height=0.62, color=colours, alpha=0.6, xerr=residuals, error_kw=whiskers, zorder=2)
    axes.errorbar(
        traces, places, xerr=errors, fmt="D", markersize=3.2, color=frame.GREEN, elinewidth=1.0, zorder=4, capsize=1.5
    )
    axes.axvline(0, color=frame.INK, linewidth=0.8, zorder=3)
    axes.set_yticks(places, [shown(row.layer or "(on their own)", 22) for row in rows], size=6.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel("top eigenvalue (bar) and trace (point) of every layer's own block")
    axes.tick_params(axis="y", length=0)
    _quiet(axes, "x")
    point: frame.Style = {"marker": "D", "linestyle": "none", "color": frame.GREEN, "markersize": 4}
    return [Line2D([], [], label="trace of a layer ± standard error", **point)]


def drawn_layers(table: tuple[LayerCurvature, ...]) -> list[LayerCurvature]:
    """Those that a page has room for, in the order of the network."""
    order = np.argsort([-abs(row.top_eigenvalue) for row in table], kind="stable")[:MOST_LAYERS]
    return [table[place] for place in sorted(order)]


def _floor(spectrum: Spectrum, density: Density, curve: FloatArray) -> float:
    """Where the axis begins: below the height of a single known eigenvalue, if there is one; nodes may weigh less."""
    highest = float(curve.max())
    known = density.weights[np.isin(density.nodes, spectrum.eigenvalues)]
    if not density.deflated or not known.size:
        return _DEEPEST * highest
    height = float(known.min()) / (np.sqrt(2 * np.pi) * DECADES)
    return float(np.clip(_BELOW * height, _DEEPEST * highest, 0.03 * highest))


def _decades(axes: Axes, scale: SymmetricLog, density: Density) -> None:
    """Ticks at powers of ten, and at zero."""
    largest = float(np.abs(density.nodes).max())
    top = int(np.floor(np.log10(largest))) if largest else 0
    first = int(np.ceil(np.log10(scale.threshold))) + 1
    powers = [10.0**power for power in range(first, top + 1)]
    values = [*(-power for power in reversed(powers)), 0.0, *powers]
    low, high = axes.get_xlim()
    seen = [value for value in values if low <= scale.position(value) <= high]
    axes.xaxis.set_major_locator(FixedLocator([float(scale.position(value)) for value in seen]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda position, _: number(float(scale.value(position)), 2)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 2)))
    axes.yaxis.set_minor_locator(NullLocator())


def _logarithmic(axes: Axes, values: FloatArray) -> None:
    """A symmetric logarithm, linear around zero below the smallest magnitude that is no rounding."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if sizes.size:
        threshold = 10.0 ** np.floor(np.log10(max(sizes.min(), 1e-6 * sizes.max())))
        axes.set_xscale("symlog", linthresh=threshold, linscale=0.4)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))


def _quiet(axes: Axes, axis: Literal["x", "y"] = "y") -> None:
    axes.set_facecolor(frame.PAPER)
    axes.grid(visible=True, axis=axis, zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)
