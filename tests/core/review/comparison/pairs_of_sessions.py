"""Two sessions that differ in one thing: helpers of the tests of comparisons."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from core.review.comparison.comparing import compare_sessions
from core.review.comparison.record import Comparison, Pair, Row
from core.session.document import Document, Item
from tests import documents
from tests.core.corrections.case_examples import answered
from tests.documents import result_item
from tests.joints import joint
from tests.pairs import pairs_result
from tests.runs import run_item

Edit = Callable[[Any], Item]


def every_kind() -> Document:
    """A session with an item of every kind there is."""
    document = documents.landscape_document()
    more = (
        result_item(documents.explained_correction(), "correction-1", "Explained"),
        result_item(documents.whole_spectrum(), "spectrum-1", "Whole spectrum"),
        result_item(joint(), "joint-0", "In three features"),
        result_item(pairs_result(), "pairs-0", "All pairs"),
        result_item(answered(), "cases-0", "Cases"),
        run_item("run-1"),
    )
    for item in more:
        document = document.with_item(item)
    return document


def edited(document: Document, item_id: str, edit: Edit) -> Document:
    """The session with one item changed."""
    return replace(document, items=MappingProxyType({**document.items, item_id: edit(document.items[item_id])}))


def with_result(**fields: object) -> Edit:
    """An item whose result has other values in some fields."""
    return lambda item: replace(item, result=replace(item.result, **fields))


def found(document: Document, other: Document, item_id: str) -> Pair:
    """What a comparison says of one item of the first session."""
    pair = compare_sessions(document, other).pair_of(item_id)
    assert pair is not None
    return pair


def row(pair: Pair, what: str) -> Row:
    """The line of that name."""
    lines = [line for line in pair.rows if line.what == what]
    assert len(lines) == 1, [line.what for line in pair.rows]
    return lines[0]


def every_line(comparison: Comparison) -> list[Row]:
    """All lines of all items."""
    return [line for pair in comparison.pairs for line in pair.rows]
