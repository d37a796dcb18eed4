"""What is said of a shown result follows what else comes into the session."""

from dataclasses import replace

from app.commands.items import AddItems
from app.views.inspector.measures_panel import MeasuresPanel
from tests.app.views.conftest import Driver
from tests.documents import landscape_document, result_item, spectrum


def test_a_spectrum_that_arrives_changes_what_is_said_of_the_selected_surface(driver: Driver) -> None:
    driver.window.desk.state.open(landscape_document(), None)
    driver.select("surface-0")
    before = driver.window.inspector.findChild(MeasuresPanel)
    item = replace(result_item(spectrum(), "spectrum-9", "Spectrum"), network_id="network-0", dataset_id="dataset-0")
    driver.window.history.push(AddItems((item,)))
    after = driver.window.inspector.findChild(MeasuresPanel)
    assert before is not None
    assert after is not before
    driver.window.history.undo()
    assert driver.window.inspector.findChild(MeasuresPanel) is not after
