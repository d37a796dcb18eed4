"""One door for every kind of data."""

from pathlib import Path

import numpy as np
import pytest

from core.data.loading import KINDS, READERS, is_data, open_dataset, split_source
from core.errors import UnreadableFile
from tests.realdata import realdata_path


@pytest.mark.parametrize(
    ("source", "path", "options"),
    [
        ("a.npz", "a.npz", {}),
        ("a.tar.gz:test", "a.tar.gz", {"part": "test"}),
        ("photos:test:32x48", "photos", {"part": "test", "size": (32, 48)}),
        ("a.npz:regression", "a.npz", {"task": "regression"}),
        ("a.npz:other", "a.npz:other", {}),
        ("C:/data/a.npz", "C:/data/a.npz", {}),
    ],
)
def test_what_stands_behind_a_path_is_taken_off(source: str, path: str, options: dict[str, object]) -> None:
    found, given = split_source(source)
    assert found == Path(path)
    assert {name: getattr(given, name) for name in ("part", "size", "task")} == {
        "part": "train", "size": None, "task": None, **options,
    }  # fmt: skip


def test_a_file_that_is_really_called_like_that_comes_first(tmp_path: Path) -> None:
    odd = tmp_path / "a:test"
    odd.touch()
    assert split_source(odd)[0] == odd


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("a.npz", True),
        ("a.npy", True),
        ("A.CSV", True),
        ("a.features.toml", True),
        ("train-images-idx3-ubyte.gz", True),
        ("data_batch_1", True),
        ("cifar-100-python.tar.gz", True),
        ("cat.ndjson.gz", True),
        ("a.toml", False),
        ("model.pt", False),
        ("other.tar.gz", False),
        ("train", False),
    ],
)
def test_data_are_told_from_other_files_by_their_names(tmp_path: Path, name: str, known: object) -> None:
    (tmp_path / name).touch()
    assert is_data(tmp_path / name) == known


def test_an_unknown_kind_is_refused_with_all_kinds_there_are(tmp_path: Path) -> None:
    (tmp_path / "thing.xyz").touch()
    with pytest.raises(UnreadableFile) as refusal:
        open_dataset(tmp_path / "thing.xyz")
    assert KINDS in str(refusal.value)
    assert all(reader.title in KINDS for reader in READERS)


def test_a_missing_file_of_every_kind_is_refused_by_name(tmp_path: Path) -> None:
    for reader in READERS:
        for ending in reader.endings:
            with pytest.raises(UnreadableFile, match="missing"):
                open_dataset(tmp_path / f"missing{ending}")


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "shape", "mean"),
    [
        ("mnist/mnist_train_60000.npz", (60000, 28, 28), 33.318),
        ("fashion_mnist/fashion_mnist_test.npz", (10000, 28, 28), 73.147),
        ("cifar10_lossless/cifar10_train_first4000.npz", (4000, 32, 32, 3), 120.7),
    ],
)
def test_the_real_sets_are_read_whole(name: str, shape: tuple[int, ...], mean: float) -> None:
    data = open_dataset(realdata_path(name))
    assert data.x.shape == shape
    assert data.x.mean() == pytest.approx(mean, rel=0.01)
    assert np.bincount(data.y).min() > 0.085 * len(data)
    assert len(np.bincount(data.y)) == 10
