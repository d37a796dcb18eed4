"""How the window takes a large session: ``xvfb-run python -m tests.performance.measure_large_session [megabytes]``.

Writes a session of so many megabytes (1000 without a number), opens it in the real application, looks at some of it,
and saves it. Prints how long each took, what the process took of the processor, the times for which the event loop did
not turn, and the most memory that the process had. The session is written by another process, so that this one has
nothing of it.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.commands.items import RenameItem
from app.views.main_window import MainWindow
from core.session.files import save_document
from tests.performance.big_sessions import MEGABYTE, big_session
from tests.performance.heartbeat import Heartbeat
from tests.performance.measure_stalls import running

LEAST = 0.1  # seconds of a gap that is told of
LOOK = 5  # milliseconds between two looks whether a step is done
LONGEST = 600_000  # milliseconds that a step may take
PLACES = 6


def write(path: Path, size: int) -> None:
    """Write the session."""
    save_document(big_session(size), path)


def step(heart: Heartbeat, name: str, act: Callable[[], object], done: Callable[[], bool]) -> None:
    """Do one thing, wait until it is done, and tell how long it took."""
    heart.step = name
    loop, look = QEventLoop(), QTimer()
    look.setInterval(LOOK)
    look.timeout.connect(lambda: loop.quit() if done() else None)
    QTimer.singleShot(0, act)
    QTimer.singleShot(LONGEST, loop.quit)
    began, worked, shown = time.perf_counter(), time.process_time(), time.thread_time()
    look.start()
    loop.exec()
    look.stop()
    sys.stdout.write(
        f"{name}: {time.perf_counter() - began:.2f} s, {time.process_time() - worked:.2f} s of the processor, "
        f"{time.thread_time() - shown:.2f} s of them of the window's thread\n"
    )
    for gap in heart.gaps:
        if gap.step == name:
            sys.stdout.write(gap.words(PLACES) + "\n")


def walk(window: MainWindow, heart: Heartbeat, path: Path) -> None:
    """Open, look, rename, save."""
    state = window.desk.state
    rest = time.perf_counter() + 3.0
    step(heart, "welcome", lambda: None, lambda: time.perf_counter() > rest)
    step(heart, "open the session", lambda: window.open_paths([path]), lambda: "spectrum-0" in state.document.items)
    for item_id in ("surface-0", "spectrum-0", "network-0", "dataset-0"):
        later = time.perf_counter() + 2.0
        step(
            heart,
            f"look at {item_id}",
            lambda item_id=item_id: window.desk.selection.select(item_id),
            lambda later=later: time.perf_counter() > later,
        )
    later = time.perf_counter() + 3.0
    step(heart, "page", lambda: window.pages.open_page("surface-0"), lambda: time.perf_counter() > later)
    for generation in ("first", "second"):
        window.desk.history.push(RenameItem("surface-0", f"{generation} name"))
        step(heart, f"{generation} save", lambda: window.desk.file.save(path), lambda: not state.dirty)


def main(size: int) -> None:
    """Write, open, look, save."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "large.corrie.h5"
        with running(LEAST) as (window, heart):
            ask = [sys.executable, "-m", "tests.performance.measure_large_session", "--write", str(path), str(size)]
            subprocess.run(ask, check=True)  # with the seals of these settings
            sys.stdout.write(f"{path.stat().st_size:,} bytes\n")
            walk(window, heart, path)
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            sys.stdout.write(f"{most:.0f} MB at most, load {os.getloadavg()[0]:.1f}\n")
    QApplication.quit()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main((int(sys.argv[1]) if len(sys.argv) > 1 else 1000) * MEGABYTE)
