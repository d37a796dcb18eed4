"""Errors that nobody caught, in slots and in threads: written down, told in words, and survived."""

import logging
import sys
import threading
import time
import traceback
from collections import Counter
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from app.jobs.failure import JobFailure, failure_of

MOST_ALIKE = 5  # of one error or message, then it is only counted: some come with every repaint
QUIET_SECONDS = 30.0  # before the same error is shown again

UNFORESEEN = (
    "Something went wrong inside Corrie that nobody foresaw ({kind}). The session is as it was, and you can go on; "
    "what you did last may not have happened. Copy the report and send it, so that it can be mended."
)

_log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class UnhandledErrors(QObject):
    """Takes the place of Python's and Qt's own ways to say that something went wrong, until `uninstall`."""

    happened = Signal(object)  # JobFailure, in the thread of whoever is connected

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: Counter[str] = Counter()
        self._shown: dict[str, float] = {}  # when
        self._before: tuple[Any, Any, Any] = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def install(self) -> None:
        """From now on."""
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error
        sys.unraisablehook = self._on_unraisable
        qInstallMessageHandler(self._on_message)

    def uninstall(self) -> None:
        """As it was before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        qInstallMessageHandler(None)

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """PySide calls this for an error in a slot, and goes on."""
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        if self._tell(error.with_traceback(trace), "in the window"):
            self._before[0](kind, error, trace)

    def _on_thread_error(self, what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None and not isinstance(what.exc_value, SystemExit):
            name = "a thread" if what.thread is None else what.thread.name
            if self._tell(what.exc_value, f"in the thread {name}"):
                self._before[1](what)

    def _on_unraisable(self, what: "sys.UnraisableHookArgs") -> None:
        """Errors where there is nobody to tell, such as in a destructor: for the log only."""
        words = "".join(traceback.format_exception(what.exc_type, what.exc_value, what.exc_traceback))
        if self._is_new(words):
            _log.warning("%s %r\n%s", what.err_msg or "An error was ignored in", what.object, words)

    def _on_message(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if self._is_new(message):
            _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)
            if sys.stderr is not None and kind is not QtMsgType.QtDebugMsg:
                sys.stderr.write(f"{message}\n")

    def _tell(self, error: BaseException, where: str) -> bool:
        """Returns whether it is new enough for those who read a terminal."""
        found = failure_of(error, where)
        place = traceback.extract_tb(error.__traceback__)[-1:]
        key = f"{type(error).__name__} {place}"
        if new := self._is_new(key):
            _log.error("An error was not handled %s.\n%s", where, found.details)
        now = time.monotonic()
        if now - self._shown.get(key, -QUIET_SECONDS) < QUIET_SECONDS:
            return new
        self._shown[key] = now
        kind = "unexpected" if found.kind == "explained" else found.kind
        message = str(error) if found.kind == "explained" else UNFORESEEN.format(kind=type(error).__name__)
        self.happened.emit(JobFailure(kind, message, found.details))
        return new

    def _is_new(self, key: str) -> bool:
        self._seen[key] += 1
        return self._seen[key] <= MOST_ALIKE
