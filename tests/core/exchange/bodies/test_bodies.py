"""Bodies for 3-D programs, read back by nothing but what the formats' own papers say."""

import base64
import io
import json
import struct
from dataclasses import replace
from typing import ClassVar
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from core.errors import InvalidRequest
from core.exchange.bodies.gltf import write_gltf
from core.exchange.bodies.obj import write_obj
from core.exchange.bodies.vtk import write_grid, write_polygons
from core.exchange.figures.relief import relief_of
from core.landscape.surface import Surface
from tests import documents

SURFACES = {
    "high": documents.surface(6, 9),
    "wide": documents.surface(11, 7),
    "square": documents.surface(8, 8, hole=False),
    "partial": documents.surface(9, 9, status="partial"),
    "certified": documents.certified_surface(),
}
each_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES.keys())


def truth(surface: Surface) -> tuple[np.ndarray, int]:
    """Heights of the known points in the order of the grid, and how many faces have four of them."""
    height = np.log(np.minimum(surface.loss, 10.0) + 0.1)
    known = np.isfinite(surface.loss)
    faces = known[1:, 1:] & known[1:, :-1] & known[:-1, 1:] & known[:-1, :-1]
    return height[known], int(faces.sum())


def places(surface: Surface) -> np.ndarray:
    a, b = np.meshgrid(surface.x, surface.y)
    known = np.isfinite(surface.loss)
    return np.stack([a[known], b[known]], axis=1)


class Polygons:
    """A .vtp file as VTK's own reader takes it."""

    KINDS: ClassVar = {"Float64": "<f8", "Int64": "<i8", "UInt8": "|u1"}

    def __init__(self, content: bytes) -> None:
        root = ET.fromstring(content)  # noqa: S314  we wrote it
        assert root.attrib["type"] == "PolyData"
        assert (root.attrib["byte_order"], root.attrib["header_type"]) == ("LittleEndian", "UInt64")
        (self.piece,) = root.iter("Piece")

    def arrays(self, part: str) -> dict[str, np.ndarray]:
        (element,) = self.piece.iter(part)
        return {child.attrib["Name"]: self._values(child) for child in element}

    def _values(self, element: ET.Element) -> np.ndarray:
        content = base64.b64decode(element.text or "")
        (length,) = struct.unpack_from("<Q", content)
        assert length == len(content) - 8
        values = np.frombuffer(content[8:], self.KINDS[element.attrib["type"]])
        columns = int(element.attrib.get("NumberOfComponents", 1))
        return values.reshape(-1, columns) if columns > 1 else values


@each_surface
def test_polygons_hold_every_face_of_any_grid(surface: Surface) -> None:
    file = io.BytesIO()
    write_polygons(surface, file)
    read = Polygons(file.getvalue())
    height, faces = truth(surface)
    points, data, polys = read.arrays("Points")["Points"], read.arrays("PointData"), read.arrays("Polys")
    assert int(read.piece.attrib["NumberOfPoints"]) == len(points) == len(height)
    assert int(read.piece.attrib["NumberOfPolys"]) == len(polys["offsets"]) == faces
    np.testing.assert_array_equal(points[:, :2], places(surface))
    np.testing.assert_allclose(points[:, 2], height)
    np.testing.assert_array_equal(data["zvalue"], points[:, 2])
    np.testing.assert_array_equal(data["loss"], surface.loss[np.isfinite(surface.loss)])  # not clipped
    assert polys["offsets"].tolist() == list(range(4, 4 * faces + 1, 4))
    corners = points[polys["connectivity"].reshape(-1, 4)]
    np.testing.assert_allclose(read.arrays("CellData")["averaged zvalue"], corners[:, :, 2].mean(axis=1))
    # each face is one cell of the grid, run through against the clock
    step = np.diff(surface.x)[0], np.diff(surface.y)[0]
    np.testing.assert_allclose(corners[:, 1, :2] - corners[:, 0, :2], np.tile([step[0], 0.0], (faces, 1)), atol=1e-12)
    np.testing.assert_allclose(corners[:, 3, :2] - corners[:, 0, :2], np.tile([0.0, step[1]], (faces, 1)), atol=1e-12)
    np.testing.assert_allclose(corners[:, 2, :2] - corners[:, 3, :2], np.tile([step[0], 0.0], (faces, 1)), atol=1e-12)


def test_heights_can_be_the_loss_itself_with_any_limit() -> None:
    file = io.BytesIO()
    surface = SURFACES["square"]
    write_polygons(surface, file, logarithmic=False, limit=3.0)
    points = Polygons(file.getvalue()).arrays("Points")["Points"]
    np.testing.assert_array_equal(points[:, 2], np.minimum(surface.loss.ravel(), 3.0))


@each_surface
def test_the_structured_grid_has_all_points_and_hides_those_without_a_loss(surface: Surface) -> None:
    file = io.BytesIO()
    write_grid(surface, file, "模型 $x$\nsecond line")
    content = file.getvalue()
    head, title, kind, shape, dimensions, points, rest = content.split(b"\n", 6)
    assert head == b"# vtk DataFile Version 3.0"
    assert title == b"?? $x$ second line"
    assert (kind, shape) == (b"BINARY", b"DATASET STRUCTURED_GRID")
    rows, columns = surface.loss.shape
    assert dimensions == f"DIMENSIONS {columns} {rows} 1".encode()
    assert points == f"POINTS {surface.loss.size} double".encode()
    size = surface.loss.size
    coordinates = np.frombuffer(rest[: 24 * size], ">f8").reshape(rows, columns, 3)
    np.testing.assert_array_equal(coordinates[..., 0], np.tile(surface.x, (rows, 1)))
    np.testing.assert_array_equal(coordinates[..., 1], np.tile(surface.y[:, None], (1, columns)))
    assert np.isfinite(coordinates).all()
    known = np.isfinite(surface.loss)
    np.testing.assert_allclose(coordinates[..., 2][known], truth(surface)[0])
    hidden = rest.split(b"SCALARS vtkGhostType unsigned_char 1\nLOOKUP_TABLE default\n")[1]
    np.testing.assert_array_equal(np.frombuffer(hidden[:size], np.uint8).reshape(rows, columns), np.where(known, 0, 2))
    stored = rest.split(b"SCALARS loss double 1\nLOOKUP_TABLE default\n")[1]
    np.testing.assert_array_equal(np.frombuffer(stored[: 8 * size], ">f8"), surface.loss.ravel())


def read_gltf(content: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """JSON and arrays of a .glb, after the container of the specification (glTF 2.0, section 4)."""
    magic, version, length = struct.unpack_from("<4sII", content)
    assert (magic, version, length) == (b"glTF", 2, len(content))
    json_length, json_kind = struct.unpack_from("<I4s", content, 12)
    assert json_kind == b"JSON"
    assert json_length % 4 == 0
    scene = json.loads(content[20 : 20 + json_length])
    binary_length, binary_kind = struct.unpack_from("<I4s", content, 20 + json_length)
    binary = content[28 + json_length :]
    assert binary_kind == b"BIN\0"
    assert binary_length == len(binary) == scene["buffers"][0]["byteLength"]
    kinds = {5126: "<f4", 5123: "<u2", 5125: "<u4"}
    columns = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
    primitive = scene["meshes"][0]["primitives"][0]
    arrays = {}
    for name, index in (*primitive["attributes"].items(), ("indices", primitive["indices"])):
        accessor = scene["accessors"][index]
        view = scene["bufferViews"][accessor["bufferView"]]
        kind = np.dtype(kinds[accessor["componentType"]])
        assert view["byteOffset"] % kind.itemsize == 0
        data = binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        arrays[name] = np.frombuffer(data, kind).reshape(accessor["count"], columns[accessor["type"]])
    return scene, arrays


@each_surface
def test_the_gltf_body_has_positions_normals_colours_and_faces(surface: Surface) -> None:
    file = io.BytesIO()
    write_gltf(surface, file, 'Fläche "模型"')
    scene, arrays = read_gltf(file.getvalue())
    height, faces = truth(surface)
    assert scene["asset"]["version"] == "2.0"
    assert scene["nodes"][0]["name"] == 'Fläche "模型"'
    position, normal = arrays["POSITION"], arrays["NORMAL"]
    np.testing.assert_allclose(position[:, 1], height, rtol=1e-6)  # y is up
    np.testing.assert_allclose(position[:, [0, 2]] * [1, -1], places(surface), atol=1e-6)
    accessor = scene["accessors"][scene["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
    assert accessor["min"] == position.min(axis=0).tolist()
    assert accessor["max"] == position.max(axis=0).tolist()
    np.testing.assert_allclose(np.linalg.norm(normal, axis=1), 1.0, atol=1e-5)
    assert (normal[:, 1] > 0).all()  # a graph of a function never overhangs
    triangles = position[arrays["indices"].reshape(-1, 3)].astype(np.float64)
    assert len(triangles) == 2 * faces
    upwards = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])[:, 1]
    assert (upwards > 0).all()  # fronts are above
    lowest, highest = height.argmin(), height.argmax()
    colours = arrays["COLOR_0"]
    assert (colours[:, 3] == 65535).all()
    assert colours[lowest, :2].max() < 6000  # the dark end of the colour map, in linear light
    assert colours[highest, :2].min() > 40000


def test_normals_of_an_inclined_plane_stand_on_it() -> None:
    surface = documents.surface(6, 4, hole=False)
    a, b = np.meshgrid(surface.x, surface.y)
    tilted = replace(surface, loss=5 + 2 * a - b)
    relief = relief_of(tilted, logarithmic=False)
    np.testing.assert_allclose(relief.normals, np.tile(np.array([-2, 1, 1]) / np.sqrt(6), (24, 1)), atol=1e-12)


@each_surface
def test_the_obj_body_has_the_same_points_and_faces(surface: Surface) -> None:
    file = io.BytesIO()
    write_obj(surface, file, "模型\nf 1 2 3")
    lines = [line.split() for line in file.getvalue().decode("utf-8").splitlines() if line and line[0] != "#"]
    points = np.array([[float(word) for word in line[1:4]] for line in lines if line[0] == "v"])
    height, faces = truth(surface)
    np.testing.assert_allclose(points[:, 2], height, rtol=1e-8)
    read = [[word.split("//") for word in line[1:]] for line in lines if line[0] == "f"]
    assert len(read) == faces
    assert all(point == normal for face in read for point, normal in face)
    corners = np.array([[int(point) for point, _ in face] for face in read])
    assert corners.min() >= 1
    assert corners.max() <= len(points)
    assert sum(line[0] == "vn" for line in lines) == len(points)


@pytest.mark.parametrize("loss", [np.full((3, 4), np.nan), np.full((3, 4), np.inf)], ids=["unknown", "infinite"])
def test_a_surface_of_which_nothing_is_known_has_no_body(loss: np.ndarray) -> None:
    surface = replace(documents.surface(4, 3, hole=False), loss=loss)
    for write in (write_polygons, lambda s, f: write_gltf(s, f, "x"), lambda s, f: write_obj(s, f, "x")):
        with pytest.raises(InvalidRequest, match="no body to write"):
            write(surface, io.BytesIO())


def test_losses_below_zero_have_no_logarithm_and_leave_a_gap() -> None:
    surface = documents.surface(4, 4, hole=False)
    loss = np.full((4, 4), 1.0)
    loss[0, 0] = -5.0
    assert len(relief_of(replace(surface, loss=loss)).points) == 15
    assert len(relief_of(replace(surface, loss=loss), logarithmic=False).points) == 16


def test_a_flat_surface_has_a_body_too() -> None:
    file = io.BytesIO()
    write_gltf(replace(documents.surface(4, 3, hole=False), loss=np.full((3, 4), 2.0)), file, "flat")
    scene, arrays = read_gltf(file.getvalue())
    assert np.isfinite(scene["nodes"][0]["scale"]).all()
    assert (arrays["NORMAL"] == [0, 1, 0]).all()
