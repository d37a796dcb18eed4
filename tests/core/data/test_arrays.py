"""Samples in `.npz` files."""

import io
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from core.data.arrays import read_npz
from core.data.loading import open_dataset
from core.errors import CorrieError, DataError, UnreadableFile


def npz(folder: Path, **arrays: object) -> Path:
    path = folder / "samples.npz"
    np.savez(path, **{name: np.asarray(value) for name, value in arrays.items()})
    return path


def test_samples_and_labels_are_read_as_they_are(tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (6, 4, 4, 3), dtype=np.uint8)
    data = open_dataset(npz(tmp_path, x=x, y=np.arange(6, dtype=np.uint8), other=np.zeros(3)))
    assert data.x.dtype == np.uint8
    assert (data.x == x).all()
    assert data.y.dtype == np.int64
    assert data.y.tolist() == [0, 1, 2, 3, 4, 5]
    assert data.name == "samples"


@pytest.mark.parametrize(
    "labels", [[1, 0, 2], [1.0, 0.0, 2.0], [[1], [0], [2]], np.array([1, 0, 2], np.uint64), np.array([1, 0, 2], ">i2")]
)
def test_whole_numbers_of_any_kind_are_labels(tmp_path: Path, labels: object) -> None:
    assert read_npz(npz(tmp_path, x=np.zeros((3, 2)), y=labels)).y.tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0.5, np.inf, 2.0], "whole number.*float64"),
        ([np.nan, 1.0, 2.0], "whole number"),
        ([1e300, 1.0, 2.0], "whole number"),
        (np.array([2**63, 0, 1], np.uint64), "whole number"),
        (["a", "b", "c"], "whole number.*<U1"),
        (np.eye(3), r"whole number.*\(3, 3\)"),
        (5, "whole number"),
        ([0, -1, 2], "sample 1 has label -1"),
        ([0, 1], "3 samples but 2 labels"),
        (np.array([1 + 1j, 0, 0]), "whole number"),
    ],
)
def test_labels_that_are_no_classes_are_refused(tmp_path: Path, labels: object, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_npz(npz(tmp_path, x=np.zeros((3, 2)), y=labels))


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({}, "nothing, but no x and no y"),
        ({"x": np.zeros((2, 2))}, "x, but no y"),
        ({"y": np.zeros(2)}, "y, but no x"),
        ({"images": np.zeros((2, 2)), "labels": np.zeros(2)}, "images, labels, but no x and no y"),
    ],
)
def test_missing_arrays_are_named_beside_those_that_are_there(
    tmp_path: Path, arrays: dict[str, npt.NDArray[np.float64]], words: str
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_npz(npz(tmp_path, **arrays))


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.array([["a"], ["b"]]), "not numbers"),
        (np.zeros((2, 2), complex), "complex128, not numbers"),
        (np.zeros((2, 2), "M8[s]"), "not numbers"),
        (np.zeros(2), r"shape \(2,\)"),
        (np.float64(3), r"shape \(\)"),
        (np.array([[1.0, 2.0], [np.nan, 0.0]]), "NaN or infinity, first in sample 1"),
        (np.array([[np.inf, 2.0], [1.0, 0.0]]), "NaN or infinity, first in sample 0"),
    ],
)
def test_samples_that_are_no_numbers_are_refused(tmp_path: Path, x: npt.NDArray[np.generic], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_npz(npz(tmp_path, x=x, y=[0, 1]))


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is empty"):
        read_npz(npz(tmp_path, x=np.zeros((0, 2)), y=np.zeros(0)))


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[object, ...]:
        return Path.mkdir, (self.victim,)


@pytest.mark.parametrize("key", ["x", "y"])
def test_an_array_of_objects_is_refused_without_running_it(tmp_path: Path, key: str) -> None:
    victim = tmp_path / "victim"
    arrays = {"x": np.zeros((1, 1)), "y": np.zeros(1)} | {key: np.array([Trap(victim)], dtype=object)}
    np.savez(tmp_path / "trap.npz", allow_pickle=True, **arrays)
    with np.load(tmp_path / "trap.npz", allow_pickle=True) as trusted:
        assert trusted[key] is not None
    assert victim.exists()  # the trap is live
    victim.rmdir()
    with pytest.raises(UnreadableFile, match="could run code"):
        read_npz(tmp_path / "trap.npz")
    assert not victim.exists()


@pytest.mark.parametrize(
    "content", [b"", b"x,y\n1,2\n", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), bytes(64), b"cos\nmkdir\n(Vv\ntR."]
)
def test_a_file_that_is_no_archive_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"broken\.npz"):
        read_npz(path)


def test_a_single_array_called_archive_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    np.save(content, np.zeros(3))
    (tmp_path / "one.npz").write_bytes(content.getvalue())
    with pytest.raises(UnreadableFile, match=r"one\.npz"):
        read_npz(tmp_path / "one.npz")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_truncated_archive_is_refused_wherever_it_ends(tmp_path: Path, save: object) -> None:
    whole = io.BytesIO()
    save(whole, x=np.random.default_rng(0).normal(size=(50, 4)), y=np.zeros(50, int))  # type: ignore[operator]
    path = tmp_path / "cut.npz"
    for end in range(0, len(whole.getvalue()), 97):
        path.write_bytes(whole.getvalue()[:end])
        with pytest.raises(UnreadableFile, match=r"cut\.npz"):
            read_npz(path)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_damaged_byte_is_refused_or_harmless(tmp_path: Path, save: object) -> None:
    """Never another exception, and never other numbers."""
    x, whole = np.random.default_rng(0).normal(size=(20, 4)), io.BytesIO()
    save(whole, x=x, y=np.zeros(20, int))  # type: ignore[operator]
    path = tmp_path / "bent.npz"
    refused = 0
    for place in range(0, len(whole.getvalue()), 7):
        content = bytearray(whole.getvalue())
        content[place] ^= 0xFF
        path.write_bytes(content)
        try:
            assert (read_npz(path).x == x).all()
        except CorrieError:
            refused += 1
    assert refused > 10


def test_members_that_are_no_arrays_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "text.npz", "w") as archive:
        archive.writestr("x.npy", "hello")
        archive.writestr("y.npy", "hello")
    with pytest.raises(UnreadableFile, match=r"text\.npz"):
        read_npz(tmp_path / "text.npz")


def test_an_array_that_claims_to_be_huge_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(content, {"descr": "<f8", "fortran_order": False, "shape": (2**50, 8)})
    with zipfile.ZipFile(tmp_path / "huge.npz", "w") as archive:
        archive.writestr("x.npy", content.getvalue())
        archive.writestr("y.npy", content.getvalue())
    with pytest.raises(UnreadableFile, match=r"huge\.npz"):
        read_npz(tmp_path / "huge.npz")


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(UnreadableFile, match=r"folder\.npz"):
        read_npz(tmp_path / "folder.npz")
    with pytest.raises(UnreadableFile, match="no such file"):
        read_npz(tmp_path / "missing.npz")
