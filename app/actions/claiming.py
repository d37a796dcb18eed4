"""Whose a session file is: the window that opened it first may write it, another one only reads.

The lock lies beside the file, so that it holds between machines that share a drive, too. A window that was killed on
this machine leaves a lock of a process that is gone, which is taken over; one on another machine stops to beat.
"""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from app.jobs.background import run_in_background
from app.state.document_state import DocumentState
from app.state.process_lock import process_lock

BEAT_SECONDS = 60.0  # between two signs of life of a window that holds a file
GONE_SECONDS = 600.0  # without a sign of life, after which a window on another machine counts as gone
LOOK_MILLISECONDS = 5_000  # between two looks whether the file has become free


@dataclass(frozen=True)
class Owner:
    """The window that holds a file."""

    process: int
    machine: str
    gone: bool  # it has given no sign of life for long

    @property
    def words(self) -> str:
        """``another Corrie window (process 4711 on lab-3)``."""
        return f"another Corrie window (process {self.process} on {self.machine})"


class FileClaim:
    """The lock of one session file. May be used in any thread, in one at a time."""

    def __init__(self, path: Path) -> None:
        target = path.resolve()
        self.path = target
        self._place = target.with_name(f".{target.name}.lock")
        self._lock = process_lock(self._place)
        self._mine: tuple[int, str, str] | None = None  # what the lock says while it is this window's

    def take(self) -> bool:
        """Hold the file, unless a living window does. Where nothing can be written, there is nothing to hold."""
        if self._lock.tryLock(0):
            self._mine = self._lock.getLockInfo()
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            return True
        return not os.access(self._place.parent, os.W_OK)  # a lock left on a medium that cannot be written keeps nobody

    def seize(self) -> bool:
        """Take it from a window that is gone."""
        with contextlib.suppress(OSError):
            self._place.unlink()
        self._lock = process_lock(self._place)
        return self.take()

    def owner(self) -> Owner | None:
        """Who holds it; None if that is over by now."""
        process, machine, _application = self._lock.getLockInfo()
        with contextlib.suppress(OSError):
            return Owner(process, machine, time.time() - self._place.stat().st_mtime > GONE_SECONDS)
        return None

    def beat(self) -> bool:
        """Give a sign of life. False if another window took the file, because this one had given none for long."""
        if self._lost():
            self._leave()
            return False
        with contextlib.suppress(OSError):
            os.utime(self._place)
        return True

    def release(self) -> None:
        """Let the file go; what another window took meanwhile stays that one's."""
        if self._lost():
            self._leave()
        else:
            self._lock.unlock()
        self._mine = None

    def _leave(self) -> None:
        """Forget the lock without removing the file, which is another window's by now."""
        theirs = self._place.with_name(f"{self._place.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            os.link(self._place, theirs)
        self._lock.unlock()  # it removes the file, whoever's it is
        with contextlib.suppress(OSError):
            theirs.rename(self._place)
        self._lock, self._mine = process_lock(self._place), None

    def _lost(self) -> bool:
        return self._mine is not None and self.owner() is not None and self._lock.getLockInfo() != self._mine


class Claims(QObject):
    """Holds the file of the session that is open, or says that somebody else does."""

    taken = Signal(object)  # Owner, or None: the file is somebody else's, the session can only be read
    free = Signal()  # it no longer is: it can be saved again

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._claim: FileClaim | None = None
        self._held = False
        self._looking: FileClaim | None = None  # what is looked at in the background
        self._beat = QTimer(self)
        self._beat.setInterval(round(1000 * BEAT_SECONDS))
        self._beat.timeout.connect(self.give_sign)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MILLISECONDS)
        self._look.timeout.connect(self.look)
        state.path_changed.connect(self._follow)
        state.opened.connect(self._follow)

    def look(self) -> None:
        """Look, in the background, whether the window that held the file is gone."""
        claim = self._claim
        if claim is None or self._held or self._looking is not None:
            return
        self._looking = claim

        def done(held: bool) -> None:  # noqa: FBT001
            self._looking = None
            if claim is not self._claim:
                claim.release()
            elif held:
                self._hold()
                self.free.emit()

        run_in_background(claim.take, done, lambda _failure: done(held=False), name=claim.path.name, owner=self)

    def seize(self) -> None:
        """Take the file from a window that is gone."""
        if self._claim is None:
            return
        if self._claim.seize():
            self._hold()
            self.free.emit()
        else:  # it has come back meanwhile, or its lock cannot be removed
            self.taken.emit(self._claim.owner())

    def give_sign(self) -> None:
        """Show others that the window lives, and learn whether one of them took the file because it did not."""
        claim = self._claim
        if claim is None or not self._held:
            return

        def done(ours: bool) -> None:  # noqa: FBT001
            if claim is self._claim and not ours:
                self._beat.stop()
                self._held = False
                self._read_only()

        run_in_background(claim.beat, done, lambda _: None, name=claim.path.name, owner=self)

    def release(self) -> None:
        """Let the file go: the window closes."""
        self._beat.stop()
        self._look.stop()
        claim, self._claim = self._claim, None
        if claim is not None:
            claim.release()

    def _follow(self) -> None:
        path = self._state.path
        if path is None:
            self.release()
            self._state.set_read_only(False)
            return
        claim = FileClaim(path)
        known = self._claim is not None and claim.path == self._claim.path
        if not known:
            self.release()
            self._claim, self._held = claim, False
        if self._claim is None or self._held or self._looking is self._claim:
            return
        if self._claim.take():
            self._hold()
        elif not known:
            self._read_only()

    def _hold(self) -> None:
        self._held = True
        self._look.stop()
        self._beat.start()
        self._state.set_read_only(False)

    def _read_only(self) -> None:
        self._state.set_read_only(True)
        self._look.start()
        if self._claim is not None:
            self.taken.emit(self._claim.owner())
