"""JSON that brings back what went in: NaN and infinity too, and records as records.

JSON has no word for NaN and infinity; they become ``{"$float": "NaN"}``, so that every JSON reader can read the file.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from core.networks.card import describe_validation
from core.session.json_extent import check_extent
from core.session.layout import LARGEST_TEXT
from core.session.refusal import Refusal

Record = TypeVar("Record")

_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_FLOAT = "$float"
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def to_json(value: object) -> str:
    """Plain values as ASCII JSON. Raises `Refusal` for anything that JSON cannot hold."""
    try:
        text = json.dumps(_plain(value), allow_nan=False, separators=(",", ":"))
    except RecursionError:
        raise Refusal(
            "A setting is nested too deeply to be saved.", "Report this: it is a mistake in Corrie."
        ) from None
    try:
        check_extent(text)
    except Refusal as much:
        raise Refusal(much.reason, "Nothing was saved. Report this: no setting of Corrie is so large.") from None
    return text


def from_json(text: str) -> Any:
    """The inverse of `to_json`; tuples come back as lists. Raises `Refusal` if it is no JSON, or too much of it."""
    if len(text) > LARGEST_TEXT:
        raise Refusal("It holds a text of more than 64 MB.")
    check_extent(text)
    try:
        return json.loads(text, object_hook=_revive, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal("It holds settings that are not valid JSON.") from None


def record_to_json(record: object) -> str:
    """A dataclass (a request, a card, a provenance) as JSON."""
    return to_json(record_to_table(record))


def record_to_table(record: object) -> dict[str, Any]:
    """A dataclass as plain values, by field."""
    table: dict[str, Any] = _adapter(type(record)).dump_python(record, warnings=False)
    return table


def record_from_json(kind: type[Record], text: str) -> Record:
    """The inverse of `record_to_json`. Raises `Refusal` if the text does not describe such a record."""
    return record_from_table(kind, from_json(text))


def record_from_table(kind: type[Record], table: object) -> Record:
    """A dataclass from plain values. Raises `Refusal` that names the field at fault."""
    try:
        record: Record = _adapter(kind).validate_python(table)
    except ValidationError as error:
        raise Refusal(f"Its {kind.__name__} cannot be understood: {describe_validation(error)}") from None
    return record


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)  # takes milliseconds to make
    return _ADAPTERS[kind]


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {_FLOAT: "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {_key(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    raise Refusal(
        f"A setting is of the kind {type(value).__name__}, which a session file cannot hold.",
        "Report this: it is a mistake in Corrie.",
    )


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise Refusal(f"A setting is called {key!r}, which is no text.", "Report this: it is a mistake in Corrie.")
    return key


def _revive(table: dict[str, Any]) -> Any:
    word = table.get(_FLOAT)
    return _NOT_FINITE[word] if len(table) == 1 and isinstance(word, str) and word in _NOT_FINITE else table


def _refuse_constant(constant: str) -> float:
    raise ValueError(constant)
