"""Files of the original tool become sessions from the command line; what cannot is said in one sentence."""

import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.landscape.surface import EVALUATED, INTERPOLATED, Surface
from core.landscape.trajectory import Trajectory
from core.session.files import open_document
from tests.app.cli.conftest import Corrie

NO_RESULT = "It holds weights of a network, and no result."


def write_surface(path: Path, loss: np.ndarray, **more: np.ndarray | str) -> Path:
    """A square surface file as the tool writes it."""
    with h5py.File(path, "w") as file:
        file["dir_file"] = "directions.h5"
        file["xcoordinates"] = file["ycoordinates"] = np.linspace(-1, 1, len(loss))
        file["train_loss"], file["train_acc"] = loss, np.full(loss.shape, 50.0)
        for name, values in more.items():
            file[name] = values
    return path


def write_directions(path: Path) -> Path:
    with h5py.File(path, "w") as file:
        for axis in ("xdirection", "ydirection"):
            file[f"{axis}/0"] = np.eye(3, 4) + (axis == "ydirection")
    return path


LOSS = np.arange(1.0, 26.0).reshape(5, 5)


def surface_in(session: Path) -> Surface:
    (item,) = open_document(session).results
    assert isinstance(item.result, Surface)
    return item.result


def test_a_surface_file_becomes_a_session(corrie: Corrie, own_folder: Path) -> None:
    write_surface(own_folder / "model_300.h5", LOSS)
    write_directions(own_folder / "directions.h5")
    outcome = corrie("import", "model_300.h5", "-o", "model.corrie.h5")
    assert (outcome.status, outcome.err) == (0, "")
    assert "Surface from model_300" in outcome.out
    assert "network         not recorded in model_300.h5\n" in outcome.out
    assert "session         model.corrie.h5\n" in outcome.out
    surface = surface_in(own_folder / "model.corrie.h5")
    np.testing.assert_array_equal(surface.loss, LOSS)
    assert surface.centre_loss == 13.0
    assert surface.directions.x
    assert corrie("export", "model.corrie.h5", "--to", "figure.png", "--relief").status == 0


def test_results_are_added_to_a_session_under_names_of_their_own(
    corrie: Corrie, filled: Path, own_folder: Path
) -> None:
    before = open_document(filled)
    write_surface(own_folder / "a.h5", LOSS)
    values = corrie("import", "a.h5", "a.h5", "-o", filled, "--json").values
    assert values["session"] == str(filled)
    assert values["name"] == "Surface from a"
    (second,) = values["also"]
    assert second["name"] == "Surface from a (2)"
    document = open_document(filled)
    assert set(before.items) < set(document.items)
    assert len(document.items) == len(before.items) + 2


def test_a_projection_file_comes_with_the_directions_that_are_named(corrie: Corrie, own_folder: Path) -> None:
    write_directions(own_folder / "elsewhere.h5")
    with h5py.File(own_folder / "way.h5", "w") as file:
        file["proj_xcoord"], file["proj_ycoord"] = np.arange(4.0), np.arange(4.0) ** 2
    outcome = corrie("import", "way.h5", "--directions", "elsewhere.h5", "-o", "way.corrie.h5")
    assert outcome.status == 0, outcome
    (item,) = open_document(own_folder / "way.corrie.h5").results
    assert isinstance(item.result, Trajectory)
    np.testing.assert_array_equal(item.result.y, np.arange(4.0) ** 2)
    assert list(item.result.directions.x) == ["0"]


def test_without_a_name_the_session_is_called_after_the_first_file(corrie: Corrie, own_folder: Path) -> None:
    write_surface(own_folder / "plane.h5", LOSS)
    assert corrie("import", "plane.h5", "--json").values["session"] == "plane.corrie.h5"
    assert corrie("import", "plane.h5", "--json").values["session"] == "plane-2.corrie.h5"


def test_directions_that_are_missing_are_told_and_cost_nothing_else(corrie: Corrie, own_folder: Path) -> None:
    write_surface(own_folder / "a.h5", LOSS)
    outcome = corrie("import", "a.h5", "-o", "a.corrie.h5")
    assert outcome.status == 0
    assert outcome.err.startswith("corrie: a.h5: Its direction file directions.h5 is not beside it")
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_file_without_any_finite_loss_is_taken_as_it_is(corrie: Corrie, own_folder: Path, value: float) -> None:
    write_surface(own_folder / "a.h5", np.full((4, 4), value))
    outcome = corrie("import", "a.h5", "-o", "a.corrie.h5")
    assert outcome.status == 0
    assert "16 points without a finite loss: so they are in a.h5" in outcome.out
    assert "not known at the centre from a.h5" in outcome.out
    surface = surface_in(own_folder / "a.corrie.h5")
    np.testing.assert_array_equal(surface.loss, np.full((4, 4), value))
    assert (surface.evaluated == EVALUATED).all()
    for target in ("a.png", "a.csv", "a.npz"):
        assert corrie("export", "a.corrie.h5", "--to", target).status == 0
    assert "no body to write" in corrie("export", "a.corrie.h5", "--to", "a.glb").sentence
    assert not (own_folder / "a.glb").exists()


def test_what_the_tool_has_not_computed_yet_stays_open(corrie: Corrie, own_folder: Path) -> None:
    loss = LOSS.copy()
    loss[3:] = -1
    write_surface(own_folder / "a.h5", loss)
    outcome = corrie("import", "a.h5", "-o", "a.corrie.h5")
    assert "partial: not every point was computed in a.h5" in outcome.out
    assert "--resume" not in outcome.out
    surface = surface_in(own_folder / "a.corrie.h5")
    assert (surface.evaluated[3:] == INTERPOLATED).all()
    assert np.isnan(surface.loss[3:]).all()


def test_files_that_hold_no_result_are_refused_with_the_place_where_they_belong(
    corrie: Corrie, own_folder: Path, house: Path, filled: Path
) -> None:
    write_directions(own_folder / "directions.h5")
    (own_folder / "empty.h5").write_bytes(b"")
    (own_folder / "model_300.t7").write_bytes(b"PK")
    cases = {
        "nothing.h5": "There is no such file",
        "nothing.t7": "There is no such file",
        "empty.h5": "It is empty",
        str(house / "digits.npz"): "It is not an HDF5 file",
        str(house): "It is not a file",
        "directions.h5": "Compute a surface along them",
        "model_300.t7": NO_RESULT,
        str(house / "reader.safetensors"): NO_RESULT,
        str(filled): "is a session already",
    }
    before = sorted(own_folder.iterdir())
    for name, words in cases.items():
        sentence = corrie("import", name, "-o", "new.corrie.h5").sentence
        assert words in sentence
        assert Path(name).name in sentence
    assert sorted(own_folder.iterdir()) == before


def test_one_bad_file_among_several_writes_nothing(corrie: Corrie, own_folder: Path) -> None:
    write_surface(own_folder / "good.h5", LOSS)
    write_surface(own_folder / "bad.h5", LOSS, min_eig=np.zeros(7), max_eig=np.zeros(7))
    assert "bad.h5" in corrie("import", "good.h5", "bad.h5", "-o", "new.corrie.h5").sentence
    assert not (own_folder / "new.corrie.h5").exists()


def test_directions_of_the_wrong_kind_are_refused(corrie: Corrie, own_folder: Path, house: Path) -> None:
    write_surface(own_folder / "a.h5", LOSS)
    for wrong in ("a.h5", house / "digits.npz", "missing.h5"):
        assert Path(wrong).name in corrie("import", "a.h5", "--directions", wrong, "-o", "new.corrie.h5").sentence
    assert not (own_folder / "new.corrie.h5").exists()


def test_without_a_file_the_usage_is_told(corrie: Corrie) -> None:
    outcome = corrie("import")
    assert (outcome.status, outcome.out) == (2, "")
    assert "FILES" in outcome.err


def test_an_export_is_never_called_like_a_session(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    write_surface(own_folder / "a.h5", LOSS)
    assert "corrie import a.h5" in corrie("export", "a.h5", "--to", "new.corrie.h5").sentence
    sentence = corrie("export", filled, "Surface of Small reader", "--to", "new.corrie.h5").sentence
    assert 'such as "new.h5"' in sentence
    assert not (own_folder / "new.corrie.h5").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is closed to the superuser")
def test_a_folder_that_may_not_be_written_is_named(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    write_surface(own_folder / "a.h5", LOSS)
    closed = own_folder / "closed"
    closed.mkdir(mode=0o555)
    assert "closed/new.corrie.h5" in corrie("import", "a.h5", "-o", "closed/new.corrie.h5").sentence
    for target in ("closed/a.png", "closed/a.csv", "closed/a.glb", "closed/a.h5"):
        assert "closed" in corrie("export", filled, "Surface of Small reader", "--to", target).sentence
    assert list(closed.iterdir()) == []
