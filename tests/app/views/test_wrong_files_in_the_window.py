"""Files that cannot be opened: a sentence in the banner, and a session that stays as it was."""

from pathlib import Path

import numpy as np
import pytest

from core.data.builtin import examples_folder
from tests.app.views.conftest import Driver


def broken(folder: Path, kind: str) -> Path:
    if kind == "missing session":
        return folder / "none.corrie.h5"
    if kind == "text as session":
        path = folder / "text.corrie.h5"
        path.write_text("not HDF5")
    elif kind == "unknown kind":
        path = folder / "thing.xyz"
        path.write_text("?")
    elif kind == "card of another architecture":
        path = folder / "card.toml"
        weights = (examples_folder() / "digits_noshort.safetensors").as_posix()
        path.write_text(
            f'name = "x"\narchitecture = "resnet44_w8"\nweights = "{weights}"\n[input]\nshape = [1, 8, 8]\n'
        )
    elif kind == "text in a number":
        table = (examples_folder() / "german_credit.csv").read_text().replace(",6,critical", ",six,critical", 1)
        (folder / "t.csv").write_text(table)
        card = (examples_folder() / "german_credit.features.toml").read_text()
        (folder / "t.features.toml").write_text(card)
        path = folder / "t.csv"
    else:
        path = folder / "empty.npz"
        np.savez(path, x=np.zeros((0, 8, 8)), y=np.zeros(0, int))
    return path


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing session", "There is no such file"),
        ("text as session", "text.corrie.h5"),
        ("unknown kind", "does not know what this is"),
        ("card of another architecture", "layer2.0.shortcut.0.weight"),
        ("text in a number", 'row 2, column "duration_in_month": "six"'),
        ("empty data", "is empty"),
    ],
)
def test_a_file_that_cannot_be_opened_is_explained_and_changes_nothing(
    driver: Driver, tmp_path: Path, kind: str, words: str
) -> None:
    before = driver.document
    driver.window.open_paths([broken(tmp_path, kind)])
    driver.wait(lambda: bool(driver.window.banner.text))
    assert words in driver.window.banner.text
    assert driver.document is before
    assert not driver.window.desk.state.dirty
    driver.click("banner.dismiss")
    assert driver.window.banner.text == ""


def test_labels_that_the_network_has_no_output_for_are_named_with_their_sample(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "labels.npz"
    np.savez(path, x=np.zeros((20, 8, 8), np.uint8), y=np.array([0] * 7 + [12] * 13))
    driver.open(path, examples_folder() / "digits_resnet.toml")
    driver.wait(lambda: len(driver.document.items) == 2)
    driver.select(driver.document.networks[0].id)
    driver.click("compute.surface")
    driver.wait(lambda: bool(driver.window.banner.text))
    assert "Sample 7" in driver.window.banner.text
    assert driver.results() == ()
    assert driver.window.area.pages() == []
