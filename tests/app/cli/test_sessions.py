"""Sessions that commands write: results accumulate, nothing is overwritten, and nothing computed is lost."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.cli.workbook import compute_into, lasting, open_workbook
from core.data.loading import open_dataset
from core.errors import OutOfSpace
from core.landscape.surface import EVALUATED, INTERPOLATED, SurfaceRequest
from core.networks.loading import open_network
from core.session.document import Document, ResultItem
from core.session.files import open_document, save_document
from tests.app.cli.conftest import Corrie


def test_results_of_several_commands_gather_in_one_session(corrie: Corrie, filled: Path) -> None:
    document = open_document(filled)
    kinds = [item.id.partition("-")[0] for item in document.results]
    assert kinds == ["surface", "spectrum", "correction"]
    assert len(document.networks) == 2
    assert len(document.datasets) == 2


def test_a_command_without_a_place_says_where_it_wrote_and_never_takes_a_name_twice(
    corrie: Corrie, house: Path, own_folder: Path
) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 2, "--samples", 4, "--json")
    first, second = corrie(*ask).values["session"], corrie(*ask).values["session"]
    assert (first, second) == ("Small-reader.corrie.h5", "Small-reader-2.corrie.h5")
    assert sorted(path.name for path in own_folder.iterdir()) == sorted([first, second])


def test_data_are_found_again_from_another_folder(
    corrie: Corrie, house: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(house / "digits.npz", own_folder)
    assert corrie("landscape", house / "reader.toml", "digits.npz", "--grid", 2, "-o", "s.corrie.h5").status == 0
    monkeypatch.chdir("/")
    origin = open_document(own_folder / "s.corrie.h5").datasets[0].origin
    assert len(open_dataset(origin)) == 64


def test_names_of_data_stay_names_and_paths_become_absolute(own_folder: Path) -> None:
    assert [lasting(name) for name in ("digits", "mnist", "cifar10:test")] == ["digits", "mnist", "cifar10:test"]
    assert lasting("table.npz:regression") == str(own_folder / "table.npz:regression")
    (own_folder / "mnist").mkdir()
    assert lasting("mnist:test") == str(own_folder / "mnist:test")


def test_what_another_command_added_meanwhile_stays(house: Path, own_folder: Path) -> None:
    network, data = open_network(house / "reader.toml"), open_dataset(house / "digits.npz")
    books = [open_workbook(own_folder / "shared.corrie.h5", "shared") for _ in range(2)]  # both before either saves
    items = [
        compute_into(book, SurfaceRequest(columns=2, rows=size, samples=4), network, data, "digits.npz")[0]
        for size, book in enumerate(books, start=2)
    ]
    document = open_document(own_folder / "shared.corrie.h5")
    assert [item.id for item in document.results] == [item.id for item in items]
    assert len(document.networks) == len(document.datasets) == 1


@pytest.mark.skipif(os.name == "nt", reason="the test takes a folder away under a program, which Windows forbids")
def test_a_result_that_cannot_be_saved_where_it_should_is_safe_elsewhere(house: Path, own_folder: Path) -> None:
    gone = own_folder / "stick"
    gone.mkdir()
    book = open_workbook(gone / "s.corrie.h5", "s")
    gone.rmdir()  # as when a memory stick is pulled out during the computation
    network, data = open_network(house / "reader.toml"), open_dataset(house / "digits.npz")
    with pytest.raises(OutOfSpace) as caught:
        compute_into(book, SurfaceRequest(columns=2, rows=2, samples=4), network, data, "digits.npz")
    message = str(caught.value)
    assert "The folder does not exist" in message
    place = Path(message.rpartition(" is safe in ")[2])
    assert len(open_document(place).results) == 1


def test_a_session_that_was_damaged_meanwhile_is_not_overwritten(house: Path, own_folder: Path) -> None:
    path = own_folder / "s.corrie.h5"
    book = open_workbook(path, "s")
    path.write_text("a thesis")
    network, data = open_network(house / "reader.toml"), open_dataset(house / "digits.npz")
    with pytest.raises(OutOfSpace, match=r"not an HDF5 file.*The result itself is safe in"):
        compute_into(book, SurfaceRequest(columns=2, rows=2, samples=4), network, data, "digits.npz")
    assert path.read_text() == "a thesis"


def half_done(path: Path) -> tuple[Document, ResultItem]:
    """Make the surface in a session partial, with marked values at the points that stay."""
    document = open_document(path)
    item = document.results[0]
    surface = item.result
    keep = np.zeros(surface.loss.shape, dtype=bool)
    keep[::2, ::2] = True
    loss = np.where(keep, 1000.0 + np.arange(keep.size).reshape(keep.shape), np.nan)
    partial = replace(
        surface,
        status="partial",
        loss=loss,
        accuracy=np.where(keep, surface.accuracy, np.nan),
        evaluated=np.where(keep, EVALUATED, INTERPOLATED).astype(np.uint8),
    )
    document = document.with_item(replace(item, result=partial))
    save_document(document, path)
    return document, item


def test_a_partial_surface_is_completed_in_its_place_and_its_points_are_not_computed_again(
    corrie: Corrie, house: Path, own_folder: Path
) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 5, "--samples", 8)
    path = own_folder / "s.corrie.h5"
    assert corrie(*ask, "-o", path).status == 0
    _, whole = half_done(path)
    values = corrie(*ask, "--resume", path, "--json").values
    assert (values["session"], values["item"], values["status"]) == (str(path), whole.id, "complete")
    (item,) = open_document(path).results
    marked = np.zeros((5, 5), dtype=bool)
    marked[::2, ::2] = True
    assert (item.result.loss[marked] >= 1000).all()
    assert np.array_equal(item.result.loss[~marked], whole.result.loss[~marked])


def test_a_resumed_surface_may_go_into_another_session(corrie: Corrie, house: Path, own_folder: Path) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 5, "--samples", 8)
    assert corrie(*ask, "-o", "half.corrie.h5").status == 0
    half_done(own_folder / "half.corrie.h5")
    assert corrie(*ask, "--resume", "half.corrie.h5", "-o", "whole.corrie.h5").status == 0
    assert open_document(own_folder / "half.corrie.h5").results[0].result.status == "partial"
    assert open_document(own_folder / "whole.corrie.h5").results[0].result.status == "complete"


@pytest.mark.parametrize("different", [("--grid", 7), ("--seed", 5), ("--samples", 9), ("--range", -2, 2)])
def test_a_surface_is_not_resumed_with_other_options(
    corrie: Corrie, house: Path, own_folder: Path, different: tuple[object, ...]
) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 5, "--samples", 8)
    path = own_folder / "s.corrie.h5"
    assert corrie(*ask, "-o", path).status == 0
    half_done(path)
    before = path.read_bytes()
    assert (
        "holds no partial surface of this network with these options"
        in corrie(*ask, *different, "--resume", path).sentence
    )
    assert path.read_bytes() == before


def test_a_surface_is_not_resumed_with_other_data(corrie: Corrie, house: Path, own_folder: Path) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 5, "--samples", 8)
    path = own_folder / "s.corrie.h5"
    assert corrie(*ask, "-o", path).status == 0
    half_done(path)
    with np.load(house / "digits.npz") as file:
        np.savez(own_folder / "others.npz", x=file["x"][::-1], y=file["y"][::-1])
    before = path.read_bytes()
    other = ("landscape", house / "reader.toml", "others.npz", "--grid", 5, "--samples", 8, "--resume", path)
    assert "another request, network or data set" in corrie(*other).sentence
    assert path.read_bytes() == before


def test_what_is_complete_is_not_resumed(corrie: Corrie, house: Path, own_folder: Path) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 3, "--samples", 8)
    assert corrie(*ask, "-o", "s.corrie.h5").status == 0
    assert "is complete (surface-" in corrie(*ask, "--resume", "s.corrie.h5").sentence


def test_a_time_limit_keeps_nothing_it_does_not_have(corrie: Corrie, house: Path, own_folder: Path) -> None:
    ask = ("corrections", house / "judge.toml", house / "corners.csv", "--free", "width,height")
    outcome = corrie(*ask, "--time-limit", 1e-9)
    assert (outcome.status, outcome.out) == (130, "")
    assert outcome.err == "corrie: The time limit was reached. There was nothing to keep yet.\n"
    assert list(own_folder.iterdir()) == []
