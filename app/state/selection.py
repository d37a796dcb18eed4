"""What is selected: one answer for the tree, the inspector and every view."""

from PySide6.QtCore import QObject, Signal

from app.state.document_state import DocumentState


class Selection(QObject):
    """The selected item of the document, or running job, by id."""

    changed = Signal()  # current_id is another one

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current_id: str | None = None
        state.opened.connect(self.clear)
        state.item_removed.connect(self._on_item_removed)

    @property
    def current_id(self) -> str | None:
        """Id of what is selected; None if nothing is."""
        return self._current_id

    def select(self, item_id: str | None) -> None:
        """Select that item or job. Selecting it again changes nothing, so views may echo without a loop."""
        if item_id != self._current_id:
            self._current_id = item_id
            self.changed.emit()

    def clear(self) -> None:
        """Select nothing."""
        self.select(None)

    def _on_item_removed(self, item_id: str) -> None:
        if item_id == self._current_id:
            self.clear()
