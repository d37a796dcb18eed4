"""Direction files hold tensors without names: their order and shapes tell which network, and which layout."""

import math
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import InvalidRequest, UnreadableFile
from core.exchange.export import export_result
from core.exchange.original.directions import (
    OriginalDirections,
    named_directions,
    numbered_directions,
    read_original_directions,
)
from core.exchange.original.importing import import_original
from core.exchange.original.way import read_original_way, trajectory_from_original
from core.exchange.original.writing import ordered
from core.session.document import ResultItem
from core.session.files import open_document, save_document
from tests import documents

PARAMETERS = {"conv.weight": (4, 3, 3, 3), "norm.weight": (4,), "norm.bias": (4,), "fc.weight": (2, 4), "fc.bias": (2,)}
STATES = {
    "conv.weight": (4, 3, 3, 3),
    "norm.weight": (4,),
    "norm.bias": (4,),
    "norm.running_mean": (4,),
    "norm.running_var": (4,),
    "norm.num_batches_tracked": (),
    "fc.weight": (2, 4),
    "fc.bias": (2,),
}


def write(path: Path, shapes: list[tuple[int, ...]], *, two: bool = True) -> list[list[np.ndarray]]:
    numbers = np.random.default_rng(1)
    axes = [[numbers.standard_normal(shape).astype(np.float32) for shape in shapes] for _ in range(2 if two else 1)]
    with h5py.File(path, "w") as file:
        for name, axis in zip(("xdirection", "ydirection"), axes, strict=False):
            group = file.create_group(name)
            for place, array in enumerate(axis):
                group.create_dataset(str(place), data=array)
    return axes


@pytest.mark.parametrize(
    ("names", "moving"),
    [
        (PARAMETERS, "weights"),
        (STATES, "states"),
        ({name: shape for name, shape in STATES.items() if not name.endswith("tracked")}, "states"),
    ],
    ids=["weights", "states", "states without counters, as the paper's"],
)
def test_the_layout_is_told_by_order_and_shape(names: dict[str, tuple[int, ...]], moving: str, tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    x, y = write(path, list(names.values()))
    directions, found = named_directions(read_original_directions(path), PARAMETERS, STATES)
    assert found == moving
    assert list(directions.x) == list(names)
    for name, array, other in zip(names, x, y, strict=True):
        np.testing.assert_array_equal(directions.x[name], array)
        np.testing.assert_array_equal(directions.y[name], other)
    flat_x, flat_y = (np.concatenate([array.ravel() for array in axis]).astype(float) for axis in (x, y))
    truth = flat_x @ flat_y / np.linalg.norm(flat_x) / np.linalg.norm(flat_y)
    assert math.isclose(directions.cosine, truth, rel_tol=1e-6)


def test_more_than_ten_tensors_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    x, _ = write(path, [(place + 1,) for place in range(25)])
    read = read_original_directions(path)
    assert [len(array) for array in read.x] == list(range(1, 26))
    np.testing.assert_array_equal(read.by_place.x["11"], x[11])


def test_a_line_has_one_direction(tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    write(path, list(PARAMETERS.values()), two=False)
    directions, _ = named_directions(read_original_directions(path), PARAMETERS, STATES)
    assert directions.y == {}
    assert math.isnan(directions.cosine)


def test_directions_of_another_network_are_refused_with_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    shapes = [*PARAMETERS.values()]
    shapes[3] = (10, 4)
    write(path, shapes)
    with pytest.raises(InvalidRequest, match=r"tensor 3 is 10×4, fc\.weight is 2×4"):
        named_directions(read_original_directions(path), PARAMETERS, STATES)
    write(path, shapes[:2])
    with pytest.raises(InvalidRequest, match="2 tensors, this network has 5 parameters and 8 states"):
        named_directions(read_original_directions(path), PARAMETERS, STATES)


@pytest.mark.parametrize(
    ("missing", "words"), [("2", 'none is called "2"'), ("xdirection", "no xdirection")], ids=["a tensor", "all"]
)
def test_a_direction_file_with_a_gap_is_refused(missing: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    write(path, [(2,), (3,), (4,)])
    with h5py.File(path, "r+") as file:
        if missing in file:
            del file[missing]
        else:
            file["xdirection"].move(missing, "9")
    with pytest.raises(UnreadableFile, match=words):
        read_original_directions(path)


def test_two_directions_of_different_shapes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    write(path, [(2,), (3,)])
    with h5py.File(path, "r+") as file:
        del file["ydirection/1"]
        file["ydirection/1"] = np.zeros(5)
    with pytest.raises(UnreadableFile, match="different networks"):
        read_original_directions(path)


def test_written_directions_have_every_parameter_in_the_order_of_the_network() -> None:
    moving = {"fc.weight": np.ones((2, 4), np.float32), "conv.weight": np.ones((4, 3, 3, 3), np.float32)}
    arrays = ordered(moving, STATES)
    assert [array.shape for array in arrays] == list(PARAMETERS.values())
    assert [float(array.sum()) for array in arrays] == [108.0, 0.0, 0.0, 8.0, 0.0]
    with_statistics = ordered(moving | {"norm.running_mean": np.ones(4, np.float32)}, STATES)
    assert [array.shape for array in with_statistics] == list(STATES.values())
    assert ordered(moving, {}) == list(moving.values())


def test_a_way_comes_back_with_the_variance_of_its_plane(tmp_path: Path) -> None:
    way = documents.trajectory()
    item = documents.result_item(way, "trajectory-9", "The way")
    export_result(item, documents.document().with_item(item), tmp_path / "way.h5")
    read = read_original_way(tmp_path / "way.h5")
    np.testing.assert_array_equal(read.x, way.x)
    np.testing.assert_array_equal(read.y, way.y)
    back = trajectory_from_original(tmp_path / "way.h5", tmp_path / "way_directions.h5")
    np.testing.assert_allclose(back.explained_variance, way.explained_variance)
    assert np.isnan(back.loss).all()
    (imported,) = import_original(tmp_path / "way.h5").items
    assert imported.id.startswith("trajectory-")
    assert imported.result.directions.fingerprint == back.directions.fingerprint  # type: ignore[union-attr]
    (tmp_path / "way_directions.h5").rename(tmp_path / "directions.h5")  # as the tool names them
    (tmp_path / "way.h5").rename(tmp_path / "directions.h5_proj_cos.h5")
    (imported,) = import_original(tmp_path / "directions.h5_proj_cos.h5").items
    assert imported.result.directions.fingerprint == back.directions.fingerprint  # type: ignore[union-attr]
    export_result(imported, documents.document(), tmp_path / "way.png")
    with pytest.raises(UnreadableFile, match="nothing that was computed along them"):
        import_original(tmp_path / "directions.h5")


def test_a_way_without_a_single_point_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "way.h5", "w") as file:
        file["proj_xcoord"], file["proj_ycoord"] = np.zeros(3), np.zeros(2)
    with pytest.raises(UnreadableFile, match="3 and 2 coordinates"):
        read_original_way(tmp_path / "way.h5")


def test_the_plane_of_an_imported_surface_is_told_from_others(tmp_path: Path) -> None:
    surface = documents.surface(5, 5)
    other = replace(surface, directions=documents.directions(seed=7))
    prints = []
    for name, result in (("a", surface), ("b", other), ("c", surface)):
        item = documents.result_item(result, "surface-9", name)
        export_result(item, documents.document().with_item(item), tmp_path / f"{name}.h5")
        prints.append(import_original(tmp_path / f"{name}.h5").items[0].result.directions.fingerprint)  # type: ignore[union-attr]
    assert prints[0] == prints[2] != prints[1]


def test_the_order_of_the_network_survives_a_session(tmp_path: Path) -> None:
    save_document(documents.document(), tmp_path / "session.corrie.h5")
    document = open_document(tmp_path / "session.corrie.h5")
    item = document.items["surface-0"]
    assert isinstance(item, ResultItem)
    export_result(item, document, tmp_path / "surface.h5")
    read = read_original_directions(tmp_path / "surface_directions.h5")
    assert [array.shape for array in read.x] == list(documents.SHAPES.values())
    for array, name in zip(read.y, documents.SHAPES, strict=True):
        np.testing.assert_array_equal(array, documents.directions().y[name])


def test_directions_of_an_imported_surface_find_their_names_in_a_network_again() -> None:
    names = {f"layer{place}.weight": (place + 1,) for place in range(12)}
    original = OriginalDirections(
        x=tuple(np.full(shape, place, np.float32) for place, shape in enumerate(names.values())), y=()
    )
    shuffled = replace(original.by_place, x=dict(sorted(original.by_place.x.items())))  # as a session may hold them
    found, moving = named_directions(numbered_directions(shuffled), names, names)
    assert moving == "weights"
    assert {name: float(values[0]) for name, values in found.x.items()} == {
        f"layer{place}.weight": float(place) for place in range(12)
    }
