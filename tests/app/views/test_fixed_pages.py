"""Pages that belong to no item: opened by id, one of each, as they were when the session was saved."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from app.views.pages.fixed_page import FixedPage
from app.views.pages.page import Page
from tests.app.views.conftest import Driver

NOTES = "page:notes"


class Notes(Page):
    """A page with one field."""

    def __init__(self) -> None:
        super().__init__(NOTES)
        self.field = QLineEdit()
        self.field.textChanged.connect(self.view_changed)
        QVBoxLayout(self).addWidget(self.field)

    def view_state(self) -> dict[str, object]:
        return {"text": self.field.text()}

    def restore_view(self, state: dict[str, object]) -> None:
        self.field.setText(str(state.get("text", "")))


def add_notes(driver: Driver) -> None:
    driver.window.pages.add_fixed(FixedPage(id=NOTES, title="Notes", icon="note", make=Notes))


def notes(driver: Driver) -> Notes:
    page = driver.window.area.page(NOTES)
    assert isinstance(page, Notes)
    return page


def test_a_fixed_page_is_opened_once_and_leaves_the_selection_alone(driver: Driver) -> None:
    add_notes(driver)
    driver.trigger("open.digits")
    driver.wait(lambda: len(driver.document.datasets) == 1)
    selected = driver.window.desk.selection.current_id
    assert selected is not None
    driver.window.pages.open_page(NOTES)
    driver.window.pages.open_page(NOTES)
    assert driver.window.area.pages() == [notes(driver)]
    assert driver.window.desk.selection.current_id == selected


def test_a_fixed_page_that_is_opened_again_shows_what_it_showed_before(driver: Driver) -> None:
    add_notes(driver)
    driver.window.pages.open_page(NOTES)
    notes(driver).field.setText("kept")
    driver.window.area.close_page(NOTES)
    assert driver.window.area.page(NOTES) is None
    driver.window.pages.open_page(NOTES)
    assert notes(driver).field.text() == "kept"


def test_a_fixed_page_comes_back_with_the_session_and_not_with_another_one(driver: Driver, tmp_path: Path) -> None:
    add_notes(driver)
    driver.trigger("open.digits")
    driver.wait(lambda: len(driver.document.datasets) == 1)
    driver.window.pages.open_page(NOTES)
    notes(driver).field.setText("saved")
    driver.save(tmp_path / "session.corrie.h5")
    driver.trigger("file.new")
    assert driver.window.area.pages() == []
    driver.window.pages.open_page(NOTES)
    assert notes(driver).field.text() == ""
    driver.window.area.close_page(NOTES)
    driver.answers.to_save = "discard"
    driver.window.open_paths([tmp_path / "session.corrie.h5"])
    driver.wait(lambda: bool(driver.window.area.pages()))
    assert notes(driver).field.text() == "saved"


def test_the_id_of_a_fixed_page_cannot_be_taken_for_that_of_an_item() -> None:
    with pytest.raises(ValueError, match="begins with page:"):
        FixedPage(id="surface-1", title="Notes", icon="note", make=Notes)
