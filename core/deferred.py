"""Values that are made when they are first asked for: large arrays of a file that is open, and mappings of them.

A record names the fields that may be put off (`deferring`). Whoever makes one may then give a `Deferred` for such a
field; whoever asks for the field gets the value and need not know. Size and shape are known before.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Record = TypeVar("Record")


class Deferred:
    """An array that is read once, by the thread that asks first; what the reading raises, it raises each time.

    Parameters
    ----------
    kept : object
        Where it is kept, for whoever has to keep it again.
    """

    def __init__(self, read: Callable[[], Array], shape: tuple[int, ...], dtype: "np.dtype[Any]", kept: object) -> None:
        self._read: Callable[[], Array] | None = read
        self._value: Array | None = None
        self._lock = threading.Lock()
        self.shape, self.dtype, self.kept = shape, dtype, kept

    @property
    def was_read(self) -> bool:
        """Whether somebody has asked for it."""
        return self._value is not None

    @property
    def nbytes(self) -> int:
        """Bytes that it takes in memory once it is read."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    def value(self) -> Array:
        """The array itself."""
        with self._lock:
            if self._value is None and self._read is not None:
                self._value, self._read = self._read(), None
        return cast("Array", self._value)


class DeferredArrays(Mapping[str, Array]):
    """Arrays by name, each read when it is asked for; `find` tells names and sizes when any of that is needed."""

    def __init__(self, find: Callable[[], Mapping[str, Deferred]]) -> None:
        self._find = find
        self._found: Mapping[str, Deferred] | None = None
        self._lock = threading.Lock()

    @property
    def parts(self) -> Mapping[str, Deferred]:
        """All of them, unread."""
        with self._lock:
            if self._found is None:
                self._found = self._find()
            return self._found

    def __getitem__(self, name: str) -> Array:
        return self.parts[name].value()

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __contains__(self, name: object) -> bool:
        return name in self.parts


class _Field:
    """A field of a record whose value may be a `Deferred`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, record: object, kind: type) -> object:
        if record is None:
            return self
        try:
            held = vars(record)[self._name]
        except KeyError:
            raise AttributeError(self._name) from None
        return held.value() if isinstance(held, Deferred) else held

    def __set__(self, record: object, value: object) -> None:
        vars(record)[self._name] = value


def deferring(*names: str) -> Callable[[type[Record]], type[Record]]:
    """A decorator of a dataclass: these of its fields may be given as `Deferred`."""

    def prepared(kind: type[Record]) -> type[Record]:
        for name in names:
            if name not in getattr(kind, "__dataclass_fields__", {}):
                raise TypeError(f"{kind.__name__} has no field {name}, or is no dataclass yet.")
            setattr(kind, name, _Field(name))
        return kind

    return prepared


def unread(record: object, name: str) -> Any:
    """What a record holds in a field: the value, or the `Deferred` that stands for it; nothing is read."""
    return vars(record)[name]


def is_deferred(record: object, name: str) -> bool:
    """Whether a field was put off, be it read meanwhile or not."""
    return isinstance(vars(record)[name], Deferred)


def unread_items(arrays: Mapping[str, Array]) -> Iterator[tuple[str, Any]]:
    """Names, and arrays or what stands for them; nothing is read. Both know their `shape`, `dtype` and `nbytes`."""
    return iter(arrays.parts.items() if isinstance(arrays, DeferredArrays) else arrays.items())


def array_shapes(arrays: Mapping[str, Array]) -> dict[str, tuple[int, ...]]:
    """Shapes by name; nothing is read."""
    return {name: tuple(array.shape) for name, array in unread_items(arrays)}


def array_bytes(arrays: Mapping[str, Array]) -> int:
    """Bytes of all of them in memory; nothing is read."""
    return sum(int(array.nbytes) for _, array in unread_items(arrays))
