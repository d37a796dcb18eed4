"""Frames per second of the 3-D surface: ``xvfb-run python -m tests.performance.measure_surface_frames [points] [job]``.

Prints what a turn of the camera, a snapshot of a growing surface and a complete one cost, from the call to the finished
picture in the window. On a busy machine the processor time says more than the frames per second. With ``job`` the
engine's own thread computes the surface of a ResNet-20 meanwhile, as it does beside the window.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication

from app.jobs.worker import EngineWorker, Outcome
from app.render.gl.probe import probe_graphics
from app.render.gl.surface_view import SurfaceView
from core.job import ControlledJob
from core.landscape.surface import Surface, SurfaceRequest
from core.runtime import prepare_environment, prepare_torch
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


class _Counting(ControlledJob):
    """Counts the points that the engine computes until it is told to stop."""

    points = 0

    def progress(self, done: int, total: int, text: str = "") -> None:
        del total, text
        self.points = done


class _Listener(QObject):
    """Hears of the end of the job."""

    def __init__(self) -> None:
        super().__init__()
        self.outcome: Outcome | None = None
        self.closed = False

    def hear(self, token: object, outcome: Outcome) -> None:
        """The job has ended."""
        del token
        self.outcome = outcome

    def close(self) -> None:
        """The thread has ended."""
        self.closed = True


@contextmanager
def job_beside() -> Iterator[_Counting]:
    """The engine's thread at work on the surface of a ResNet-20, 256 images."""
    from core.landscape.surfaces.engine import compute_surface  # noqa: PLC0415  torch, for those who ask for the job
    from tests.performance.peers_cases import resnet20  # noqa: PLC0415

    prepare_torch()
    case, job, listener = resnet20(), _Counting(), _Listener()
    network, data = case.network(), case.dataset()
    worker = EngineWorker(listener.hear, listener.close)
    worker.post("job", "surface", lambda: compute_surface(SurfaceRequest(columns=301, rows=301), network, data, job))
    worker.close()
    while job.points < 2:  # the tuner has had its second, and points come
        QApplication.processEvents()
        QThread.msleep(20)
        if listener.outcome is not None:
            raise RuntimeError(f"The job ended before the measurement: {listener.outcome}")
    try:
        yield job
    finally:
        job.cancel()
        while not listener.closed:
            QApplication.processEvents()
            QThread.msleep(20)
        worker.join()


def main(points: int, *, beside: bool) -> None:
    """Measure and print."""
    prepare_environment()
    application = QApplication.instance() or QApplication([])
    assert application is not None
    if not beside:
        _measure_all(points)
        return
    with job_beside() as job:
        before = job.points
        _measure_all(points)
        sys.stdout.write(f"meanwhile the job computed {job.points - before} points\n")


def _measure_all(points: int) -> None:
    view = SurfaceView()
    view.resize(800, 600)
    surfaces = [rough(points, 0.05 * frame) for frame in range(FRAMES)]
    view.set_surface(surfaces[0])
    view.show()
    while not view._stage.at_rest:
        QApplication.processEvents()
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
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    main(numbers[0] if numbers else 101, beside="job" in sys.argv[1:])
