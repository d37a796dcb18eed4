"""What all pages have in common."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.render.pins.ground import PinGround
from app.views.pages.looks import look_of, restore_look
from app.views.pages.neighbours import Neighbours
from app.views.pages.picture import picture_of
from core.review.note import Anchor
from core.session.document import Result
from core.training.run import Run

NARROWEST = 280  # pixels


class Page(QWidget):
    """Shows one result or run, complete or growing; a fixed page shows what it likes (see `FixedPage`)."""

    hovered = Signal(str)  # words about what the pointer is on, for the status bar
    view_changed = Signal()  # camera or mode: worth keeping with the session
    computation_wanted = Signal(str, object)  # item id, Request on the network and data of that item
    icon_name = "note"
    live_interval = 0.0  # seconds to leave between two growing results, where drawing one is dear

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item_id = item_id
        self.setMinimumWidth(NARROWEST)  # two pages must not push the docks together
        self.setObjectName(f"page.{item_id}")

    def show_result(self, result: Result | Run | None) -> None:
        """Draw a result; None shows that there is nothing yet. A fixed page has none to draw."""

    def show_neighbours(self, neighbours: Neighbours) -> None:
        """Use what else the session has of the same plane or network; most pages have no use for it."""

    def pin_grounds(self) -> Sequence[PinGround]:
        """The pictures that notes can be pinned to, each once made the same one; those made later come later."""
        return ()

    @property
    def pointed_anchor(self) -> Anchor | None:
        """What a note about what is pointed at or chosen would be pinned to; None for the item as a whole."""
        return None

    def reveal(self, anchor: Anchor) -> None:
        """Turn to the part of the page where that place is, and zoom out if it is not seen."""
        for ground in self.pin_grounds():
            ground.reveal(anchor)

    def image(self) -> QImage:
        """The picture as it is on the screen, at twice the resolution, for copying and export."""
        return picture_of(self)

    def view_state(self) -> dict[str, object]:
        """How the result is looked at, as plain values for the session."""
        return {}

    def restore_view(self, state: dict[str, object]) -> None:
        """The inverse of `view_state`; what is missing or makes no sense stays as it is."""

    def look(self) -> dict[str, object]:
        """All that is kept of how the page is looked at: what it tells itself, and what can be seen from outside."""
        state, parts = self.view_state(), look_of(self)
        return state | {"look": parts} if parts else state

    def restore(self, look: dict[str, object]) -> None:
        """The inverse of `look`."""
        self.restore_view(look)
        restore_look(self, look.get("look"))
