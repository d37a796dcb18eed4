"""Whether two records are the same down to the last bit: types, order of mappings, NaN and the sign of zero."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np


def differences(one: object, other: object, at: str = "") -> list[str]:  # noqa: PLR0911  one kind after the other
    """Where the two differ, as paths; empty if they are the same."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        same = one.dtype == other.dtype and one.shape == other.shape
        return [] if same and one.tobytes() == other.tobytes() else [f"{at}: {one!r} is not {other!r}"]
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if list(one) != list(other):
            return [f"{at}: {list(one)} are not {list(other)}"]
        return [found for key in one for found in differences(one[key], other[key], f"{at}[{key!r}]")]
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        if type(one) is not type(other) or len(one) != len(other):
            return [f"{at}: {one!r} is not {other!r}"]
        return [f for i, (a, b) in enumerate(zip(one, other, strict=True)) for f in differences(a, b, f"{at}[{i}]")]
    if is_dataclass(one) and type(one) is type(other):
        names = [field.name for field in fields(one)]
        return [f for name in names for f in differences(getattr(one, name), getattr(other, name), f"{at}.{name}")]
    if isinstance(one, float) and isinstance(other, float | int):
        return [] if np.array_equal(one, other, equal_nan=True) else [f"{at}: {one!r} is not {other!r}"]
    return [] if one == other else [f"{at}: {one!r} is not {other!r}"]
