"""Arrays of samples in `.npz` files: ``x`` (n, …) and ``y`` (n,)."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from core.data.dataset import Dataset
from core.errors import DataError, UnreadableFile

Array = npt.NDArray[Any]
LARGEST_LABEL = 2**31 - 1  # beyond it a floating-point label is no class


def read_npz(path: Path, *, name: str = "", classes: tuple[str, ...] = (), source: str = "") -> Dataset:
    """Read samples and labels. Nothing in the file is executed: arrays of objects are refused.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged, or holds no ``x`` and ``y``.
    DataError
        If labels are not whole numbers from 0, or their number is not that of the samples.
    """
    x, y = _arrays(path)
    if x.dtype.kind not in "uifb":
        raise DataError(f'"{path}": x holds {x.dtype}, not numbers. Save numbers.')
    if x.ndim < 2:
        raise DataError(f'"{path}": x has shape {x.shape}, but it must be (n, …): one row, or one image, per sample.')
    return Dataset(name=name or path.stem, x=x, y=_labels(y, path), classes=classes, source=source or str(path))


def _arrays(path: Path) -> tuple[Array, Array]:
    """``x`` and ``y`` of the archive, of whatever type they are."""
    try:
        # Opened here because numpy leaves a file open that is no archive.
        with path.open("rb") as file, NpzFile(file, allow_pickle=False) as archive:
            names = archive.files
            found = {key: archive[key] for key in ("x", "y") if key in names}
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except PermissionError as error:
        raise UnreadableFile(path, "You may not read it.", "Ask for the permission, or choose another file.") from error
    except Exception as error:  # numpy, zipfile and zlib raise a dozen kinds on damaged files
        if "allow_pickle" in str(error):
            reason = "It holds Python objects, and reading those could run code."
            raise UnreadableFile(path, reason, "Save x and y as arrays of numbers.") from error
        reason = f"It is not a whole .npz file ({str(error) or type(error).__name__})."
        raise UnreadableFile(path, reason, "Save it again as .npz.") from error
    missing = [key for key in ("x", "y") if key not in found]
    if missing:
        reason = f"It holds {', '.join(names) or 'nothing'}, but no {' and no '.join(missing)}."
        raise UnreadableFile(path, reason, "Save samples as x (n, …) and labels as y (n,).")
    if not all(isinstance(array, np.ndarray) for array in found.values()):  # numpy gives bytes for what is no array
        raise UnreadableFile(path, "Its x or y is no array.", "Save it again as .npz.")
    return found["x"], found["y"]


def _labels(y: Array, path: Path) -> npt.NDArray[np.int64]:
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim != 1 or not _whole(y):
        raise DataError(
            f'"{path}": y must hold one whole number per sample, the class from 0; it is {y.dtype} {y.shape}.'
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
