"""Reading the pixels of a 3-D view, for tests."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.render.gl.probe import probe_graphics


def show_surface(qtbot, surface=None, *, size=(500, 420), preset="top"):
    """A `SurfaceView` on screen, or the test is skipped."""
    probe = probe_graphics()
    if not probe:
        pytest.skip(f"no OpenGL here: {probe.reason}")
    from app.render.gl.surface_view import SurfaceView  # noqa: PLC0415  not where there is no OpenGL

    view = SurfaceView()
    qtbot.addWidget(view)
    view.resize(*size)
    view.set_camera_preset(preset)
    view.set_surface(surface)
    view.show()
    qtbot.waitExposed(view)
    settle(view)
    return view


def settle(view):
    """Let the first picture be drawn, and the camera come to rest."""
    QApplication.processEvents()
    for _ in range(500):
        if view._stage.at_rest:
            break
        QTest.qWait(10)
    QApplication.processEvents()


def shown(view):
    """What is on screen when the camera is at rest, (h, w, 3)."""
    settle(view)
    return pixels_of(view.grab().toImage())


def pixels_of(image: QImage) -> npt.NDArray[np.int64]:
    """The colours of a picture, (h, w, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.array(plain.constBits()).reshape(plain.height(), plain.bytesPerLine())[:, : 3 * plain.width()]
    return rows.reshape(plain.height(), plain.width(), 3).astype(np.int64)


def place_in_view(view, place):
    """The pixel (x, y) of the view at a place of the scene."""
    stage = view._stage
    x, y = stage.canvas.projection().to_pixels(np.array([place], dtype=float))[0]
    corner = stage.mapTo(view, QPoint(0, 0))
    return round(x) + corner.x(), round(y) + corner.y()


def pixel(view, pixels, place):
    """The colour at a place of the scene."""
    x, y = place_in_view(view, place)
    return pixels[y, x]
