"""Notices when the window does not answer, and writes down where its thread is."""

import contextlib
import faulthandler
import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QObject, QTimer

BEAT_MILLISECONDS = 100
FROZEN_SECONDS = 0.5  # without a beat
HELD_SECONDS = 1.0  # without any Python at all: a library holds the interpreter, and only C can look
LATE_SECONDS = 0.5  # that the alarm goes off behind its time: nothing of this process ran, so nothing held it either
MOST_WRITTEN = 50  # freezes of one run: the log is for people

_log = logging.getLogger(__name__)


class FreezeWatch(QObject):
    """A timer beats in the window's thread; another thread listens, and looks at that thread when it stops.

    Where a library holds Python's lock, the listener cannot look either. So it winds up an alarm of `faulthandler` at
    each of its turns, which goes off when it does not come back, and writes all stacks to a file of its own. A computer
    that slept is no freeze: the alarm is late then, and the window is listened to anew.

    Parameters
    ----------
    path : Path
        Of that file; it is removed at the end if nothing was written there.
    """

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._file: BinaryIO | None = None
        self._read = self._written = 0
        self._last: float | None = None  # nothing is awaited before the event loop has begun
        self._frozen_since: float | None = None
        self._wound_up = 0.0  # when the alarm was, by the clock of files
        self._watched = threading.get_ident()
        self._over = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MILLISECONDS)
        self._timer.timeout.connect(self._beat)
        self._listener = threading.Thread(target=self._listen, name="corrie-freezes", daemon=True)

    def start(self) -> None:
        """Begin to beat and to listen. Raises `OSError` if the file cannot be made."""
        self._file = self._path.open("wb", buffering=0)
        self._timer.start()
        self._listener.start()

    def stop(self) -> None:
        """End both."""
        self._timer.stop()
        self._over.set()
        self._listener.join()
        if self._file is not None:
            self._file.close()
            with contextlib.suppress(OSError):
                if not self._path.stat().st_size:
                    self._path.unlink()

    def _beat(self) -> None:
        now, since = time.monotonic(), self._frozen_since
        self._last, self._frozen_since = now, None
        if since is not None:
            _log.warning("The window answers again after %.1f s.", now - since)

    def _listen(self) -> None:
        turned = anew = time.monotonic()
        while not self._over.wait(BEAT_MILLISECONDS / 1000):
            now, last = time.monotonic(), self._last
            if now - turned >= FROZEN_SECONDS:  # this thread did not run either
                anew = now
            turned = now
            if self._file is None or last is None:
                continue
            self._wind_up(self._file)
            since = max(last, anew)
            if now - since >= FROZEN_SECONDS and self._frozen_since is None:
                self._frozen_since = since
                self._report(f"has not answered for {now - since:.1f} s. It is here:", self._stack())
        faulthandler.cancel_dump_traceback_later()

    def _wind_up(self, file: BinaryIO) -> None:
        """Set the alarm again, and bring what it wrote until now into the log."""
        faulthandler.cancel_dump_traceback_later()
        self._report_held()
        if self._written < MOST_WRITTEN:
            self._wound_up = time.time()
            faulthandler.dump_traceback_later(HELD_SECONDS, file=file)

    def _stack(self) -> str:
        frame = sys._current_frames().get(self._watched)  # noqa: SLF001  the documented way, for debuggers
        return "".join(traceback.format_stack(frame))

    def _report_held(self) -> None:
        """What the alarm wrote, into the log, where it has a time."""
        with contextlib.suppress(OSError):
            found = self._path.stat()
            if found.st_size == self._read:
                return
            with self._path.open("rb") as file:
                file.seek(self._read)
                text = file.read()
            self._read += len(text)
            stood = found.st_mtime - self._wound_up
            if stood >= HELD_SECONDS + LATE_SECONDS:
                _log.info("Nothing of Corrie ran for %.0f s: the computer slept, or had no time for it.", stood)
            else:
                self._report("could not run any Python. All threads were here:", text.decode(errors="replace"))

    def _report(self, words: str, stack: str) -> None:
        self._written += 1
        if self._written <= MOST_WRITTEN:
            _log.warning("The window %s\n%s", words, stack)
