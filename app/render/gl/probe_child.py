"""Tries OpenGL and prints the answer as one line of JSON; run by `app.render.gl.probe` as a process of its own."""

import json
import sys

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext
from PySide6.QtWidgets import QApplication

GL_RENDERER = 0x1F01
GL_VERSION = 0x1F02


def answer() -> dict[str, str | int]:
    """Make a context as the window would, clear a picture with it, and name the driver."""
    context = QOpenGLContext()
    if not context.create():
        return _refusal("This display offers no OpenGL.")
    surface = QOffscreenSurface()
    surface.setFormat(context.format())
    surface.create()
    if not (surface.isValid() and context.makeCurrent(surface)):
        return _refusal("OpenGL is there but cannot be used on this display.")
    functions = context.functions()
    functions.glClearColor(0.0, 0.0, 0.0, 1.0)
    functions.glClear(0x4000)
    functions.glFinish()
    release = context.format().version()
    found: dict[str, str | int] = {
        "reason": "",
        "renderer": str(functions.glGetString(GL_RENDERER)),
        "version": str(functions.glGetString(GL_VERSION)),
        "major": int(release[0]),
        "minor": int(release[1]),
    }
    context.doneCurrent()
    return found


def _refusal(reason: str) -> dict[str, str | int]:
    return {"reason": reason, "renderer": "", "version": "", "major": 0, "minor": 0}


def main() -> int:
    """Print the answer."""
    application = QApplication(sys.argv[:1])
    sys.stdout.write(json.dumps(answer()) + "\n")
    sys.stdout.flush()
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
