"""One turn around a surface as a moving picture, as it is seen in the window."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from app.jobs.background import run_in_background
from app.views.pages.surface_page import SurfacePage
from core.naming import file_stem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

Frame = npt.NDArray[np.uint8]  # (height, width, 3)

FRAMES = 48  # of a full turn
FRAMES_PER_SECOND = 16.0
ANIMATION_FILTER = "Moving picture (*.gif)"


class TurntableExport(QObject):
    """Turns the camera step by step, so that the window stays alive, and gives it back as it was."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._page: SurfacePage | None = None
        self._path = Path()
        self._frames: list[Frame] = []
        self._before: dict[str, object] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._take)
        window.pages.animation_wanted.connect(self.export)

    @property
    def busy(self) -> bool:
        """Whether a turn is being taken."""
        return self._page is not None

    def export(self, item_id: str) -> None:
        """Ask where the moving picture should go, then take it from the page of that surface."""
        page, item = self._window.area.page(item_id), self._window.desk.state.document.items.get(item_id)
        if self.busy or not isinstance(page, SurfacePage) or page.surface is None:
            return
        name = "surface" if item is None else item.name
        path = self._window.dialogs.save_file("Export one turn", f"{file_stem(name)}.gif", ANIMATION_FILTER)
        if path is None:
            return
        page.set_mode("relief")
        page.relief.set_turntable(False)
        self._page, self._path, self._frames = page, path, []
        self._before = page.relief.camera_state()
        self._window.desk.file.writing.emit(path)
        self._timer.start()

    def _take(self) -> None:
        page = self._page
        if page is None or not shiboken6.isValid(page) or page.surface is None:  # closed, or its surface was removed
            self._timer.stop()
            self._page = None
            return
        if len(self._frames) == FRAMES:
            self._finish(page)
            return
        state = dict(self._before)
        state["azimuth"] = float(str(self._before["azimuth"])) + 360.0 * len(self._frames) / FRAMES
        page.relief.set_camera_state(state)
        self._frames.append(pixels_of(page.relief.image(1.0)))

    def _finish(self, page: SurfacePage) -> None:
        self._timer.stop()
        page.relief.set_camera_state(self._before)
        frames, path, self._page, self._frames = self._frames, self._path, None, []

        def work() -> Path:
            from core.exchange.figures.animation import write_animation  # noqa: PLC0415  matplotlib takes a second
            from core.session.atomic import replace_file  # noqa: PLC0415

            replace_file(path, lambda file: write_animation(frames, file, FRAMES_PER_SECOND))
            return path

        file = self._window.desk.file
        run_in_background(work, file.exported.emit, file.failed.emit, name=path.name, owner=self)


def pixels_of(image: QImage) -> Frame:
    """The colours of a picture: (height, width, 3), red, green, blue."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    height, width, stride = plain.height(), plain.width(), plain.bytesPerLine()
    rows = np.frombuffer(plain.constBits(), np.uint8, height * stride).reshape(height, stride)
    return rows[:, : 3 * width].reshape(height, width, 3).copy()
