"""Accuracy against the strength of attacks, each with its interval of confidence (Yao et al. 2018, §4)."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from core.exchange.facts.robustness import (
    clean_words,
    columns_words,
    curvature_words,
    damping_words,
    percent,
    strength_words,
)
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import made_words, number, samples_words, superscript
from core.robustness.intervals import CONFIDENCE
from core.robustness.kinds import ALONG_GRADIENT, ATTACK_NAMES, SECOND_ORDER, Attack
from core.robustness.robustness import FloatArray, Robustness

HEIGHT = 3.9  # inches, of the axes
_SECOND_SCALE = 0.45  # room above the axes for the lengths of attacks along a gradient
_WIDE_RANGE = 12.0  # largest over smallest strength, from which on a logarithm shows more
_MOST_WHISKERS = 20  # strengths; more of them become a band
COLOURS: dict[Attack, str] = {
    "fgsm": frame.BLUE,
    "fgsm10": frame.SKY_BLUE,
    "pgd": frame.INK,
    "l2grad": frame.VERMILLION,
    "fhsm": frame.GREEN,
    "l2hess": "#CC79A7",
}
MARKERS: dict[Attack, str] = {"fgsm": "o", "fgsm10": "s", "pgd": "D", "l2grad": "^", "fhsm": "v", "l2hess": "P"}
_ALONG_GRADIENT: frame.Style = {"linestyle": (0, (5, 2))}


def robustness_figure(found: Robustness, subject: Subject) -> Figure:
    """Draw the accuracy, or the loss where numbers are predicted, over ε; attacks along a gradient are dashed.

    Their L2 length is ε·√D, so that both kinds share an axis: its second scale, above, has the lengths.
    """
    classes = found.right is not None
    with house_style():
        what = "Accuracy" if classes else "Mean loss"
        made = f", made on {shown(found.made_on)}" if found.made_on else ""
        page = frame.Page(subject.title, f"{what} under attack, by strength{made}")
        both = _dashed(found)
        top = frame.TOP + (_SECOND_SCALE if both else 0.0)
        axes = page.axes(frame.LEFT, top, frame.RIGHT - frame.LEFT, HEIGHT)
        logarithmic = bool(found.epsilon[-1] > _WIDE_RANGE * found.epsilon[0])
        for row, kind in enumerate(found.request.attacks):
            _curve(axes, found, row, kind, logarithmic=logarithmic)
        _clean(axes, found)
        _label(axes, found, logarithmic=logarithmic)
        if both:
            _lengths(axes, found)
        if found.status == "partial":
            frame.mark_partial(axes)
        return page.finish(_legend(found), _notes(found, subject))


def _dashed(found: Robustness) -> bool:
    return bool(ALONG_GRADIENT & set(found.request.attacks))


def _style(kind: Attack) -> frame.Style:
    look: frame.Style = {"color": COLOURS[kind], "marker": MARKERS[kind], "markersize": 4.2, "linewidth": 1.4}
    return look | (_ALONG_GRADIENT if kind in ALONG_GRADIENT else {})


def _curve(axes: Axes, found: Robustness, row: int, kind: Attack, *, logarithmic: bool) -> None:
    values, start = (
        (found.accuracy, found.clean_accuracy) if found.right is not None else (found.loss, found.clean_loss)
    )
    known = np.isfinite(values[row])
    x, y = found.epsilon[known], values[row][known]
    if not logarithmic and np.isfinite(start):  # from the samples as they are, at no strength; no marker there
        axes.plot([0, *x[:1]], [start, *y[:1]], zorder=3, **(_style(kind) | {"marker": ""}))
    axes.plot(x, y, zorder=4, **_style(kind))
    if found.right is None:
        return
    low, high = (end[row][known] for end in found.interval)
    if len(x) <= _MOST_WHISKERS:
        look: frame.Style = {"ecolor": COLOURS[kind], "elinewidth": 0.9, "capsize": 2.0, "capthick": 0.9}
        axes.errorbar(x, y, yerr=np.maximum([y - low, high - y], 0.0), fmt="none", alpha=0.6, zorder=3, **look)
    else:
        axes.fill_between(x, low, high, color=COLOURS[kind], alpha=0.13, linewidth=0, zorder=2)


def _clean(axes: Axes, found: Robustness) -> None:
    value = found.clean_accuracy if found.right is not None else found.clean_loss
    if np.isfinite(value):
        axes.axhline(value, color=frame.MUTED, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)


def _label(axes: Axes, found: Robustness, *, logarithmic: bool) -> None:
    axes.set_xlabel("ε: largest change of one number (range of the data = 1)")
    if found.right is not None:
        axes.set_ylabel("accuracy (%)")
        axes.set_ylim(-0.03, 1.03)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(100 * value, 3)))
    else:
        power = _power(found)
        scale = f"10{superscript(power)} " if power else ""
        axes.set_ylabel(f"mean loss ({scale}{found.loss_unit})")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value / 10**power, 3)))
        axes.margins(y=0.08)
    words = FuncFormatter(lambda value, _: number(value, 3))
    if logarithmic:
        axes.set_xscale("log")
        axes.set_xlim(found.epsilon[0] / 1.2, found.epsilon[-1] * 1.2)
        axes.xaxis.set_major_locator(FixedLocator(_spread(found.epsilon)))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.set_xlim(0, found.epsilon[-1] * 1.04)
        axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(words)
    axes.grid(visible=True, zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)


def _power(found: Robustness) -> int:
    """Of ten, a multiple of three, that large losses are divided by: long numbers leave no room for what they are."""
    largest = float(np.nanmax(found.loss, initial=abs(found.clean_loss) if np.isfinite(found.clean_loss) else 0.0))
    return int(np.log10(largest) // 3) * 3 if 1e4 <= largest < np.inf else 0


def _spread(strengths: FloatArray) -> list[float]:
    """As many of the strengths as have room for their numbers on a logarithmic axis."""
    chosen = [float(strengths[0])]
    step = (strengths[-1] / strengths[0]) ** (1 / 11)
    for value in strengths[1:].tolist():
        if value >= chosen[-1] * step:
            chosen.append(value)
    return chosen


def _lengths(axes: Axes, found: Robustness) -> None:
    """The second scale, above: L2 lengths, a fixed multiple of ε."""
    ratio = float(found.length[0] / found.epsilon[0])
    above = axes.secondary_xaxis(
        "top", functions=(lambda x: np.multiply(x, ratio), lambda x: np.multiply(x, 1 / ratio))
    )
    above.set_xlabel("L2 length of a change along a gradient (dashed)", fontsize=8.5, labelpad=5)
    above.tick_params(length=3, width=0.7, labelsize=8.5)
    if axes.get_xscale() == "log":
        above.xaxis.set_major_locator(FixedLocator([value * ratio for value in _spread(found.epsilon)]))
        above.xaxis.set_minor_locator(NullLocator())
    above.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))


def _legend(found: Robustness) -> list[Artist]:
    handles: list[Artist] = [Line2D([], [], label=ATTACK_NAMES[kind], **_style(kind)) for kind in found.request.attacks]
    clean: frame.Style = {"color": frame.MUTED, "linewidth": 0.9, "linestyle": (0, (1, 2))}
    handles.append(Line2D([], [], label="samples as they are", **clean))
    if found.right is not None:
        whisker: frame.Style = {"marker": "|", "linestyle": "none", "color": frame.MUTED, "markersize": 9}
        handles.append(Line2D([], [], label=f"{percent(CONFIDENCE)} interval (Wilson)", **whisker))
    return handles


def _notes(found: Robustness, subject: Subject) -> list[str]:
    samples = samples_words(found.provenance)
    about = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}, {samples}."
    notes = [f"{about} As they are: {clean_words(found)}.", f"Strengths: {strength_words(found)}."]
    if changed := columns_words(subject):
        notes.append(f"Columns: {changed}.")
    if SECOND_ORDER & set(found.request.attacks):
        notes.append(f"Damping of attacks of second order: {damping_words(found)}.")
    if curvature := curvature_words(found):
        notes.append(f"Hessian in the input: {curvature}.")
    if found.status == "partial":
        notes.append("Partial result: attacks and strengths without a point are not computed yet.")
    return [*notes, made_words(found.provenance)]
