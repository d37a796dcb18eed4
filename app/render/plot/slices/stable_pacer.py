"""Redraws the stable set of a box that is being resized, as often as the machine can afford."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.render.plot.slices.box_geometry import Pair

AFFORDABLE = 0.016  # seconds: a drawing that takes longer is not done at every move of the mouse


class StablePacer(QObject):
    """Calls `draw` with the newest half-widths; where that is slow, it leaves as much time free as it takes."""

    def __init__(self, draw: Callable[[Pair], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draw = draw
        self._wanted: Pair | None = None
        self._shown: Pair | None = None
        self._cost = 0.0  # seconds of the last drawing
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._catch_up)

    def shown(self, half_width: Pair) -> None:
        """The set of these half-widths is on screen already."""
        self._timer.stop()
        self._shown = self._wanted = half_width

    def forget(self) -> None:
        """Nothing on screen is right any more."""
        self._shown = None

    def ask(self, half_width: Pair, *, at_once: bool) -> None:
        """The set of these half-widths is wanted; nothing happens if it is the one on screen."""
        self._wanted = half_width
        if at_once or (self._cost <= AFFORDABLE and not self._timer.isActive()):
            self._catch_up()
        elif not self._timer.isActive():
            self._timer.start(round(1000 * self._cost))

    def _catch_up(self) -> None:
        self._timer.stop()
        if self._wanted is None or self._wanted == self._shown:
            return
        began = time.perf_counter()
        self._draw(self._wanted)
        self._cost = time.perf_counter() - began
        self._shown = self._wanted
