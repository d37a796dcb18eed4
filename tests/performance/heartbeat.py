"""Hears when the event loop of the window stops beating, and what its thread does meanwhile."""

import sys
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

BEAT = 10  # milliseconds between two beats
LOOK = 0.004  # seconds between two looks at the thread
PATIENCE = 0.03  # seconds without a beat after which somebody looks
OURS = tuple(str(Path(__file__).parents[2] / name) for name in ("app", "core"))


@dataclass
class Gap:
    """A time without a beat."""

    step: str  # what was asked of the window last
    wall: float  # seconds
    cpu: float  # of them, seconds of the window's thread
    seen: Counter[str] = field(default_factory=Counter)  # places in the code, by how often they were seen

    def words(self, most: int) -> str:
        """One line, and the places where the thread was seen most often, its callers first."""
        total = max(self.seen["all"], 1)
        lines = [f"  {1e3 * self.wall:5.0f} ms ({1e3 * self.cpu:4.0f} ms of processor time)  {self.step}"]
        lines += [
            f"           {count * 100 // total:3d} %  {place}"
            for place, count in self.seen.most_common(most)
            if place != "all"
        ]
        return "\n".join(lines)


class Heartbeat(QObject):
    """Beats in the thread that makes it; another thread listens, and looks at what it does when it stops."""

    def __init__(self, least: float) -> None:
        super().__init__()
        self.step = "start"
        self.gaps: list[Gap] = []
        self._least = least
        self._seen: Counter[str] = Counter()
        self._last, self._cpu = time.perf_counter(), time.thread_time()
        self._beating = threading.get_ident()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)
        self._over = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True, name="listener")

    def start(self) -> None:
        """Begin to beat and to listen."""
        self._last, self._cpu = time.perf_counter(), time.thread_time()
        self._timer.start()
        self._listener.start()

    def stop(self) -> None:
        """End both."""
        self._timer.stop()
        self._over.set()
        self._listener.join()

    def _beat(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        if now - self._last >= self._least:
            self.gaps.append(Gap(self.step, now - self._last, cpu - self._cpu, self._seen))
        self._last, self._cpu, self._seen = now, cpu, Counter()

    def _listen(self) -> None:
        while not self._over.wait(LOOK):
            if time.perf_counter() - self._last < PATIENCE:
                continue
            frame = sys._current_frames().get(self._beating)
            self._seen["all"] += 1
            for one in {(one.filename, one.lineno, one.name) for one in traceback.extract_stack(frame)}:
                if one[0].startswith(OURS):
                    self._seen[f"{Path(one[0]).name}:{one[1]} {one[2]}"] += 1
