"""Every test of the application starts with fresh settings, and fails if it leaves something running or on screen."""

import gc
import os
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterator

import pytest

# Before Qt looks for a screen. A display is used where there is one, so that the gl tests can run under Xvfb.
if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from tests.app.moving import wait_for_moves

wait_for_moves()
PATIENCE = 2.0  # seconds for a thread that was told to end
LONG_PATIENCE = 30.0  # seconds for work in the background, which ends by itself, though not soon where all is busy
INTERNAL_WINDOWS = {"QTipLabel", "QComboBoxPrivateContainer"}  # Qt makes these once and keeps them


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings of whoever runs it, nor those of another test."""
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path_factory.mktemp("settings")))


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test after which a thread or timer runs, background work is under way, or a window is left."""
    threads_before = set(threading.enumerate())
    windows_before = _windows()
    with pytest.MonkeyPatch.context() as patch:
        timers = _record_starts(patch, QTimer)
        qthreads = _record_starts(patch, QThread)
        yield
    complaints: list[str] = []
    if QCoreApplication.instance() is not None:
        if not wait_for_background(int(LONG_PATIENCE * 1000)):
            complaints.append("Work in the background is still under way. Wait for it with wait_for_background.")
        _delete_what_asked_for_it()
        complaints += _alive(qthreads, QThread.isRunning, "QThread still runs. Call quit() and wait().")
        complaints += _alive(timers, QTimer.isActive, "QTimer still runs. Stop it, or delete its parent.")
        complaints += [
            f"A window is left: {window!r}. Give it a parent, or hand it to qtbot.addWidget."
            for window in _left(windows_before)
        ]
    complaints += [
        f"Thread {thread.name} still runs. JobManager.shutdown ends the engine's."
        for thread in _still_running(threads_before)
    ]
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture
def qtbot(qtbot: QtBot) -> Iterator[QtBot]:
    """Holds on to the widgets of a test until they are closed.

    pytest-qt remembers them weakly. A widget that is shown, but whose test has returned, is then garbage if it is part
    of a cycle; a collection in the middle of its own painting takes it away, and the process crashes.
    """
    held: list[QWidget] = []
    add = qtbot.addWidget

    def add_and_hold(widget: QWidget, **what: Callable[[QWidget], None]) -> None:
        held.append(widget)
        add(widget, **what)

    qtbot.addWidget = add_and_hold  # type: ignore[method-assign]  # for this test only: every test has a bot of its own
    yield qtbot
    held.clear()


Starts = list[tuple["weakref.ref[QObject]", str]]


def _record_starts(monkeypatch: pytest.MonkeyPatch, kind: type[QTimer] | type[QThread]) -> Starts:
    """Remember which objects of that class were started from Python, and by which line."""
    original: Callable[..., object] = kind.start
    starts: Starts = []

    def start(self: QObject, *arguments: object) -> object:
        caller = traceback.extract_stack(limit=2)[0]
        starts.append((weakref.ref(self), f"{caller.filename}:{caller.lineno}"))
        return original(self, *arguments)

    monkeypatch.setattr(kind, "start", start)
    return starts


def _alive(starts: Starts, runs: Callable[..., bool], advice: str) -> list[str]:
    return [
        f"Started at {place}: {advice}"
        for thing, place in [(ref(), place) for ref, place in starts]
        if thing is not None and shiboken6.isValid(thing) and runs(thing)
    ]


def _windows() -> list[QWidget]:
    if not isinstance(QCoreApplication.instance(), QApplication):
        return []
    return [window for window in QApplication.topLevelWidgets() if window.parent() is None]


def _left(before: list[QWidget]) -> list[QWidget]:
    """Windows that were not there before the test. Cycles of Python objects get a chance to go first."""

    def new() -> list[QWidget]:
        return [w for w in _windows() if w not in before and w.metaObject().className() not in INTERNAL_WINDOWS]

    if new():
        gc.collect()
        _delete_what_asked_for_it()
    return new()


def _still_running(before: set[threading.Thread]) -> list[threading.Thread]:
    """Python threads begun in the test that do not end soon. Threads that Qt made are its own affair."""
    ends_at = time.monotonic() + PATIENCE
    for thread in (begun := _begun(before)):
        thread.join(max(0.0, ends_at - time.monotonic()))
    return [thread for thread in begun if thread.is_alive()]


def _begun(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and type(thread).__name__ != "_DummyThread" and "pytest_timeout" not in thread.name
    ]


def _delete_what_asked_for_it() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
