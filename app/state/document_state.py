"""The one place that says which document is open, where it is saved, and whether it differs from its file."""

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from core.session.document import Document

Stamp = tuple[int, int, int]  # of a file: when it was changed, its length, its number on the disk


class DocumentState(QObject):
    """The open document. Views listen to its signals and read `document`; edits come from `History.push`.

    The *view* (cameras, layout, selection) is kept beside the document and joins it in `snapshot`, which is what gets
    saved. So turning a camera neither makes a session dirty nor takes a step of undo, and undoing an edit does not
    turn the camera back.

    Signals arrive in the order of the changes, even if a slot makes a further change. An id that a signal names may
    already be gone again by then: look it up with ``document.items.get``.
    """

    opened = Signal()  # another document took the place of this one: history and caches are void
    document_changed = Signal(object, object)  # before, after: two Documents that differ in content
    item_removed = Signal(str)  # id; these three follow every document_changed, in this order
    item_added = Signal(str)  # id
    item_changed = Signal(str)  # id; another item (new name, new result, new box) has its place
    notes_changed = Signal()  # follows document_changed where a note was written, edited, settled, moved or deleted
    view_changed = Signal()
    view_wanted = Signal()  # the view is about to be kept: who does not tell of every change of it does so now
    path_changed = Signal()
    dirty_changed = Signal(bool)
    saveable_changed = Signal()  # `view_unsaved` or `read_only` is another one

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = Document()
        self._saved: Document | None = self._document  # None: recovered, so never saved as it is
        self._view: Mapping[str, object] = self._document.view
        self._path: Path | None = None
        self._partly_understood = self._read_only = False
        self._stamp: Stamp | None = None
        self._announced_dirty = self._announced_view = False
        self._changes: deque[tuple[Document, Document]] = deque()
        self._announcing = False

    @property
    def document(self) -> Document:
        """The current document. Its own `view` is the one it was opened with; see `view` for the present one."""
        return self._document

    @property
    def view(self) -> Mapping[str, object]:
        """How the session is looked at right now."""
        return self._view

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to; None if it never was."""
        return self._path

    @property
    def partly_understood(self) -> bool:
        """Whether the file holds more than this version knows of, which saving over it would lose."""
        return self._partly_understood

    @property
    def stamp(self) -> Stamp | None:
        """Of the file when the document was read from it, as far as that is known."""
        return self._stamp

    @property
    def read_only(self) -> bool:
        """Whether somebody else writes into that file: another window has it open."""
        return self._read_only

    @property
    def view_unsaved(self) -> bool:
        """Whether the file holds the content, but another look at it."""
        return self._announced_view

    @property
    def saved(self) -> Document | None:
        """What the file holds; None for a document that was recovered and is in no file."""
        return self._saved

    @property
    def dirty(self) -> bool:
        """Whether the content differs from what was saved last. Undoing back to that makes it clean again."""
        return self._saved is None or not same_content(self._document, self._saved)

    def edit(self, document: Document) -> None:
        """Make this the current document. Called by `History`, so that everything can be undone."""
        before, self._document = self._document, document
        if not same_content(before, document):
            self._announce(before, document)

    def set_view(self, view: Mapping[str, object]) -> None:
        """Remember how the session is looked at. Not an edit: see the class."""
        if view != self._view:
            self._view = MappingProxyType(dict(view))
            self.view_changed.emit()
            self._announce_view()

    def gather_view(self) -> None:
        """Make `view` complete: it also says now what nobody tells of as it changes, such as the width of a dock."""
        self.view_wanted.emit()

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001
        """Say whether somebody else writes into the file."""
        if read_only != self._read_only:
            self._read_only = read_only
            self.saveable_changed.emit()

    def snapshot(self) -> Document:
        """What is to be saved: the document as it is looked at now. Immutable, so another thread may write it."""
        self.gather_view()
        if self._view is self._document.view:
            return self._document
        return self._document.with_view(self._view)

    def mark_saved(self, snapshot: Document, path: Path) -> None:
        """Say that this `snapshot` is now in that file. Edits made while it was written stay unsaved."""
        self._saved = snapshot
        self._partly_understood = False
        self._set_path(path)
        self._announce_dirty()
        self._announce_view()

    def open(
        self,
        document: Document,
        path: Path | None,
        *,
        dirty: bool = False,
        partly_understood: bool = False,
        view: Mapping[str, object] | None = None,
        stamp: Stamp | None = None,
    ) -> None:
        """Put another document in the place of the current one.

        Parameters
        ----------
        dirty : bool
            For a document that was recovered after a crash: it has a path, but its content is in no file.
        partly_understood : bool
            For a file by a newer version: see the property.
        view : mapping, optional
            Another look at it than the file holds.
        stamp : tuple, optional
            Of the file when it was read.
        """
        before = self._document
        self._saved = None if dirty else document
        self._document = document if view is None else document.with_view(view)
        self._view = self._document.view
        self._partly_understood, self._stamp = partly_understood, stamp
        self._set_path(path)
        self.opened.emit()
        if not same_content(before, document):
            self._announce(before, self._document)
        self.view_changed.emit()
        self._announce_dirty()
        self._announce_view()

    def _announce_view(self) -> None:
        """Compare here and not when somebody asks: what was told is what holds until it is told otherwise."""
        saved = self._saved
        unsaved = saved is not None and self._path is not None and self._view != saved.view
        if unsaved != self._announced_view:
            self._announced_view = unsaved
            self.saveable_changed.emit()

    def _set_path(self, path: Path | None) -> None:
        if path != self._path:
            self._path = path
            self.path_changed.emit()

    def _announce_dirty(self) -> None:
        if self.dirty != self._announced_dirty:
            self._announced_dirty = self.dirty
            self.dirty_changed.emit(self._announced_dirty)

    def _announce(self, before: Document, after: Document) -> None:
        self._changes.append((before, after))
        if self._announcing:  # a slot edits: its signals follow those it is called by
            return
        self._announcing = True
        try:
            while self._changes:
                self._announce_one(*self._changes.popleft())
        finally:
            self._announcing = False
        self._announce_dirty()

    def _announce_one(self, before: Document, after: Document) -> None:
        self.document_changed.emit(before, after)
        for item_id in [i for i in before.items if i not in after.items]:
            self.item_removed.emit(item_id)
        for item_id, item in after.items.items():
            if item_id not in before.items:
                self.item_added.emit(item_id)
            elif before.items[item_id] is not item:
                self.item_changed.emit(item_id)
        if before.notes is not after.notes:
            self.notes_changed.emit()


def same_content(one: Document, other: Document) -> bool:
    """Whether two documents hold the very same items and notes.

    Documents share what did not change, so identity suffices.
    """
    same = one.items is other.items and one.notes is other.notes
    return same and one.document_id == other.document_id
