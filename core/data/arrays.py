"""Arrays of samples in `.npz` files: ``x`` (n, …) and ``y`` (n,)."""

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.errors import DataError, UnreadableFile


def read_npz(path: Path, *, name: str = "", classes: tuple[str, ...] = (), source: str = "") -> Dataset:
    """Read samples and labels. Nothing in the file is executed: arrays of objects are refused.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged, or holds no ``x`` and ``y``.
    DataError
        If labels are not whole numbers from 0, or their number is not that of the samples.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            missing = [key for key in ("x", "y") if key not in archive.files]
            if missing:
                raise UnreadableFile(
                    path,
                    f"It holds {', '.join(archive.files) or 'nothing'}, but no {' and no '.join(missing)}.",
                    "Save samples as x (n, …) and labels as y (n,).",
                )
            x, y = archive["x"], archive["y"]
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, KeyError, AttributeError) as error:
        raise UnreadableFile(path, f"It is not a whole .npz file ({error}).", "Save it again as .npz.") from error
    if x.dtype.kind not in "uifb":
        raise DataError(f'"{path}": x holds {x.dtype}, not numbers. Save numbers.')
    return Dataset(name=name or path.stem, x=x, y=_labels(y, path), classes=classes, source=source or str(path))


def _labels(y: npt.NDArray[np.generic], path: Path) -> npt.NDArray[np.int64]:
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    whole = y.dtype.kind in "uib" or (y.dtype.kind == "f" and bool(np.all(np.isfinite(y) & (y == np.round(y)))))
    if y.ndim != 1 or not whole:
        raise DataError(
            f'"{path}": y must hold one whole number per sample, the class from 0; it is {y.dtype} {y.shape}.'
        )
    labels = y.astype(np.int64)
    if len(labels) and labels.min() < 0:
        row = int(np.flatnonzero(labels < 0)[0])
        raise DataError(f'"{path}": sample {row} has label {labels[row]}. Labels are classes counted from 0.')
    return labels
