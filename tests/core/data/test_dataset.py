"""Data sets: their fingerprint, their labels, and their way into the document and back."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.builtin import NAMES, open_builtin
from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.data.storing import restore_dataset, store_dataset
from core.errors import DataError, UnreadableFile


def samples(x: npt.NDArray[np.generic] | None = None, y: npt.NDArray[np.int64] | None = None) -> Dataset:
    x = np.arange(12, dtype=np.float32).reshape(4, 3) if x is None else x
    return Dataset(name="d", x=x, y=np.array([0, 1, 2, 1]) if y is None else y)


@pytest.mark.parametrize(("label", "row"), [(3, 2), (-1, 0)])
def test_a_label_without_a_class_is_refused_with_its_sample(label: int, row: int) -> None:
    y = np.array([0, 1, 2, 1])
    y[row] = label
    with pytest.raises(DataError, match=rf"sample {row} has label {label}.*3 classes \(0 to 2\)"):
        Dataset(name="d", x=np.zeros((4, 3)), y=y, classes=("a", "b", "c"))


@given(st.integers(0, 3), st.integers(0, 2), st.floats(-1e3, 1e3, width=32))
def test_any_changed_value_changes_the_fingerprint(row: int, column: int, value: float) -> None:
    x = np.arange(12, dtype=np.float32).reshape(4, 3)
    same = x[row, column].tobytes() == np.float32(value).tobytes()
    x[row, column] = value
    assert (samples(x).sha256 == samples().sha256) == same


def test_labels_types_shapes_and_order_belong_to_the_fingerprint() -> None:
    x = np.arange(12, dtype=np.float32).reshape(4, 3)
    others = [
        samples(y=np.array([0, 1, 2, 2])),
        samples(x.astype(np.float64)),
        samples(x.reshape(4, 3, 1)),
        samples(x[::-1], np.array([1, 2, 1, 0])),
        samples().first(3),
    ]
    assert len({data.sha256 for data in [samples(), *others]}) == 1 + len(others)


def test_the_same_numbers_have_the_same_fingerprint_however_they_lie_in_memory() -> None:
    x = np.arange(12, dtype=np.float32).reshape(4, 3)
    assert samples(np.asfortranarray(x)).sha256 == samples(np.repeat(x, 2, axis=1)[:, ::2]).sha256 == samples().sha256


def test_the_first_samples_are_those_at_the_beginning() -> None:
    data = samples()
    assert data.first(None) is data
    assert data.first(4) is data
    assert data.first(2).x.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert data.first(2).y.tolist() == [0, 1]
    with pytest.raises(DataError, match="only 4 samples, not 5"):
        data.first(5)


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    path = tmp_path / "set.npz"
    np.savez(path, x=np.arange(12.0).reshape(4, 3), y=np.array([0, 1, 2, 1]))
    return path


def test_kept_data_are_restored_without_their_file(npz: Path) -> None:
    data = open_dataset(npz)
    item = store_dataset(data, origin=str(npz), keep=True)
    npz.unlink()
    assert restore_dataset(item).sha256 == data.sha256
    assert (item.samples, item.shape, item.origin) == (4, (3,), str(npz))


def test_described_data_are_opened_again_from_their_origin(npz: Path) -> None:
    data = open_dataset(npz)
    item = store_dataset(data, origin=str(npz), keep=False)
    assert item.data is None
    restored = restore_dataset(item)
    assert restored.sha256 == item.sha256 == data.sha256
    assert (restored.x == data.x).all()


def test_data_that_have_changed_since_are_refused(npz: Path) -> None:
    item = store_dataset(open_dataset(npz), origin=str(npz), keep=False)
    x = np.arange(12.0).reshape(4, 3)
    x[3, 2] = np.nextafter(x[3, 2], 100)
    np.savez(npz, x=x, y=np.array([0, 1, 2, 1]))
    with pytest.raises(DataError, match=r"set\.npz is no longer the data"):
        restore_dataset(item)


def test_data_that_are_gone_are_refused_by_name(npz: Path) -> None:
    item = store_dataset(open_dataset(npz), origin=str(npz), keep=False)
    npz.unlink()
    with pytest.raises(UnreadableFile, match=r"set\.npz.*no such file"):
        restore_dataset(item)


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_set_is_what_its_source_says(name: str) -> None:
    data = open_builtin(name)
    assert data.source
    if name == "digits":
        assert data.x.shape[0] == 1797  # Alpaydin & Kaynak's test set
        assert np.bincount(data.y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        assert (data.x.min(), data.x.max()) == (0, 16)
    else:
        assert len(data) == 1000
        assert sorted(np.bincount(data.y).tolist()) == [300, 700]  # 300 bad, 700 good
        assert data.features is not None
        assert data.x.shape[1] == data.features.width
    assert restore_dataset(store_dataset(data, origin=name, keep=False)).sha256 == data.sha256


def test_built_in_digits_are_those_of_scikit_learn() -> None:
    truth = pytest.importorskip("sklearn.datasets").load_digits()
    data = open_builtin("digits")
    assert (data.x.reshape(1797, 64) == truth.data).all()
    assert (data.y == truth.target).all()
