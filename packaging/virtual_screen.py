"""A screen that nobody sees, for tests that draw real windows on Linux."""

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from complaint import Complaint

START_LIMIT = 30.0  # seconds; a busy machine needs a few


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a window can be shown to somebody: on Linux only where X11 or Wayland was announced."""
    return platform != "linux" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_screen() -> Iterator[dict[str, str]]:
    """Start Xvfb on a free display and give the environment for its clients; stop it whatever happens.

    Outside Linux a test may use the real screen, and the environment is the present one.
    """
    if sys.platform != "linux":
        yield dict(os.environ)
        return
    previous = signal.signal(signal.SIGTERM, _leave)  # or a killed test run would leave its screen behind
    reading, writing = os.pipe()
    # -noreset: the server must not start afresh each time the last window closes, which is between any two tests.
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        display = _announced_display(reading)
        environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        yield environment | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    finally:
        os.close(reading)
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        signal.signal(signal.SIGTERM, previous)


def _announced_display(reading: int) -> str:
    """Wait for Xvfb to write the number of the display it took."""
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        text = b""
        while not text.endswith(b"\n"):
            piece = os.read(reading, 16) if selector.select(START_LIMIT) else b""
            if not piece:
                raise Complaint("Xvfb, the virtual screen, did not start. Try `Xvfb -displayfd 1` to see why.")
            text += piece
    return f":{text.decode().strip()}"


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Turn a polite kill into an exit that passes every `finally`."""
    raise SystemExit(128 + signal.SIGTERM)
