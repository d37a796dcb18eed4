"""Offers to go on with surfaces, curves and other results that an unexpected end of Corrie interrupted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.recovering import InterruptedComputations, InterruptedResult
from app.actions.wording import short

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MOST_NAMED = 3


class Recovery(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        desk = window.desk
        self.interrupted = InterruptedComputations(desk.state, desk.history, self)
        self.interrupted.found.connect(self._offer)
        self.interrupted.restored.connect(self._on_restored)
        self.interrupted.failed.connect(desk.computations.failed)
        desk.keeps.failed.connect(desk.computations.failed)

    def _offer(self, found: tuple[InterruptedResult, ...]) -> None:
        names = ", ".join(f"“{short(one.item.name)}”" for one in found[:MOST_NAMED])
        names += f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        what = "Its partial result is" if len(found) == 1 else "Their partial results are"
        self._window.offers.offer(
            f"Corrie ended while it computed {names}. {what} kept.",
            (
                ("Restore", lambda: self.interrupted.restore(found)),
                ("Throw away", lambda: self.interrupted.discard(found)),
            ),
        )

    def _on_restored(self, item_id: str) -> None:
        self._window.desk.selection.select(item_id)
        self._window.pages.open_page(item_id)
