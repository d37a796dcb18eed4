"""Size beside sharpness: margins as a NeXus plot, norms by layer, and the numbers of one network."""

from typing import Any

import numpy as np

from core.generalisation.complexity import Complexity, ComplexityRequest, LayerNorms
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import Column, read_columns, write_columns
from core.session.kinds.head import read_result_head, write_result_head
from core.session.refusal import Refusal

ENCODING = "corrie-complexity"
_NUMBERS = (
    *("path_norm", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "sharpness", "sharpness_error"),
    *("worst_rise", "top_eigenvalue", "top_residual"),
)
_COUNTS = ("parameters", "test_samples")
_TEXTS = ("path_reason", "eigenvalue_reason", "loss_unit")
_OF_LAYERS = {
    "frobenius": Column(what="Frobenius norm of each layer's weights"),
    "spectral": Column(what="largest singular value of each layer's linear map"),
    "spectral_error": Column(what="bound on the error of the largest singular value; 0: exact"),
}
_MARGINS = {"margins": Column(what="output of the right class minus the largest other, of every sample")}
_RISES = {"rises": Column(what="rise of the loss along every random direction")}


def write_complexity(writer: GroupWriter, item: ResultItem, found: Complexity) -> None:
    """Write what was measured into its own group."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", found.request)
    for name in _NUMBERS:
        writer.number(name, float(getattr(found, name)))
    for name in _COUNTS:
        writer.number(name, int(getattr(found, name)))
    for name in _TEXTS:
        writer.text(name, getattr(found, name))
    writer.json("unlisted", found.unlisted)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "margins")
    writer.texts("axes", ["."])
    write_columns(writer, _MARGINS, vars(found))
    write_columns(writer, _RISES, vars(found))
    writer.json("layers", [layer.layer for layer in found.layers])
    writer.json("layer_kinds", [layer.kind for layer in found.layers])
    writer.array("layer_parameters", np.array([layer.parameters for layer in found.layers], dtype=np.int64))
    columns = {
        name: np.array([getattr(layer, name) for layer in found.layers], dtype=np.float64) for name in _OF_LAYERS
    }
    write_columns(writer, _OF_LAYERS, columns)


def read_complexity(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_complexity`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    known: dict[str, Any] = {name: reader.number(name) for name in _NUMBERS}
    known |= {name: reader.integer(name) for name in _COUNTS}
    known |= {name: reader.text(name) for name in _TEXTS}
    found = Complexity(
        **common,
        **known,
        **read_columns(reader, _MARGINS, None),
        **read_columns(reader, _RISES, None),
        request=reader.record(ComplexityRequest, "request"),
        layers=_layers(reader, item_id),
        unlisted=tuple(_names(reader, "unlisted", item_id)),
    )
    return ResultItem(**head, result=found)


def _layers(reader: GroupReader, item_id: str) -> tuple[LayerNorms, ...]:
    names, kinds = _names(reader, "layers", item_id), _names(reader, "layer_kinds", item_id)
    parameters = reader.array("layer_parameters")
    if len(kinds) != len(names) or parameters.shape != (len(names),) or parameters.dtype != np.int64:
        raise Refusal(f'The layers of "{item_id}" cannot be understood.')
    if not set(kinds) <= {"dense", "convolution", "normalisation"}:
        raise Refusal(f'"{item_id}" has layers of a kind that this version does not know.')
    columns = read_columns(reader, _OF_LAYERS, len(names))
    return tuple(
        LayerNorms(
            layer=name,
            kind=kinds[index],  # type: ignore[arg-type]  # checked above
            parameters=int(parameters[index]),
            **{column: float(values[index]) for column, values in columns.items()},
        )
        for index, name in enumerate(names)
    )


def _names(reader: GroupReader, name: str, item_id: str) -> list[str]:
    names = reader.json(name)
    if not isinstance(names, list) or not all(isinstance(entry, str) for entry in names):
        raise Refusal(f'"{name}" of "{item_id}" is no list of names.')
    return names
