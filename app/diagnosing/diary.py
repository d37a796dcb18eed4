"""All that is written down while a window runs: begun before it is made, ended after it has closed."""

import contextlib
import faulthandler
import logging
import os
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QObject

from app.diagnosing.freezes import FreezeWatch
from app.diagnosing.hooks import UnhandledErrors
from app.diagnosing.places import new_file
from core import __version__

LARGEST = 2**20  # bytes of a log, then it begins anew and the one before is kept
_log = logging.getLogger(__name__)


class Diary(QObject):
    """Log, crashes, freezes, unhandled errors. Where nothing can be written, errors are still told in the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.errors = UnhandledErrors(self)
        self._handler: RotatingFileHandler | None = None
        self._crash: TextIO | None = None
        self._freezes: FreezeWatch | None = None

    def begin(self) -> None:
        """From now on."""
        self.errors.install()
        with contextlib.suppress(OSError):
            self._begin_files()
        _log.info("Corrie %s begins, process %d.", __version__, os.getpid())

    def end(self) -> None:
        """The window has closed, as it should."""
        _log.info("Corrie ends.")
        self.errors.uninstall()
        if self._freezes is not None:
            self._freezes.stop()
        if self._crash is not None:
            self._end_crash(self._crash)
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()

    def _begin_files(self) -> None:
        handler = RotatingFileHandler(new_file("log"), maxBytes=LARGEST, backupCount=1, encoding="utf-8")
        written = logging.Formatter("%(asctime)sZ %(levelname)s %(threadName)s %(name)s: %(message)s")
        written.converter = time.gmtime
        handler.setFormatter(written)
        root = logging.getLogger()
        root.addHandler(handler)
        root.setLevel(min(root.level, logging.INFO) if root.level else logging.INFO)
        self._handler = handler
        self._crash = new_file("crash").open("w", encoding="utf-8")
        faulthandler.enable(self._crash)
        self._freezes = FreezeWatch(new_file("freeze"), self)
        self._freezes.start()

    @staticmethod
    def _end_crash(file: TextIO) -> None:
        """Nothing was written there: it ends as it should."""
        faulthandler.disable()
        file.close()
        with contextlib.suppress(OSError):
            place = Path(file.name)
            if not place.stat().st_size:
                place.unlink()
