"""Attacked samples to look at: as they were, what was added, what came of it, and what the network says of each."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.exchange.facts.robustness import predicted_unit, strength_symbol
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import made_words, number
from core.robustness.kinds import ATTACK_NAMES, Attack
from core.robustness.robustness import Examples, Robustness

MOST_SHOWN = 8  # side by side
CHANGE_COLOURS = "RdBu_r"
_LABELS = 1.12  # inches, of the words left of a row
_WORDS = 0.3  # below a picture: verdict and confidence
_GAP = 0.07
_LINES = 0.26  # height of a row of a table
_MOST_COLUMNS = 40  # of a table, whose names still fit


@dataclass(frozen=True, eq=False)
class _Row:
    """The same attack at the same strength for every sample."""

    kind: Attack
    strength: str
    attacked: npt.NDArray[np.float32] = field(repr=False)  # (e, …)
    verdict: npt.NDArray[np.int64] = field(repr=False)
    confidence: npt.NDArray[np.float64] = field(repr=False)
    prediction: npt.NDArray[np.float64] | None = field(repr=False)


def attacked_examples_figure(found: Robustness, subject: Subject) -> Figure:
    """Draw the first examples, attack by attack, at the weakest strength that turns half of the right verdicts.

    Pictures as pictures, with what was added in units of the data's range below a common scale of colours; rows of a
    table as their changes, column by column. Without examples, the figure says so.
    """
    with house_style():
        page = frame.Page(subject.title, "Samples under attack: as they are, what was added, and what came of it")
        examples = found.examples
        rows = [] if examples is None else [row for row in _rows(found, examples) if row is not None]
        if examples is None or not rows:
            axes = page.axes(frame.LEFT, frame.TOP, frame.RIGHT - frame.LEFT, 0.6)
            axes.set_axis_off()
            axes.text(0, 0.5, "No examples are kept of this computation.", va="center", color=frame.MUTED)
        elif examples.original.ndim > 2:
            _pictures(page, found, examples, rows, subject)
        else:
            _tables(page, found, examples, rows, subject)
        return page.finish(list[Artist](), _notes(found, examples))


def shown_column(found: Robustness, row: int) -> int | None:
    """The weakest strength at which an attack turns half of what was right, else its strongest; None: not computed."""
    known = np.flatnonzero(np.isfinite(found.changed[row]))
    if not known.size:
        return None
    turned = known[found.accuracy[row][known] <= 0.5 * found.clean_accuracy]
    return int(turned[0] if turned.size else known[-1])


def _rows(found: Robustness, examples: Examples) -> list[_Row | None]:
    rows: list[_Row | None] = []
    for index, kind in enumerate(found.request.attacks):
        column = shown_column(found, index)
        if column is None:
            rows.append(None)
            continue
        strength = f"{strength_symbol(kind)} {number(found.strength[index, column], 3)}"
        predicted = None if examples.prediction is None else examples.prediction[index, column]
        cells = (examples.attacked[index, column], examples.verdict[index, column], examples.confidence[index, column])
        rows.append(_Row(kind, strength, *cells, predicted))
    return rows


def _pictures(page: frame.Page, found: Robustness, examples: Examples, rows: list[_Row], subject: Subject) -> None:
    count = min(MOST_SHOWN, len(examples.row))
    left = frame.LEFT + _LABELS
    side = min(0.95, (frame.RIGHT - left + _GAP) / count - _GAP)
    scale = found.range_high - found.range_low
    changes = [_as_picture((row.attacked - examples.original) / np.where(scale > 0, scale, 1.0)) for row in rows]
    top = frame.TOP
    _words_left(page, top, side, "as they are")
    for index in range(count):
        axes = page.axes(left + index * (side + _GAP), top, side, side)
        _picture(axes, _unit(examples.original[index], found))
        words = _said(examples.clean_verdict[index], examples.clean_confidence[index], subject)
        _below(axes, words if examples.clean_prediction is None else _numbers(examples.clean_prediction[index]))
    for row, change in zip(rows, changes, strict=True):
        top += side + _WORDS + 0.06
        reach = float(np.nanmax(np.abs(change[:count]), initial=0.0)) or 1.0
        _words_left(page, top, side, f"{ATTACK_NAMES[row.kind]}\n{row.strength}\n\nadded")
        _words_left(page, top + side + _GAP, side, "attacked")
        for index in range(count):
            place = left + index * (side + _GAP)
            _change(page.axes(place, top, side, side), change[index], reach)
            axes = page.axes(place, top + side + _GAP, side, side)
            _picture(axes, _unit(row.attacked[index], found))
            words = _said(row.verdict[index], row.confidence[index], subject)
            turned = row.prediction is None and row.verdict[index] != examples.label[index]
            _below(axes, words if row.prediction is None else _numbers(row.prediction[index]), turned=bool(turned))
        top += side + _GAP


def _as_picture(values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """(…, H, W, C) or (…, H, W) of samples that may have their channels first."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 4 and array.shape[1] in (1, 3) and array.shape[-1] not in (1, 3):
        array = np.moveaxis(array, 1, -1)
    return array[..., 0] if array.ndim == 4 and array.shape[-1] == 1 else array


def _unit(sample: npt.NDArray[np.float32], found: Robustness) -> npt.NDArray[np.float64]:
    """A picture from 0 to 1 over the range of the data."""
    low, high = float(found.range_low.min()), float(found.range_high.max())
    unit: npt.NDArray[np.float64] = np.clip((_as_picture(sample[None])[0] - low) / ((high - low) or 1.0), 0.0, 1.0)
    return unit


def _picture(axes: Axes, picture: npt.NDArray[np.float64]) -> None:
    flat = (
        picture if picture.ndim in (2, 3) and (picture.ndim == 2 or picture.shape[-1] == 3) else picture.mean(axis=-1)
    )
    axes.imshow(flat, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    _bare(axes)


def _change(axes: Axes, change: npt.NDArray[np.float64], reach: float) -> None:
    """Red where something was added, blue where it was taken away; three channels as their own colours around grey."""
    if change.ndim == 3 and change.shape[-1] == 3:
        axes.imshow(np.clip(0.5 + change / (2 * reach), 0, 1), interpolation="nearest", aspect="auto")
    else:
        flat = change if change.ndim == 2 else change.mean(axis=-1)
        axes.imshow(flat, cmap=CHANGE_COLOURS, vmin=-reach, vmax=reach, interpolation="nearest", aspect="auto")
    _bare(axes)


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_linewidth(0.5)
    axes.spines[:].set_edgecolor(frame.MUTED)


def _words_left(page: frame.Page, top: float, height: float, words: str) -> None:
    axes = page.axes(frame.LEFT, top, _LABELS - 0.1, height)
    axes.set_axis_off()
    axes.text(0, 1, words, va="top", size=8, color=frame.INK, linespacing=1.3, transform=axes.transAxes)


def _below(axes: Axes, words: str, *, turned: bool = False) -> None:
    colour = frame.VERMILLION if turned else frame.MUTED
    style: frame.Style = {"size": 6.8, "color": colour, "linespacing": 1.2, "weight": "bold" if turned else "normal"}
    axes.text(0.5, -0.06, words, ha="center", va="top", transform=axes.transAxes, **style)


def _said(verdict: int, confidence: float, subject: Subject) -> str:
    return f"{shown(subject.class_name(int(verdict)), 14)}\n{number(100 * confidence, 3)} %"


def _numbers(values: npt.NDArray[np.float64]) -> str:
    return ", ".join(number(value, 3) for value in values[:2].tolist()) + (" …" if len(values) > 2 else "")


def _tables(page: frame.Page, found: Robustness, examples: Examples, rows: list[_Row], subject: Subject) -> None:
    """A map of changes for every attack: a line for each sample, a field for each column."""
    count, columns = min(MOST_SHOWN, len(examples.row)), examples.original.shape[1]
    scale = np.where(found.range_high > found.range_low, found.range_high - found.range_low, 1.0)
    changes = [(row.attacked[:count] - examples.original[:count]) / scale for row in rows]
    left, top, height = frame.LEFT + _LABELS, frame.TOP, count * _LINES
    width = frame.RIGHT - left - 1.5  # room for the verdicts
    for number_, (row, change) in enumerate(zip(rows, changes, strict=True)):
        reach = float(np.nanmax(np.abs(change), initial=0.0)) or 1.0
        _words_left(page, top, height, f"{ATTACK_NAMES[row.kind]}\n{row.strength}")
        axes = page.axes(left, top, width, height)
        axes.imshow(change, cmap=CHANGE_COLOURS, vmin=-reach, vmax=reach, interpolation="nearest", aspect="auto")
        _bare(axes)
        axes.set_yticks(range(count), [f"row {index}" for index in examples.row[:count]], size=7)
        for line in range(count):
            before = _said(examples.clean_verdict[line], examples.clean_confidence[line], subject)
            after = _said(row.verdict[line], row.confidence[line], subject)
            if row.prediction is not None and examples.clean_prediction is not None:
                before, after = _numbers(examples.clean_prediction[line]), _numbers(row.prediction[line])
            turned = row.prediction is None and row.verdict[line] != examples.label[line]
            style: frame.Style = {"size": 6.8, "color": frame.VERMILLION if turned else frame.MUTED}
            words = " → ".join(" ".join(words.split("\n")) for words in (before, after))
            axes.text(columns - 0.35, line, words, va="center", **style)
        if number_ == len(rows) - 1 and columns <= _MOST_COLUMNS:
            axes.set_xticks(range(columns), _column_names(subject, columns), rotation=40, ha="right", size=7)
        top += height + 0.16


def _column_names(subject: Subject, columns: int) -> list[str]:
    card = subject.dataset.features if subject.dataset else None
    if card is not None and card.width == columns:
        return [
            shown(f"{feature.name}: {level}" if level else feature.name, 22) for feature, level in card.input_columns
        ]
    return [f"column {index}" for index in range(columns)]


def _notes(found: Robustness, examples: Examples | None) -> list[str]:
    notes = []
    if examples is not None and len(examples.row):
        coloured = examples.original.ndim == 4 and 3 in (examples.original.shape[1], examples.original.shape[-1])
        colours = "its colours around grey" if coloured else "red where more, blue where less"
        place = "Below" if examples.original.ndim > 2 else "Beside"
        if examples.target is None:
            order, at = "the first that the network gets right", "weakest strength that turns half of what was right, "
            at += "else its strongest"
            said = "verdict and its probability; turned verdicts in bold"
        else:
            order, at = "the first of the data set", "strongest strength"
            unit = predicted_unit(found)
            said = "what the network says of it" + (f", in {unit}" if unit else "")
            said += ", as it is and attacked" if place == "Beside" else ""
        notes.append(
            f"{min(MOST_SHOWN, len(examples.row))} of {len(examples.row)} kept samples, {order}; each attack at its "
            f"{at}. {place} each: {said}. What was added: {colours}, for each attack on a scale of its own."
        )
    return [*notes, made_words(found.provenance)]
