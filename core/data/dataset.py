"""Samples with labels, in the units of the file they came from."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.data.features import FeatureCard
from core.errors import DataError


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """Labelled samples. Inputs keep the file's units and layout; a network's card says how they are normalised."""

    name: str
    x: npt.NDArray[np.generic] = field(repr=False)  # (n, …): images (n, H, W[, C]) or (n, C, H, W); tables (n, columns)
    y: npt.NDArray[np.int64] = field(repr=False)  # (n,), class indices
    classes: tuple[str, ...] = ()
    features: FeatureCard | None = None  # of a table
    source: str = ""  # origin and licence, shown wherever the data are

    def __post_init__(self) -> None:
        if len(self.x) == 0:
            raise DataError(f'The data set "{self.name}" is empty. Choose a file with at least one sample.')
        if len(self.x) != len(self.y):
            raise DataError(
                f'"{self.name}" has {len(self.x)} samples but {len(self.y)} labels. Each sample needs one label.'
            )
        if np.issubdtype(self.x.dtype, np.floating) and not np.isfinite(self.x).all():
            row = int(np.argwhere(~np.isfinite(self.x.reshape(len(self.x), -1)).all(axis=1))[0, 0])
            raise DataError(
                f'"{self.name}" holds NaN or infinity, first in sample {row}. Remove or repair that sample.'
            )
        if self.classes and (self.y.min() < 0 or self.y.max() >= len(self.classes)):
            row = int(np.flatnonzero((self.y < 0) | (self.y >= len(self.classes)))[0])
            raise DataError(
                f'"{self.name}": sample {row} has label {self.y[row]}, but there are {len(self.classes)} classes '
                f"(0 to {len(self.classes) - 1}). Correct the label or the list of classes."
            )

    def __len__(self) -> int:
        return len(self.x)

    def first(self, samples: int | None) -> "Dataset":
        """The first so many samples; all of them for None. Raises `DataError` if there are fewer."""
        if samples is None or samples == len(self):
            return self
        if samples > len(self):
            raise DataError(f'"{self.name}" has only {len(self)} samples, not {samples}. Ask for fewer.')
        return Dataset(
            name=self.name,
            x=self.x[:samples],
            y=self.y[:samples],
            classes=self.classes,
            features=self.features,
            source=self.source,
        )

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of inputs and labels, with their shapes and types."""
        digest = hashlib.sha256()
        for array in (self.x, self.y):
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()
