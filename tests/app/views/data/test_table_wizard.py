"""The wizard for feature cards, on made-up and on real tables, driven as a person would."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QWizard
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from app.views.data.columns_model import HEADINGS
from app.views.data.get_data_dialog import GetDataDialog
from app.views.data.table_wizard import TableWizard
from core.data.tables.features import FeatureCard, read_feature_card
from core.session.document import DatasetItem
from tests.app.views.conftest import SLOW, Driver
from tests.realdata import realdata_path

TABLE = """id,size,colour_red,colour_blue,shape,class
1,1.5,1,0,round,yes
2,2.5,0,1,square,no
3,3.75,0,1,round,no
4,4.5,1,0,round,yes
"""
NEXT, BACK, FINISH = QWizard.WizardButton.NextButton, QWizard.WizardButton.BackButton, QWizard.WizardButton.FinishButton


def table(folder: Path, text: str | bytes = TABLE) -> Path:
    path = folder / "things.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.fixture
def make(qtbot: QtBot, theme):
    def made(path: Path, *, overwrite: bool = True) -> TableWizard:
        wizard = TableWizard(path, theme, lambda _path: overwrite)
        qtbot.addWidget(wizard, before_close_func=lambda _wizard: wait_for_background(SLOW))
        with qtbot.waitExposed(wizard):
            wizard.show()
        assert wait_for_background(SLOW)
        return wizard

    return made


def press(qtbot: QtBot, wizard: TableWizard, button: QWizard.WizardButton) -> None:
    assert wizard.button(button).isEnabled()
    qtbot.mouseClick(wizard.button(button), Qt.MouseButton.LeftButton)
    assert wait_for_background(SLOW)


def cell(wizard: TableWizard, column: str, field: str) -> QModelIndex:
    model = wizard.columns_page.model
    assert model.draft is not None
    row = [each.name for each in model.draft.columns].index(column)
    return model.index(row, [heading.field or heading.title for heading in HEADINGS].index(field))


def finished(qtbot: QtBot, wizard: TableWizard, path: Path) -> FeatureCard:
    with qtbot.waitSignal(wizard.card_made) as made:
        press(qtbot, wizard, FINISH)
    assert made.args == [path]
    return read_feature_card(path.with_suffix(".features.toml"))


def test_a_table_becomes_a_card_by_pressing_next(qtbot: QtBot, make, tmp_path: Path) -> None:
    path = table(tmp_path)
    wizard = make(path)
    for _ in range(3):
        press(qtbot, wizard, NEXT)
    assert "4 rows can be read. 3 features make 5 inputs" in wizard.summary_page.outcome.text()
    assert 'target = "class"' in wizard.summary_page.text.toPlainText()
    wizard.summary_page.name.setText("Things")
    wizard.summary_page.source.setText("A friend, CC0")
    card = finished(qtbot, wizard, path)
    assert (card.name, card.source, card.target, card.classes) == ("Things", "A friend, CC0", "class", ("no", "yes"))
    assert [feature.name for feature in card.features] == ["size", "colour", "shape"]


def test_the_file_is_previewed_and_its_form_told(make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path, "größe;preis\n1,5;2,25\n3,5;4,5\n".encode("latin-1")))
    page = wizard.file_page
    assert (page.delimiter.currentText(), page.decimal.currentText(), page.encoding.currentText()) == (
        "semicolon",
        "comma (1,5)",
        "Latin-1",
    )
    assert page.preview_model.index(0, 1).data() == "2,25"
    assert page.preview_model.headerData(0, Qt.Orientation.Horizontal) == "größe"
    assert "decimal comma" in page.notes.text()
    assert "Latin-1" in page.notes.text()


def test_another_form_is_looked_at_at_once(qtbot: QtBot, make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path))
    page = wizard.file_page
    page.header.setChecked(False)
    assert not wizard.button(NEXT).isEnabled()
    assert wait_for_background(SLOW)
    assert page.preview_model.headerData(0, Qt.Orientation.Horizontal) == "column 1"
    assert page.preview_model.rowCount() == 5
    page.delimiter.setCurrentIndex(page.delimiter.findData(";"))
    assert wait_for_background(SLOW)
    page.decimal.setCurrentIndex(page.decimal.findData(","))
    assert wait_for_background(SLOW)
    page.delimiter.setCurrentIndex(page.delimiter.findData(","))
    assert "cannot also divide" in page.complaint.text()


def test_a_file_with_ragged_rows_cannot_be_taken_and_the_rows_are_named(make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3\n"))
    assert wizard.file_page.complaint.text() == "Row 3: not 3 cells as in the first row. Repair them in the file."
    assert not wizard.button(NEXT).isEnabled()


def test_a_file_that_is_no_table_is_a_sentence(make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path, b"\x89PNG\x00\x00"))
    assert "no text table" in wizard.file_page.complaint.text()
    assert not wizard.button(NEXT).isEnabled()


def test_what_is_wrong_stands_in_the_row_and_keeps_the_page(qtbot: QtBot, make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path))
    press(qtbot, wizard, NEXT)
    model = wizard.columns_page.model
    low = cell(wizard, "size", "low")
    assert model.setData(low, "nine")
    assert "Low: “nine” is no number" in cell(wizard, "size", "To look at").data()
    assert low.data(Qt.ItemDataRole.ForegroundRole) == model.bad
    assert wizard.columns_page.complaint.isVisible()
    assert not wizard.button(NEXT).isEnabled()
    assert model.setData(low, "-1")
    assert wizard.button(NEXT).isEnabled()
    assert not wizard.columns_page.complaint.isVisible()


def test_every_field_of_a_column_reaches_the_card(qtbot: QtBot, make, tmp_path: Path) -> None:
    path = table(tmp_path)
    wizard = make(path)
    press(qtbot, wizard, NEXT)
    model = wizard.columns_page.model
    entries = {"unit": "mm", "low": "0", "high": "10", "step": "0.5", "change": "up", "price": "2", "half_width": "0.1"}
    for field, entry in entries.items():
        assert model.setData(cell(wizard, "size", field), entry)
    assert model.setData(cell(wizard, "shape", "levels"), "square | round")
    assert model.setData(cell(wizard, "colour", "use"), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert wizard.columns_page.count.text() == "2 of 5 used; the network gets 3 inputs."
    press(qtbot, wizard, NEXT)
    press(qtbot, wizard, NEXT)
    size, shape = finished(qtbot, wizard, path).features
    assert (size.unit, size.low, size.high, size.step) == ("mm", 0, 10, 0.5)
    assert (size.change, size.price, size.half_width) == ("up", 2, 0.1)
    assert shape.levels == ("square", "round")


def test_what_is_unusual_about_a_column_is_told_in_full_where_the_cursor_is(qtbot: QtBot, make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path))
    press(qtbot, wizard, NEXT)
    page = wizard.columns_page
    assert page.remark.text() == "id: It numbers the rows, so nothing can be learnt from it."
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.remark.text() == ""
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.remark.text().startswith("colour: 2 columns of 0 and 1")


def test_the_kind_is_chosen_from_a_list_with_the_keyboard(qtbot: QtBot, make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path))
    press(qtbot, wizard, NEXT)
    view, kind = wizard.columns_page.table, cell(wizard, "size", "kind")
    view.setCurrentIndex(kind)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F2)
    (box,) = view.viewport().findChildren(QComboBox)
    assert box.currentText() == "number"
    box.setCurrentIndex(box.findText("category"))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: kind.data() == "category")
    assert wizard.currentPage() is wizard.columns_page


def test_columns_that_cannot_be_used_stay_out_when_all_are_ticked(qtbot: QtBot, make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path, "when,size,class\n2024-01-02,1,a\n2024-01-03,2,b\n2024-01-04,4,a\n"))
    press(qtbot, wizard, NEXT)
    wizard.columns_page.use_none.click()
    assert not wizard.button(NEXT).isEnabled()
    assert "No column is used" in wizard.columns_page.complaint.text()
    wizard.columns_page.use_all.click()
    assert wizard.button(NEXT).isEnabled()
    assert cell(wizard, "when", "use").data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Unchecked


def test_the_target_shows_its_classes_with_frequencies_and_they_can_be_ordered(
    qtbot: QtBot, make, tmp_path: Path
) -> None:
    path = table(tmp_path)
    wizard = make(path)
    press(qtbot, wizard, NEXT)
    press(qtbot, wizard, NEXT)
    page = wizard.target_page
    assert page.target.currentText() == "class"
    first = page.classes.topLevelItem(0)
    assert [first.text(section) for section in range(3)] == ["no", "2", "50.0 %"]
    assert not page.up.isEnabled()
    page.down.click()
    assert page.classes.topLevelItem(0).text(0) == "yes"
    page.wanted.setCurrentIndex(page.wanted.findData("yes"))
    press(qtbot, wizard, NEXT)
    card = finished(qtbot, wizard, path)
    assert (card.classes, card.wanted) == (("yes", "no"), "yes")


def test_a_number_as_target_has_a_unit_instead_of_classes(qtbot: QtBot, make, tmp_path: Path) -> None:
    path = table(tmp_path)
    wizard = make(path)
    press(qtbot, wizard, NEXT)
    press(qtbot, wizard, NEXT)
    page = wizard.target_page
    page.target.setCurrentIndex(page.target.findData("size"))
    assert not page.classes.isVisible()
    assert page.unit.isVisible()
    page.unit.setText("mm")
    press(qtbot, wizard, NEXT)
    card = finished(qtbot, wizard, path)
    assert (card.task, card.target, card.target_unit) == ("regression", "size", "mm")
    assert "class" in [feature.name for feature in card.features]


def test_a_card_that_is_there_is_only_replaced_after_a_yes(qtbot: QtBot, make, tmp_path: Path) -> None:
    path = table(tmp_path)
    card = path.with_suffix(".features.toml")
    card.write_text("mine")
    wizard = make(path, overwrite=False)
    for _ in range(3):
        press(qtbot, wizard, NEXT)
    press(qtbot, wizard, FINISH)
    assert card.read_text() == "mine"
    assert wizard.isVisible()


def test_rows_with_gaps_are_left_out_or_refused_as_is_ticked(qtbot: QtBot, make, tmp_path: Path) -> None:
    wizard = make(table(tmp_path, TABLE.replace("2,2.5", "2,")))
    assert wizard.file_page.leave_out.isVisible()
    assert "size: 1 missing (row 3)." in wizard.file_page.notes.text()
    for _ in range(3):
        press(qtbot, wizard, NEXT)
    assert "3 rows can be read. 1 of 4 are left out" in wizard.summary_page.outcome.text()
    for _ in range(3):
        press(qtbot, wizard, BACK)
    wizard.file_page.leave_out.setChecked(False)
    for _ in range(3):
        press(qtbot, wizard, NEXT)
    assert 'row 3, column "size": "" is not a number' in wizard.summary_page.complaint.text()
    assert not wizard.button(FINISH).isEnabled()


# In the window.


def wizard_of(driver: Driver) -> TableWizard:
    driver.wait(lambda: bool(driver.window.findChildren(TableWizard)))
    assert wait_for_background(SLOW)
    return driver.window.findChildren(TableWizard)[0]


def test_opening_a_table_without_a_card_offers_the_wizard_and_opens_it_afterwards(
    driver: Driver, qtbot: QtBot, tmp_path: Path
) -> None:
    driver.window.open_paths([table(tmp_path)])
    wizard = wizard_of(driver)
    for _ in range(3):
        press(qtbot, wizard, NEXT)
    wizard.button(FINISH).click()
    driver.wait(lambda: len(driver.document.items) == 1)
    (item,) = driver.document.items.values()
    assert isinstance(item, DatasetItem)
    assert (item.samples, item.name) == (4, "things")
    driver.wait(lambda: not driver.window.findChildren(TableWizard))


def test_the_menu_makes_a_card_and_asks_before_it_replaces_one(driver: Driver, qtbot: QtBot, tmp_path: Path) -> None:
    path = table(tmp_path)
    path.with_suffix(".features.toml").write_text("mine")
    driver.answers.files = [path]
    driver.answers.overwrite = False
    driver.trigger("open.make_card")
    wizard = wizard_of(driver)
    for _ in range(3):
        press(qtbot, wizard, NEXT)
    wizard.button(FINISH).click()
    assert driver.answers.asked[-1] == "overwrite things.features.toml"
    wizard.reject()
    assert path.with_suffix(".features.toml").read_text() == "mine"


def test_the_menu_opens_the_list_of_public_sets_once(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRIE_DATA", str(tmp_path))
    driver.trigger("open.get_data")
    driver.trigger("open.get_data")
    (dialog,) = driver.window.findChildren(GetDataDialog)
    assert dialog.isVisible()
    driver.window.close()
    assert not dialog.isVisible()


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["german-credit/germancredit.csv", "ml-prove/train.csv"])
def test_real_tables_open_through_the_wizard(driver: Driver, qtbot: QtBot, tmp_path: Path, name: str) -> None:
    path = tmp_path / "real.csv"
    shutil.copyfile(realdata_path(name), path)
    driver.window.open_paths([path])
    wizard = wizard_of(driver)
    for _ in range(3):
        press(qtbot, wizard, NEXT)
    wizard.button(FINISH).click()
    driver.wait(lambda: len(driver.document.items) == 1)
    (item,) = driver.document.items.values()
    assert item.shape == ((61,) if "german" in name else (51,))
