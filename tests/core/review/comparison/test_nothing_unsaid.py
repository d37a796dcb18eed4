"""Whatever differs between two sessions is said: no field of no result may change without a line about it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.review.comparison.comparing import compare_sessions
from core.review.comparison.record import Comparison, Row
from core.session.document import Document, ResultItem, RunItem
from core.session.files import open_document, save_document
from tests.core.review.comparison.pairs_of_sessions import edited, every_kind, every_line

ELSEWHERE = ("request", "status", "provenance")


def other_value(value: Any) -> Any:  # noqa: PLR0911  one kind after the other
    """Another value of the same kind; None where there is none that a record would take."""
    if isinstance(value, np.ndarray):
        return other_array(value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return 0.25 if not np.isfinite(value) else value * 1.5 + 0.1
    if isinstance(value, str):
        return {"proved": "unknown", "unknown": "proved"}.get(value, value + "x")
    if is_dataclass(value):
        for field in fields(value):
            if (other := other_value(getattr(value, field.name))) is not None:
                return replace(value, **{field.name: other})
    if isinstance(value, tuple) and value and (other := other_value(value[-1])) is not None:
        return (*value[:-1], other)
    if isinstance(value, Mapping) and value:
        name = next(iter(value))
        return {**value, name: other_value(value[name])}
    return None


def other_array(values: np.ndarray) -> np.ndarray | None:
    if not values.size:
        return None
    changed = values.copy()
    last = changed.reshape(-1)[-1]
    changed.reshape(-1)[-1] = 1 if last != 1 else 0
    return changed


def every_difference(comparison: Comparison) -> list[Row]:
    return [line for line in every_line(comparison) if line.differs]


def changes(session: Document) -> Iterator[tuple[str, str]]:
    for item_id, item in session.items.items():
        result = item.result if isinstance(item, ResultItem) else item.run if isinstance(item, RunItem) else None
        for field in fields(result) if result is not None else ():
            if field.name not in ELSEWHERE and other_value(getattr(result, field.name)) is not None:
                yield item_id, field.name


def test_a_field_that_changed_is_never_called_the_same() -> None:
    session, unsaid = every_kind(), []
    for item_id, name in changes(session):
        item = session.items[item_id]
        part = "result" if isinstance(item, ResultItem) else "run"
        result = getattr(item, part)
        changed = replace(item, **{part: replace(result, **{name: other_value(getattr(result, name))})})
        comparison = compare_sessions(Document().with_item(item), Document().with_item(changed))
        if not every_difference(comparison):
            unsaid.append((item_id, name))
    assert unsaid == []


def test_every_kind_of_result_is_among_those_that_are_tried() -> None:
    session = every_kind()
    assert {type(item.result).__name__ for item in session.results} == {
        *("Surface", "Curve", "Trajectory", "Convexity", "Initialisations", "Spectrum", "History", "Robustness"),
        *("Complexity", "Correction", "JointCorrection", "Pairs", "Cases"),
    }
    assert len(list(changes(session))) > 150


def test_a_session_is_the_same_as_its_copy_bit_for_bit() -> None:
    session = every_kind()
    comparison = compare_sessions(session, every_kind())
    assert comparison.identical
    assert {line.finding for line in every_line(comparison)} == {"same"}
    assert len(comparison.pairs) == len(session.items)


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.0])
def test_numbers_that_are_not_finite_are_compared_without_an_error(value: float) -> None:
    session = changed = every_kind()
    for item_id, name in changes(session):
        item = changed.items[item_id]
        part = "result" if isinstance(item, ResultItem) else "run"
        held = getattr(getattr(item, part), name)
        if isinstance(held, np.ndarray) and held.dtype == np.float64 and held.size:
            other = held.copy()
            other.reshape(-1)[0] = value
            result = replace(getattr(item, part), **{name: other})
            changed = edited(changed, item_id, lambda old, part=part, result=result: replace(old, **{part: result}))
    for one, other in ((session, changed), (changed, session)):
        comparison = compare_sessions(one, other)
        assert not comparison.identical
        assert all(line.size is None or np.isfinite(line.size) for line in every_line(comparison))
    assert compare_sessions(changed, changed).identical


def test_a_session_is_the_same_after_it_was_saved_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "all.corrie.h5"
    save_document(every_kind(), path)
    comparison = compare_sessions(every_kind(), open_document(path))
    assert comparison.identical, [line for line in every_line(comparison) if line.differs]
