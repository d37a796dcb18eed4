"""Runs in session files: everything comes back, and documents keep them consistent."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import h5py
import numpy as np
import pytest

from core.errors import CorrieError
from core.session.document import Document, RunItem
from core.session.files import open_document, save_document
from tests.documents import document
from tests.runs import run_item
from tests.sameness import differences


def _saved(item: RunItem, folder: Path) -> RunItem:
    path = folder / "a.corrie.h5"
    save_document(Document(items=MappingProxyType({item.id: item})), path)
    found = open_document(path).items[item.id]
    assert isinstance(found, RunItem)
    return found


@pytest.mark.parametrize("epochs", [0, 3, 4])
def test_a_run_comes_back_the_same_whether_it_is_complete_or_not(tmp_path: Path, epochs: int) -> None:
    item = run_item(epochs=epochs)
    assert differences(item, _saved(item, tmp_path)) == []


def test_a_run_that_ended_early_keeps_its_reason(tmp_path: Path) -> None:
    item = run_item(epochs=2)
    item = replace(item, run=replace(item.run, ended="The loss became NaN in epoch 3."), sweep="Batch sizes")
    assert differences(item, _saved(item, tmp_path)) == []


def test_the_curves_can_be_plotted_by_readers_of_nexus(tmp_path: Path) -> None:
    path = tmp_path / "a.corrie.h5"
    save_document(Document(items=MappingProxyType({"run-1": run_item()})), path)
    with h5py.File(path) as file:
        group = file["runs/run-1"]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", "train_loss")
        assert list(group.attrs["axes"]) == ["epoch"]
        assert len(group["train_loss"]) == len(group["epoch"])


def test_curves_of_different_lengths_are_refused(tmp_path: Path) -> None:
    item = run_item()
    broken = replace(item, run=replace(item.run, test_loss=np.zeros(2)))
    with pytest.raises(CorrieError, match="test_loss"):
        _saved(broken, tmp_path)


def test_a_run_goes_with_its_data_and_stays_without_its_network() -> None:
    whole = document()
    data, network = whole.datasets[0].id, whole.networks[0].id
    item = replace(run_item(), dataset_id=data, test_id="", network_id=network)
    whole = whole.with_item(item)
    left = whole.without(network).items[item.id]
    assert isinstance(left, RunItem)
    assert left.network_id == ""
    assert item.id not in whole.without(data).items


def test_checkpoints_and_epochs_that_do_not_follow_one_another_are_refused(tmp_path: Path) -> None:
    item = run_item()
    for broken in (
        replace(item.run, checkpoints=item.run.checkpoints[::-1]),
        replace(item.run, epoch=item.run.epoch[::-1].copy()),
    ):
        with pytest.raises(CorrieError, match="do not follow one another"):
            _saved(replace(item, run=broken), tmp_path)


def test_many_checkpoints_keep_their_order(tmp_path: Path) -> None:
    item = run_item()
    first = item.run.checkpoints[0]
    many = tuple(replace(first, epoch=epoch, step=epoch) for epoch in range(25))
    back = _saved(replace(item, run=replace(item.run, checkpoints=many)), tmp_path)
    assert [checkpoint.epoch for checkpoint in back.run.checkpoints] == list(range(25))
