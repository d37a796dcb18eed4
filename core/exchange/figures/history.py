"""Curvature through a training: loss, gradient and top eigenvalues over the epoch (Yao et al. 2018, Figure 5)."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_marks import DROP
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import count, made_words, number, partial_notes, samples_words
from core.spectrum.history import History
from core.spectrum.spectrum import FloatArray

_HEIGHT = 2.1  # inches, of a panel
_BETWEEN = 0.28  # the axis of the epochs is below the last one
_NARROW = 8.0  # a range within a decade: every digit is a tick
_FAINTEST = 0.35  # of the smallest of many eigenvalues
_TEST: frame.Style = {"linestyle": (0, (4, 2))}
_NEGATIVE: frame.Style = {"linestyle": "none", "marker": "v", "markersize": 6.0, "markerfacecolor": frame.PAPER}


def history_figure(history: History, subject: Subject) -> Figure:
    """Draw loss, norm of the gradient and magnitude of the eigenvalues one below another, all on a logarithm."""
    with house_style():
        page = frame.Page(subject.title, "Loss, gradient and curvature of the checkpoints of a training")
        panels = [
            page.axes(frame.LEFT, frame.TOP + row * (_HEIGHT + _BETWEEN), frame.RIGHT - frame.LEFT, _HEIGHT)
            for row in range(3)
        ]
        handles = _losses(panels[0], history)
        _curve(panels[1], history.epoch, history.gradient_norm, frame.GREEN)
        panels[1].set_ylabel("norm of the gradient")
        handles += _eigenvalues(panels[2], history)
        handles += _drops(panels, history)
        for axes in panels:
            _scale(axes, history)
            axes.tick_params(labelbottom=axes is panels[-1])
        panels[-1].set_xlabel("epoch")
        if history.status == "partial":
            frame.mark_partial(panels[1])
        return page.finish(handles, _notes(history, subject))


def _curve(axes: Axes, epoch: FloatArray, values: FloatArray, colour: str, **style: object) -> None:
    """A line through what can be shown on a logarithm; a gap where it cannot."""
    with np.errstate(invalid="ignore"):
        seen = np.where(np.isfinite(values) & (values > 0), values, np.nan)
    look: frame.Style = {"marker": "o", "markersize": 3.0, "linewidth": 1.5, "zorder": 3, **style}
    axes.plot(epoch, seen, color=colour, **look)


def _losses(axes: Axes, history: History) -> list[Artist]:
    _curve(axes, history.epoch, history.loss, frame.BLUE)
    axes.set_ylabel(f"loss ({history.loss_unit})")
    handles: list[Artist] = [Line2D([], [], color=frame.BLUE, linewidth=1.5, label="train loss")]
    if history.test_loss is not None:
        _curve(axes, history.epoch, history.test_loss, frame.BLUE, **_TEST)
        handles.append(Line2D([], [], color=frame.BLUE, linewidth=1.5, label="test loss", **_TEST))
    handles.append(Line2D([], [], color=frame.GREEN, linewidth=1.5, label="norm of the gradient"))
    return handles


def _eigenvalues(axes: Axes, history: History) -> list[Artist]:
    """Magnitudes by rank, the first in full strength; a negative one has a mark of its own. Whiskers are residuals."""
    top = history.eigenvalues.shape[1]
    for rank in reversed(range(top)):
        values, residuals = history.eigenvalues[:, rank], history.residuals[:, rank]
        sizes, strength = np.abs(values), 1.0 if rank == 0 else _FAINTEST
        _curve(axes, history.epoch, sizes, frame.VERMILLION, alpha=strength, linewidth=1.5 if rank == 0 else 0.9)
        below = np.flatnonzero(values < 0)
        axes.plot(history.epoch[below], sizes[below], color=frame.VERMILLION, alpha=strength, zorder=4, **_NEGATIVE)
        known = np.flatnonzero(np.isfinite(values) & (values != 0) & (residuals < sizes))
        axes.errorbar(
            history.epoch[known],
            sizes[known],
            yerr=residuals[known],
            fmt="none",
            ecolor=frame.INK,
            elinewidth=0.9,
            capsize=2,
            alpha=strength,
            zorder=4,
        )
    axes.set_ylabel("|λ| of the Hessian")
    words = "largest eigenvalue |λ₁|" if top == 1 else f"|λ₁|, fainter |λ₂| to |λ{_below(top)}|"
    handles: list[Artist] = [Line2D([], [], color=frame.VERMILLION, linewidth=1.5, label=words)]
    if (history.eigenvalues < 0).any():
        handles.append(Line2D([], [], color=frame.VERMILLION, label="negative", **_NEGATIVE))
    return handles


def _below(rank: int) -> str:
    return str(rank).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _drops(panels: list[Axes], history: History) -> list[Artist]:
    style: frame.Style = {"color": DROP, "linewidth": 0.9, "linestyle": (0, (2, 2))}
    for index in history.rate_drops:
        for axes in panels:
            axes.axvline(history.epoch[index], zorder=1, **style)
    return [Line2D([], [], label="learning rate falls", **style)] if history.rate_drops else []


def _scale(axes: Axes, history: History) -> None:
    """A logarithm wherever there is something to be shown on one."""
    if any(np.isfinite(line.get_ydata()).any() for line in axes.lines if len(np.atleast_1d(line.get_ydata())) > 2):
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        narrow = low > 0 and high / low < _NARROW
        words = FuncFormatter(lambda value, _: number(value, 3))
        axes.yaxis.set_major_formatter(words)
        axes.yaxis.set_minor_locator(LogLocator(subs=tuple(range(2, 10)) if narrow else (2.0, 5.0)))
        axes.yaxis.set_minor_formatter(words if low > 0 and high / low < _NARROW**2 else NullFormatter())
        axes.tick_params(which="minor", labelsize=8.5, length=2)
    axes.set_xlim(*_span(history.epoch))
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.grid(visible=True, zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)


def _span(epoch: FloatArray) -> tuple[float, float]:
    low, high = float(epoch.min()), float(epoch.max())
    margin = 0.015 * (high - low) or 0.5
    return low - margin, high + margin


def _notes(history: History, subject: Subject) -> list[str]:
    done = int(history.done.sum())
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    request, sure = history.request, int(np.count_nonzero(history.converged))
    checkpoints = f"{done} of {count(len(history.epoch), 'checkpoint')}"
    exact = f"{sure} of {done} with residuals within {number(100 * request.tolerance, 3)} % of them"
    notes = [f"{owner}, {samples_words(history.provenance)} · {checkpoints}, each in evaluation mode as it was kept."]
    notes.append(
        f"Eigenvalues by Lanczos from a random start (seed {request.seed}), {exact}; whiskers: residuals ‖Hv − λv‖. "
        "No second search looked for one that was missed."
    )
    if lost := int(np.count_nonzero(history.done & np.isnan(history.eigenvalues[:, 0]))):
        notes.append(f"{count(lost, 'checkpoint')} without finite curvature: a gap in the curve.")
    notes += partial_notes(history.status)
    return [*notes, made_words(history.provenance)]
