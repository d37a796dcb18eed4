"""Networks and trainings upon a glTF body are nodes with names, where the window shows them."""

import io
import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.exchange.beside import Beside
from core.exchange.bodies.gltf import write_gltf
from core.exchange.bodies.marks import MOST_CHECKPOINTS, ground_of, marks_upon
from core.landscape.plane import Anchor
from core.landscape.surface import Surface
from tests import documents

ANCHORS = (Anchor(name="Large batch", sha256="a" * 64, x=0.5, y=-0.5), Anchor(name="far away", sha256="b", x=7.0))


class Body:
    """A .glb file, read as the specification says (glTF 2.0, sections 3 and 4)."""

    def __init__(self, surface: Surface, beside: Beside) -> None:
        file = io.BytesIO()
        write_gltf(surface, file, "surface", beside=beside)
        content = file.getvalue()
        (length,) = struct.unpack_from("<I", content, 12)
        self.scene: dict[str, Any] = json.loads(content[20 : 20 + length])
        self._binary = content[28 + length :]
        assert len(self._binary) == self.scene["buffers"][0]["byteLength"]
        self.nodes = {node["name"]: node for node in self.scene["nodes"]}
        assert self.scene["scenes"][0]["nodes"] == list(range(len(self.scene["nodes"])))

    def shape(self, name: str) -> dict[str, Any]:
        (shape,) = self.scene["meshes"][self.nodes[name]["mesh"]]["primitives"]
        assert 0 <= shape["material"] < len(self.scene["materials"])
        return dict(shape)

    def vectors(self, name: str, attribute: str = "POSITION") -> np.ndarray:
        accessor = self.scene["accessors"][self.shape(name)["attributes"][attribute]]
        assert (accessor["componentType"], accessor["type"]) == (5126, "VEC3")
        view = self.scene["bufferViews"][accessor["bufferView"]]
        data = self._binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        values = np.frombuffer(data, "<f4").reshape(accessor["count"], 3)
        if attribute == "POSITION":
            assert accessor["min"] == values.min(axis=0).tolist()
            assert accessor["max"] == values.max(axis=0).tolist()
        return values

    def place(self, name: str) -> np.ndarray:
        """Where a mark is, in units of the plane and of the heights: x, y, height."""
        x, height, y = np.array(self.nodes[name]["translation"]) / self.nodes["surface"]["scale"]
        return np.array([x, -y, height])


def smooth() -> Surface:
    surface = documents.surface(21, 21, hole=False)
    x, y = np.meshgrid(surface.x, surface.y)
    directions = replace(surface.directions, anchors=ANCHORS)
    return replace(surface, loss=1 + x**2 + y**2, centre_loss=1.25, directions=directions)


def test_networks_stand_where_they_are_by_name() -> None:
    body = Body(smooth(), Beside())
    np.testing.assert_allclose(body.place("the network"), [0, 0, np.log(1.35)], atol=1e-6)  # at its own loss
    np.testing.assert_allclose(body.place("Large batch"), [0.5, -0.5, np.log(1.6)], atol=1e-6)
    assert "far away" not in body.nodes


def test_a_training_is_a_line_with_checkpoints_at_their_own_loss() -> None:
    way = documents.trajectory()
    body = Body(smooth(), Beside(trajectory=way))
    low, high = np.log(1.1), np.log(3.1)
    for index, epoch in enumerate(way.epoch):
        fell = ", learning rate falls" if index in way.rate_drops else ""
        own = float(np.clip(np.log(way.loss[index] + 0.1), low, high))
        np.testing.assert_allclose(body.place(f"epoch {epoch:g}{fell}"), [way.x[index], way.y[index], own], atol=1e-6)
    assert body.shape("training")["mode"] == 1  # pairs of points
    ends = body.vectors("training").reshape(-1, 2, 3)
    assert len(ends) == 11 * 12
    np.testing.assert_array_equal(ends[1:, 0], ends[:-1, 1])
    np.testing.assert_allclose(ends[0, 0, [0, 2]] * [1, -1], [way.x[0], way.y[0]], atol=1e-6)
    assert body.nodes["training"]["scale"] == body.nodes["surface"]["scale"]


def test_marks_are_small_closed_bodies_with_their_fronts_outside() -> None:
    corners = Body(smooth(), Beside()).vectors("the network").reshape(8, 3, 3).astype(np.float64)
    fronts = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert ((fronts * corners.mean(axis=1)).sum(axis=1) > 0).all()
    normals = Body(smooth(), Beside()).vectors("the network", "NORMAL").reshape(8, 3, 3)
    np.testing.assert_allclose(normals[:, 0], fronts / np.linalg.norm(fronts, axis=1, keepdims=True), atol=1e-6)


def test_a_surface_alone_has_no_training() -> None:
    assert set(Body(smooth(), Beside()).nodes) == {"surface", "the network", "Large batch"}


@pytest.mark.parametrize("shift", [0.0, 9.0], ids=["over the plane", "elsewhere"])
@pytest.mark.parametrize("checkpoints", [0, 1, 2, MOST_CHECKPOINTS + 200])
def test_trainings_of_any_length_come_along(checkpoints: int, shift: float) -> None:
    way = documents.trajectory(checkpoints)
    surface = smooth()
    beside = Beside(trajectory=replace(way, x=way.x + shift))
    found = marks_upon(surface, ground_of(surface, logarithmic=True, limit=None), beside)
    marks = [mark for mark in found.marks if mark.kind in ("checkpoint", "rate falls")]
    expected = 0 if shift else min(checkpoints, MOST_CHECKPOINTS)
    assert expected <= len(marks) <= expected + bool(expected)  # a drop of the rate comes beside those
    assert np.isfinite(found.line).all()
    assert (len(found.line) > 0) == (checkpoints > 1 and not shift)
    assert Body(surface, beside).scene["asset"]["version"] == "2.0"


def test_unknown_losses_leave_checkpoints_on_the_surface() -> None:
    way = documents.trajectory(3)
    surface = smooth()
    unknown = replace(way, loss=np.full(3, np.nan))
    found = marks_upon(surface, ground_of(surface, logarithmic=False, limit=2.0), Beside(trajectory=unknown))
    heights = [mark.place[2] for mark in found.marks if mark.kind != "other network"][1:]
    np.testing.assert_allclose(heights, np.minimum(1 + way.x**2 + way.y**2, 2.0), atol=0.01)
