"""Large arrays stay in their files: only what is used is read."""

import gzip
import io
import struct
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.data.storing import restore_dataset, store_dataset
from core.errors import CorrieError, DataError, UnreadableFile

X = np.random.default_rng(0).normal(size=(50, 6, 4))
Y = np.arange(50) % 5


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.data.mapping.MAPPED_FROM", 1)
    monkeypatch.setattr("core.data.dataset.PIECE_BYTES", 100)  # and looked at in many pieces


def npz(folder: Path, x: np.ndarray = X, y: np.ndarray = Y) -> Path:
    np.savez(folder / "set.npz", x=x, y=y)
    return folder / "set.npz"


def npy(folder: Path, x: np.ndarray = X, y: np.ndarray = Y) -> Path:
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    return folder / "x.npy"


def idx(folder: Path) -> Path:
    head = bytes([0, 0, 0x0E, 3]) + struct.pack(">3I", *X.shape)
    (folder / "train-images-idx3-ubyte").write_bytes(head + X.astype(">f8").tobytes())
    (folder / "train-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 50]) + Y.astype(np.uint8).tobytes())
    return folder / "train-images-idx3-ubyte"


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("write", [npz, npy, idx])
def test_uncompressed_arrays_are_mapped_and_their_first_samples_not_copied(tmp_path: Path, write: object) -> None:
    data = open_dataset(write(tmp_path))  # type: ignore[operator]
    assert isinstance(data.x, np.memmap)
    assert (data.x == X).all()
    assert isinstance(data.first(7).x, np.memmap)
    assert np.shares_memory(data.first(7).x, data.x)
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 0


@pytest.mark.parametrize("write", [npz, npy])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_mapped_set_has_the_fingerprint_of_a_read_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: object, order: str
) -> None:
    path = write(tmp_path, np.array(X, order=order))  # type: ignore[operator]
    read = open_dataset(path)
    monkeypatch.setattr("core.data.mapping.MAPPED_FROM", 1)
    monkeypatch.setattr("core.data.dataset.PIECE_BYTES", 100)
    mapped = open_dataset(path)
    assert not isinstance(read.x, np.memmap)
    assert isinstance(mapped.x, np.memmap)
    assert mapped.sha256 == read.sha256 == Dataset(name="x", x=X, y=Y).sha256


@pytest.mark.usefixtures("everything_is_large")
def test_nan_in_a_mapped_set_is_found_in_whichever_piece_it_lies(tmp_path: Path) -> None:
    for row in (0, 17, 49):
        x = X.copy()
        x[row, 5, 3] = np.nan
        with pytest.raises(DataError, match=f"first in sample {row}"):
            open_dataset(npy(tmp_path, x))


@pytest.mark.usefixtures("everything_is_large")
def test_a_damaged_byte_in_a_mapped_archive_is_found_by_its_checksum(tmp_path: Path) -> None:
    path = npz(tmp_path)
    whole = bytearray(path.read_bytes())
    place = whole.find(X[20].tobytes())
    assert place > 0
    whole[place] ^= 1
    path.write_bytes(whole)
    with pytest.raises(UnreadableFile, match=r"set\.npz.*CRC"):
        open_dataset(path)


@pytest.mark.usefixtures("everything_is_large")
def test_every_bent_byte_of_a_mapped_archive_is_refused_or_harmless(tmp_path: Path) -> None:
    path = npz(tmp_path, X[:4, :1], Y[:4])
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        bent = bytearray(whole)
        bent[place] ^= 0xFF
        path.write_bytes(bent)
        try:
            assert (open_dataset(path).x == X[:4, :1]).all()
        except CorrieError:
            continue


@pytest.mark.usefixtures("everything_is_large")
def test_compressed_members_are_read(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "packed.npz", x=X, y=Y)
    data = open_dataset(tmp_path / "packed.npz")
    assert not isinstance(data.x, np.memmap)
    assert (data.x == X).all()


@pytest.mark.usefixtures("everything_is_large")
def test_data_kept_in_the_session_do_not_change_with_their_file(tmp_path: Path) -> None:
    path = npy(tmp_path)
    item = store_dataset(open_dataset(path), origin=str(path), keep=True)
    np.save(tmp_path / "z.npy", X + 1)
    (tmp_path / "z.npy").replace(path)
    restored = restore_dataset(item)
    assert not isinstance(restored.x, np.memmap)
    assert restored.sha256 == item.sha256


@pytest.mark.usefixtures("everything_is_large")
def test_a_file_of_samples_shorter_than_it_says_is_refused(tmp_path: Path) -> None:
    path = npy(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UnreadableFile, match=r"x\.npy.*declares 50 × 6 × 4 values"):
        open_dataset(path)


def test_half_a_pair_of_arrays_is_refused_with_the_other_half(tmp_path: Path) -> None:
    path = npy(tmp_path)
    (tmp_path / "train_x.npy").write_bytes(path.read_bytes())
    (tmp_path / "train_y.npy").write_bytes((tmp_path / "y.npy").read_bytes())
    (tmp_path / "max.npy").write_bytes(path.read_bytes())
    assert open_dataset(tmp_path / "train_y.npy").name == "train"
    with pytest.raises(UnreadableFile, match="as a pair called"):
        open_dataset(tmp_path / "max.npy")
    (tmp_path / "y.npy").unlink()
    with pytest.raises(UnreadableFile, match=r"y\.npy is not beside it"):
        open_dataset(path)


def test_an_array_of_objects_as_npy_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = npy(tmp_path)
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UnreadableFile, match="could run code"):
        open_dataset(path)


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\x05\x00hello", b"\x93NUMPY\x09\x00" + bytes(99)]
)
def test_a_file_that_is_no_array_is_refused(tmp_path: Path, content: bytes) -> None:
    npy(tmp_path).write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"x\.npy"):
        open_dataset(tmp_path / "x.npy")


def test_every_bent_byte_of_a_header_is_refused_or_harmless(tmp_path: Path) -> None:
    path = npy(tmp_path, X[:4, 0], Y[:4])
    whole = path.read_bytes()
    refused = 0
    for place in range(100):
        for change in (0xFF, 0x01, 0x10):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :])
            try:
                open_dataset(path)
            except CorrieError:
                refused += 1
    assert refused > 100


def test_samples_that_the_memory_cannot_hold_are_refused_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.data.mapping.available_memory", lambda: 1000)
    with pytest.raises(DataError, match=r"set\.npz.*GB of memory.*uncompressed"):
        open_dataset(npz(tmp_path))
    images = idx(tmp_path)
    images.with_name(images.name + ".gz").write_bytes(gzip.compress(images.read_bytes()))
    with pytest.raises(DataError, match="GB of memory"):
        open_dataset(images.with_name(images.name + ".gz"))


def sparse_npz(path: Path, samples: int) -> Path:
    """An uncompressed archive with an array of zeros that takes no room on the disk."""
    header = io.BytesIO()
    shape = (samples, 32, 32, 3)
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": shape})
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("x.npy", "w") as member:
            member.write(header.getvalue())
            for _ in range(samples // 1000):
                member.write(bytes(1000 * 3072))
        labels = io.BytesIO()
        np.save(labels, np.zeros(samples, np.int64))
        archive.writestr("y.npy", labels.getvalue())
    return path


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say how much memory is used")
def test_the_first_samples_of_a_large_set_are_prepared_without_the_others_in_memory(tmp_path: Path) -> None:
    """300 MB of images; a process that opens them and prepares ten grows by less than 60 MB of its own."""
    path = sparse_npz(tmp_path / "large.npz", 100_000)
    script = f"""
        import torch
        from torch import nn
        from core.data.loading import open_dataset
        from core.networks.card import InputCard, NetworkCard
        from core.networks.network import Network

        def own():
            text = open("/proc/self/status").read()
            return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("RssAnon")) / 1024

        module = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10)).eval()
        card = NetworkCard(name="n", input=InputCard(shape=(3, 32, 32)), architecture="test")
        network = Network(card=card, module=module, sha256="")
        network.module(torch.zeros(1, 3, 32, 32))
        before = own()
        data = open_dataset({str(path)!r})
        few = data.first(10)
        inputs, labels = network.prepare(few)
        assert inputs.shape == (10, 3, 32, 32)
        few.sha256, data.sha256
        print(own() - before)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert answer.returncode == 0, answer.stderr
    assert float(answer.stdout) < 60
