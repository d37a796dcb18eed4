"""The camera in motion: a smooth way from one point of view to another, or round and round."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from app.render.cameras import Orbit, between

MILLISECONDS = 420  # from one point of view to another
FRAME = 16  # milliseconds between two steps; what takes longer to draw is stepped less often
ROUND = 24.0  # seconds for one turn of the turntable


class CameraMotion(QObject):
    """Moves a camera until it is there, is stopped, or is sent elsewhere."""

    turning_changed = Signal(bool)  # whether it goes round and round

    def __init__(self, parent: QObject, read: Callable[[], Orbit], move: Callable[[Orbit], None]) -> None:
        super().__init__(parent)
        self._read, self._move = read, move
        self._start, self._end = Orbit(), Orbit()
        self._turning = False
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._step)

    @property
    def under_way(self) -> bool:
        """Whether the camera moves by itself."""
        return self._timer.isActive()

    @property
    def turning(self) -> bool:
        """Whether it goes round and round."""
        return self._turning

    def go(self, target: Orbit) -> None:
        """Move from where the camera is now to the target."""
        self._set_turning(turning=False)
        self._start, self._end = self._read(), target
        self._clock.start()
        self._timer.start()

    def turn(self) -> None:
        """Go round and round until `stop`."""
        self._clock.start()
        self._timer.start()
        self._set_turning(turning=True)

    def stop(self) -> None:
        """Stay where the camera is now."""
        self._timer.stop()
        self._set_turning(turning=False)

    def _set_turning(self, *, turning: bool) -> None:
        if turning != self._turning:
            self._turning = turning
            self.turning_changed.emit(turning)

    def _step(self) -> None:
        if self._turning:
            self._move(self._read().turned(360.0 * self._clock.restart() / (1000.0 * ROUND), 0.0))
            return
        share = min(self._clock.elapsed() / MILLISECONDS, 1.0)
        if share >= 1.0:
            self._timer.stop()
        self._move(between(self._start, self._end, share * share * (3.0 - 2.0 * share)))
