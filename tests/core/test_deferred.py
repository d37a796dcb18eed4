"""Arrays that are put off are read once, by whoever asks first, and are told apart by nobody else."""

import threading
from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.deferred import (
    Deferred,
    DeferredArrays,
    array_bytes,
    array_shapes,
    deferring,
    is_deferred,
    unread,
    unread_items,
)

VALUES = np.arange(12, dtype=np.float32).reshape(3, 4)


@deferring("large")
@dataclass(frozen=True, kw_only=True, eq=False)
class Record:
    """As the records of results are."""

    name: str
    large: np.ndarray
    other: np.ndarray | None = None


class Shelf:
    """Counts how often it is read."""

    def __init__(self, *failures: Exception) -> None:
        self.reads = 0
        self._failures = list(failures)

    def part(self) -> Deferred:
        return Deferred(self._read, VALUES.shape, VALUES.dtype, kept="shelf")

    def _read(self) -> np.ndarray:
        self.reads += 1
        if self._failures:
            raise self._failures.pop()
        return VALUES


def test_a_field_that_was_put_off_is_read_when_it_is_asked_for_and_only_once() -> None:
    shelf = Shelf()
    record = Record(name="r", large=shelf.part())  # type: ignore[arg-type]  # what `deferring` allows
    assert is_deferred(record, "large")
    assert unread(record, "large").nbytes == VALUES.nbytes
    assert shelf.reads == 0
    assert record.large is VALUES
    assert record.large is VALUES
    assert shelf.reads == 1


def test_a_field_that_was_given_is_held_as_it_is() -> None:
    record = Record(name="r", large=VALUES)
    assert not is_deferred(record, "large")
    assert record.large is unread(record, "large") is VALUES
    assert replace(record, name="s").large is VALUES
    with pytest.raises(AttributeError):
        record.large = VALUES  # type: ignore[misc]


def test_only_a_field_can_be_put_off() -> None:
    with pytest.raises(TypeError, match="no field"):
        deferring("small")(Record)


def test_what_could_not_be_read_is_tried_again() -> None:
    shelf = Shelf(OSError("gone"))
    record = Record(name="r", large=shelf.part())  # type: ignore[arg-type]
    with pytest.raises(OSError, match="gone"):
        _ = record.large
    assert record.large is VALUES


def test_threads_that_ask_at_once_get_the_same_array() -> None:
    shelf = Shelf()
    part, start = shelf.part(), threading.Barrier(8)
    got: list[np.ndarray] = []

    def ask() -> None:
        start.wait()
        got.append(part.value())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.reads == 1
    assert all(array is VALUES for array in got)
    assert part.was_read


def test_names_and_sizes_of_a_mapping_are_known_before_anything_is_read() -> None:
    shelves = {"a": Shelf(), "b": Shelf()}
    arrays = DeferredArrays(lambda: {name: shelf.part() for name, shelf in shelves.items()})
    assert list(arrays) == ["a", "b"]
    assert "a" in arrays
    assert array_shapes(arrays) == {"a": (3, 4), "b": (3, 4)}
    assert array_bytes(arrays) == 2 * VALUES.nbytes
    assert all(isinstance(part, Deferred) for _, part in unread_items(arrays))
    assert [shelf.reads for shelf in shelves.values()] == [0, 0]
    assert arrays["a"] is VALUES
    assert [shelf.reads for shelf in shelves.values()] == [1, 0]
    assert array_shapes(dict(arrays)) == array_shapes(arrays)
