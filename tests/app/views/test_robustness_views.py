"""A session whose remembered view makes no sense opens all the same, and what makes sense of it is kept."""

import dataclasses
from types import MappingProxyType

import pytest

from tests import documents
from tests.app.views.conftest import Driver

PANES = {"panes": [["surface-0", "spectrum-0"], ["correction-0"]], "shown": ["spectrum-0", "correction-0"]}
NONSENSE = [
    {"panes": 7},
    {"panes": [7, None]},
    {"panes": [["surface-0", "surface-0", 5, None, "network-0", "gone"]]},
    {"panes": [[], ["surface-0"]]},
    {**PANES, "shown": "surface-0"},
    {**PANES, "shown": [["surface-0"], {}]},
    {**PANES, "pages": []},
    {**PANES, "pages": {"surface-0": 3, "spectrum-0": {"logarithmic": "yes"}}},
    {**PANES, "pages": {"surface-0": {"mode": 5, "limit": -1, "camera": {"azimuth": "north"}}}},
    {**PANES, "pages": {"surface-0": {"mode": "upside down", "limit": 1e300, "camera": {"scale": 0}}}},
    {**PANES, "pages": {"surface-0": {"camera": {"azimuth": float("nan"), "centre": [1], "elevation": 1e400}}}},
    {**PANES, "pages": {"surface-0": {"limit": True, "camera": "paper"}}},
    {**PANES, "linked": "perhaps"},
]


@pytest.mark.parametrize("view", NONSENSE, ids=range(len(NONSENSE)))
def test_a_view_that_makes_no_sense_keeps_nothing_from_opening(driver: Driver, view: dict[str, object]) -> None:
    document = dataclasses.replace(documents.document(), view=MappingProxyType(view))
    driver.window.desk.state.open(document, None)
    open_pages = {page.item_id for page in driver.window.area.pages()}
    assert open_pages <= {"surface-0", "spectrum-0", "correction-0"}
    if view.items() >= {"panes": PANES["panes"]}.items():
        assert open_pages == {"surface-0", "spectrum-0", "correction-0"}
    for item_id in open_pages:
        assert not driver.window.area.page(item_id).image().isNull()
    assert not driver.window.desk.state.dirty


def test_views_that_were_not_linked_open_not_linked(driver: Driver) -> None:
    driver.trigger("view.linked")
    driver.window.desk.state.open(documents.document(), None)
    driver.window.pages.open_page("surface-0")
    document = driver.window.desk.state.snapshot()
    assert document.view["linked"] is driver.window.area.linked
    driver.trigger("view.linked")
    before = driver.window.area.linked
    driver.window.desk.state.open(document, None)
    assert driver.window.area.linked is not before
    assert driver.window.actions_registry.action("view.linked").isChecked() is not before
