"""What is selected: one answer for the tree, the inspector and every view."""

from PySide6.QtCore import QObject, Signal

from app.state.document_state import DocumentState

MOST_REMEMBERED = 16


class Selection(QObject):
    """The selected item of the document, or running job, by id."""

    changed = Signal()  # current_id is another one

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._current_id: str | None = None
        self._earlier: list[str] = []  # what was selected before, the newest last
        state.opened.connect(self._on_opened)
        state.item_removed.connect(self._on_item_removed)

    @property
    def current_id(self) -> str | None:
        """Id of what is selected; None if nothing is."""
        return self._current_id

    def select(self, item_id: str | None) -> None:
        """Select that item or job. Selecting it again changes nothing, so views may echo without a loop."""
        if item_id != self._current_id:
            if self._current_id is not None:
                self._earlier = [*self._earlier, self._current_id][-MOST_REMEMBERED:]
            self._current_id = item_id
            self.changed.emit()

    def restore(self, kept: object) -> None:
        """Select what a session says was selected, if the document has it; anything else leaves nothing selected."""
        self.select(kept if isinstance(kept, str) and kept in self._state.document.items else None)

    def before(self, item_id: str) -> str | None:
        """The item of the document that was selected before this one, which is selected now; None if there is none."""
        if item_id != self._current_id:
            return None
        items = self._state.document.items
        return next((one for one in reversed(self._earlier) if one != item_id and one in items), None)

    def clear(self) -> None:
        """Select nothing."""
        self.select(None)

    def _on_opened(self) -> None:
        self.clear()
        self._earlier = []

    def _on_item_removed(self, item_id: str) -> None:
        if item_id == self._current_id:
            self.clear()
