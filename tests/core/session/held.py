"""What a document holds, as text that can be kept beside an old file: every number, word and array by its path."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import numpy as np

from core.session.document import Document


def held(document: Document) -> dict[str, str]:
    """By path, such as ``items['surface-0'].result.loss``: the value, of an array its shape, type and SHA-256."""
    return dict(_leaves(document, ""))


def _leaves(thing: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(thing, np.ndarray):
        digest = hashlib.sha256(np.ascontiguousarray(thing).tobytes()).hexdigest()
        yield at, f"{thing.dtype} {list(thing.shape)} {digest}"
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _leaves(value, f"{at}[{key!r}]")
    elif isinstance(thing, tuple | list):
        for index, value in enumerate(thing):
            yield from _leaves(value, f"{at}[{index}]")
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _leaves(getattr(thing, field.name), f"{at}.{field.name}".removeprefix("."))
    elif isinstance(thing, bytes):
        yield at, hashlib.sha256(thing).hexdigest()
    else:
        yield at, json.dumps(thing, default=repr)
