"""What pins are stuck into: a widget that knows where a place of its result is on the screen, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtWidgets import QWidget

from core.review.note import Anchor


@dataclass(frozen=True)
class Spot:
    """Where a pin's tip is, in logical pixels of the ground's widget."""

    point: QPointF
    hidden: bool = False  # behind a part of the picture: the pin is drawn faintly


class PinGround(QObject):
    """One picture of a result. Every kind of picture has its own; pins lie over its widget."""

    moved = Signal()  # places are elsewhere on the screen now: zoomed, turned, resized, or another result is shown

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget

    def spots_of(self, anchors: Sequence[Anchor]) -> list[Spot | None]:
        """Where each place is seen; None for one that is not seen now, or is none of this picture."""
        raise NotImplementedError

    def spot_of(self, anchor: Anchor) -> Spot | None:
        """The same for one."""
        return self.spots_of([anchor])[0]

    def anchor_at(self, point: QPointF) -> Anchor | None:
        """What lies under a pixel of the widget; None where nothing does that a note could be about."""
        raise NotImplementedError

    def reveal(self, anchor: Anchor) -> None:
        """Zoom or turn so that this place is seen, if it is not."""
