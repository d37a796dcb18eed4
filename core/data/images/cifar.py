"""CIFAR-10 and CIFAR-100 as published for Python: pickled batches in a folder, alone, or in the archive as downloaded.

Krizhevsky 2009. A batch is a dictionary of ``data`` (n, 3072) uint8, red, green and blue planes of 32 × 32 one after
the other, and ``labels``, or ``fine_labels`` and ``coarse_labels``. Nothing in it is executed: see `pickled`.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.images.cifar_archive import LARGEST_BATCH, read_members
from core.data.images.pickled import ForbiddenPickle, read_plain_pickle
from core.errors import DataError, UnreadableFile

Part = Literal["train", "test"]

ARCHIVES = ("cifar-10-python.tar.gz", "cifar-100-python.tar.gz")
_SIDE = 32
_PLANES = 3 * _SIDE * _SIDE
_TRAIN = re.compile(r"data_batch_\d|train")
_TEST = re.compile(r"test_batch|test")
_META = re.compile(r"batches\.meta|meta")
_ALONE = re.compile(r"data_batch_\d|test_batch")  # a file called "train" may be anything


def is_cifar(path: Path) -> bool:
    """Whether a folder, file or archive is called like CIFAR batches."""
    if path.is_dir():
        return any((path / name).is_file() for name in ("data_batch_1", "test_batch")) or all(
            (path / name).is_file() for name in ("train", "test", "meta")
        )
    if _ALONE.fullmatch(path.name) or path.name in ARCHIVES:
        return True
    return path.name in ("train", "test") and (path.parent / "meta").is_file()


def read_cifar(path: Path, *, part: Part = "train") -> Dataset:
    """Read images (n, 32, 32, 3) uint8 and their classes; of CIFAR-100 the hundred fine ones.

    Parameters
    ----------
    path : Path
        The folder, the archive, or one batch.
    part : {"train", "test"}
        Which batches of a folder or archive.

    Raises
    ------
    UnreadableFile
        If a file is missing or damaged, or holds more than plain data.
    DataError
        If images and labels contradict each other.
    """
    wanted = _TEST if part == "test" else _TRAIN
    alone = not path.is_dir() and path.name not in ARCHIVES
    if alone:
        files = {path.name: _content(path), **_meta_beside(path)}
        wanted = re.compile(re.escape(path.name))
    elif path.is_dir():
        entries = sorted(entry for entry in path.iterdir() if entry.is_file())
        files = {entry.name: _content(entry) for entry in entries if _wanted(entry.name, wanted)}
    else:
        files = read_members(path, lambda name: _wanted(name, wanted))
    batches = sorted(name for name in files if wanted.fullmatch(name))
    if not batches:
        raise UnreadableFile(path, f"It holds no batches for {part}.", "Unpack the archive again, or open one batch.")
    pairs = [_batch(path, name, files.pop(name)) for name in batches]
    y = np.concatenate([labels for _, labels, _ in pairs])
    many = pairs[0][2]
    if any(other != many for _, _, other in pairs):
        raise DataError(
            f"{path}: its batches are partly of CIFAR-10 and partly of CIFAR-100, whose classes differ. "
            "Put them into two folders."
        )
    return Dataset(
        name=f"CIFAR-{100 if many else 10} {path.name if alone else part}",
        x=_images([planes for planes, _, _ in pairs]),
        y=y,
        classes=_classes(path, files, fine=many),
        source=f"{path}: CIFAR-{100 if many else 10} (Krizhevsky 2009)",
    )


def _wanted(name: str, batches: re.Pattern[str]) -> bool:
    return bool(batches.fullmatch(name) or _META.fullmatch(name))


def _meta_beside(path: Path) -> Mapping[str, bytes]:
    beside: Iterator[Path] = (path.with_name(name) for name in ("batches.meta", "meta"))
    return {file.name: _content(file) for file in beside if file.is_file()}


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BATCH:
            raise UnreadableFile(path, "It is larger than any batch of CIFAR.", "Choose another file.")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except OSError as error:
        raise UnreadableFile(path, f"It cannot be read ({error}).", "Check the file and its permissions.") from error


def _entries(path: Path, name: str, content: bytes) -> dict[str, Any]:
    """The dictionary in one file, with its keys as text."""
    place = path if path.name == name else f"{path}, {name}"
    try:
        read = read_plain_pickle(content)
    except ForbiddenPickle as error:
        remedy = "Get the data again from their origin, or save x and y as .npz."
        raise UnreadableFile(place, f"{error} It was not opened.", remedy) from error
    if not isinstance(read, dict):
        raise UnreadableFile(place, "It is no batch of CIFAR.", "Choose another file.")
    return {key.decode("latin-1") if isinstance(key, bytes) else str(key): value for key, value in read.items()}


def _batch(path: Path, name: str, content: bytes) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], bool]:
    """The planes (n, 3072) of a batch, its labels (n,), and whether they are those of CIFAR-100."""
    entries = _entries(path, name, content)
    planes, labels = entries.get("data"), entries.get("fine_labels", entries.get("labels"))
    if not isinstance(planes, np.ndarray) or planes.ndim != 2 or planes.shape[1] != _PLANES:
        raise UnreadableFile(path, f"{name} holds no images of 3 × 32 × 32 bytes.", "Choose another file.")
    if not isinstance(labels, list) or not all(type(label) is int and 0 <= label < 100 for label in labels):
        raise UnreadableFile(path, f"{name} holds no labels from 0 to 99.", "Choose another file.")
    if len(labels) != len(planes):
        raise DataError(f"{path}: {name} has {len(planes)} images but {len(labels)} labels. Get the data again.")
    return planes, np.array(labels, dtype=np.int64), "fine_labels" in entries


def _images(batches: list[npt.NDArray[np.uint8]]) -> npt.NDArray[np.uint8]:
    """(n, 32, 32, 3), copied once."""
    images = np.empty((sum(map(len, batches)), _SIDE, _SIDE, 3), dtype=np.uint8)
    start = 0
    for planes in batches:
        images[start : start + len(planes)] = planes.reshape(-1, 3, _SIDE, _SIDE).transpose(0, 2, 3, 1)
        start += len(planes)
    return images


def _classes(path: Path, files: Mapping[str, bytes], *, fine: bool) -> tuple[str, ...]:
    """The names of the classes from the file of names, if it is there."""
    name = next((name for name in files if _META.fullmatch(name)), None)
    names = _entries(path, name, files[name]).get("fine_label_names" if fine else "label_names") if name else None
    if not isinstance(names, list) or not all(isinstance(word, str | bytes) for word in names):
        return ()
    return tuple(word.decode("latin-1") if isinstance(word, bytes) else word for word in names)
