"""CIFAR batches in the layout in which they are published, written here byte for byte."""

import io
import os
import pickle  # noqa: TID251  to write the batches
import tarfile
from pathlib import Path

import numpy as np
import pytest

from core.data.images.cifar import read_cifar
from core.data.loading import open_dataset
from core.errors import CorrieError, DataError, UnreadableFile

NAMES = [b"airplane", b"automobile", b"bird", b"cat", b"deer", b"dog", b"frog", b"horse", b"ship", b"truck"]


def planes(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (samples, 3072), dtype=np.uint8)


def python_2_batch(data: np.ndarray, labels: list[int]) -> bytes:
    """A batch as Python 2's numpy wrote it: protocol 2, texts as bytes, the array by _reconstruct and BUILD."""

    def text(value: bytes) -> bytes:
        return (
            b"U" + bytes([len(value)]) + value if len(value) < 256 else b"T" + len(value).to_bytes(4, "little") + value
        )

    shape = b"".join(b"J" + size.to_bytes(4, "little") for size in data.shape)
    kind = (
        b"cnumpy\ndtype\n"
        + text(b"u1")
        + b"K\x00K\x01\x87R(K\x03"
        + text(b"|")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    )
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text(b"b") + b"\x87R(K\x01"
        + shape + b"\x86" + kind + b"\x89" + text(data.tobytes()) + b"tb"
    )  # fmt: skip
    numbers = b"".join(b"K" + bytes([label]) for label in labels)
    entries = [
        (b"batch_label", text(b"training batch 1 of 5")),
        (b"labels", b"](" + numbers + b"e"),
        (b"data", array),
        (b"filenames", b"](" + b"".join(text(b"camion_s_000148.png") for _ in labels) + b"e"),
    ]
    return b"\x80\x02}q\x01(" + b"".join(text(key) + value for key, value in entries) + b"u."


def batch(samples: int, seed: int, **more: object) -> bytes:
    labels = [int(label) for label in np.random.default_rng(seed).integers(0, 10, samples)]
    return pickle.dumps({b"data": planes(samples, seed), b"labels": labels, **more}, protocol=2)


def cifar10(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for index in range(1, 6):
        (folder / f"data_batch_{index}").write_bytes(batch(4, index))
    (folder / "test_batch").write_bytes(batch(3, 9))
    (folder / "batches.meta").write_bytes(pickle.dumps({b"label_names": NAMES, b"num_vis": 3072}, protocol=2))
    (folder / "readme.html").write_text("<html>")
    return folder


def packed(folder: Path, name: str = "cifar-10-python.tar.gz") -> Path:
    with tarfile.open(folder.parent / name, "w:gz") as archive:
        archive.add(folder, folder.name)
    return folder.parent / name


def test_pictures_come_channels_last_and_upright(tmp_path: Path) -> None:
    data = planes(2)
    (tmp_path / "test_batch").write_bytes(python_2_batch(data, [9, 0]))
    read = open_dataset(tmp_path / "test_batch")
    assert read.x.shape == (2, 32, 32, 3)
    assert read.x.dtype == np.uint8
    for row, column, channel in ((0, 0, 0), (0, 5, 1), (31, 2, 2), (7, 31, 0)):
        assert read.x[1, row, column, channel] == data[1, channel * 1024 + row * 32 + column]
    assert read.y.tolist() == [9, 0]


def test_a_folder_and_its_archive_give_the_same(tmp_path: Path) -> None:
    folder = cifar10(tmp_path / "cifar-10-batches-py")
    archive = packed(folder)
    for part, samples in (("train", 20), ("test", 3)):
        opened = [open_dataset(f"{path}:{part}") for path in (folder, archive)]
        assert opened[0].sha256 == opened[1].sha256
        assert len(opened[0]) == samples
        assert opened[1].name == f"CIFAR-10 {part}"
        assert opened[1].classes == tuple(name.decode() for name in NAMES)
    first = np.concatenate([planes(4, 1), planes(4, 2)])
    assert (open_dataset(folder).x[:8].transpose(0, 3, 1, 2).reshape(8, 3072) == first).all()
    assert not list(tmp_path.glob("cifar-10-python/*"))  # nothing was unpacked


def test_one_batch_finds_the_names_beside_it(tmp_path: Path) -> None:
    folder = cifar10(tmp_path / "cifar-10-batches-py")
    data = open_dataset(folder / "data_batch_3")
    assert len(data) == 4
    assert data.classes[3] == "cat"
    (folder / "batches.meta").unlink()
    assert open_dataset(folder / "data_batch_3").classes == ()


def test_the_hundred_fine_classes_are_read(tmp_path: Path) -> None:
    entries = {b"data": planes(3), b"fine_labels": [99, 0, 50], b"coarse_labels": [19, 0, 1]}
    (tmp_path / "train").write_bytes(pickle.dumps(entries, protocol=2))
    (tmp_path / "test").write_bytes(pickle.dumps(entries, protocol=2))
    names = [f"class {index}".encode() for index in range(100)]
    (tmp_path / "meta").write_bytes(pickle.dumps({b"fine_label_names": names}, protocol=2))
    for source in (tmp_path, tmp_path / "train"):
        data = open_dataset(source)
        assert data.name == "CIFAR-100 train"
        assert data.y.tolist() == [99, 0, 50]
        assert data.classes[99] == "class 99"


class Harm:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("exit 1",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pickle.dumps({b"data": Harm(), b"labels": []}, protocol=2), r"would call \w+\.system.*not opened"),
        (pickle.dumps([1], protocol=2), "no batch of CIFAR"),
        (pickle.dumps({b"labels": [1]}, protocol=2), "no images"),
        (pickle.dumps({b"data": planes(2)[:, :100], b"labels": [1, 2]}, protocol=2), "no images"),
        (pickle.dumps({b"data": planes(2), b"labels": [1, 200]}, protocol=2), "no labels"),
        (pickle.dumps({b"data": planes(2), b"labels": [1, -1]}, protocol=2), "no labels"),
        (pickle.dumps({b"data": planes(2), b"labels": [True, "a"]}, protocol=2), "no labels"),
        (pickle.dumps({b"data": planes(2), b"labels": np.zeros(2, np.uint8)}, protocol=2), "no labels"),
        (pickle.dumps({b"data": planes(2), b"labels": [1]}, protocol=2), "2 images but 1 labels"),
        (batch(2, 0)[:-500], "damaged"),
        (b"", "damaged"),
        (b"hello", "damaged"),
    ],
)
def test_batches_that_are_none_are_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    folder = cifar10(tmp_path / "cifar-10-batches-py")
    (folder / "data_batch_2").write_bytes(content)
    for source in (folder, folder / "data_batch_2", packed(folder)):
        with pytest.raises((UnreadableFile, DataError), match=words) as refusal:
            open_dataset(source)
        assert "data_batch_2" in str(refusal.value)


def test_a_truncated_archive_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    archive = packed(cifar10(tmp_path / "cifar-10-batches-py"))
    whole = archive.read_bytes()
    for end in range(0, len(whole), len(whole) // 20):
        archive.write_bytes(whole[:end])
        with pytest.raises(CorrieError, match=r"cifar-10-python\.tar\.gz"):
            open_dataset(archive)


def archive_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return path


def member(name: str, size: int, **more: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    for key, value in more.items():
        setattr(info, key, value)
    return info


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.data.images.cifar_archive.LARGEST_BATCH", 2**20)
    zeros = bytes(2**21)
    path = archive_of(tmp_path / "cifar-10-python.tar.gz", (member("data_batch_1", len(zeros)), zeros))
    with pytest.raises(UnreadableFile, match="unpacks to more than CIFAR does"):
        read_cifar(path)
    monkeypatch.setattr("core.data.images.cifar_archive.MOST_MEMBERS", 3)
    path = archive_of(tmp_path / "cifar-10-python.tar.gz", *((member(f"m{i}", 1), b"x") for i in range(5)))
    with pytest.raises(UnreadableFile, match="unpacks to more than CIFAR does"):
        read_cifar(path)


def test_links_and_paths_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(batch(2, 0))
    link = member("data_batch_1", 0, type=tarfile.SYMTYPE, linkname=str(secret))
    with pytest.raises(UnreadableFile, match="no batches for train"):
        read_cifar(archive_of(tmp_path / "cifar-10-python.tar.gz", (link, b"")))
    content = batch(2, 0)
    outside = member("../../outside/data_batch_1", len(content))
    assert len(read_cifar(archive_of(tmp_path / "cifar-10-python.tar.gz", (outside, content)))) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cifar-10-python.tar.gz", "secret"]
