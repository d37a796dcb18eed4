"""Computing and removing again and again: what grows is the history, and a new session gives that back too."""

import gc
import os
import sys
import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.actions.computing import Task
from core.data.builtin import examples_folder
from core.landscape.surface import SurfaceRequest
from tests.app.views.conftest import Driver

# CORRIE_CYCLES=200 for a longer look
CYCLES = int(os.environ.get("CORRIE_CYCLES", "12"))
REQUEST = SurfaceRequest(columns=3, rows=3, samples=8)


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


def objects_of(driver: Driver) -> int:
    """Qt objects in the window and on its desk, without the rows of the job list, which are capped."""
    in_jobs = len(driver.window.jobs_panel.findChildren(QObject))
    return len(driver.window.findChildren(QObject)) + len(driver.window.desk.findChildren(QObject)) - in_jobs


def cycle(driver: Driver, pages: list[weakref.ref], results: list[weakref.ref]) -> None:
    network, data = driver.document.networks[0], driver.document.datasets[0]
    driver.window.inspector.requested.emit(Task(REQUEST, network.id, data.id))
    driver.wait_for_jobs()
    (item,) = driver.results()
    pages.append(weakref.ref(driver.window.area.page(item.id)))
    results.append(weakref.ref(item.result))
    driver.select(item.id)
    driver.trigger("item.remove")


@pytest.mark.timeout(1200)
def test_pages_results_threads_and_files_are_given_back(driver: Driver) -> None:
    def open_both() -> None:
        driver.open(examples_folder() / "digits.npz", examples_folder() / "digits_resnet.toml")
        driver.wait(lambda: len(driver.document.items) == 2)

    pages: list[weakref.ref] = []
    results: list[weakref.ref] = []
    open_both()
    for _ in range(2):  # what is made once and kept
        cycle(driver, pages, results)
    driver.trigger("file.new")
    settle()
    before = objects_of(driver), threading.active_count(), open_files()
    open_both()
    for _ in range(CYCLES):
        cycle(driver, pages, results)
    settle()
    assert [page() for page in pages if page() is not None] == []
    assert sum(result() is not None for result in results) == CYCLES  # undo can bring them back
    driver.trigger("file.new")
    settle()
    assert [result() for result in results if result() is not None] == []
    after = objects_of(driver), threading.active_count(), open_files()
    print(f"{CYCLES} cycles: objects, threads, files {before} -> {after}")  # noqa: T201  shown with -s
    assert all(now <= then for now, then in zip(after, before, strict=True))


def test_the_list_of_jobs_forgets_the_oldest(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.views.jobs_panel.MOST_ROWS", 5)
    driver.open(examples_folder() / "digits.npz", examples_folder() / "digits_resnet.toml")
    driver.wait(lambda: len(driver.document.items) == 2)
    network, data = driver.document.networks[0], driver.document.datasets[0]
    panel = driver.window.jobs_panel
    for _ in range(7):
        driver.window.inspector.requested.emit(Task(REQUEST, network.id, data.id))
    assert panel.table.rowCount() == 7  # what is not over yet is never forgotten
    driver.trigger("run.stop_all")
    driver.wait_for_jobs()
    driver.window.inspector.requested.emit(Task(REQUEST, network.id, data.id))
    assert panel.table.rowCount() <= 5
    driver.wait_for_jobs()
    last = panel.table.rowCount() - 1
    assert panel.table.item(last, 2).text().startswith("done")
    assert panel.table.cellWidget(last, 3) is None
