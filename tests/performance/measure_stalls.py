"""Where the window stands still: ``xvfb-run python -m tests.performance.measure_stalls [milliseconds] [folder]``.

Runs the real application, opens a session with many results, and does what a user does who looks at all of it. Prints
the times for which the event loop did not turn, longer than so many milliseconds, and what its thread did meanwhile.
With a folder, a picture of the window after every step goes there.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.jobs.background import run_in_background, wait_for_background
from app.render.gl.probe import probe_graphics
from app.render.surface_widget import prepare_surface_widget
from app.state.settings import Settings
from app.theme.theme import Theme
from app.views.application import make_application
from app.views.comparison.comparison_page import PAGE_ID, ComparisonPage
from app.views.desk import Desk
from app.views.main_window import MainWindow
from app.views.pages.surface_page import SurfacePage
from core.landscape.surface import INTERPOLATED, SAMPLED, Surface
from core.runtime import prepare_environment
from core.session.document import Document
from core.session.files import save_document
from tests import documents
from tests.app import landscapes
from tests.performance.heartbeat import Heartbeat

PLACES = 6  # in the code, told of every gap
WAIT = 900  # milliseconds that a step is given
SIZES = (51, 51, 101, 51, 101, 51, 101, 101)
Step = tuple[str, Callable[[], object]]


def rough(points: int, seed: int) -> Surface:
    """A basin with hills; part of it interpolated, a corner far above what is shown."""
    surface = landscapes.plane(points)
    x, y = np.meshgrid(surface.x, surface.y)
    hills = 1.5 + np.sin(9 * x + seed) * np.cos(8 * y - 2 * x + 0.3 * seed)
    loss = 0.002 + (4 + seed) * np.hypot(x, y) ** 2 * hills + np.where(x + y > 1.6, 1e4, 0.0)
    kinds = surface.evaluated.copy()
    kinds[1::2, 1::2] = INTERPOLATED
    kinds[2::6, ::5] = SAMPLED
    return replace(surface, loss=loss, test_loss=1.2 * loss + 0.2, centre_loss=0.002, evaluated=kinds)


def session() -> Document:
    """Eight surfaces, curves, a trajectory, a map of convexity, and more, with a page for each."""
    axes = documents.directions()
    found = landscapes.session(
        *((f"surface-{place + 1}", rough(points, place)) for place, points in enumerate(SIZES)),
        ("trajectory-1", landscapes.trajectory(60, axes=axes)),
        ("convexity-1", landscapes.convexity(25, axes=axes)),
        ("initialisations-1", landscapes.initialisations()),
        ("curve-line", landscapes.line_between()),
        ("curve-bezier", landscapes.bezier()),
        ("curve-draws", landscapes.curve(101, draws=10)),
    )
    ids = [item.id for item in found.results]
    return found.with_view({"panes": [[one for one in ids if one != "surface-2"], ["surface-2"]], "shown": ids[:2]})


class Walk:
    """What the user does, step by step, each from within the event loop."""

    def __init__(self, window: MainWindow, heart: Heartbeat, folder: Path | None) -> None:
        self._window, self._heart, self._folder = window, heart, folder
        self.names: list[str] = []

    def take(self, name: str, act: Callable[[], object], milliseconds: int = WAIT) -> None:
        """Do one thing and let the window run for a while."""
        self._heart.step = name
        self.names.append(name)
        loop = QEventLoop()
        QTimer.singleShot(0, act)
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if self._folder is not None:
            self._heart.step = "a picture of the window"
            self._window.screen().grabWindow(self._window.winId()).save(str(self._folder / f"{name}.png"))

    def surface(self, item_id: str = "surface-1") -> SurfacePage:
        """An open page."""
        page = self._window.area.page(item_id)
        assert isinstance(page, SurfacePage)
        return page

    def comparison(self) -> ComparisonPage:
        """The open page."""
        page = self._window.area.page(PAGE_ID)
        assert isinstance(page, ComparisonPage)
        return page


def steps(walk: Walk, window: MainWindow) -> Iterator[Step]:
    """All of it, one after the other."""
    ids = [item.id for item in window.desk.state.document.results]
    for item_id in ids:
        yield f"page {item_id}", lambda item_id=item_id: window.pages.open_page(item_id)
    yield "back to surface-1", lambda: window.pages.open_page("surface-1")
    yield "contours of 51 x 51", lambda: walk.surface().set_mode("contour")
    yield "back to the relief", lambda: walk.surface().set_mode("relief")
    yield "select in the tree", lambda: window.desk.selection.select("surface-3")
    yield "contours of 101 x 101", lambda: walk.surface("surface-3").set_mode("contour")
    yield "relief of 101 x 101", lambda: walk.surface("surface-3").set_mode("relief")
    yield "test loss", lambda: walk.surface("surface-3").set_field("test loss")
    yield "convexity", lambda: walk.surface("surface-3").set_field("convexity")
    yield "another limit", lambda: walk.surface("surface-3").set_limit(3.0)
    yield "cuts", lambda: walk.surface("surface-3").set_cuts_shown(True)
    yield "computed points", lambda: walk.surface("surface-3").header.layers.switches["computed"].setChecked(True)
    yield "camera from above", lambda: walk.surface("surface-3").relief.set_camera_preset("top")
    yield "turn by itself", lambda: walk.surface("surface-3").relief.set_turntable(True)
    yield "stop turning", lambda: walk.surface("surface-3").relief.set_turntable(False)
    yield "compare", window.comparison_room.show_page
    for count in (2, 4, 6):
        yield f"compare {count}", lambda count=count: walk.comparison().compare(tuple(ids[:count]))
    yield "compare, a turn", lambda: walk.comparison().grid.set_camera_state({"azimuth": 40.0, "elevation": 30.0})
    yield "compare, a limit", lambda: walk.comparison().set_limit(4.0)
    yield "compare contours", lambda: walk.comparison().set_mode("contour")
    yield "compare all 8", lambda: walk.comparison().compare(tuple(ids[:8]))
    yield "compare a difference", lambda: walk.comparison().set_mode("difference")
    yield (
        "compare reliefs again",
        lambda: (walk.comparison().compare(tuple(ids[:6])), walk.comparison().set_mode("relief")),
    )
    yield "back to a surface", lambda: window.pages.open_page("surface-1")
    yield "back to the comparison", window.comparison_room.show_page


@contextmanager
def running(least: float) -> Iterator[tuple[MainWindow, Heartbeat]]:
    """The real application with settings of its own."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["CORRIE_SETTINGS_DIR"] = place
        prepare_environment()
        application = make_application()
        settings = Settings()
        window = MainWindow(Desk(settings), Theme(application, settings.theme))
        window.resize(1500, 950)
        heart = Heartbeat(least)
        heart.start()
        window.show()
        run_in_background(
            prepare_surface_widget, lambda _probe: None, window.banner.show_failure, name="OpenGL", owner=window
        )
        yield window, heart
        heart.stop()
        window.jobs.shutdown(5000)
        window.dialogs.ask_to_save = lambda _name: "discard"  # type: ignore[method-assign]
        window.close()
        wait_for_background(5000)


def main(least: float, folder: Path | None) -> None:
    """Walk and print."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "many.corrie.h5"
        save_document(session(), path)
        _walk(path, least, folder)
    QApplication.quit()


def _walk(path: Path, least: float, folder: Path | None) -> None:
    with running(least) as (window, heart):
        walk = Walk(window, heart, folder)
        walk.take("welcome", lambda: None, 3000)
        walk.take("open the session", lambda: window.open_paths([path]), 3000)
        for name, act in steps(walk, window):
            walk.take(name, act)
        sys.stdout.write(f"{probe_graphics().renderer}, load {os.getloadavg()[0]:.1f}\n")
        for name in walk.names:
            for gap in [gap for gap in heart.gaps if gap.step == name]:
                sys.stdout.write(gap.words(PLACES) + "\n")
        slow = [gap for gap in heart.gaps if gap.step in walk.names]
        worst = max((gap.wall for gap in slow), default=0.0)
        over = sum(gap.wall >= 0.2 for gap in slow)
        sys.stdout.write(f"{len(slow)} gaps over {1e3 * least:.0f} ms, {over} over 200 ms, the longest {worst:.2f} s\n")


if __name__ == "__main__":
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if target is not None:
        target.mkdir(parents=True, exist_ok=True)
    main(float(sys.argv[1]) / 1e3 if len(sys.argv) > 1 else 0.1, target)
