"""Files of the original loss-landscape tool open in the window like anything else."""

from pathlib import Path

import h5py
import numpy as np

from core.landscape.surface import Surface
from core.session.document import ResultItem
from core.session.files import save_document
from tests import documents
from tests.app.views.conftest import Driver


def written(path: Path) -> Path:
    with h5py.File(path, "w") as file:
        file["dir_file"] = "directions.h5"
        file["xcoordinates"], file["ycoordinates"] = np.linspace(-1, 1, 5), np.linspace(-1, 1, 4)
        file["train_loss"], file["train_acc"] = np.arange(20.0).reshape(5, 4) / 4, np.full((5, 4), 50.0)
    return path


def test_a_surface_file_is_added_to_the_session_selected_and_can_be_undone(driver: Driver, tmp_path: Path) -> None:
    before = driver.document
    driver.window.open_paths([written(tmp_path / "model_300.t7_weights.h5")])
    driver.wait(lambda: len(driver.document.results) == 1)
    (item,) = driver.document.results
    assert isinstance(item.result, Surface)
    np.testing.assert_array_equal(item.result.loss.ravel(), np.arange(20.0) / 4)
    assert driver.window.desk.selection.current_id == item.id
    driver.wait(lambda: "is not beside it" in driver.window.banner.text)
    driver.window.desk.history.undo()
    assert list(driver.document.items) == list(before.items)


def test_a_session_and_a_surface_file_dropped_together_are_both_opened(driver: Driver, tmp_path: Path) -> None:
    session = tmp_path / "session.corrie.h5"
    save_document(documents.document(), session)
    driver.window.open_paths([written(tmp_path / "surface.h5"), session])
    expected = len(documents.document().items) + 1
    driver.wait(lambda: len(driver.document.items) == expected)
    assert isinstance(list(driver.document.items.values())[-1], ResultItem)


def test_a_damaged_surface_file_is_explained_and_changes_nothing(driver: Driver, tmp_path: Path) -> None:
    path = written(tmp_path / "surface.h5")
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file["train_loss"] = np.zeros(7)
    before = driver.document
    driver.window.open_paths([path])
    driver.wait(lambda: "7 values for 5 × 4 points" in driver.window.banner.text)
    assert driver.document is before
