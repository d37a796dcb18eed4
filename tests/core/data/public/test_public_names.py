"""Public sets are opened by their names once they are on this computer, and never fetched by opening."""

import gzip
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.loading import open_dataset
from core.data.public.catalogue import MNIST, SETS
from core.data.storing import restore_dataset, store_dataset
from core.errors import InvalidRequest, UnreadableFile
from tests.realdata import realdata_path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CORRIE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CORRIE_DATA_MIRROR", "http://127.0.0.1:9/")  # nobody is there
    return tmp_path / "data"


def idx(array: np.ndarray) -> bytes:
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(header + array.tobytes())


def test_a_set_that_is_not_there_is_refused_with_both_ways_to_get_it() -> None:
    with pytest.raises(UnreadableFile, match=r"mnist: .*not on this computer.*Get data….*`corrie data get mnist`"):
        open_dataset("mnist")
    with pytest.raises(UnreadableFile, match=r"`corrie data get cifar10`"):
        open_dataset("cifar10:test")


def test_a_part_that_a_set_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidRequest, match='no part "test"'):
        open_dataset("quickdraw-cat:test")


def test_a_file_of_that_name_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mnist").write_text("mine")
    with pytest.raises(UnreadableFile, match="no kind of data"):
        open_dataset("mnist")


def test_training_and_test_images_are_opened_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(MNIST, files=tuple(replace(file, size=None, sha256="") for file in MNIST.files))
    monkeypatch.setattr("core.data.public.catalogue.SETS", (small, *SETS[1:]))
    (folder / "mnist").mkdir(parents=True)
    for stem, count in (("train", 20), ("t10k", 11)):
        labels = np.arange(count, dtype=np.uint8) % 10
        images = np.full((count, 28, 28), 7, dtype=np.uint8)
        (folder / "mnist" / f"{stem}-images-idx3-ubyte.gz").write_bytes(idx(images))
        (folder / "mnist" / f"{stem}-labels-idx1-ubyte.gz").write_bytes(idx(labels))
    train, test = open_dataset("mnist"), open_dataset("mnist:test")
    assert (train.name, len(train), test.name, len(test)) == ("MNIST", 20, "MNIST test", 11)
    assert "LeCun" in train.source
    assert "CC BY-SA 3.0" in train.source
    item = store_dataset(test, origin="mnist:test", keep=False)
    assert restore_dataset(item).sha256 == test.sha256


@pytest.mark.realdata
def test_downloaded_drawings_are_opened_by_name(folder: Path) -> None:
    (folder / "quickdraw").mkdir(parents=True)
    real = realdata_path("quickdraw-cats/cat_simplified25.ndjson")
    (folder / "quickdraw" / "cat.ndjson").write_bytes(real.read_bytes())
    data = open_dataset("quickdraw-cat")
    assert (data.name, len(data), data.classes) == ("Quick, Draw! cat", 25, ("cat",))
    assert "CC BY 4.0" in data.source
