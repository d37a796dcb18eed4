"""Frames per second of the 3-D surface: ``xvfb-run python -m tests.performance.measure_surface_frames [points]``.

Prints what a turn of the camera, a snapshot of a growing surface and a complete one cost, from the call to the finished
picture in the window. On a busy machine the processor time says more than the frames per second.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QApplication

from app.render.gl.probe import probe_graphics
from app.render.gl.surface_view import SurfaceView
from core.landscape.surface import Surface
from tests.app.render.surfaces import surface_of

FRAMES = 60


def rough(points: int, phase: float) -> Surface:
    """A basin with hills, so that folds hide one another as on a real surface."""
    x, y = np.meshgrid(*[np.linspace(-1.0, 1.0, points)] * 2)
    hills = 1.5 + np.sin(9 * x + phase) * np.cos(8 * y - 2 * x)
    return surface_of(0.001 + 6 * np.hypot(x, y) ** 2 * hills)


def measure(step: Callable[[int], None]) -> tuple[float, float]:
    """Median milliseconds of wall time per frame, and mean milliseconds of processor time."""
    walls = []
    cpu = time.process_time()
    for frame in range(FRAMES):
        start = time.perf_counter()
        step(frame)
        QApplication.processEvents()
        walls.append(time.perf_counter() - start)
    return 1e3 * float(np.median(walls)), 1e3 * (time.process_time() - cpu) / FRAMES


def main(points: int) -> None:
    """Measure and print."""
    application = QApplication.instance() or QApplication([])
    view = SurfaceView()
    view.resize(800, 600)
    surfaces = [rough(points, 0.05 * frame) for frame in range(FRAMES)]
    view.set_surface(surfaces[0])
    view.show()
    while not view._stage.at_rest:
        application.processEvents()
    sys.stdout.write(f"{probe_graphics().renderer}, {points} x {points} points, 800 x 600 pixels, ")
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    state = view.camera_state()
    for name, step in (
        ("turn", lambda frame: view.set_camera_state({**state, "azimuth": 6.0 * frame - 180.0})),
        ("growing surface", lambda frame: view.set_surface(replace(surfaces[frame], status="partial"))),
        ("complete surface", lambda frame: view.set_surface(surfaces[frame])),
    ):
        wall, cpu = measure(step)
        sys.stdout.write(
            f"{name}: {1e3 / wall:.0f} frames per second, {wall:.1f} ms ({cpu:.1f} ms of processor time)\n"
        )
    view.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 101)
