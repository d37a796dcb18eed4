"""Data sets into the document and back."""

from dataclasses import replace

import numpy as np

from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.errors import DataError
from core.session.document import DatasetItem, new_id, utc_now


def store_dataset(data: Dataset, *, origin: str, keep: bool) -> DatasetItem:
    """A data set as an item of the document; ``keep`` puts its samples into the session too.

    What is kept is copied from a mapped file: the session must not change when the file does.
    """
    return DatasetItem(
        id=new_id("data"),
        name=data.name,
        created_utc=utc_now(),
        samples=len(data),
        shape=tuple(data.x.shape[1:]),
        classes=data.classes,
        targets=data.target_names,
        features=data.features,
        source=data.source,
        origin=origin,
        sha256=data.sha256,
        data=_in_memory(data) if keep else None,
    )


def restore_dataset(item: DatasetItem) -> Dataset:
    """The samples of an item: those kept in the session, or those at its origin if they are still the same.

    Raises
    ------
    DataError
        If the samples are not in the session and those at the origin have changed.
    UnreadableFile
        If they are not at the origin either.
    """
    if item.data is not None:
        return item.data
    size = (item.shape[0], item.shape[1]) if len(item.shape) >= 2 else None
    data = open_dataset(item.origin, task="regression" if item.targets else None, size=size)
    if data.sha256 != item.sha256:
        raise DataError(
            f'{item.origin} is no longer the data that "{item.name}" was computed from. Put the old file back, '
            "or open the new data as another data set."
        )
    return data


def _in_memory(data: Dataset) -> Dataset:
    if not isinstance(data.x, np.memmap):
        return data
    return replace(data, x=np.array(data.x))
