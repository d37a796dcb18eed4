"""Whether OpenGL can be used here, tried where it can do no harm: in a process of its own."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QGuiApplication

SECONDS = 15.0  # a driver that needs longer for one empty picture cannot be turned by hand either
_asking = threading.Lock()
OLDEST = (2, 1)  # GLSL 1.20
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software rasterizer", "basic render")


@dataclass(frozen=True, kw_only=True)
class GraphicsProbe:
    """True where surfaces can be drawn in three dimensions; otherwise `reason` is a sentence that says why not."""

    usable: bool
    reason: str = ""
    renderer: str = ""  # such as "llvmpipe (LLVM 15.0.6, 256 bits)"
    version: str = ""  # of OpenGL, as the driver writes it

    def __bool__(self) -> bool:
        return self.usable

    @property
    def software(self) -> bool:
        """Whether the processor does the work of a graphics card."""
        return any(name in self.renderer.lower() for name in SOFTWARE)


def probe_graphics() -> GraphicsProbe:
    """Try OpenGL in a child process, once per process; a driver that crashes or hangs takes nothing with it.

    It takes up to two seconds, so it is first called from a thread while the window starts; whoever needs the answer
    meanwhile waits for that one.
    """
    with _asking:
        return _probe_once()


@cache
def _probe_once() -> GraphicsProbe:
    if os.environ.get("CORRIE_NO_OPENGL") == "1":
        return GraphicsProbe(usable=False, reason="OpenGL was switched off with CORRIE_NO_OPENGL=1.")
    return ask([sys.executable, "-P", "-m", "app.render.gl.probe_child"], SECONDS)


def ask(command: list[str], seconds: float) -> GraphicsProbe:
    """Run a child that tries OpenGL and understand its answer, or its death."""
    # The child finds this package from wherever it is started (and, by -P, nothing else in the current folder), and
    # asks the display that the window uses, even if that was chosen on the command line.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    if QGuiApplication.instance() is not None:
        environment["QT_QPA_PLATFORM"] = QGuiApplication.platformName()
    try:
        child = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, env=environment, check=False, encoding="utf-8"
        )
    except subprocess.TimeoutExpired:
        return GraphicsProbe(usable=False, reason=f"The graphics driver did not answer within {seconds:g} seconds.")
    except OSError as error:
        return GraphicsProbe(usable=False, reason=f"OpenGL could not be tried: {error.strerror}.")
    if child.returncode < 0:
        reason = f"The graphics driver crashed when it was tried (signal {-child.returncode})."
        return GraphicsProbe(usable=False, reason=reason)
    if child.returncode > 0:
        last = (child.stderr.strip().splitlines() or ["it said nothing"])[-1].rstrip(".")
        reason = f"The trial of OpenGL failed with code {child.returncode}: {last}."
        return GraphicsProbe(usable=False, reason=reason)
    return _judged((child.stdout.strip().splitlines() or [""])[-1])


def _judged(line: str) -> GraphicsProbe:
    try:
        answer = json.loads(line)
        reason, renderer, version = (str(answer[name]) for name in ("reason", "renderer", "version"))
        release = (int(answer["major"]), int(answer["minor"]))
    except (ValueError, KeyError, TypeError):
        return GraphicsProbe(usable=False, reason="The trial of OpenGL gave no readable answer.")
    if not reason and release < OLDEST:
        reason = f"The graphics driver offers OpenGL {release[0]}.{release[1]}; 2.1 is needed."
    return GraphicsProbe(usable=not reason, reason=reason, renderer=renderer, version=version)
