"""Arrays of samples: `.npz` files with ``x`` (n, …) and ``y``, or a pair ``x.npy``, ``y.npy``."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from core.data import mapping
from core.data.dataset import Dataset
from core.errors import DataError, UnreadableFile

Array = npt.NDArray[Any]
LARGEST_LABEL = 2**31 - 1  # beyond it a floating-point label is no class
LOCAL_HEADER = 30  # bytes before the name of a member of an archive
PIECE = 2**24  # bytes of a member that are checked together
MOST_NAMES = 100_000  # of classes or targets: a file of a few bytes may declare any number of empty ones


def read_npz(
    path: Path,
    *,
    name: str = "",
    classes: tuple[str, ...] = (),
    source: str = "",
    task: Literal["regression"] | None = None,
) -> Dataset:
    """Read samples and labels. Nothing in the file is executed: arrays of objects are refused.

    ``y`` (n,) of whole numbers is classes; ``y`` (n,) or (n, k) of other numbers, or with ``task="regression"``, is
    numbers to be predicted. The archive may name them: ``classes`` or ``targets``, arrays of text. Large uncompressed
    arrays are mapped, not read.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged, or holds no ``x`` and ``y``.
    DataError
        If labels are not whole numbers from 0, or their number is not that of the samples.
    """
    arrays = _arrays(path)
    name, source = name or path.stem, source or str(path)
    return _dataset(path, arrays, name=name, classes=classes, source=source, task=task)


def read_npy_pair(path: Path, *, task: Literal["regression"] | None = None) -> Dataset:
    """Read ``x.npy`` and the ``y.npy`` beside it, or ``NAME_x.npy`` and ``NAME_y.npy``; either may be given.

    Raises
    ------
    UnreadableFile, DataError
        As `read_npz`.
    """
    stem = path.stem
    if stem[-1:] not in ("x", "y") or stem[:-1][-1:].isalnum():
        reason = "Samples and labels as .npy come as a pair called x.npy and y.npy, or NAME_x.npy and NAME_y.npy."
        raise UnreadableFile(path, reason, "Rename the two files, or save both in one .npz.")
    both = {key: path.with_name(f"{stem[:-1]}{key}{path.suffix}") for key in ("x", "y")}
    missing = next((other for other in both.values() if not other.exists()), None)
    if missing is not None:
        raise UnreadableFile(path, f"{missing.name} is not beside it.", "Put samples and labels into one folder.")
    arrays = {key: _plain(file) for key, file in both.items()}
    name = stem[:-1].rstrip("_-. ") or path.resolve().parent.name
    return _dataset(both["x"], arrays, name=name, classes=(), source=str(both["x"]), task=task)


def _plain(path: Path) -> Array:
    mapping.refuse_special(path)
    try:
        return mapping.npy_array(path)
    except UnreadableFile:
        raise
    except Exception as error:  # numpy reads the header as Python, and passes on whatever its tokeniser raises
        raise _unreadable(path, error, ".npy") from error


def _dataset(
    path: Path,
    arrays: Mapping[str, Array],
    *,
    name: str,
    classes: tuple[str, ...],
    source: str,
    task: Literal["regression"] | None,
) -> Dataset:
    x, y = arrays["x"], arrays["y"]
    if x.dtype.kind not in "uifb":
        raise DataError(f'"{path}": x holds {x.dtype}, not numbers. Save numbers.')
    if x.ndim < 2:
        raise DataError(f'"{path}": x has shape {x.shape}, but it must be (n, …): one row, or one image, per sample.')
    targets = _names(path, arrays.get("targets"))
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if task == "regression" or targets or _real(y):
        y = _numbers(y, path)
        names = targets or (("y",) if y.ndim == 1 else tuple(f"y{column}" for column in range(1, y.shape[1] + 1)))
        return Dataset(name=name, x=x, y=y, targets=names, source=source)
    return Dataset(
        name=name, x=x, y=_labels(y, path), classes=classes or _names(path, arrays.get("classes")), source=source
    )


def _arrays(path: Path) -> dict[str, Array]:
    """``x`` and ``y`` of the archive, of whatever type they are, and the names if there are any."""
    try:
        # Opened here because numpy leaves a file open that is no archive.
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            wanted: list[str] = [key for key in ("x", "y", "classes", "targets") if key in members]
            mapped = {key for key in wanted if _lies_plainly(members[key])}
            read = sum(members[key].file_size for key in wanted if key not in mapped)
            mapping.refuse_beyond_memory(path, read)
            found: dict[str, Array] = {
                key: _mapped(path, archive, members[key]) if key in mapped else _read(archive, members[key])
                for key in wanted
            }
    except (UnreadableFile, DataError):
        raise
    except Exception as error:  # numpy, zipfile and zlib raise a dozen kinds on damaged files
        raise _unreadable(path, error, ".npz") from error
    missing = [key for key in ("x", "y") if key not in found]
    if missing:
        reason = f"It holds {', '.join(members) or 'nothing'}, but no {' and no '.join(missing)}."
        raise UnreadableFile(path, reason, "Save samples as x (n, …) and labels as y (n,).")
    return found


def _unreadable(path: Path, error: Exception, kind: str) -> UnreadableFile:
    if isinstance(error, FileNotFoundError):
        return UnreadableFile(path, "There is no such file.", "Check the path.")
    if isinstance(error, PermissionError):
        return UnreadableFile(path, "You may not read it.", "Ask for the permission, or choose another file.")
    if "allow_pickle" in str(error):
        reason = "It holds Python objects, and reading those could run code."
        return UnreadableFile(path, reason, "Save x and y as arrays of numbers.")
    reason = f"It is not a whole {kind} file ({str(error) or type(error).__name__})."
    return UnreadableFile(path, reason, f"Save it again as {kind}.")


def _lies_plainly(member: zipfile.ZipInfo) -> bool:
    """Whether a member is large, and its bytes are those of the array."""
    plain = member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1  # 1: encrypted
    return plain and member.file_size == member.compress_size >= mapping.MAPPED_FROM


def _mapped(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    """The array of a member where it lies, after its checksum was found right."""
    with archive.open(member) as content:  # which compares the local header with the directory, and at the end the sum
        while content.read(PIECE):
            pass
    with path.open("rb") as file:
        file.seek(member.header_offset)
        header = file.read(LOCAL_HEADER)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")  # of name and extras
    return mapping.npy_array(path, member.header_offset + LOCAL_HEADER + lengths)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    with archive.open(member) as content:
        array: Array = np.lib.format.read_array(content, allow_pickle=False)
        if content.read(1):
            raise ValueError(f"{member.filename} goes on after its last value")
    return array


def _names(path: Path, array: Array | None) -> tuple[str, ...]:
    """The names of classes or targets, as far as they are texts."""
    if array is None or array.dtype.kind != "U":
        return ()
    if array.size > MOST_NAMES:
        raise DataError(f'"{path}": it names {array.size:,} classes or targets. Save one name for each.')
    try:
        names = tuple(str(name) for name in array.reshape(-1))
        "".join(names).encode()
    except (SystemError, UnicodeEncodeError) as error:  # what numpy and Python say of numbers that are no letters
        raise DataError(f'"{path}": its names of classes or targets are no text. Save them again.') from error
    return names


def _real(y: Array) -> bool:
    """Whether these are numbers to be predicted rather than classes that were saved as floating-point numbers."""
    return y.dtype.kind == "f" and y.ndim in (1, 2) and bool(np.isfinite(y).all() and (y != np.round(y)).any())


def _numbers(y: Array, path: Path) -> npt.NDArray[np.float64]:
    if y.dtype.kind not in "uifb" or y.ndim not in (1, 2):
        raise DataError(
            f'"{path}": y must hold one number per sample, or a row of them; it is {y.dtype} {y.shape}. Save such a y.'
        )
    return y.astype(np.float64)


def _labels(y: Array, path: Path) -> npt.NDArray[np.int64]:
    if y.ndim != 1 or not _whole(y):
        raise DataError(
            f'"{path}": y must hold one whole number per sample, the class from 0, or finite real numbers to be '
            f"predicted; it is {y.dtype} {y.shape}. Save such a y."
        )
    labels = y.astype(np.int64)
    if len(labels) and labels.min() < 0:
        row = int(np.flatnonzero(labels < 0)[0])
        raise DataError(f'"{path}": sample {row} has label {labels[row]}. Labels are classes counted from 0.')
    return labels


def _whole(y: Array) -> bool:
    if y.dtype.kind == "f":
        return bool(np.all(np.isfinite(y) & (y == np.round(y)) & (np.abs(y) <= LARGEST_LABEL)))
    return y.dtype.kind in "uib" and (len(y) == 0 or int(y.max()) <= LARGEST_LABEL)
