"""Surface files of the original tool: its layout, its marks for what is not there, and its other shapes."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import UnreadableFile
from core.exchange.export import export_result
from core.exchange.original.file import is_original_file
from core.exchange.original.importing import import_original
from core.exchange.original.surface import read_original_surface
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.surface import EVALUATED, INTERPOLATED, SAMPLED, Surface
from core.session.document import Document, ResultItem
from core.session.files import open_document, save_document
from tests import documents


def loss_at(x: float, y: float) -> float:
    """A loss that tells x and y apart."""
    return 30.0 + x + 10 * y


def write_as_the_tool(path: Path, x: np.ndarray, y: np.ndarray, **more: np.ndarray) -> None:
    """As the tool's setup and crunch do it: allocate (len(x), len(y)), then fill by the places of a flattened mesh."""
    mesh_x, mesh_y = np.meshgrid(x, y)
    losses = -np.ones((len(x), len(y)))
    for place, (a, b) in enumerate(zip(mesh_x.ravel(), mesh_y.ravel(), strict=True)):
        losses.ravel()[place] = loss_at(a, b)
    with h5py.File(path, "w") as file:
        file["dir_file"] = "elsewhere/model_300.t7_weights_xignore=biasbn_xnorm=filter.h5"
        file["xcoordinates"], file["ycoordinates"] = x, y
        file["train_loss"], file["train_acc"] = losses, np.full(losses.shape, 75.0)
        for name, values in more.items():
            if name in file:
                del file[name]
            file[name] = values


def surface_of(path: Path) -> Surface:
    (surface,) = read_original_surface(path).results
    assert isinstance(surface, Surface)
    return surface


@pytest.mark.parametrize(("columns", "rows"), [(5, 5), (7, 4), (4, 7), (2, 9)])
def test_every_value_lands_at_its_own_coordinates(columns: int, rows: int, tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    write_as_the_tool(path, np.linspace(-1, 1, columns), np.linspace(-0.5, 2, rows))
    surface = surface_of(path)
    assert surface.loss.shape == (rows, columns)
    for row, y in enumerate(surface.y):
        for column, x in enumerate(surface.x):
            assert surface.loss[row, column] == loss_at(x, y)
    assert (surface.accuracy == 0.75).all()
    assert surface.status == "complete"
    assert surface.request.x_range == (-1, 1)
    assert surface.request.y_range == (-0.5, 2)


def test_an_array_that_has_the_shape_of_rows_and_columns_is_read_by_the_same_places(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    x, y = np.linspace(-1, 1, 6), np.linspace(-1, 1, 3)
    write_as_the_tool(path, x, y, train_loss=loss_at(*np.meshgrid(x, y)))
    assert surface_of(path).loss[2, 1] == loss_at(x[1], y[2])


def test_minus_one_is_not_computed_and_zero_is_a_value(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    losses = np.array([[0.0, -1.0, 2.0], [3.0, np.nan, np.inf], [6.0, 7.0, 8.0]])
    percent = np.array([[0.0, -1.0, 100.0], [30.0, 40.0, 50.0], [60.0, 70.0, 80.0]])
    write_as_the_tool(path, np.arange(3.0), np.arange(3.0), train_loss=losses, train_acc=percent)
    surface = surface_of(path)
    assert surface.status == "partial"
    assert surface.loss[0, 0] == 0.0
    assert surface.evaluated.tolist() == [[EVALUATED, INTERPOLATED, EVALUATED], [EVALUATED] * 3, [EVALUATED] * 3]
    assert np.isnan(surface.loss[0, 1])
    assert np.isnan(surface.accuracy[0, 1])
    assert surface.holes == 2  # NaN and infinity of the file stay what they are
    assert surface.accuracy[0, 2] == 1.0
    assert surface.centre_loss == 0.0


def test_a_grid_without_the_centre_has_no_loss_of_the_network(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    write_as_the_tool(path, np.linspace(-1, 1, 4), np.linspace(-1, 1, 4))
    assert np.isnan(surface_of(path).centre_loss)


def test_the_test_set_comes_along(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    x = np.arange(3.0)
    test = np.full((3, 3), 5.0)
    test[1, 2] = -1
    write_as_the_tool(path, x, x, test_loss=test, test_acc=10 * test)
    surface = surface_of(path)
    assert surface.test_loss is not None
    assert surface.test_accuracy is not None
    assert np.isnan(surface.test_loss[1, 2])
    assert surface.test_loss[0, 0] == 5.0
    assert surface.test_accuracy[0, 0] == 0.5
    assert surface.request.test


def test_falling_coordinates_are_turned_with_their_values(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    write_as_the_tool(path, np.array([1.0, 0.0, -1.0, -2.0]), np.array([0.0, 1.0, 2.0]))
    surface = surface_of(path)
    assert surface.x.tolist() == [-2, -1, 0, 1]
    assert surface.loss[2, 0] == loss_at(-2, 2)


def test_eigenvalues_become_a_map_of_convexity(tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    x, y = np.linspace(-1, 1, 4), np.linspace(-1, 1, 3)
    smallest, largest = np.ones((4, 3)), -np.ones((4, 3))
    smallest.ravel()[5], largest.ravel()[5] = -2.0, 8.0  # row 1, column 1
    write_as_the_tool(path, x, y, min_eig=smallest, max_eig=largest)
    found = read_original_surface(path)
    surface, convexity = found.results
    assert isinstance(surface, Surface)
    assert isinstance(convexity, Convexity)
    assert convexity.status == "partial"
    assert convexity.ratio[1, 1] == 0.25
    assert np.isfinite(convexity.ratio).sum() == 1
    assert any("sums over batches" in note for note in found.notes)


def test_a_file_of_one_coordinate_is_a_curve(tmp_path: Path) -> None:
    path = tmp_path / "curve.h5"
    with h5py.File(path, "w") as file:
        file["dir_file"] = "directions.h5"
        file["xcoordinates"] = np.linspace(-0.5, 1.5, 5)
        file["train_loss"], file["train_acc"] = np.array([4.0, 0.1, 2.0, 0.2, -1.0]), np.array([10.0, 99, 50, 98, -1])
        file["test_loss"], file["test_acc"] = np.arange(5.0), np.arange(5.0)
    (curve,) = read_original_surface(path).results
    assert isinstance(curve, Curve)
    assert curve.status == "partial"
    np.testing.assert_array_equal(curve.loss, [[4.0, 0.1, 2.0, 0.2, np.nan]])
    np.testing.assert_allclose(curve.accuracy, [[0.1, 0.99, 0.5, 0.98, np.nan]])
    assert curve.centre_loss == 0.1
    assert curve.test_loss is not None


def test_losses_under_single_names_fill_a_grid(tmp_path: Path) -> None:
    path = tmp_path / "singles.h5"
    with h5py.File(path, "w") as file:
        for column in range(3):
            for row in range(2):
                file[f"loss_{column}_{row}"] = 10.0 * column + row
                file[f"acc_{column}_{row}"] = 50.0
    found = read_original_surface(path)
    (surface,) = found.results
    assert isinstance(surface, Surface)
    np.testing.assert_array_equal(surface.loss, [[0, 10, 20], [1, 11, 21]])
    assert (surface.accuracy == 0.5).all()
    assert "−1 to 1 is assumed" in found.notes[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"train_loss": np.zeros(7)}, "7 values for 3 × 4 points"),
        ({"xcoordinates": np.array([0.0, 1.0, 1.0])}, "not finite numbers in order"),
        ({"xcoordinates": np.array([0.0, np.nan, 1.0])}, "not finite numbers in order"),
        ({"xcoordinates": np.zeros((3, 1))}, "2 dimensions instead of 1"),
        ({"ycoordinates": np.zeros(1), "train_loss": np.zeros(3)}, "is no surface"),
    ],
    ids=["too few", "not rising", "not a number", "two dimensions", "one row"],
)
def test_a_file_that_contradicts_itself_is_refused(change: dict[str, np.ndarray], words: str, tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    write_as_the_tool(path, np.arange(3.0), np.arange(4.0), **change)
    with pytest.raises(UnreadableFile, match=words):
        read_original_surface(path)


def test_an_imported_surface_says_that_it_is_one_and_lives_in_a_session(tmp_path: Path) -> None:
    path = tmp_path / "Fläche [-1.0,1.0,51] 模型.h5"
    write_as_the_tool(path, np.linspace(-1, 1, 5), np.linspace(-1, 1, 4))
    found = import_original(path)
    assert "not beside it" in found.notes[0]
    document = Document()
    for item in found.items:
        document = document.with_item(item)
    save_document(document, tmp_path / "session.corrie.h5")
    (item,) = open_document(tmp_path / "session.corrie.h5").results
    assert item.name == f"Surface from {path.stem}"
    assert item.result.provenance.imported == path.name
    assert item.result.provenance.network_sha256 == ""
    original = found.items[0].result
    assert isinstance(original, Surface)
    assert isinstance(item.result, Surface)
    np.testing.assert_array_equal(item.result.loss, original.loss)
    export_result(item, document, tmp_path / "figure.svg")
    assert f"Read from {path.name}" in (tmp_path / "figure.svg").read_text(encoding="utf-8")


def exported(result: Surface | Convexity | Curve, path: Path, *, with_network: bool = True) -> ResultItem:
    document = documents.document() if with_network else Document()
    item = documents.result_item(result, "result-9", "Written")
    export_result(item, document.with_item(item), path)
    return item


@pytest.mark.parametrize(
    "surface",
    [
        documents.surface(),
        documents.surface(9, 13),
        documents.surface(13, 9, status="partial"),
        documents.certified_surface(),
    ],
    ids=["square", "high", "wide and partial", "certified"],
)
def test_what_is_written_comes_back(surface: Surface, tmp_path: Path) -> None:
    path = tmp_path / "surface.h5"
    exported(surface, path)
    back = surface_of(path)
    for name in ("x", "y", "loss", "evaluated"):
        np.testing.assert_array_equal(getattr(back, name), getattr(surface, name))
    np.testing.assert_allclose(back.accuracy, surface.accuracy, rtol=1e-12)
    assert back.status == surface.status
    if surface.test_loss is not None:
        np.testing.assert_array_equal(back.test_loss, surface.test_loss)
    for axis in ("x", "y"):
        written, read = getattr(surface.directions, axis), getattr(back.directions, axis)
        for array, same in zip(written.values(), read.values(), strict=True):
            np.testing.assert_array_equal(array, same)
    np.testing.assert_allclose(back.directions.cosine, surface.directions.cosine, rtol=1e-6)


@pytest.mark.parametrize(("columns", "rows"), [(8, 8), (9, 5)])
def test_the_tools_own_way_of_reading_finds_every_value_at_its_place(columns: int, rows: int, tmp_path: Path) -> None:
    surface = documents.surface(columns, rows, hole=False)
    path = tmp_path / "surface.h5"
    exported(surface, path)
    with h5py.File(path) as file:
        # as its plot_2D.py: one mesh for x, y and the losses
        x, y = np.meshgrid(file["xcoordinates"][:], file["ycoordinates"][:])
        losses = file["train_loss"][:]
        directions = path.with_name(file["dir_file"][()].decode())
    assert losses.shape == x.shape
    for place in range(losses.size):  # as its crunch and its h52vtp.py: by flat place
        column, row = place % columns, place // columns
        assert (x.ravel()[place], y.ravel()[place]) == (surface.x[column], surface.y[row])
        assert losses.ravel()[place] == surface.loss[row, column]
    with h5py.File(directions) as file:  # as its h5_util.py
        read = [file["xdirection"][str(index)] for index in range(len(file["xdirection"]))]
        for array, (name, shape) in zip(read, documents.SHAPES.items(), strict=True):
            assert array.shape == shape
            np.testing.assert_array_equal(array[:], surface.directions.x[name])


def test_what_is_not_known_is_minus_one_for_the_tool(tmp_path: Path) -> None:
    surface = documents.surface(9, 9, hole=False, status="partial")
    exported(surface, tmp_path / "surface.h5")
    with h5py.File(tmp_path / "surface.h5") as file:
        unknown = np.isnan(surface.loss)
        assert (file["train_loss"][:][unknown] == -1).all()
        assert (file["train_acc"][:][unknown] == -1).all()
        assert (file["train_loss"][:][~unknown] > 0).all()


def test_a_test_loss_that_is_not_a_number_is_no_point_that_was_not_computed(tmp_path: Path) -> None:
    surface = documents.certified_surface()
    test = surface.loss.copy()
    (computed, *_), (between, *_) = np.argwhere(surface.evaluated == EVALUATED), np.argwhere(surface.evaluated == 0)
    test[tuple(computed)] = test[tuple(between)] = np.nan
    exported(replace(surface, test_loss=test, test_accuracy=None), tmp_path / "surface.h5")
    with h5py.File(tmp_path / "surface.h5") as file:
        assert np.isnan(file["test_loss"][tuple(computed)])
        assert file["test_loss"][tuple(between)] == -1
    back = surface_of(tmp_path / "surface.h5")
    np.testing.assert_array_equal(back.test_loss, test)
    assert (back.test_holes, back.test_gaps) == (1, 1)


def test_sampled_points_stay_sampled(tmp_path: Path) -> None:
    surface = documents.certified_surface()
    exported(surface, tmp_path / "surface.h5")
    assert (surface_of(tmp_path / "surface.h5").evaluated == SAMPLED).sum() == (surface.evaluated == SAMPLED).sum() > 0


def test_curves_and_convexity_come_back(tmp_path: Path) -> None:
    curve, convexity = documents.curve(3, status="partial"), documents.convexity()
    exported(curve, tmp_path / "curve.h5")
    exported(convexity, tmp_path / "convexity.h5")
    (curve_back,) = read_original_surface(tmp_path / "curve.h5").results
    (map_back,) = read_original_surface(tmp_path / "convexity.h5").results
    assert isinstance(curve_back, Curve)
    assert isinstance(map_back, Convexity)
    np.testing.assert_array_equal(curve_back.loss, curve.loss[:1])
    np.testing.assert_allclose(curve_back.test_accuracy, curve.test_accuracy[:1])  # type: ignore[index]
    np.testing.assert_array_equal(map_back.ratio, convexity.ratio)


def test_directions_that_name_nothing_leave_no_file_and_no_name(tmp_path: Path) -> None:
    surface = documents.surface(5, 5)
    nothing = replace(surface.directions, x={}, y={})
    exported(replace(surface, directions=nothing), tmp_path / "surface.h5")
    assert [path.name for path in tmp_path.iterdir()] == ["surface.h5"]
    assert surface_of(tmp_path / "surface.h5").directions.x == {}


def test_files_of_the_tool_are_told_from_sessions(tmp_path: Path) -> None:
    exported(documents.surface(5, 5), tmp_path / "surface.h5")
    save_document(documents.document(), tmp_path / "session.corrie.h5")
    assert is_original_file(tmp_path / "surface.h5")
    assert is_original_file(tmp_path / "surface_directions.h5")
    assert not is_original_file(tmp_path / "session.corrie.h5")
    assert not is_original_file(tmp_path / "nothing.h5")
