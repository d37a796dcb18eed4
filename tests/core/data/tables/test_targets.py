"""Numbers to be predicted, beside classes."""

from pathlib import Path

import numpy as np
import pytest

from core.data.arrays import read_npz
from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.data.storing import restore_dataset, store_dataset
from core.data.tables.features import (
    Feature,
    FeatureCard,
    feature_card_as_table,
    feature_card_from_table,
    write_feature_card,
)
from core.errors import DataError, InvalidRequest
from core.session.document import Document
from core.session.files import open_session, save_document

X = np.arange(12.0).reshape(4, 3)
REAL = np.array([0.5, -1.0, 2.25, 1e-3])


def npz(folder: Path, **arrays: object) -> Path:
    np.savez(folder / "set.npz", **{name: np.asarray(value) for name, value in arrays.items()})
    return folder / "set.npz"


@pytest.mark.parametrize(
    ("y", "names"),
    [(REAL, ("y",)), (REAL[:, None], ("y",)), (np.stack([REAL, REAL + 1], axis=1), ("y1", "y2")), (REAL > 0, None)],
)
def test_floating_point_numbers_that_are_no_whole_ones_are_targets(
    tmp_path: Path, y: np.ndarray, names: tuple[str, ...] | None
) -> None:
    data = open_dataset(npz(tmp_path, x=X, y=y))
    assert data.task == ("regression" if names else "classification")
    assert data.targets == (names or ())
    if names:
        assert data.y.dtype == np.float64
        assert (data.y.reshape(4, -1) == y.reshape(4, -1)).all()


def test_whole_numbers_are_classes_unless_asked_otherwise(tmp_path: Path) -> None:
    path = npz(tmp_path, x=X, y=[3.0, 1.0, 2.0, 0.0])
    assert open_dataset(path).task == "classification"
    for data in (open_dataset(path, task="regression"), open_dataset(f"{path}:regression")):
        assert data.task == "regression"
        assert data.y.tolist() == [3, 1, 2, 0]
    assert read_npz(npz(tmp_path, x=X, y=[3, 1, 2, 0], targets=["metres"])).targets == ("metres",)


def test_an_archive_may_name_its_classes_and_targets(tmp_path: Path) -> None:
    assert open_dataset(npz(tmp_path, x=X, y=[0, 1, 1, 0], classes=["no", "yes"])).classes == ("no", "yes")
    pair = np.stack([REAL, REAL], axis=1)
    assert open_dataset(npz(tmp_path, x=X, y=pair, targets=["width", "height"])).targets == ("width", "height")
    with pytest.raises(DataError, match="names 1 targets, but has 2"):
        open_dataset(npz(tmp_path, x=X, y=pair, targets=["width"]))


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (np.array([0.5, np.nan, 1, 1]), "whole number.*real numbers"),
        (np.array(["a", "b", "c", "d"]), "one number per sample"),
        (np.zeros((4, 2, 2)), "one number per sample"),
        (REAL[:3], "4 samples but 3 labels"),
    ],
)
def test_targets_that_are_no_numbers_are_refused(tmp_path: Path, y: np.ndarray, words: str) -> None:
    with pytest.raises(DataError, match=words):
        open_dataset(npz(tmp_path, x=X, y=y), task=None if "whole" in words else "regression")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"y": np.array([0.5, np.inf, 1, 1])}, "target of sample 1 is NaN or infinity"),
        ({"y": REAL, "classes": ("a", "b")}, "names classes, but its targets are numbers"),
        ({"y": REAL, "targets": ("a", "b")}, "names 2 targets, but has 1"),
        ({"y": np.zeros(4, int), "targets": ("a",)}, "names 1 targets, but its labels are classes"),
        ({"y": np.zeros((4, 1, 1))}, r"shape \(4, 1, 1\)"),
        ({"y": np.zeros((4, 0))}, r"shape \(4, 0\)"),
    ],
)
def test_a_set_that_contradicts_itself_is_refused(more: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        Dataset(name="set", x=X, **more)  # type: ignore[arg-type]


def test_the_first_samples_keep_their_targets_and_names() -> None:
    data = Dataset(name="set", x=X, y=REAL, targets=("metres",))
    few = data.first(2)
    assert few.y.tolist() == [0.5, -1]
    assert few.targets == data.targets
    assert Dataset(name="set", x=X, y=np.zeros((4, 2))).target_names == ("target 1", "target 2")
    assert Dataset(name="set", x=X, y=np.zeros(4)).target_names == ("target",)


CARD = FeatureCard(features=(Feature(name="rooms"),), target="price", classes=(), target_unit="€")


def houses(folder: Path, cells: str = "3,250000.5\n1,9e4\n") -> Path:
    (folder / "houses.csv").write_text(f"rooms,price\n{cells}", encoding="utf-8")
    write_feature_card(CARD, folder / "houses.features.toml")
    return folder / "houses.csv"


def test_a_card_without_classes_makes_the_target_column_a_number(tmp_path: Path) -> None:
    data = open_dataset(houses(tmp_path))
    assert data.y.tolist() == [250000.5, 90000]
    assert data.task == CARD.task == "regression"
    assert data.targets == ("price",)
    assert data.features == CARD
    assert feature_card_from_table(feature_card_as_table(CARD)) == CARD


@pytest.mark.parametrize("cell", ["dear", "", "nan", "1_000"])
def test_a_target_that_is_no_number_is_refused_with_its_row(tmp_path: Path, cell: str) -> None:
    with pytest.raises(DataError, match=f'row 3, column "price": "{cell}" is not a number.*names no classes'):
        open_dataset(houses(tmp_path, f"3,1\n2,{cell}\n"))


@pytest.mark.parametrize(
    ("more", "words"),
    [({"wanted": "yes"}, "no class"), ({"classes": ("a", "b"), "target_unit": "m"}, "no unit")],
)
def test_cards_whose_target_contradicts_itself_are_refused(more: dict[str, object], words: str) -> None:
    fields = {"features": CARD.features, "target": "t", "classes": ()} | more
    with pytest.raises((InvalidRequest, ValueError), match=words):
        FeatureCard(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("y", [REAL, np.stack([REAL, REAL * 2], axis=1)])
@pytest.mark.parametrize("keep", [True, False])
def test_targets_survive_a_session(tmp_path: Path, y: np.ndarray, keep: object) -> None:
    path = npz(tmp_path, x=X, y=y, targets=[f"t{index}" for index in range(y.reshape(4, -1).shape[1])])
    item = store_dataset(open_dataset(path), origin=str(path), keep=bool(keep))
    save_document(Document().with_item(item), tmp_path / "s.corrie.h5")
    (read,) = open_session(tmp_path / "s.corrie.h5").document.datasets
    assert read.targets == item.targets
    restored = restore_dataset(read)
    assert restored.sha256 == item.sha256
    assert restored.y.dtype == np.float64
    assert (restored.y == y).all()
    assert restored.targets == item.targets


def test_whole_numbers_that_were_opened_as_targets_are_opened_as_targets_again(tmp_path: Path) -> None:
    path = npz(tmp_path, x=X, y=[3, 1, 2, 0])
    item = store_dataset(open_dataset(path, task="regression"), origin=str(path), keep=False)
    assert restore_dataset(item).task == "regression"
