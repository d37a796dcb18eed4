"""Robustness: accuracy against strength of every attack as a NeXus plot, verdicts by sample, and examples."""

from typing import Any

import numpy as np

from core.robustness.robustness import NOT_YET, RIGHT, WRONG, Examples, Robustness, RobustnessRequest, Verdicts
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import OF_LOSS, Column, read_columns, write_columns
from core.session.kinds.head import read_result_head, write_result_head
from core.session.refusal import Refusal

ENCODING = "corrie-robustness"
_UNIT = "range of the data"
_OF_STRENGTHS = {
    "epsilon": Column(what="largest change of one number", unit=_UNIT),
    "length": Column(what="L2 length of the change by attacks along a gradient", unit=_UNIT),
}
_OF_CELLS = {
    "accuracy": Column(what="share of attacked samples classified right, by attack and strength"),
    "loss": Column(what="mean loss of attacked samples, by attack and strength", unit=OF_LOSS),
    "changed": Column(what="mean L2 length of the changes within the range of the data", unit=_UNIT),
}
_OF_RANGE = {
    "range_low": Column(what="smallest number of the data, in their units"),
    "range_high": Column(what="largest number of the data, in their units"),
}
_NUMBERS = ("clean_accuracy", "clean_loss", "smallest_input_eigenvalue", "hessian_deviation")
_COUNTS = ("samples", "not_finite")
_VERDICTS = "1: right, 0: wrong, 255: not computed yet"


def write_robustness(writer: GroupWriter, item: ResultItem, found: Robustness) -> None:
    """Write what attacks found into its own group."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", found.request)
    writer.texts("attacks", found.request.attacks)
    for name in _NUMBERS:
        writer.number(name, float(getattr(found, name)))
    for name in _COUNTS:
        writer.number(name, int(getattr(found, name)))
    writer.number("piecewise_linear", int(found.piecewise_linear))
    writer.text("made_on", found.made_on)
    writer.text("loss_unit", found.loss_unit)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "accuracy")
    writer.texts("axes", [".", "epsilon"])
    for columns in (_OF_STRENGTHS, _OF_CELLS, _OF_RANGE):
        write_columns(writer, columns, vars(found), found.loss_unit)
    if found.right is not None:
        writer.array("right", found.right, long_name=f"of every sample by attack and strength; {_VERDICTS}")
    if found.clean_right is not None:
        writer.array("clean_right", found.clean_right, long_name="of every sample as it is; 1: right, 0: wrong")
    if found.input_eigenvalues is not None:
        what = "largest eigenvalues of the Hessian in the input, of every sample"
        writer.array("input_eigenvalues", found.input_eigenvalues, long_name=what)
    if found.examples is not None:
        _write_examples(writer.group("examples"), found.examples)


def read_robustness(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_robustness`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request = reader.record(RobustnessRequest, "request")
    cells = (len(request.attacks), len(request.epsilon))
    numbers: dict[str, Any] = {name: reader.number(name) for name in _NUMBERS}
    samples = reader.integer("samples")
    if samples < 1:
        raise Refusal(f'"{item_id}" is about no samples.')
    found = Robustness(
        **common,
        **numbers,
        **read_columns(reader, _OF_STRENGTHS, cells[1]),
        **read_columns(reader, _OF_CELLS, *cells),
        **read_columns(reader, _OF_RANGE, None),
        request=request,
        samples=samples,
        not_finite=reader.integer("not_finite"),
        piecewise_linear=bool(reader.integer("piecewise_linear")),
        made_on=reader.text("made_on"),
        loss_unit=reader.text("loss_unit"),
        right=_verdicts(reader, "right", (*cells, samples), item_id),
        clean_right=_verdicts(reader, "clean_right", (samples,), item_id),
        input_eigenvalues=_optional(reader, "input_eigenvalues", samples),
        examples=_read_examples(reader.group("examples"), cells, item_id) if reader.has("examples") else None,
    )
    _check(found, item_id)
    return ResultItem(**head, result=found)


def _check(found: Robustness, item_id: str) -> None:
    """Raise `Refusal` if what is said cannot be."""
    shares = np.append(found.accuracy.ravel(), found.clean_accuracy)
    strengths = np.array_equal(found.epsilon, found.request.epsilon) and np.isfinite(found.length).all()
    ranges = found.range_low.shape == found.range_high.shape and bool((found.range_low <= found.range_high).all())
    ranges &= (
        bool(np.isfinite(found.range_low).all() and np.isfinite(found.range_high).all()) and found.range_low.size > 0
    )
    if not (np.isnan(shares) | ((shares >= 0) & (shares <= 1))).all() or not strengths or not ranges:
        raise Refusal(f'"{item_id}" says of attacks what cannot be.')


def _verdicts(reader: GroupReader, name: str, shape: tuple[int, ...], item_id: str) -> Verdicts | None:
    if not reader.has(name):
        return None
    verdicts = reader.flags(name, *shape)
    if not np.isin(verdicts, (RIGHT, WRONG, NOT_YET)).all():
        raise Refusal(f'"{item_id}" holds verdicts that are neither right nor wrong.')
    return verdicts


def _optional(reader: GroupReader, name: str, rows: int) -> Any:
    return reader.floats(name, rows, None) if reader.has(name) else None


def _write_examples(writer: GroupWriter, examples: Examples) -> None:
    what = {
        "row": "row of the sample in the data set",
        "label": "class that is right; -1: numbers are predicted",
        "original": "the samples, in units of the data",
        "attacked": "by attack, strength and sample, in units of the data",
        "clean_verdict": "class of the largest output for the sample as it is",
        "clean_confidence": "probability of that class",
        "verdict": "class of the largest output, by attack, strength and sample; -1: not computed yet",
        "confidence": "probability of that class",
        "target": "number that is right",
        "clean_prediction": "number that the network gives for the sample as it is",
        "prediction": "number that the network gives, by attack, strength and sample",
    }
    for name, words in what.items():
        if (array := getattr(examples, name)) is not None:
            writer.array(name, array, long_name=words)


def _read_examples(reader: GroupReader, cells: tuple[int, int], item_id: str) -> Examples:
    row = _integers(reader, "row", None, item_id)
    count = len(row)
    original = reader.array("original")
    if original.dtype != np.float32 or original.ndim < 2 or len(original) != count or (row < 0).any():
        raise Refusal(f'The examples of "{item_id}" cannot be understood.')
    width = reader.floats("clean_prediction", count, None).shape[1] if reader.has("clean_prediction") else 0
    return Examples(
        row=row,
        label=_integers(reader, "label", (count,), item_id),
        original=original,
        attacked=reader.singles("attacked", *cells, *original.shape),
        clean_verdict=_integers(reader, "clean_verdict", (count,), item_id),
        clean_confidence=reader.floats("clean_confidence", count),
        verdict=_integers(reader, "verdict", (*cells, count), item_id),
        confidence=reader.floats("confidence", *cells, count),
        target=reader.floats("target", count, width) if width else None,
        clean_prediction=reader.floats("clean_prediction", count, width) if width else None,
        prediction=reader.floats("prediction", *cells, count, width) if width else None,
    )


def _integers(reader: GroupReader, name: str, shape: tuple[int, ...] | None, item_id: str) -> Any:
    array = reader.array(name)
    if array.dtype != np.int64 or (array.ndim != 1 if shape is None else array.shape != shape):
        raise Refusal(f'"{name}" of the examples of "{item_id}" cannot be understood.')
    return array
