"""Records taken apart to the last bit: nothing in a result may differ without being noticed."""

import math
import struct
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np


def identical(one: object, other: object) -> bool:  # noqa: PLR0911  one kind after the other
    """Whether two values are the same: types, shapes, every bit of an array, NaN and the sign of zero."""
    if one is other:
        return True
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(identical, one, other))
    if is_dataclass(one) and not isinstance(one, type):
        return type(one) is type(other) and not differing_fields(one, other)
    if isinstance(one, float | np.floating) and isinstance(other, float | np.floating):
        return struct.pack("<d", one) == struct.pack("<d", other) or (math.isnan(one) and math.isnan(other))
    if _is_number(one) and _is_number(other):  # 4 in a field of floats comes back from a file as 4.0
        return bool(one == other)
    return bool(type(one) is type(other) and one == other)


def differing_fields(one: object, other: object) -> tuple[str, ...]:
    """Names of the fields in which two records of one type are not identical, in their order."""
    names = (field.name for field in fields(one))  # type: ignore[arg-type]  # callers pass dataclasses
    return tuple(name for name in names if not identical(getattr(one, name), getattr(other, name)))


def differing_paths(one: object, other: object, at: str = "") -> list[str]:
    """Where inside of two values they are not identical: ``course.reason``, ``accepted[2].exterior``."""
    if identical(one, other):
        return []
    if is_dataclass(one) and not isinstance(one, type) and type(one) is type(other):
        prefix = f"{at}." if at else ""
        return [
            path
            for name in differing_fields(one, other)
            for path in differing_paths(getattr(one, name), getattr(other, name), f"{prefix}{name}")
        ]
    if isinstance(one, tuple | list) and isinstance(other, tuple | list) and len(one) == len(other):
        return [p for i, (x, y) in enumerate(zip(one, other, strict=True)) for p in differing_paths(x, y, f"{at}[{i}]")]
    return [at]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
