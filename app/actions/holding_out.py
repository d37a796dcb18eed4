"""Test data from the training data: its last fifth, which is then not learnt from."""

from dataclasses import replace

from core.data.dataset import Dataset
from core.data.order import sorted_by_class
from core.data.storing import store_dataset
from core.session.document import DatasetItem

SHARE = 0.2


def held_out_samples(item: DatasetItem) -> int:
    """How many samples at the end of the data are held out; 0 where there are too few."""
    return round(item.samples * SHARE)


def refusal(item: DatasetItem) -> str:
    """Why nothing can be held out of these data, in a sentence; empty if it can."""
    if item.data is None:
        return "These data are not kept in the session, so a part of them cannot be either. Open test data instead."
    if not held_out_samples(item):
        return "These data have too few samples to hold some out. Open test data instead."
    if sorted_by_class(item.data):
        return "These data are sorted by class, so their end lacks most classes. Open test data instead."
    return ""


def hold_out(item: DatasetItem) -> DatasetItem:
    """The last fifth of the data, in the order of the file, as data of its own.

    Train with `TrainingRequest.samples` no larger than ``item.samples - held_out_samples(item)``.
    """
    if item.data is None:
        raise ValueError(f"{item.id} is not kept in the session.")
    data: Dataset = item.data
    start = len(data) - held_out_samples(item)
    part = replace(data, name=f"{item.name}, last {100 * SHARE:g} %", x=data.x[start:], y=data.y[start:])
    return store_dataset(part, origin=item.origin, keep=True)
