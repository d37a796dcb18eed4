"""Loss and accuracy along a line through weight space, as the 1-D figures of Li et al. 2018."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from matplotlib.transforms import blended_transform_factory

from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.facts.landscape import curve_barrier
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.plane_words import axis_labels, directions_words
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import made_words, number, partial_notes, samples_words
from core.landscape.curve import Curve, meant_accuracy
from core.landscape.measures.limits import LINE_LIMITS
from core.landscape.plane import FloatArray

_HEIGHT = 4.1  # inches, of the axes
_SECOND_AXIS = 0.62  # room for the words of the accuracy
_WIDE_RANGE = 30.0  # largest over smallest loss, from which on a logarithm shows more
_TEST: frame.Style = {"linestyle": (0, (4, 2))}
_PARABOLA: frame.Style = {"linestyle": (0, (1, 1.4)), "linewidth": 1.5}


def curve_figure(
    curve: Curve, subject: Subject, beside: Beside = NOTHING_BESIDE, *, logarithmic: bool | None = None
) -> Figure:
    """Draw the loss, and the accuracy on a second axis where there is one: train solid, test dashed.

    Parameters
    ----------
    logarithmic : bool, optional
        Of the axis of the loss; None: where the losses differ by a large factor.
    """
    del beside
    with house_style():
        page = frame.Page(subject.title, f"Mean loss per sample along {_line_words(curve)}")
        with_accuracy = bool(np.isfinite(curve.accuracy).any())
        width = frame.RIGHT - frame.LEFT - (_SECOND_AXIS if with_accuracy else 0.0)
        axes = page.axes(frame.LEFT, frame.TOP, width, _HEIGHT)
        if with_accuracy:
            _accuracy(page.axes(frame.LEFT, frame.TOP, width, _HEIGHT), curve)
        _losses(axes, curve, _is_logarithmic(curve) if logarithmic is None else logarithmic)
        _networks(axes, curve)
        if curve.status == "partial":
            frame.mark_partial(axes)
        return page.finish(_legend(curve, with_accuracy=with_accuracy), _notes(curve, subject))


def _line_words(curve: Curve) -> str:
    words = directions_words(curve.request.directions)
    return words.replace("random directions", "a random direction" if len(curve.loss) == 1 else "random directions")


def _is_logarithmic(curve: Curve) -> bool:
    known = curve.loss[np.isfinite(curve.loss)]
    wide = 1.0 if curve.parabola is not None else _WIDE_RANGE  # Yao et al. 2018 draw their Figure 3 on a logarithm
    return bool(known.size and known.min() > 0 and known.max() > wide * known.min())


def _losses(axes: Axes, curve: Curve, logarithmic: bool) -> None:  # noqa: FBT001
    _plot(axes, curve.x, curve.loss, frame.BLUE)
    if curve.test_loss is not None:
        _plot(axes, curve.x, curve.test_loss, frame.BLUE, **_TEST)
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.yaxis.set_major_locator(MaxNLocator(8))
        axes.margins(y=0.06)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    if (parabola := curve.parabola) is not None:
        low, high = axes.get_ylim()  # of what was measured: the parabola may leave it
        axes.plot(curve.x, parabola, color=frame.GREEN, zorder=2, **_PARABOLA)
        axes.set_ylim(low, high)
    axes.set_xlabel(axis_labels(curve.request.directions)[0])
    axes.set_ylabel(f"loss ({curve.loss_unit})", color=frame.BLUE)
    axes.set_xlim(curve.x[0], curve.x[-1])
    axes.patch.set_visible(False)
    axes.set_zorder(3)
    axes.grid(visible=True, axis="x", zorder=0)
    frame.quiet(axes)


def _accuracy(axes: Axes, curve: Curve) -> None:
    """On an axis of its own at the right, behind the loss."""
    _plot(axes, curve.x, 100 * meant_accuracy(curve.accuracy, curve.loss), frame.VERMILLION)
    if curve.test_accuracy is not None:
        _plot(axes, curve.x, 100 * curve.test_accuracy, frame.VERMILLION, **_TEST)
    axes.set_xlim(curve.x[0], curve.x[-1])
    axes.set_ylim(0, 103)
    axes.yaxis.tick_right()
    axes.yaxis.set_label_position("right")
    axes.set_ylabel("accuracy (%)", color=frame.VERMILLION)
    axes.tick_params(length=3, width=0.7, labelsize=8.5)
    axes.xaxis.set_visible(False)
    axes.spines[["top", "left", "bottom"]].set_visible(False)


def _plot(axes: Axes, x: FloatArray, rows: FloatArray, colour: str, **style: object) -> None:
    """The first draw in full strength, further ones faint."""
    for draw, values in enumerate(rows):
        look: frame.Style = {"alpha": 1.0 if draw == 0 else 0.3, "linewidth": 1.7 if draw == 0 else 1.0, **style}
        known = np.where(np.isfinite(values), values, np.nan)
        axes.plot(x, known, color=colour, zorder=4 - min(draw, 1), **look)


def _networks(axes: Axes, curve: Curve) -> None:
    """Where the network itself and the others on the line are."""
    places: Sequence[tuple[float, str]] = [(0.0, "the network")]
    places = [*places, *((anchor.x, anchor.name) for anchor in curve.directions.anchors if anchor.y == 0)]
    across = blended_transform_factory(axes.transData, axes.transAxes)
    for place, name in places:
        if curve.x[0] <= place <= curve.x[-1]:
            axes.axvline(place, color=frame.MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
            side = "right" if place > curve.x[0] + 0.85 * np.ptp(curve.x) else "left"
            words = f" {shown(name, 28)} "
            axes.text(place, 1.0, words, transform=across, ha=side, va="bottom", size=7.8, color=frame.MUTED)


def _legend(curve: Curve, *, with_accuracy: bool) -> list[Artist]:
    tested = curve.test_loss is not None
    lines: list[tuple[str, str, frame.Style]] = [("train loss", frame.BLUE, {})]
    lines += [("test loss", frame.BLUE, _TEST)] if tested else []
    if with_accuracy:
        lines += [("train accuracy", frame.VERMILLION, {})]
        lines += [("test accuracy", frame.VERMILLION, _TEST)] if tested else []
    handles: list[Artist] = [
        Line2D([], [], color=colour, linewidth=1.7, label=name, **style) for name, colour, style in lines
    ]
    if curve.parabola is not None:
        words = f"L(0) + λt²/2 with λ = {number(curve.directions.eigenvalues[0])}"
        handles.append(Line2D([], [], color=frame.GREEN, label=words, **_PARABOLA))
    if len(curve.loss) > 1:
        faint: frame.Style = {"color": frame.BLUE, "linewidth": 1.0, "alpha": 0.3}
        handles.append(Line2D([], [], label=f"{len(curve.loss) - 1} further draws", **faint))
    return handles


def _notes(curve: Curve, subject: Subject) -> list[str]:
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    notes = [f"{owner}, {samples_words(curve.provenance)}."]
    if len(curve.loss) > 1:
        notes.append(f"{len(curve.loss)} draws of the direction: what differs between them is chance.")
    if (barrier := curve_barrier(curve)) is not None:
        notes.append(f"Barrier on the straight line: {number(barrier, 3)} {curve.loss_unit} of train loss.")
    lost = np.isinf(curve.loss) if curve.status == "partial" else ~np.isfinite(curve.loss)
    if holes := int(np.count_nonzero(lost)):
        notes.append(f"{holes} positions have no finite loss and are left out.")
    notes += partial_notes(curve.status)
    return [*notes, LINE_LIMITS, made_words(curve.provenance)]
