"""The idx files of MNIST, Fashion-MNIST and their kin: images in one file, labels in another, plain or gzipped.

Format: http://yann.lecun.com/exdb/mnist. Two zero bytes, a type, the number of dimensions, the sizes as big-endian
32-bit numbers, then the values.
"""

import gzip
import math
import re
import zlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.mapping import plain_array, refuse_beyond_memory, refuse_special
from core.errors import DataError, UnreadableFile

Array = npt.NDArray[Any]
Part = Literal["train", "test"]

ENDINGS = (".idx", "-ubyte", "-ubyte.gz")
_NAME = re.compile(r"(?P<before>.*)(?P<what>images|labels)(?P<dot>[-.])idx(?P<dimensions>\d)-ubyte(?P<packed>\.gz)?")
_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_DIMENSIONS = 8
_MOST_COMPRESSION = 1100  # deflate reaches 1032:1 at most
_FASHION = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip


def is_idx(path: Path) -> bool:
    """Whether a file is called like idx images or labels, or a folder holds such files."""
    return _NAME.fullmatch(path.name) is not None if not path.is_dir() else bool(_images_in(path))


def read_idx(path: Path, *, part: Part = "train") -> Dataset:
    """Read images with the labels that lie beside them.

    Parameters
    ----------
    path : Path
        The images, the labels, or the folder of both.
    part : {"train", "test"}
        Which images of a folder; ``t10k-…`` and ``test-…`` are those of the test.

    Raises
    ------
    UnreadableFile
        If one of the two files is missing, no idx file, or shorter or longer than it says.
    DataError
        If images and labels do not belong together.
    """
    images, labels = _both(_chosen(path, part) if path.is_dir() else path)
    x, y = _array(images), _array(labels)
    if x.ndim < 2 or y.ndim != 1:
        raise DataError(
            f"{images}: images must be (n, …) and labels (n,), but they are {x.shape} and {y.shape}. "
            "Are the two files called the wrong way round?"
        )
    if y.dtype.kind not in "ui" or y.min(initial=0) < 0:
        raise DataError(f"{labels}: labels must be whole numbers from 0, not {y.dtype}. Get the labels again.")
    name, classes = _known(images, int(y.max(initial=0)))
    return Dataset(name=name, x=x, y=y.astype(np.int64), classes=classes, source=str(images))


def _images_in(folder: Path) -> list[Path]:
    matches = ((entry, _NAME.fullmatch(entry.name)) for entry in sorted(folder.iterdir()) if not entry.is_dir())
    return [entry for entry, match in matches if match is not None and match["what"] == "images"]


def _chosen(folder: Path, part: Part) -> Path:
    found = {path: "test" if path.name.startswith(("t10k", "test")) else "train" for path in _images_in(folder)}
    chosen = [path for path, its_part in found.items() if its_part == part]
    if chosen:
        return chosen[0]
    names = ", ".join(path.name for path in found) or "no images"
    raise UnreadableFile(folder, f"It holds {names}, none of them for {part}.", "Choose the images themselves.")


def _both(path: Path) -> tuple[Path, Path]:
    """The images and the labels, of which one is given; the other may differ in the dot, or in being packed."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        reason = "It is not called like idx images, such as train-images-idx3-ubyte."
        raise UnreadableFile(path, reason, "Give images and labels their usual names.")
    sought = "labels" if match["what"] == "images" else "images"
    other = re.compile(rf"{re.escape(match['before'])}{sought}[-.]idx\d-ubyte(\.gz)?")
    folder = path.parent
    beside = [entry for entry in sorted(folder.iterdir()) if other.fullmatch(entry.name)] if folder.is_dir() else []
    if not path.exists():
        raise UnreadableFile(path, "There is no such file.", "Check the path.")
    if not beside:
        missing = f"{match['before']}{sought}{match['dot']}idx{1 if sought == 'labels' else 3}-ubyte"
        raise UnreadableFile(path, f"There is no {missing} beside it.", "Put images and labels into one folder.")
    beside.sort(key=lambda entry: entry.name.endswith(".gz") != bool(match["packed"]))
    return (path, beside[0]) if sought == "labels" else (beside[0], path)


def _array(path: Path) -> Array:
    refuse_special(path)
    try:
        return _packed(path) if path.name.endswith(".gz") else _plain(path)
    except PermissionError as error:
        raise UnreadableFile(path, "You may not read it.", "Ask for the permission, or choose another file.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(path, f"It cannot be read ({error}).", "It is damaged: get it again.") from error


def _plain(path: Path) -> Array:
    with path.open("rb") as file:
        kind, shape = _header(path, file.read(4 + 4 * _MOST_DIMENSIONS))
    start = 4 + 4 * len(shape)
    _refuse_surplus(path, path.stat().st_size - start - math.prod(shape) * kind.itemsize)
    return plain_array(path, start, kind, shape)


def _packed(path: Path) -> Array:
    with gzip.open(path, "rb") as file:
        begin = file.read(4)
        begin += file.read(4 * begin[3]) if len(begin) == 4 and begin[3] <= _MOST_DIMENSIONS else b""
        kind, shape = _header(path, begin)
        needed = math.prod(shape) * kind.itemsize
        if needed > _MOST_COMPRESSION * path.stat().st_size:
            reason = f"It declares {needed:,} bytes, more than a file of its length can hold."
            raise UnreadableFile(path, reason, "It is damaged: get it again.")
        refuse_beyond_memory(path, needed)
        content = file.read(needed)
        _refuse_surplus(path, len(content) - needed or len(file.read(1)))
    return np.frombuffer(content, kind).reshape(shape)


def _header(path: Path, begin: bytes) -> tuple[np.dtype[Any], tuple[int, ...]]:
    whole = len(begin) >= 4 and len(begin) >= 4 + 4 * begin[3]
    if not whole or begin[:2] != b"\0\0" or begin[2] not in _TYPES or not 0 < begin[3] <= _MOST_DIMENSIONS:
        raise UnreadableFile(path, "It does not begin like an idx file.", "Get it again, or choose another file.")
    sizes = np.frombuffer(begin, ">u4", count=begin[3], offset=4)
    if not sizes.all():
        raise UnreadableFile(path, "One of its sizes is 0, so it holds nothing.", "Get it again from its origin.")
    return np.dtype(_TYPES[begin[2]]), tuple(int(size) for size in sizes)


def _refuse_surplus(path: Path, surplus: int) -> None:
    if surplus:
        much = f"{-surplus:,} bytes shorter" if surplus < 0 else "longer"
        raise UnreadableFile(path, f"It is {much} than its first bytes say.", "It is damaged: get it again.")


def _known(images: Path, largest: int) -> tuple[str, tuple[str, ...]]:
    """What the data are called, and their classes, as far as the names of the folders say."""
    folders = " ".join(part.lower() for part in images.resolve().parts[-4:-1])
    stem = images.name.partition("images")[0].rstrip("-._")
    part = {"t10k": "test"}.get(stem, stem)
    if "fashion" in folders and largest < 10:
        return f"Fashion-MNIST {part}", _FASHION
    if re.search(r"(?<![a-z])mnist", folders) and largest < 10:
        return f"MNIST {part}", tuple(str(digit) for digit in range(10))
    return part or images.name, ()
