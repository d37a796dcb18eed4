"""What is on the disk of work that has ended stays there until the document with its result is on the disk, too."""

from PySide6.QtCore import QObject

from app.actions.kept import Kept
from app.state.document_state import DocumentState
from core.session.document import Document, Item, ResultItem, RunItem


class HeldUntilKept(QObject):
    """Between the end of a computation and the next save or checkpoint, its own file is the only copy."""

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._held: dict[Kept, str] = {}  # with the id of the item that took up what it holds
        state.opened.connect(self.drop)

    def hold(self, kept: Kept, item_id: str) -> None:
        """Remove this once that item is on the disk as it is in the document then."""
        self._held[kept] = item_id

    def on_kept(self, document: Document) -> None:
        """All that this document holds is on the disk now."""
        for kept, item_id in tuple(self._held.items()):
            here = _content(self._state.document.items.get(item_id))
            if here is None or _content(document.items.get(item_id)) is here:
                del self._held[kept]
                kept.remove()

    def drop(self) -> None:
        """Nobody waits for any of it any more: the session was saved or given up."""
        held, self._held = self._held, {}
        for kept in held:
            kept.remove()


def _content(item: Item | None) -> object:
    if isinstance(item, ResultItem):
        return item.result
    return item.run if isinstance(item, RunItem) else None
