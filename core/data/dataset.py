"""Samples with labels or target values, in the units of the file they came from."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.data.tables.features import FeatureCard
from core.deferred import deferring, is_deferred, unread
from core.errors import DataError

Task = Literal["classification", "regression"]
Labels = npt.NDArray[np.int64] | npt.NDArray[np.float64]
PIECE_BYTES = 16 * 2**20  # of a large set that are looked at together: it may lie in a mapped file


@deferring("x")
@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """Samples with a class each, or with one or more numbers to be predicted.

    Inputs keep the file's units and layout; a network's card says how they are normalised. Large arrays may be mapped
    from their file: nothing here copies them. The inputs may be read later (`core.deferred`), from a file that was
    checked as a whole; then nothing is checked again.
    """

    name: str
    x: npt.NDArray[np.generic] = field(repr=False)  # (n, …): images (n, H, W[, C]) or (n, C, H, W); tables (n, columns)
    y: Labels = field(repr=False)  # (n,) int: classes; (n,) or (n, k) float: numbers to be predicted
    classes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()  # names of the k numbers to be predicted; empty where there are classes
    features: FeatureCard | None = None  # of a table
    source: str = ""  # origin and licence, shown wherever the data are

    def __post_init__(self) -> None:
        if is_deferred(self, "x"):
            return
        if len(self.x) == 0:
            raise DataError(f'The data set "{self.name}" is empty. Choose a file with at least one sample.')
        if len(self.x) != len(self.y):
            raise DataError(
                f'"{self.name}" has {len(self.x)} samples but {len(self.y)} labels. Each sample needs one label.'
            )
        row = _first_not_finite(self.x)
        if row is not None:
            raise DataError(
                f'"{self.name}" holds NaN or infinity, first in sample {row}. Remove or repair that sample.'
            )
        if self.task == "regression":
            self._check_targets()
        else:
            self._check_labels()

    @property
    def task(self) -> Task:
        """Whether a class or numbers are to be predicted; numbers are those of a floating-point type."""
        return "regression" if np.issubdtype(self.y.dtype, np.floating) else "classification"

    @property
    def target_names(self) -> tuple[str, ...]:
        """A name for each number to be predicted, whether the data named them or not; none where there are classes."""
        if self.task == "classification" or self.targets:
            return self.targets
        count = self.y.shape[1] if self.y.ndim == 2 else 1
        return ("target",) if count == 1 else tuple(f"target {index}" for index in range(1, count + 1))

    @property
    def loss_unit(self) -> str:
        """Of the loss per sample: nats for classes, the square of the target's unit for numbers."""
        if self.task == "classification":
            return "nats"
        unit = self.features.target_unit if self.features is not None else ""
        return f"({unit})²" if " " in unit or "/" in unit else f"{unit}²" if unit else "squared error"

    @property
    def input_bytes(self) -> int:
        """Bytes of the inputs in memory, whether they were read yet or not."""
        return int(unread(self, "x").nbytes)

    def __len__(self) -> int:
        return len(self.y)  # which are always at hand; as many as inputs

    def first(self, samples: int | None) -> "Dataset":
        """The first so many samples, not copied; all of them for None. Raises `DataError` if there are fewer."""
        if samples is None or samples == len(self):
            return self
        if samples > len(self):
            raise DataError(f'"{self.name}" has only {len(self)} samples, not {samples}. Ask for fewer.')
        return Dataset(
            name=self.name,
            x=self.x[:samples],
            y=self.y[:samples],
            classes=self.classes,
            targets=self.targets,
            features=self.features,
            source=self.source,
        )

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of inputs and labels, with their shapes and types."""
        digest = hashlib.sha256()
        for array in (self.x, self.y):
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            for _, piece in pieces(array):
                digest.update(np.ascontiguousarray(piece).reshape(-1).view(np.uint8).data)
        return digest.hexdigest()

    def _check_labels(self) -> None:
        if self.targets:
            raise DataError(f'"{self.name}" names {len(self.targets)} targets, but its labels are classes.')
        if self.classes and (self.y.min() < 0 or self.y.max() >= len(self.classes)):
            row = int(np.flatnonzero((self.y < 0) | (self.y >= len(self.classes)))[0])
            raise DataError(
                f'"{self.name}": sample {row} has label {self.y[row]}, but there are {len(self.classes)} classes '
                f"(0 to {len(self.classes) - 1}). Correct the label or the list of classes."
            )

    def _check_targets(self) -> None:
        if self.y.ndim > 2 or 0 in self.y.shape:
            raise DataError(
                f'"{self.name}": y has shape {self.y.shape}, but it must be (n,) or (n, k): k numbers for each sample.'
            )
        if self.classes:
            raise DataError(f'"{self.name}" names classes, but its targets are numbers. Leave the classes out.')
        count = self.y.shape[1] if self.y.ndim == 2 else 1
        if self.targets and len(self.targets) != count:
            raise DataError(f'"{self.name}" names {len(self.targets)} targets, but has {count} for each sample.')
        row = _first_not_finite(self.y)
        if row is not None:
            raise DataError(
                f'"{self.name}": the target of sample {row} is NaN or infinity. Remove or repair that sample.'
            )


def pieces(array: npt.NDArray[np.generic]) -> Iterator[tuple[int, npt.NDArray[np.generic]]]:
    """Consecutive rows of about 16 MB, with the index of the first one."""
    rows = max(1, PIECE_BYTES // max(1, array[:1].nbytes))
    for start in range(0, len(array), rows):
        yield start, array[start : start + rows]


def _first_not_finite(array: npt.NDArray[np.generic]) -> int | None:
    """The first row that holds NaN or infinity."""
    if not np.issubdtype(array.dtype, np.floating):
        return None
    for start, piece in pieces(array):
        finite = np.isfinite(piece)
        if not finite.all():
            return start + int(np.flatnonzero(~finite.reshape(len(piece), -1).all(axis=1))[0])
    return None
