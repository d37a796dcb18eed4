"""A file of another tool may come from anyone: it is refused in a sentence, and reads nothing that is not its own."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import UnreadableFile
from core.exchange.original import file as original
from core.exchange.original.directions import read_original_directions
from core.exchange.original.importing import import_original
from core.exchange.original.surface import read_original_surface

SECRET = np.arange(9.0)


def good(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["dir_file"] = "directions.h5"
        file["xcoordinates"] = file["ycoordinates"] = np.arange(3.0)
        file["train_loss"] = np.arange(9.0).reshape(3, 3)


def external_link(path: Path) -> None:
    with h5py.File(path.with_name("secret.h5"), "w") as file:
        file["losses"] = SECRET
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file["train_loss"] = h5py.ExternalLink("secret.h5", "/losses")


def soft_link(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file["train_loss"] = h5py.SoftLink("/xcoordinates")


def external_storage(path: Path) -> None:
    path.with_name("secret.bin").write_bytes(SECRET.tobytes())
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        outside = [(str(path.with_name("secret.bin")), 0, 72)]
        file.create_dataset("train_loss", (9,), "f8", external=outside)


def virtual_dataset(path: Path) -> None:
    layout = h5py.VirtualLayout((9,), "f8")
    layout[:] = h5py.VirtualSource("secret.h5", "losses", (9,))
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file.create_virtual_dataset("train_loss", layout)


def eight_terabytes(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file.create_dataset("train_loss", (2**20, 2**20), "f8", chunks=(64, 64))


def never_written(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file.create_dataset("train_loss", (20_000, 20_000), "f8", chunks=(64, 64))


def texts_for_numbers(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file["train_loss"] = ["a", "b"]


def group_for_numbers(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["train_loss"]
        file.create_group("train_loss")


def name_of_directions_elsewhere(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["dir_file"]
        file["dir_file"] = h5py.ExternalLink("secret.h5", "/losses")


def endless_name(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["dir_file"]
        file["dir_file"] = "x" * 100_000


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-300])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[96:160] = bytes(64)
    path.write_bytes(content)


def no_hdf5(path: Path) -> None:
    path.write_text("train_loss = 1", encoding="utf-8")


def empty(path: Path) -> None:
    path.write_bytes(b"")


HARMS = {
    external_link: "link to another file",
    soft_link: "soft link",
    external_storage: "external storage",
    virtual_dataset: "virtual dataset",
    eight_terabytes: "declares 8,796,093,022,208 bytes",
    never_written: "bytes, but only 0 were written",
    texts_for_numbers: "values of a type",
    group_for_numbers: "should be a dataset",
    name_of_directions_elsewhere: "link to another file",
    endless_name: "longer than a path",
    truncated: "truncated",
    flipped: "damaged",
    no_hdf5: "not an HDF5 file",
    empty: "empty",
}


@pytest.mark.parametrize(("harm", "words"), HARMS.items(), ids=[harm.__name__ for harm in HARMS])
def test_a_harmful_file_is_refused_in_a_sentence(harm: Callable[[Path], None], words: str, tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    good(path)
    read_original_surface(path)
    harm(path)
    for read in (read_original_surface, import_original):
        with pytest.raises(UnreadableFile, match=words) as told:
            read(path)
        assert str(path) in str(told.value)
        assert "loss-landscape tool" in str(told.value)


def test_tensors_elsewhere_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["losses"] = SECRET
    with h5py.File(path, "w") as file:
        file.create_group("xdirection")["0"] = h5py.ExternalLink("secret.h5", "/losses")
    with pytest.raises(UnreadableFile, match="link to another file"):
        read_original_directions(path)


def test_the_directions_a_surface_names_are_looked_for_beside_it_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    with h5py.File(tmp_path / "else" / "directions.h5", "w") as file:
        file.create_group("xdirection")["0"] = SECRET
    (tmp_path / "here").mkdir()
    path = tmp_path / "here" / "surface.h5"
    good(path)
    for named in (str(tmp_path / "else" / "directions.h5"), "../else/directions.h5", "..", "/"):
        with h5py.File(path, "r+") as file:
            del file["dir_file"]
            file["dir_file"] = named
        found = read_original_surface(path)
        assert found.results[0].directions.x == {}
        assert found.notes


def test_a_broken_direction_file_costs_the_directions_and_not_the_surface(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    good(path)
    (tmp_path / "directions.h5").write_bytes(b"nonsense")
    found = read_original_surface(path)
    assert "Its directions are not used" in found.notes[0]
    with pytest.raises(UnreadableFile, match="not an HDF5 file"):
        read_original_surface(path, tmp_path / "directions.h5")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_original_surface(tmp_path / "nothing.h5")
    with pytest.raises(UnreadableFile, match="not a file"):
        read_original_surface(tmp_path)


def test_a_grid_beyond_all_measure_is_refused_before_its_values_are_read(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    good(path)
    with h5py.File(path, "r+") as file:
        del file["xcoordinates"], file["ycoordinates"]
        file["xcoordinates"] = file["ycoordinates"] = np.arange(3000.0)
    with pytest.raises(UnreadableFile, match="3,000 × 3,000 points is larger than can be shown"):
        read_original_surface(path)


def test_flipped_bytes_are_read_or_explained_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(original, "rehearse", lambda *_: None)  # what stands behind the child process is tried
    path = tmp_path / "surface.h5"
    good(path)
    whole = path.read_bytes()
    numbers = np.random.default_rng(0)
    explained = 0
    for _ in range(150):
        content = bytearray(whole)
        for place in numbers.integers(0, len(whole), numbers.integers(1, 20)):
            content[place] = numbers.integers(256)
        path.write_bytes(content)
        try:
            read_original_surface(path)
        except UnreadableFile:
            explained += 1
    assert explained > 10
