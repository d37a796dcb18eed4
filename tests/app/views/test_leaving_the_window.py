"""Leaving: unsaved work and running jobs are asked about, and nothing goes on in secret."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDockWidget, QSpinBox

from core.data.builtin import examples_folder
from tests.app.views.conftest import Driver


@pytest.fixture
def edited(driver: Driver) -> Driver:
    driver.open(examples_folder() / "digits.npz", examples_folder() / "digits_resnet.toml")
    driver.wait(lambda: len(driver.document.items) == 2)
    return driver


def test_a_clean_window_closes_without_a_question(driver: Driver) -> None:
    assert driver.window.close()
    assert driver.answers.asked == []


def test_closing_with_unsaved_changes_asks_and_can_be_called_off(edited: Driver) -> None:
    edited.answers.to_save = "cancel"
    assert not edited.window.close()
    assert edited.answers.asked == ["save"]
    assert edited.window.isVisible()
    edited.answers.to_save = "discard"
    assert edited.window.close()


def test_closing_stops_a_running_job_after_asking(edited: Driver) -> None:
    edited.select(edited.document.networks[0].id)
    edited.find(QSpinBox, "surface.grid").setValue(101)
    edited.click("compute.surface")
    edited.wait(lambda: edited.window.jobs.current is not None)
    edited.answers.stop = False
    assert not edited.window.close()
    assert edited.window.jobs.current is not None
    edited.answers.stop = True
    assert edited.window.close()
    assert edited.window.jobs.jobs == ()


def test_another_session_abandons_what_was_being_computed_for_this_one(edited: Driver) -> None:
    edited.select(edited.document.networks[0].id)
    edited.find(QSpinBox, "surface.grid").setValue(101)
    edited.click("compute.surface")
    edited.wait(lambda: edited.window.jobs.current is not None)
    edited.trigger("file.new")
    edited.wait_for_jobs()
    assert len(edited.document.items) == 0
    assert edited.window.area.pages() == []
    assert edited.window.banner.text == ""


def test_a_folder_that_may_not_be_written_is_explained_and_the_session_stays_dirty(
    edited: Driver, tmp_path: Path
) -> None:
    edited.answers.target = tmp_path / "missing" / "s.corrie.h5"
    edited.trigger("file.save_as")
    edited.wait(lambda: bool(edited.window.banner.text))
    assert "missing" in edited.window.banner.text
    assert edited.window.desk.state.dirty


def test_the_layout_of_the_docks_is_kept_and_can_be_reset(driver: Driver) -> None:
    dock = driver.find(QDockWidget, "dock.inspector")
    dock.hide()
    driver.trigger("view.reset_layout")
    assert dock.isVisible()


def test_the_title_shows_the_file_and_whether_it_was_changed(edited: Driver, tmp_path: Path) -> None:
    assert edited.window.isWindowModified()
    edited.save(tmp_path / "review.corrie.h5")
    assert edited.window.windowTitle().startswith("review.corrie.h5")
    assert not edited.window.isWindowModified()
