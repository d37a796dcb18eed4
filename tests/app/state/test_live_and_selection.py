"""Running results and the selection: told once, forgotten when their object goes."""

from app.state.document_state import DocumentState
from app.state.live import LiveResults
from app.state.selection import Selection
from core.session.document import Document
from tests.app.commands.documents import full_document


def test_only_the_newest_snapshot_is_kept_and_each_is_told_once() -> None:
    live = LiveResults()
    told: list[str] = []
    live.updated.connect(told.append)
    first, second = object(), object()
    for snapshot in (first, first, second):
        live.put("job-1", snapshot)
    assert live.get("job-1") is second
    assert told == ["job-1", "job-1"]


def test_a_removed_snapshot_is_gone_and_removing_it_again_is_not_told() -> None:
    live = LiveResults()
    told: list[str] = []
    live.removed.connect(told.append)
    live.put("job-1", object())
    live.remove("job-1")
    live.remove("job-1")
    assert (live.get("job-1"), live.keys(), told) == (None, (), ["job-1"])


def test_selecting_the_same_item_again_is_not_told() -> None:
    selection = Selection(DocumentState())
    told: list[str | None] = []
    selection.changed.connect(lambda: told.append(selection.current_id))
    for item_id in ("surface-1", "surface-1", None):
        selection.select(item_id)
    assert told == ["surface-1", None]


def test_the_selection_goes_with_its_item_only() -> None:
    state = DocumentState()
    state.open(full_document(), None)
    selection = Selection(state)
    selection.select("surface-1")
    state.edit(state.document.without("correction-1"))
    assert selection.current_id == "surface-1"
    state.edit(state.document.without("network-1"))
    assert selection.current_id is None


def test_what_was_selected_before_is_known_while_its_successor_is_selected_and_it_is_still_there() -> None:
    state = DocumentState()
    state.open(full_document(), None)
    selection = Selection(state)
    for item_id in ("network-1", "surface-1", "job-1"):
        selection.select(item_id)
    assert selection.before("job-1") == "surface-1"
    assert selection.before("surface-1") is None
    state.edit(state.document.without("surface-1"))
    assert selection.before("job-1") == "network-1"
    state.open(Document(), None)
    selection.select("job-2")
    assert selection.before("job-2") is None


def test_another_document_starts_without_a_selection() -> None:
    state = DocumentState()
    selection = Selection(state)
    selection.select("job-1")
    state.open(Document(), None)
    assert selection.current_id is None
