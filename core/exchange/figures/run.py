"""Runs as curves: loss and accuracy through training, curvature where it was measured, and what batch size does."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.run_words import curvature_samples, recipe_facts
from core.exchange.shown_names import shown
from core.exchange.words import made_words, number, whole
from core.session.document import Document, RunItem
from core.training.run import FloatArray, Run

_HEIGHT = 2.35  # inches, of a panel
_BETWEEN = 0.75  # room for ticks and label of the panel above
# Okabe & Ito 2008, without the yellow that paper swallows; further runs repeat the colours with other markers.
_COLOURS = (frame.BLUE, frame.VERMILLION, frame.GREEN, "#CC79A7", frame.SKY_BLUE, "#E69F00", frame.INK)
_MARKERS = ("", "o", "s", "^", "D")
_NARROW = 8.0  # a range of losses within a decade: every digit is a tick
MOST_NAMED = 24  # runs in a legend


def runs_figure(items: Sequence[RunItem], document: Document) -> Figure:
    """Draw one run or several on common axes: train solid, test dashed.

    Parameters
    ----------
    items : sequence of RunItem
        At least one, in the order of the legend.
    document : Document
        Gives the names of the data.
    """
    runs = [item.run for item in items]
    panels = [_loss, _accuracy] if any(np.isfinite(run.train_accuracy).any() for run in runs) else [_loss]
    if any(np.isfinite(run.gradient_norm).any() for run in runs):
        panels.append(_gradient)
    if any(np.isfinite(run.top_eigenvalue).any() for run in runs):
        panels.append(_eigenvalue)
    if compares_batch_sizes(items):
        panels.append(_against_batch)
    with house_style():
        title = items[0].name if len(items) == 1 else _common_name(items)
        page = frame.Page(title, "Loss and accuracy through training, in evaluation mode on whole sets")
        for row, panel in enumerate(panels):
            top = frame.TOP + row * (_HEIGHT + _BETWEEN)
            axes = page.axes(frame.LEFT, top, frame.RIGHT - frame.LEFT, _HEIGHT)
            panel(axes, runs)
            axes.grid(visible=True, zorder=0)
            axes.set_axisbelow(True)
            frame.quiet(axes)
        if len(runs) == 1 and runs[0].status == "partial":
            frame.mark_partial(axes)
        return page.finish(_legend(items), _notes(items, document))


def compares_batch_sizes(items: Sequence[RunItem]) -> bool:
    """Whether the runs are a study of the batch size: three or more sizes."""
    return len({_first_batch(item.run) for item in items}) > 2


def _first_batch(run: Run) -> int:
    """Samples of an update at first: what was asked for, or all there are where that is less."""
    return min(run.request.batch_size, run.provenance.samples)


def _look(index: int) -> frame.Style:
    marker = _MARKERS[index // len(_COLOURS) % len(_MARKERS)]
    return {"color": _COLOURS[index % len(_COLOURS)], "marker": marker or None, "markersize": 3.5, "linewidth": 1.5}


def _curves(axes: Axes, runs: Sequence[Run], train: str, test: str = "") -> None:
    for index, run in enumerate(runs):
        for name, style in ((train, "solid"), (test, (0, (4, 2)))):
            if not name:
                continue
            values: FloatArray = getattr(run, name)
            known = np.isfinite(values)
            # A single epoch is a point, not a line.
            dot: frame.Style = {"marker": "o"} if known.sum() == 1 else {}
            axes.plot(run.epoch[known], values[known], linestyle=style, zorder=3, **(_look(index) | dot))
    if len(runs) == 1:
        for epoch in runs[0].request.drops:
            if epoch <= runs[0].epochs_done:
                axes.axvline(epoch, color=frame.MUTED, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1)
    axes.set_xlim(0, max(1, *(run.epochs_done for run in runs)) * 1.01)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))


def _loss(axes: Axes, runs: Sequence[Run]) -> None:
    _curves(axes, runs, "train_loss", "test_loss")
    regression = not any(np.isfinite(run.train_accuracy).any() for run in runs)
    axes.set_ylabel("mean squared error" if regression else "loss (nats)")
    _logarithmic(axes)


def _accuracy(axes: Axes, runs: Sequence[Run]) -> None:
    _curves(axes, runs, "train_accuracy", "test_accuracy")
    axes.set_ylabel("accuracy (%)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(100 * value, 4)))


def _gradient(axes: Axes, runs: Sequence[Run]) -> None:
    _curves(axes, runs, "gradient_norm")
    axes.set_ylabel("norm of the gradient")
    _logarithmic(axes)


def _eigenvalue(axes: Axes, runs: Sequence[Run]) -> None:
    _curves(axes, runs, "top_eigenvalue")
    axes.set_ylabel("top eigenvalue")
    measured = np.concatenate([run.top_eigenvalue for run in runs])
    if (measured[np.isfinite(measured)] > 0).all():  # one of largest magnitude may be negative
        _logarithmic(axes)


def _logarithmic(axes: Axes) -> None:
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    words = FuncFormatter(lambda value, _: number(value, 3))
    axes.yaxis.set_major_formatter(words)
    narrow = high / low < _NARROW if low > 0 else False
    axes.yaxis.set_minor_locator(LogLocator(subs=(2.0, 5.0) if not narrow else tuple(range(2, 10))))
    axes.yaxis.set_minor_formatter(words if narrow or high / max(low, 1e-300) < _NARROW**2 else NullFormatter())
    axes.tick_params(which="minor", labelsize=8.5, length=2)


def _against_batch(axes: Axes, runs: Sequence[Run]) -> None:
    """The generalisation gap of every run over its batch size, and the mean of the runs that share one."""
    measured = [(_first_batch(run), run.generalisation_gap) for run in runs]
    known = sorted((size, gap) for size, gap in measured if math.isfinite(gap))
    means = [
        (size, float(np.mean([gap for _, gap in group])))
        for size, group in itertools.groupby(known, lambda pair: pair[0])
    ]
    if known:
        style: frame.Style = {"linestyle": "none", "marker": "o", "markersize": 4.5, "color": frame.BLUE, "alpha": 0.55}
        axes.plot(*zip(*known, strict=True), zorder=3, **style)
        axes.plot(*zip(*means, strict=True), zorder=2, color=frame.BLUE, linewidth=1.3)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator(sorted({size for size, _ in measured})))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 6)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(100 * value, 4)))
    axes.set_xlabel("batch size (samples)")
    axes.set_ylabel("generalisation gap (%)")


def _legend(items: Sequence[RunItem]) -> list[Artist]:
    handles: list[Artist] = []
    if len(items) > 1:
        named = items[:MOST_NAMED]
        handles += [Line2D([], [], label=shown(item.name, 44), **_look(index)) for index, item in enumerate(named)]
    grey: frame.Style = {"color": frame.BLUE if len(items) == 1 else frame.MUTED, "linewidth": 1.5}
    handles.append(Line2D([], [], label="train", linestyle="solid", **grey))
    if any(np.isfinite(item.run.test_loss).any() for item in items):
        handles.append(Line2D([], [], label="test", linestyle=(0, (4, 2)), **grey))
    return handles


def _notes(items: Sequence[RunItem], document: Document) -> list[str]:
    data = sorted({document.items[item.dataset_id].name for item in items if item.dataset_id in document.items})
    notes = [f"Trained on {shown(', '.join(data)) or 'data that are no longer in the session'}."]
    if len(items) == 1:
        notes.append(" · ".join(f"{name}: {value}" for name, value in recipe_facts(items[0].run.request)) + ".")
        if items[0].run.ended:
            notes.append(items[0].run.ended)
    if samples := sorted({curvature_samples(item.run) for item in items if np.isfinite(item.run.gradient_norm).any()}):
        notes.append(
            f"Gradient and top eigenvalue of the Hessian on the first {' or '.join(map(whole, samples))} samples."
        )
    partial = sum(item.run.status == "partial" for item in items)
    if partial:
        notes.append(f"{partial} of {len(items)} runs ended before their last epoch.")
    if len(items) > MOST_NAMED:
        notes.append(f"{len(items)} runs; the legend names the first {MOST_NAMED}.")
    return [*notes, made_words(items[0].run.provenance)]


def _common_name(items: Sequence[RunItem]) -> str:
    sweeps = {item.sweep for item in items}
    return sweep if len(sweeps) == 1 and (sweep := next(iter(sweeps))) else f"{len(items)} runs"
