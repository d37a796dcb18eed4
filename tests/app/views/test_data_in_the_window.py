"""Data of every kind come in by the same door."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QComboBox, QLabel
from safetensors.torch import save_file

from app.views.dialogs import DATA_FILTER
from core.networks.architectures.registry import build_architecture
from tests.app.views.conftest import Driver


def idx_folder(folder: Path) -> Path:
    (folder / "train-images-idx3-ubyte").write_bytes(
        bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3]) + bytes(18)
    )
    (folder / "train-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]))
    return folder


def pictures(folder: Path) -> Path:
    for name in ("cats", "dogs"):
        (folder / name).mkdir()
        Image.new("L", (4, 3), 7).save(folder / name / "one.png")
    return folder


def drawing(folder: Path) -> Path:
    path = folder / "cat.ndjson"
    path.write_text('{"word": "cat", "drawing": [[[0, 255], [0, 9]]]}\n')
    return path


def numbers(folder: Path) -> Path:
    np.save(folder / "x.npy", np.eye(3))
    np.save(folder / "y.npy", np.array([0.5, 1.5, 2.0]))
    return folder / "y.npy"


@pytest.mark.parametrize(
    ("make", "shape"), [(idx_folder, (3, 3)), (pictures, (3, 4)), (drawing, (4, 128)), (numbers, (3,))]
)
def test_data_of_every_kind_are_opened(driver: Driver, tmp_path: Path, make: object, shape: tuple[int, ...]) -> None:
    driver.window.open_paths([make(tmp_path)])  # type: ignore[operator]
    driver.wait(lambda: len(driver.document.datasets) == 1)
    assert driver.document.datasets[0].shape == shape


def test_a_folder_is_opened_from_the_menu(driver: Driver, tmp_path: Path) -> None:
    driver.answers.folder = pictures(tmp_path)
    driver.trigger("open.data_folder")
    driver.wait(lambda: len(driver.document.datasets) == 1)
    assert driver.document.datasets[0].classes == ("cats", "dogs")


def test_a_folder_without_data_is_explained(driver: Driver, tmp_path: Path) -> None:
    driver.window.open_paths([tmp_path])
    driver.wait(lambda: bool(driver.window.banner.text))
    assert "No data that Corrie reads lie in this folder" in driver.window.banner.text


def test_corrections_of_numbers_ask_how_large_the_number_is_to_be(driver: Driver, tmp_path: Path) -> None:
    save_file(build_architecture("mlp:2-3-1", (2,), 1).state_dict(), tmp_path / "net.safetensors")
    (tmp_path / "net.toml").write_text(
        'name = "prices"\narchitecture = "mlp:2-3-1"\nweights = "net.safetensors"\n[input]\nshape = [2]\n'
    )
    (tmp_path / "houses.csv").write_text("rooms,size,price\n3,80.5,250.5\n1,30,90\n")
    (tmp_path / "houses.features.toml").write_text(
        'target = "price"\nclasses = []\n[[features]]\nname = "rooms"\n[[features]]\nname = "size"\n'
    )
    driver.open(tmp_path / "net.toml", tmp_path / "houses.csv")
    driver.select(driver.document.networks[0].id)
    driver.wait(lambda: driver.find(QLabel, "correction.verdict").text().startswith("judged "))
    assert "labelled 250.5" in driver.find(QLabel, "correction.verdict").text()
    sorts = driver.find(QComboBox, "correction.target")
    assert [sorts.itemText(place) for place in range(sorts.count())] == ["at least", "at most", "between"]
    assert driver.document.datasets[0].targets == ("price",)


def test_the_dialog_shows_files_of_every_kind() -> None:
    for ending in (
        "*.npz",
        "*.npy",
        "*.csv",
        "*.tsv",
        "*.ndjson",
        "*.ndjson.gz",
        "*-ubyte",
        "*-ubyte.gz",
        "*data_batch_1",
    ):
        assert ending in DATA_FILTER.split(")")[0].replace("(", " ").split()
