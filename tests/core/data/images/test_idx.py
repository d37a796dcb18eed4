"""MNIST's idx files: found beside each other, sizes checked before anything is read."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from core.data.images.idx import read_idx
from core.data.loading import open_dataset
from core.errors import CorrieError, DataError, UnreadableFile

X = np.random.default_rng(0).integers(0, 256, (5, 4, 3), dtype=np.uint8)
Y = np.array([3, 0, 9, 1, 1], dtype=np.uint8)
CODES = {"|u1": 0x08, "|i1": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}


def idx_bytes(array: np.ndarray) -> bytes:
    head = bytes([0, 0, CODES[array.dtype.str], array.ndim])
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def pair(
    folder: Path,
    images: str = "train-images-idx3-ubyte",
    labels: str = "train-labels-idx1-ubyte",
    x: np.ndarray = X,
    y: np.ndarray = Y,
) -> Path:
    folder.mkdir(exist_ok=True)
    for name, array in ((images, x), (labels, y)):
        content = idx_bytes(array)
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return folder / images


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
        ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz"),
        ("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte"),
    ],
)
def test_images_and_labels_are_found_whichever_is_given(tmp_path: Path, images: str, labels: str) -> None:
    pair(tmp_path, images, labels)
    for name in (images, labels):
        data = open_dataset(tmp_path / name)
        assert (data.x == X).all()
        assert data.y.tolist() == Y.tolist()
        assert data.y.dtype == np.int64


def test_a_folder_gives_its_training_or_its_test_images(tmp_path: Path) -> None:
    pair(tmp_path)
    pair(tmp_path, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", X[:2], Y[:2])
    assert len(open_dataset(tmp_path)) == 5
    assert len(open_dataset(f"{tmp_path}:test")) == 2


@pytest.mark.parametrize(
    ("folder", "name", "first"),
    [("fashion_mnist", "Fashion-MNIST train", "T-shirt/top"), ("MNIST", "MNIST train", "0"), ("kmnist", "train", None)],
)
def test_the_folder_tells_what_the_classes_are_called(
    tmp_path: Path, folder: str, name: str, first: str | None
) -> None:
    data = open_dataset(pair(tmp_path / folder))
    assert data.name == name
    assert (data.classes[0] if data.classes else None) == first


@pytest.mark.parametrize("kind", [">i2", ">i4", ">f4", ">f8", "|i1"])
def test_values_of_every_type_come_as_they_are(tmp_path: Path, kind: str) -> None:
    x = (np.arange(12).reshape(3, 4) - 5).astype(kind)
    data = open_dataset(pair(tmp_path, x=x, y=np.array([0, 1, 2], np.uint8)))
    assert (data.x == x).all()


def test_a_missing_partner_is_named(tmp_path: Path) -> None:
    images = pair(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(UnreadableFile, match="no train-labels-idx1-ubyte beside it"):
        read_idx(images)
    with pytest.raises(UnreadableFile, match="no such file"):
        read_idx(tmp_path / "t10k-images-idx3-ubyte")


@pytest.mark.parametrize("packed", [False, True])
def test_a_truncated_file_is_refused_wherever_it_ends(tmp_path: Path, packed: object) -> None:
    ending = ".gz" if packed else ""
    images = pair(tmp_path, f"train-images-idx3-ubyte{ending}", f"train-labels-idx1-ubyte{ending}")
    whole = images.read_bytes()
    for end in range(0, len(whole), 5):
        images.write_bytes(whole[:end])
        with pytest.raises(UnreadableFile, match="train-images"):
            read_idx(images)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (idx_bytes(X) + b"\0", "longer"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "declares|memory|shorter"),  # 2^96 values
        (b"\0\0\x08\x03" + struct.pack(">3I", 2**16, 2**12, 2**5) + bytes(100), "declares|shorter"),  # 8 GB
        (b"\0\0\x07\x03" + bytes(100), "does not begin like"),
        (b"\0\0\x08\x00" + bytes(100), "does not begin like"),
        (b"\0\0\x08\xff" + bytes(2000), "does not begin like"),
        (b"\x89PNG", "does not begin like"),
        (b"", "does not begin like"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_before_it_is_read(
    tmp_path: Path, packed: object, content: bytes, words: str
) -> None:
    images = pair(tmp_path, "train-images-idx3-ubyte.gz" if packed else "train-images-idx3-ubyte")
    images.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(CorrieError, match=words) as refusal:
        read_idx(images)
    assert "train-images" in str(refusal.value)


def test_text_that_is_called_packed_is_refused(tmp_path: Path) -> None:
    images = pair(tmp_path, "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    images.write_text("<html>404</html>")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_idx(images)


def test_images_and_labels_of_different_sets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="5 samples but 4 labels"):
        read_idx(pair(tmp_path, y=Y[:4]))
    with pytest.raises(DataError, match="wrong way round"):
        read_idx(pair(tmp_path, x=Y, y=X))
