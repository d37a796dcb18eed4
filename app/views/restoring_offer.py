"""Offers to go on with what an unexpected end of Corrie interrupted, and shows what was restored."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.actions.kept import InterruptedWork

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MOST_NAMED = 3


class RestoringOffer(QObject):
    """Made once by the main window for each kind of work.

    Parameters
    ----------
    work : InterruptedWork
        What looks for it. The offer belongs to it.
    sentence : callable
        What is said of everything that was found.
    """

    def __init__(
        self, window: "MainWindow", work: InterruptedWork[Any], sentence: Callable[[Sequence[Any]], str]
    ) -> None:
        super().__init__(work)
        self._window, self._work, self._sentence = window, work, sentence
        work.found.connect(self._offer)
        work.restored.connect(self._on_restored)

    def _offer(self, found: Sequence[Any]) -> None:
        self._window.offers.offer(
            self._sentence(found),
            (
                ("Restore", lambda: self._work.restore(found)),
                ("Throw away", lambda: self._work.discard(found)),
            ),
        )

    def _on_restored(self, item_id: str) -> None:
        self._window.desk.selection.select(item_id)
        self._window.pages.open_page(item_id)


def listed(names: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
