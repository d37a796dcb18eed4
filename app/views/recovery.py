"""Offers to go on with surfaces, curves and other results that an unexpected end of Corrie interrupted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.recovering import InterruptedComputations, InterruptedResult
from app.actions.wording import short
from app.views.restoring_offer import RestoringOffer, listed

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class Recovery(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        desk = window.desk
        self.interrupted = InterruptedComputations(desk.state, desk.history, self)
        self._offer = RestoringOffer(window, self.interrupted, _sentence)
        self.interrupted.failed.connect(desk.computations.failed)
        desk.keeps.failed.connect(desk.computations.failed)


def _sentence(found: Sequence[InterruptedResult]) -> str:
    what = "Its partial result is" if len(found) == 1 else "Their partial results are"
    return f"Corrie ended while it computed {listed([f'“{short(one.item.name)}”' for one in found])}. {what} kept."
