"""A result that is ready while a hand drags something: the drag stays one step of undo, the result is another one."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from app.actions.computing import Task
from app.views.pages.correction_page import CorrectionPage
from core.landscape.surface import SurfaceRequest
from core.session.files import save_document
from core.spectrum.spectrum import SpectrumRequest
from tests import documents
from tests.app.render.correction.hand import Hand
from tests.app.views.conftest import Driver


@pytest.fixture
def may_compute(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The engine computes as ever, but does not begin before this is set."""
    event, workbench = threading.Event(), driver.window.desk.workbench
    compute = workbench.compute

    def wait_and_compute(*arguments: object) -> object:
        assert event.wait(60)
        return compute(*arguments)

    monkeypatch.setattr(workbench, "compute", wait_and_compute)
    yield event
    event.set()


def test_a_box_that_is_dragged_while_a_surface_is_finished_is_put_back_by_one_undo_and_the_surface_stays(
    driver: Driver, tmp_path: Path, may_compute: threading.Event
) -> None:
    path = tmp_path / "review.corrie.h5"
    save_document(documents.document(), path)
    driver.open(path)
    driver.wait(lambda: driver.window.desk.state.path == path)
    before = driver.document
    request = SurfaceRequest(columns=3, rows=3, samples=8)
    driver.window.computations.submit_task(Task(request, "network-0", "dataset-0"))
    driver.window.pages.open_page("correction-0")
    page = driver.window.area.page("correction-0")
    assert isinstance(page, CorrectionPage)
    QApplication.processEvents()
    hand = Hand(page.slice)
    start = hand.at(*page.slice.box.centre)

    hand.press(start)
    hand.move(start + QPoint(-20, 20))
    in_hand = page.slice.box
    assert in_hand.centre != before.items["correction-0"].result.box.centre
    may_compute.set()
    driver.wait(lambda: len(driver.results()) == 4)
    assert page.slice.box.bounds == in_hand.bounds  # it is not taken out of the hand
    hand.move(start + QPoint(-40, 40))
    hand.release(start + QPoint(-40, 40))
    driver.wait(lambda: driver.document.items["correction-0"] is not before.items["correction-0"])

    texts = driver.window.actions_registry
    assert texts.action("edit.undo").text() == "&Undo move box"
    driver.trigger("edit.undo")
    assert driver.document.items["correction-0"] is before.items["correction-0"]
    assert len(driver.results()) == 4
    surface = driver.results()[-1].name
    assert texts.action("edit.undo").text() == f"&Undo compute “{surface}”"
    driver.trigger("edit.undo")
    assert driver.document is before
    driver.trigger("edit.redo")
    driver.trigger("edit.redo")
    assert driver.document.items["correction-0"] is not before.items["correction-0"]
    assert len(driver.results()) == 4


def test_the_edit_menu_says_what_was_computed_opened_and_completed(driver: Driver) -> None:
    driver.open_applicants()
    network, data = driver.document.networks[0], driver.document.datasets[0]
    opened = {driver.window.history.undo_text}
    driver.trigger("edit.undo")
    opened.add(driver.window.history.undo_text)
    driver.trigger("edit.redo")
    assert opened == {f"open “{network.name}”", f"open “{data.name}”"}
    for request in (SurfaceRequest(columns=3, rows=3, samples=8), SpectrumRequest(top=1, samples=8)):
        driver.window.computations.submit_task(Task(request, network.id, data.id))
        driver.wait_for_jobs()
        text = driver.window.actions_registry.action("edit.undo").text()
        assert text == f"&Undo compute “{driver.results()[-1].name}”"
