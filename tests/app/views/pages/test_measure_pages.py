"""Pages of attacks, of the curvature through training, and of size and sharpness in the window."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from PySide6.QtGui import QGuiApplication

from app.views.pages.complexity_page import ComplexityPage
from app.views.pages.history_page import HistoryPage
from app.views.pages.robustness_page import RobustnessPage
from app.views.sizes.table_page import PAGE_ID, SizesPage
from core.session.document import Document
from tests import documents
from tests.app import landscapes
from tests.app.views.conftest import Driver
from tests.complexities import complexity
from tests.histories import history


def session() -> Document:
    return landscapes.session(
        ("robustness-1", documents.robustness()), ("history-1", history()), ("complexity-1", complexity())
    )


def compared(count: int) -> Document:
    """So many networks, the sharper the larger their gap."""
    document = landscapes.session()
    items = dict(document.items)
    for place in range(count):
        network = documents.network_item(f"network-{place + 1}", name=f"Net {place}", seed=place + 1)
        found = complexity(sharper=1 + place / 10)
        found = replace(found, provenance=replace(found.provenance, network_sha256=network.sha256))
        item = replace(documents.result_item(found, f"complexity-{place}", f"Size {place}"), network_id=network.id)
        items |= {network.id: network, item.id: item}
    return Document(created_utc=document.created_utc, items=MappingProxyType(items))


@pytest.mark.parametrize(
    ("item_id", "kind", "icon"),
    [
        ("robustness-1", RobustnessPage, "robustness"),
        ("history-1", HistoryPage, "history"),
        ("complexity-1", ComplexityPage, "complexity"),
    ],
)
def test_every_kind_has_its_page_its_place_in_the_tree_and_its_facts(
    driver: Driver, item_id: str, kind: type, icon: str
) -> None:
    driver.window.desk.state.open(session(), None)
    driver.window.pages.open_page(item_id)
    page = driver.window.area.page(item_id)
    assert type(page) is kind
    assert page.icon_name == icon
    assert not page.image().isNull()
    driver.select(item_id)
    row = driver.window.tree.currentItem()
    assert row.text(0) == item_id.replace("-", " ")
    assert row.text(1) == "✓"
    driver.trigger("edit.copy_picture")
    assert not QGuiApplication.clipboard().image().isNull()
    assert driver.window.banner.text == ""


def test_a_cell_of_the_table_is_a_point_of_the_curves_and_the_shown_examples(driver: Driver) -> None:
    driver.window.desk.state.open(session(), None)
    driver.window.pages.open_page("robustness-1")
    page = driver.window.area.page("robustness-1")
    assert isinstance(page, RobustnessPage)
    page.table.setCurrentCell(2, 3)
    assert page.curves.reading.startswith("L2GRAD at L2 0.122 (ε 0.05): ")
    assert page.examples.shown == (1, 1)
    page.curves.point_at(2, 0)
    assert (page.table.currentRow(), page.table.currentColumn()) == (1, 4)


def test_the_table_copies_clean_samples_first_and_every_digit(driver: Driver) -> None:
    driver.window.desk.state.open(session(), None)
    driver.window.pages.open_page("robustness-1")
    page = driver.window.area.page("robustness-1")
    assert isinstance(page, RobustnessPage)
    page.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "epsilon,L2 length,accuracy FGSM,accuracy L2GRAD,accuracy FHSM,accuracy under all"
    assert lines[1] == "0.0,0.0,1.0,1.0,1.0,1.0"
    assert len(lines) == 5


def test_the_tab_the_scale_and_the_examples_are_kept_with_the_session(driver: Driver) -> None:
    driver.window.desk.state.open(session(), None)
    driver.window.pages.open_page("robustness-1")
    page = driver.window.area.page("robustness-1")
    assert isinstance(page, RobustnessPage)
    page.tabs.setCurrentIndex(1)
    page.examples.turn_to(2, 0)
    page.curves.set_logarithmic(False)
    kept = dict(driver.window.desk.state.snapshot().view["pages"]["robustness-1"])
    assert kept.pop("look")["tabs"] == {"0": "Examples"}
    assert kept == {
        "tab": "examples",
        "examples": {"attack": 2, "strength": 0, "sample": 0},
        "logarithmic": False,
    }
    driver.window.area.close_page("robustness-1")
    driver.window.pages.open_page("robustness-1")
    again = driver.window.area.page("robustness-1")
    assert isinstance(again, RobustnessPage)
    again.restore_view(kept)
    assert again.view_state() == kept


def test_a_growing_result_is_drawn(driver: Driver) -> None:
    document = landscapes.session(("robustness-1", documents.robustness(status="partial")))
    driver.window.desk.state.open(document, None)
    driver.window.pages.open_page("robustness-1")
    page = driver.window.area.page("robustness-1")
    assert isinstance(page, RobustnessPage)
    assert page.curves.caption.startswith("Partial")
    driver.window.desk.live.put("robustness-1", documents.robustness())
    assert not page.curves.caption.startswith("Partial")
    driver.window.desk.live.remove("robustness-1")


def test_layers_are_listed_in_their_order_and_lead_to_all_networks(driver: Driver) -> None:
    driver.window.desk.state.open(session(), None)
    driver.window.pages.open_page("complexity-1")
    page = driver.window.area.page("complexity-1")
    assert isinstance(page, ComplexityPage)
    cells = page.layers.cells
    assert cells is not None
    assert [row[0] for row in cells.rows] == ["1", "conv", "bn", "3"]
    assert cells.rows[1][4] == "0.002"
    page.all.click()
    assert isinstance(driver.window.area.page(PAGE_ID), SizesPage)
    page = driver.window.area.page(PAGE_ID)
    driver.wait(lambda: page.table.cells is not None)


def test_all_networks_stand_in_one_table_with_rank_correlations(driver: Driver) -> None:
    driver.window.desk.state.open(compared(5), None)
    driver.trigger("robustness.sizes")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, SizesPage)
    driver.wait(lambda: page.table.cells is not None)
    cells = page.table.cells
    assert cells is not None
    assert [row[0] for row in cells.rows[:5]] == [f"Net {place}" for place in range(5)]
    assert "Spearman" in cells.rows[5][0]
    assert page.measure.currentData() == "sharpness"
    page.table.setCurrentCell(0, cells.heads.index("log₁₀ path norm"))
    assert page.measure.currentData() == "path_norm"
    assert page.view_state() == {"measure": "path_norm"}
    page.copy.click()
    assert QGuiApplication.clipboard().text().startswith("network,parameters,")


def test_the_table_follows_the_session(driver: Driver) -> None:
    driver.window.desk.state.open(compared(3), None)
    driver.trigger("robustness.sizes")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, SizesPage)
    driver.wait(lambda: page.table.cells is not None)
    driver.window.pages.remove("complexity-1")
    driver.wait(lambda: page.table.cells is not None and page.table.cells.rows[1][0] == "Net 2")
    for item_id in ("complexity-0", "complexity-2"):
        driver.window.pages.remove(item_id)
    driver.wait(page.empty.isVisible)
    assert "No network of this session has been measured yet" in page.empty.text()
