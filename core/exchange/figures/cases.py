"""A table of cases: how far away the corrections are, what they change, and what a few rules do for all of them."""

import textwrap

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from core.corrections.records.cases import FAILED, HOLDS, NONE_EXISTS, NOT_YET, OPEN, PROVED, Cases
from core.exchange.case_words import cases_notes, cases_subtitle, changed_words, rule_text, rule_worth
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import in_norm, number, whole

_CURVE, _BAR, _RULE = 2.5, 0.27, 0.24  # inches: height of the curve, of a bar, of a line of a rule
_NAMES, _BETWEEN = 1.55, 0.78
_BELOW = 0.36
_STRIP, _APART = 0.28, 1.35  # width of the strip of outcomes, and room for its words
_RULE_COLUMNS = 92  # characters
STYLES = {  # of each outcome: word, colour, share of it, hatch
    PROVED: ("corrected", frame.BLUE, 0.75, None),
    NONE_EXISTS: ("none exists", frame.VERMILLION, 0.25, "////"),
    OPEN: ("open", frame.MUTED, 0.18, "...."),
    FAILED: ("failed", frame.INK, 0.6, None),
    NOT_YET: ("not done yet", frame.NOTHING, 1.0, None),
}


def cases_figure(cases: Cases, subject: Subject) -> Figure:
    """Draw the distribution of the distances beside the outcomes, the features, and the rules as text."""
    with house_style():
        page = frame.Page(subject.title, cases_subtitle(cases, subject))
        width = frame.RIGHT - frame.LEFT - _STRIP - _APART
        axes = page.axes(frame.LEFT, frame.TOP, width, _CURVE)
        handles = _distances(axes, cases)
        _outcomes(page.axes(frame.LEFT + width + 0.12, frame.TOP, _STRIP, _CURVE), cases)
        top = frame.TOP + _CURVE + _BETWEEN
        if cases.corrected.any():
            bars = page.axes(frame.LEFT + _NAMES, top, frame.RIGHT - frame.LEFT - _NAMES, _BAR * len(cases.names))
            _features(bars, cases)
            top += _BAR * len(cases.names) + _BETWEEN
        if len(cases.rule_box):
            _rules(page, top - 0.2, cases, subject)
        if cases.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, cases_notes(cases, subject))


def _distances(axes: Axes, cases: Cases) -> list[Artist]:
    """The share of all cases that is corrected within a distance: each by its own correction, and by the best rule."""
    total = max(1, len(cases.rows))
    own = np.sort(cases.distance[cases.corrected])
    handles: list[Artist] = []
    curves: list[tuple[np.ndarray, str, str, object]] = [(own, "by the smallest stable change", frame.BLUE, "-")]
    if len(cases.rule_box):
        best = np.nanmin(np.where(cases.rule_covers == HOLDS, cases.rule_cost, np.inf), axis=0)
        curves.append((np.sort(best[np.isfinite(best)]), "by the nearest rule", frame.GREEN, (0, (5, 2))))
    most = max((float(values[-1]) for values, *_ in curves if values.size), default=1.0) or 1.0
    for values, words, colour, dashes in curves:
        if values.size:
            places = np.concatenate([[0.0], values, [1.05 * most]])
            shares = np.append(np.arange(len(values) + 1), len(values)) / total
            look: frame.Style = {"color": colour, "linestyle": dashes, "linewidth": 1.6, "zorder": 3}
            handles += axes.step(places, shares, where="post", label=words, **look)
    axes.set_xlim(0, 1.05 * most)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, 0))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    axes.set_xlabel(f"weighted distance{in_norm(cases.request.norm)} of the correction")
    axes.set_ylabel("share of the rejected rows")
    axes.grid(visible=True, zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)
    return handles


def _outcomes(axes: Axes, cases: Cases) -> None:
    """What became of the cases, one above the other, with how many there are."""
    total, base, lowest = max(1, len(cases.rows)), 0.0, -1.0
    for code, (word, colour, strength, hatch) in STYLES.items():
        amount = int((cases.proof == code).sum())
        if not amount:
            continue
        height = amount / total
        look: frame.Style = {"facecolor": to_rgba(colour, strength), "edgecolor": colour, "hatch": hatch}
        axes.add_patch(Rectangle((0, base), 1, height, linewidth=0.6, **look))
        lowest = max(base + height / 2, lowest + 0.075)
        axes.text(1.25, lowest, f"{whole(amount)} {word}", size=8, va="center", color=frame.INK)
        base += height
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.axis("off")


def _features(axes: Axes, cases: Cases) -> None:
    """How many corrections change each feature."""
    pairs = changed_words(cases)
    places = np.arange(len(pairs))
    amounts = [amount for _, amount in pairs]
    axes.barh(places, amounts, height=0.62, color=to_rgba(frame.BLUE, 0.75), zorder=2)
    axes.set_yticks(places, [shown(name, 26) for name, _ in pairs])
    axes.set_ylim(len(pairs) - 0.5, -0.5)
    axes.set_xlim(0, max(1, 1.08 * max(amounts)))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_xlabel(f"corrections that change it, of {whole(int(cases.corrected.sum()))}")
    axes.grid(visible=True, axis="x", zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)


def _rules(page: frame.Page, top: float, cases: Cases, subject: Subject) -> None:
    """Each rule in words above a bar of the share of cases that it corrects."""
    texts = [
        (textwrap.wrap(f"{rule + 1}.  {rule_text(cases, rule, subject)}", _RULE_COLUMNS), rule_worth(cases, rule), rule)
        for rule in range(len(cases.rule_box))
    ]
    lines = sum(len(words) + 1.5 for words, _, _ in texts)
    lines -= _BELOW / _RULE  # the legend keeps away from ticks, and here are none
    axes = page.axes(frame.LEFT, top, frame.RIGHT - frame.LEFT, _RULE * lines)
    axes.set_xlim(0, 1)
    axes.set_ylim(lines, 0)
    axes.axis("off")
    line = 0.5
    for words, worth, rule in texts:
        for text in words:
            axes.text(0, line, text, size=9, va="center", color=frame.INK)
            line += 1.0
        share = float((cases.rule_covers[rule] == HOLDS).mean())
        axes.add_patch(Rectangle((0, line - 0.28), 0.3, 0.42, facecolor=frame.NOTHING, linewidth=0, clip_on=False))
        axes.add_patch(
            Rectangle((0, line - 0.28), 0.3 * share, 0.42, facecolor=frame.GREEN, linewidth=0, clip_on=False)
        )
        axes.text(0.315, line - 0.05, worth, size=8, va="center", color=frame.MUTED)
        line += 1.5
