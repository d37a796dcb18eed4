"""What a person does with a window all day long: opens, computes, looks, drags, undoes, notes, saves and closes."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QTimer
from PySide6.QtGui import QPixmapCache

from app.actions.computing import Task
from app.jobs.background import wait_for_background
from app.state.settings import Settings
from app.theme.theme import Theme
from app.views.desk import Desk
from app.views.main_window import MainWindow
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.surface_page import SurfacePage
from core.landscape.curve import CurveRequest
from core.landscape.surface import SurfaceRequest
from core.naming import Request
from core.session.files import save_document
from core.spectrum.spectrum import SpectrumRequest
from tests import documents
from tests.app.render.correction.hand import Hand
from tests.app.views.conftest import Answers

PATIENCE = 300.0  # seconds for anything that is waited for
ROUNDS_OF_A_WINDOW = 4  # then it is closed, and another one opened
THOROUGH = 2  # rounds in the beginning
REQUESTS: tuple[Request, ...] = (
    SurfaceRequest(columns=9, rows=9, samples=20),
    SpectrumRequest(top=2, samples=20),
    CurveRequest(points=9, draws=2, samples=20),
)


class Day:
    """One window after the other on one session, which is as large in the evening as in the morning."""

    def __init__(self, theme: Theme, folder: Path, seed: int) -> None:
        self._theme, self._path, self._random = theme, folder / "soak.corrie.h5", Random(seed)
        self._window: MainWindow | None = None
        self.rounds = 0
        save_document(documents.landscape_document(), self._path)

    def spend_round(self) -> None:
        """Open the session, work on it, save it and leave it."""
        window = self._window = self._window or self._new_window()
        self._open(window)
        before = set(window.desk.state.document.items)
        for request in REQUESTS if self._thorough else [self._random.choice(REQUESTS)]:
            window.computations.submit_task(Task(request, "network-0", "dataset-0"))
        self._drag(window)
        self._look(window)
        self._wait(lambda: not window.jobs.jobs)
        self._undo_and_redo(window)
        self._wait(lambda: not window.jobs.jobs)
        for item_id in set(window.desk.state.document.items) - before:
            window.pages.remove(item_id)
        window.pages.rename("surface-0", f"Around the minimum, round {self.rounds}")
        self._save(window)
        window.actions_registry.action("file.new").trigger()
        self.rounds += 1
        if self._thorough or self.rounds % ROUNDS_OF_A_WINDOW == 0:
            self.close()
        self._settle()

    @property
    def _thorough(self) -> bool:
        """Whether everything is done in this round that a day brings, so that it is warm then."""
        return self.rounds < THOROUGH

    def close(self) -> None:
        """Close the window, if there is one."""
        window, self._window = self._window, None
        if window is not None:
            if not window.close():
                raise RuntimeError("The window does not close.")
            window.desk.jobs.shutdown(round(PATIENCE * 1000))
            window.deleteLater()
            window.desk.deleteLater()
            self._settle()

    def _new_window(self) -> MainWindow:
        window = MainWindow(Desk(Settings()), self._theme, Answers())
        window.resize(1300, 820)
        window.show()
        return window

    def _open(self, window: MainWindow) -> None:
        state = window.desk.state
        window.open_paths([self._path])
        self._wait(lambda: state.path == self._path or bool(window.banner.text))
        if state.path != self._path:
            raise RuntimeError(window.banner.text)

    def _save(self, window: MainWindow) -> None:
        window.actions_registry.action("file.save").trigger()
        self._wait(lambda: not window.desk.file.busy)
        if window.desk.state.dirty:
            raise RuntimeError(f"The session was not saved. {window.banner.text}")

    def _drag(self, window: MainWindow) -> None:
        """Take the box of a correction and put it elsewhere, with the mouse."""
        window.pages.open_page("correction-0")
        page = window.area.page("correction-0")
        if not isinstance(page, CorrectionPage) or page.slice.box is None:
            raise RuntimeError("The correction has no page, or no box.")
        self._run(50)
        hand = Hand(page.slice)
        start = hand.at(*page.slice.box.centre)
        hand.drag(start, start + QPoint(self._random.randint(-60, 60), self._random.randint(-60, 60)))

    def _look(self, window: MainWindow) -> None:
        """Turn to some pages, switch a surface to contours and back, and turn its camera."""
        results = [item.id for item in window.desk.state.document.results]
        for item_id in results if self._thorough else self._random.sample(results, 5):
            window.pages.open_page(item_id, beside=self._random.random() < 0.3)
            self._run(50)
        window.pages.open_page("surface-1")
        page = window.area.page("surface-1")
        if not isinstance(page, SurfacePage):
            raise TypeError("The surface has no page.")
        for mode in ("contour", "relief"):
            page.set_mode(mode)
            self._run(50)
        page.relief.set_camera_preset(self._random.choice(("top", "front", "paper")))
        self._run(300)

    def _undo_and_redo(self, window: MainWindow) -> None:
        steps = self._random.randint(1, 3)
        for action in (*["edit.undo"] * steps, *["edit.redo"] * steps):
            window.actions_registry.action(action).trigger()
            self._run(0)

    # ---- waiting

    def _run(self, milliseconds: int) -> None:
        """Let the window do what it has to for so long."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def _wait(self, condition: Callable[[], bool]) -> None:
        ends_at = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > ends_at:
                raise RuntimeError("What was waited for did not come.")
            self._run(5)

    def _settle(self) -> None:
        """Let all that is on its way arrive, and all that is to be deleted go."""
        if not wait_for_background(round(PATIENCE * 1000)):
            raise RuntimeError("Work in the background does not end.")
        for _ in range(3):
            self._run(20)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QPixmapCache.clear()  # Qt fills it up to ten megabytes with icons, which takes hours and is no leak
