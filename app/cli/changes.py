"""Values typed on the command line that take the place of a row's own."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.data.dataset import Dataset
from core.data.tables.features import Feature
from core.errors import InvalidRequest


def with_changes(table: Dataset, row: int, changes: Mapping[str, str]) -> Dataset:
    """The table with other values in one row: numbers for numbers, the name of a level for a category.

    Raises
    ------
    InvalidRequest
        If a feature is unknown, or a value is none of the feature.
    """
    if not changes or table.features is None or row >= len(table):
        return table  # whoever asks for such a row is told so by the request
    x = np.array(table.x, dtype=np.float64)
    for name, text in changes.items():
        feature, column = table.features.feature(name), table.features.column_of(name)
        x[row, column : column + feature.width] = _encoded(feature, text)
    return replace(table, x=x)


def _encoded(feature: Feature, text: str) -> list[float]:
    if feature.kind == "category":
        if text not in feature.levels:
            raise InvalidRequest(f'"{text}" is no level of "{feature.name}". There are: {", ".join(feature.levels)}.')
        return [float(level == text) for level in feature.levels]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidRequest(f'"{feature.name}" is a number, but "{text}" is none. Give a number.')
    if feature.kind == "integer" and not value.is_integer():
        raise InvalidRequest(f'"{feature.name}" takes whole numbers only, not {text}. Give a whole number.')
    return [value]
