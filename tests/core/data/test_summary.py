"""What is said of a data set agrees with numpy on all of its values."""

import numpy as np
import pytest

from core.data import dataset
from core.data.dataset import Dataset
from core.data.summary import summarise
from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from tests import documents


def images(shape: tuple[int, ...], dtype: type = np.uint8) -> Dataset:
    numbers = np.random.default_rng(0)
    x = numbers.integers(0, 256, (50, *shape)).astype(dtype)
    return Dataset(name="images", x=x, y=numbers.integers(0, 3, 50), classes=("a", "b", "c", "d"))


@pytest.mark.parametrize(("shape", "axes"), [((8, 7, 3), (0, 1, 2)), ((3, 8, 7), (0, 2, 3)), ((8, 7), (0, 1, 2))])
def test_images_are_summed_up_by_channel_in_either_layout(shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    data = images(shape)
    summary = summarise(data, JobContext())
    assert np.allclose(summary.mean, data.x.mean(axis=axes))
    assert np.allclose(summary.std, data.x.std(axis=axes))
    assert np.array_equal(summary.low, np.atleast_1d(data.x.min(axis=axes)))
    assert np.array_equal(summary.high, np.atleast_1d(data.x.max(axis=axes)))


def test_a_large_set_is_looked_at_in_pieces_and_gives_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    data = images((8, 7, 3), np.float32)
    whole = summarise(data, JobContext())
    monkeypatch.setattr(dataset, "PIECE_BYTES", 3 * data.x[:1].nbytes)
    pieces = summarise(data, JobContext())
    assert np.allclose(whole.mean, pieces.mean)
    assert np.allclose(whole.std, pieces.std)


def test_the_deviation_of_large_numbers_that_differ_little_is_not_lost() -> None:
    x = (1e9 + np.arange(100.0)).reshape(-1, 1)
    summary = summarise(Dataset(name="far", x=x, y=np.zeros(100, np.int64)), JobContext())
    assert summary.std[0] == pytest.approx(np.arange(100.0).std())


def test_classes_without_a_sample_are_counted_as_none() -> None:
    data = images((8, 8))
    assert summarise(data, JobContext()).class_counts.tolist() == [*np.bincount(data.y, minlength=3).tolist(), 0]


def test_numbers_to_be_predicted_have_no_classes() -> None:
    data = Dataset(name="r", x=np.zeros((4, 2)), y=np.arange(4.0), targets=("height",))
    assert summarise(data, JobContext()).class_counts.shape == (0,)


def test_columns_of_a_table_are_called_as_in_its_card() -> None:
    names = summarise(documents.table(), JobContext()).names
    assert names == ("Duration", "Amount", "Age", "Housing = rent", "Housing = own", "Housing = free")


def test_a_stopped_summary_ends_at_once() -> None:
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        summarise(images((8, 8)), job)
