"""The page of networks and data: what it lists, what it computes on request, and how cards are edited there."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from app.views.networks.networks_page import PAGE_ID, NetworksPage
from core.data.builtin import examples_folder, open_builtin
from core.evaluation import evaluate
from core.job import JobContext
from core.landscape.surface import SurfaceRequest
from core.networks.loading import open_network
from tests.app.views.conftest import Driver

FOLDER = examples_folder()
DIGITS = FOLDER / "digits.npz"
CREDIT = FOLDER / "german_credit.csv"
CARDS = [FOLDER / f"{name}.toml" for name in ("digits_resnet", "digits_noshort", "german_credit")]


@pytest.fixture
def page(driver: Driver) -> NetworksPage:
    driver.trigger("networks.page")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, NetworksPage)
    return page


@pytest.fixture
def filled(driver: Driver, page: NetworksPage) -> NetworksPage:
    driver.window.open_paths([*CARDS, DIGITS, CREDIT])
    driver.wait(lambda: len(driver.document.items) == 5)
    return page


def column(table, title: str) -> list[str]:
    titles = [one.title for one in table.model_of_rows.columns]
    model = table.model()
    return [model.index(row, titles.index(title)).data() for row in range(model.rowCount())]


def choose_data(page: NetworksPage, name: str) -> None:
    page.evaluate_on.setCurrentIndex(
        next(i for i in range(page.evaluate_on.count()) if name in page.evaluate_on.itemText(i))
    )


def type_into(driver: Driver, name: str, text: str) -> None:
    field = driver.find(QLineEdit, name)
    field.selectAll()
    driver.qtbot.keyClicks(field, text)


def test_an_empty_session_says_what_to_do_and_offers_it(driver: Driver, page: NetworksPage) -> None:
    assert page._pages.currentIndex() == 0
    driver.answers.files = [DIGITS]
    driver.click("networks.empty.open.data")
    driver.wait(lambda: len(driver.document.datasets) == 1)
    assert page._pages.currentIndex() == 1


def test_the_tables_list_every_network_and_data_set_with_its_size(filled: NetworksPage, driver: Driver) -> None:
    assert column(filled.networks, "Name") == [item.name for item in driver.document.networks]
    assert column(filled.networks, "Parameters") == [f"{item.parameter_count:,}" for item in driver.document.networks]
    assert sorted(column(filled.data, "Samples")) == ["1,000", "1,797"]
    assert set(column(filled.networks, "Came from")) == {"example"}


def test_numbers_sort_by_value_and_not_by_their_text(filled: NetworksPage) -> None:
    filled.networks.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    parameters = [int(text.replace(",", "")) for text in column(filled.networks, "Parameters")]
    assert parameters == sorted(parameters)


def test_the_filter_leaves_only_rows_in_which_the_text_occurs(filled: NetworksPage) -> None:
    filled.filter.setText("shortcuts")
    assert len(column(filled.networks, "Name")) == 2
    assert column(filled.data, "Name") == []


def test_the_table_is_copied_as_csv_by_the_keyboard(filled: NetworksPage, driver: Driver) -> None:
    filled.networks.setFocus()
    driver.qtbot.keyClick(filled.networks, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Name,Architecture,Parameters,Accuracy")
    assert len(lines) == 4


def test_evaluate_gives_the_engines_own_accuracy_of_every_network_that_fits(
    filled: NetworksPage, driver: Driver
) -> None:
    choose_data(filled, "digits")
    filled.samples.setValue(200)
    driver.click("networks.evaluate")
    driver.wait(lambda: len([text for text in column(filled.networks, "Accuracy") if text]) == 2)
    truth = [evaluate(open_network(card), open_builtin("digits"), 200, JobContext()) for card in CARDS[:2]]
    by_name = dict(zip(column(filled.networks, "Name"), column(filled.networks, "Accuracy"), strict=True))
    names = [open_network(card).name for card in CARDS]
    assert [by_name[name] for name in names] == [f"{one.accuracy:.1%}" for one in truth] + [""]
    choose_data(filled, "German")
    assert column(filled.networks, "Accuracy") == ["", "", ""]
    choose_data(filled, "digits")
    assert by_name == dict(zip(column(filled.networks, "Name"), column(filled.networks, "Accuracy"), strict=True))


def test_data_that_no_output_fits_are_explained_in_the_table(driver: Driver, page: NetworksPage, tmp_path) -> None:
    path = tmp_path / "labels.npz"
    np.savez(path, x=np.zeros((20, 8, 8), np.uint8), y=np.array([0] * 7 + [12] * 13))
    driver.open(path, CARDS[0])
    driver.wait(lambda: len(driver.document.items) == 2)
    driver.click("networks.evaluate")
    driver.wait(lambda: column(page.networks, "Accuracy") == ["—"])
    cell = page.networks.model().index(0, 3)
    assert "Sample 7" in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_a_new_name_and_classes_are_one_step_of_undo(filled: NetworksPage, driver: Driver) -> None:
    item = driver.document.networks[2]
    driver.select(item.id)
    type_into(driver, "card.name", "Judge of March")
    type_into(driver, "card.classes", "no, yes")
    driver.click("card.apply")
    changed = driver.document.items[item.id]
    assert (changed.name, changed.card.classes) == ("Judge of March", ("no", "yes"))
    driver.trigger("edit.undo")
    assert driver.document.items[item.id] is item
    assert driver.find(QLineEdit, "card.name").text() == item.name


def test_wrong_numbers_are_explained_beside_the_field_and_cannot_be_applied(
    filled: NetworksPage, driver: Driver
) -> None:
    driver.select(driver.document.networks[0].id)
    form = filled.network_details.form
    type_into(driver, "card.std", "0")
    assert "above zero" in form.std.text
    assert not filled.network_details.apply.isEnabled()
    type_into(driver, "card.std", "1, 2")
    assert "2 numbers for 1 channels" in form.std.text
    type_into(driver, "card.std", "2")
    type_into(driver, "card.classes", "a, b")
    assert "2 names for 10 outputs" in form.classes.text
    driver.click("card.revert")
    assert (form.std.text, form.classes.text) == ("", "")


def test_preprocessing_of_a_network_with_results_is_edited_in_a_second_network(
    filled: NetworksPage, driver: Driver
) -> None:
    network = next(item for item in driver.document.networks if item.card.input.shape == (1, 8, 8))
    data = next(item for item in driver.document.datasets if item.shape == (8, 8))
    driver.window.computations.submit(SurfaceRequest(columns=3, rows=3, samples=8), network.id, data.id)
    driver.wait(lambda: len(driver.results()) == 1)
    driver.trigger("networks.page")
    driver.select(network.id)
    type_into(driver, "card.mean", "1.5")
    assert "refer to it" in filled.network_details.note.text()
    driver.click("card.apply")
    assert driver.document.items[network.id] is network
    assert len(driver.document.networks) == 4
    assert driver.document.networks[-1].card.input.mean == (1.5,)


def test_selecting_in_the_tree_shows_the_item_in_full(filled: NetworksPage, driver: Driver) -> None:
    driver.select(next(item.id for item in driver.document.datasets if item.shape == (8, 8)))
    driver.wait(lambda: len(filled.data_details.strip.samples) == 24)
    first = filled.data_details.strip.samples[0]
    assert first.caption == "class 0"
    assert (first.image.width(), first.image.height()) == (8, 8)
    assert column(filled.data_details.classes, "Samples")[0] == str(int((open_builtin("digits").y == 0).sum()))
    driver.select(driver.document.networks[0].id)
    layers = column(filled.network_details.layers, "Parameters")
    assert sum(int(text.replace(",", "")) for text in layers) == driver.document.networks[0].parameter_count


def test_rows_of_a_table_are_shown_with_their_levels(filled: NetworksPage, driver: Driver) -> None:
    driver.select(next(item.id for item in driver.document.datasets if item.features is not None))
    driver.wait(lambda: filled.data_details.rows.model().rowCount() == 24)
    assert column(filled.data_details.rows, "Label")[:2] == ["good", "bad"]
    assert "radio/television" in column(filled.data_details.rows, "purpose")[0]


def test_removing_from_the_page_is_undone(filled: NetworksPage, driver: Driver) -> None:
    item = driver.document.networks[1]
    driver.select(item.id)
    driver.click("card.remove")
    assert item.id not in driver.document.items
    assert len(column(filled.networks, "Name")) == 2
    driver.trigger("edit.undo")
    assert len(column(filled.networks, "Name")) == 3


def test_the_page_comes_back_with_the_session_and_keeps_its_filter(
    filled: NetworksPage, driver: Driver, tmp_path
) -> None:
    filled.filter.setText("credit")
    driver.save(tmp_path / "session.corrie.h5")
    driver.trigger("file.new")
    driver.window.open_paths([tmp_path / "session.corrie.h5"])
    driver.wait(lambda: driver.window.area.page(PAGE_ID) is not None)
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, NetworksPage)
    assert page.filter.text() == "credit"
    assert len(column(page.networks, "Name")) == 1


def test_a_heading_of_the_tree_opens_the_page_and_a_row_shows_its_item_there(driver: Driver) -> None:
    driver.open(CARDS[0], DIGITS)
    driver.wait(lambda: len(driver.document.items) == 2)
    tree = driver.window.tree
    heading = next(
        tree.topLevelItem(i) for i in range(tree.topLevelItemCount()) if tree.topLevelItem(i).text(0) == "Networks"
    )
    tree.itemActivated.emit(heading, 0)
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, NetworksPage)
    driver.window.area.close_page(PAGE_ID)
    tree.opened.emit(driver.document.datasets[0].id)
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, NetworksPage)
    assert page._details.currentWidget() is page.data_details


def test_numbers_to_be_predicted_have_a_loss_and_no_accuracy(driver: Driver, page: NetworksPage, tmp_path) -> None:
    numbers = np.random.default_rng(0)
    np.savez(tmp_path / "numbers.npz", x=numbers.normal(size=(30, 61)), y=numbers.normal(size=(30, 2)))
    driver.open(tmp_path / "numbers.npz", CARDS[2])
    driver.wait(lambda: len(driver.document.items) == 2)
    driver.click("networks.evaluate")
    driver.wait(lambda: column(page.networks, "Accuracy") == ["—"])
    assert float(column(page.networks, "Loss")[0]) > 0
