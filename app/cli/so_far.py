"""What a long command has computed so far, saved while it goes on: a crash or a power cut costs half a minute."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable
from typing import Self

from core.errors import CorrieError

SAVE_SECONDS = 30.0  # between two saves, at least
SHARE = 20  # and so many times what the last save took: large sessions are saved more rarely


class SavesSoFar:
    """Gives the newest partial result to somebody who saves it, in a thread of its own, while others compute.

    The engine only leaves its snapshot here. A save that fails is told once, and tried again: the computation goes on.

    Parameters
    ----------
    save : callable, optional
        Called in the thread; raises `CorrieError`. None: nothing is saved on the way.
    """

    def __init__(self, save: Callable[[object], None] | None) -> None:
        self._save = save
        self._newest: object = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="saving", daemon=True)
        self._told = False

    def put(self, snapshot: object) -> None:
        """Remember the newest partial result. Called in the engine's thread, as often as it likes."""
        self._newest = snapshot

    def __enter__(self) -> Self:
        if self._save is not None:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """No save begins after this. One that is under way ends first, so that it replaces nothing newer."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause, saved = SAVE_SECONDS, None
        while not self._over.wait(pause):
            newest = self._newest
            if newest is None or newest is saved:
                continue
            began = time.monotonic()
            self._attempt(newest)
            saved, pause = newest, max(SAVE_SECONDS, SHARE * (time.monotonic() - began))

    def _attempt(self, newest: object) -> None:
        try:
            if self._save is not None:
                self._save(newest)
        except (CorrieError, OSError) as error:
            if not self._told:
                self._told = True
                with contextlib.suppress(OSError):  # nobody may be there to read it
                    text = f"\nWhat is computed so far could not be saved; computing goes on. {error}"
                    print(text, file=sys.stderr, flush=True)
