"""The state of the open document: signals only on change, dirty only if the content differs from the file."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from app.state.document_state import DocumentState
from core.session.document import Document
from tests.app.commands.documents import full_document, network


class Diary(QObject):
    """Writes down every signal of a DocumentState in the order of arrival."""

    def __init__(self, state: DocumentState) -> None:
        super().__init__()
        self.lines: list[str] = []
        note = self.lines.append
        state.opened.connect(lambda: note("opened"))
        state.document_changed.connect(lambda _before, after: note(f"document {len(after.items)}"))
        state.item_added.connect(lambda i: note(f"+{i}"))
        state.item_changed.connect(lambda i: note(f"~{i}"))
        state.item_removed.connect(lambda i: note(f"-{i}"))
        state.view_changed.connect(lambda: note("view"))
        state.path_changed.connect(lambda: note("path"))
        state.dirty_changed.connect(lambda dirty: note("dirty" if dirty else "clean"))


def opened(document: Document, path: Path | None = None) -> tuple[DocumentState, list[str]]:
    state = DocumentState()
    state.open(document, path)
    diary = Diary(state)
    diary.setParent(state)
    return state, diary.lines


def test_a_new_document_is_empty_clean_and_without_a_file() -> None:
    state = DocumentState()
    assert (len(state.document.items), state.dirty, state.path) == (0, False, None)


def test_adding_an_item_is_told_once_and_makes_the_document_dirty() -> None:
    state, lines = opened(full_document())
    state.edit(state.document.with_item(network("network-2")))
    assert lines == ["document 5", "+network-2", "dirty"]


def test_changing_one_item_names_that_item_only() -> None:
    state, lines = opened(full_document())
    state.edit(state.document.with_item(network(name="Other")))
    assert lines == ["document 4", "~network-1", "dirty"]


def test_removing_a_network_names_its_results_too() -> None:
    state, lines = opened(full_document())
    state.edit(state.document.without("network-1"))
    assert lines == ["document 1", "-network-1", "-surface-1", "-correction-1", "dirty"]


def test_setting_the_same_document_again_is_not_told() -> None:
    state, lines = opened(full_document())
    state.edit(state.document)
    assert lines == []


def test_going_back_to_the_saved_document_makes_it_clean_again() -> None:
    state, lines = opened(full_document())
    first = state.document
    state.edit(first.without("surface-1"))
    state.edit(first)
    assert not state.dirty
    assert lines[-1] == "clean"


def test_after_saving_the_old_document_is_the_dirty_one(tmp_path: Path) -> None:
    state, lines = opened(full_document())
    first = state.document
    state.edit(first.without("surface-1"))
    state.mark_saved(state.snapshot(), tmp_path / "a.corrie.h5")
    assert lines[-2:] == ["path", "clean"]
    state.edit(first)
    assert state.dirty


def test_an_edit_made_while_the_file_was_written_stays_unsaved(tmp_path: Path) -> None:
    state, _ = opened(full_document())
    state.edit(state.document.without("surface-1"))
    written = state.snapshot()
    state.edit(state.document.without("correction-1"))
    state.mark_saved(written, tmp_path / "a.corrie.h5")
    assert state.dirty


def test_the_view_is_saved_but_does_not_make_the_document_dirty(tmp_path: Path) -> None:
    state, lines = opened(full_document())
    state.set_view({"camera": [1, 2, 3]})
    state.set_view({"camera": [1, 2, 3]})
    assert lines == ["view"]
    assert state.snapshot().view == {"camera": [1, 2, 3]}
    state.mark_saved(state.snapshot(), tmp_path / "a.corrie.h5")
    assert not state.dirty
    assert state.document.view == {}


def test_an_edit_keeps_the_present_view() -> None:
    state, _ = opened(replace(full_document(), view={"camera": 1}))
    state.set_view({"camera": 2})
    state.edit(state.document.without("surface-1"))
    assert state.snapshot().view == {"camera": 2}


def test_a_snapshot_without_a_change_is_the_document_itself() -> None:
    state, _ = opened(full_document())
    assert state.snapshot() is state.document


def test_a_recovered_document_is_dirty_until_it_is_saved(tmp_path: Path) -> None:
    state = DocumentState()
    state.open(full_document(), tmp_path / "a.corrie.h5", dirty=True)
    assert state.dirty
    state.mark_saved(state.snapshot(), tmp_path / "a.corrie.h5")
    assert not state.dirty


def test_opening_another_document_tells_everything_that_went_and_came(tmp_path: Path) -> None:
    state, lines = opened(Document().with_item(network("network-9")))
    state.open(Document().with_item(network()), tmp_path / "b.corrie.h5")
    assert lines == ["path", "opened", "document 1", "-network-9", "+network-1", "view"]


def test_a_slot_that_edits_is_heard_after_the_edit_it_reacts_to() -> None:
    state = DocumentState()
    state.item_added.connect(
        lambda item_id: item_id == "network-1" and state.edit(state.document.with_item(network("network-2")))
    )
    diary = Diary(state)
    state.edit(state.document.with_item(network()))
    assert diary.lines == ["document 1", "+network-1", "document 2", "+network-2", "dirty"]
