"""Marks upon a body in glTF: small octahedra that bear the names of networks, and the line of a training."""

import numpy as np

from core.exchange.bodies.gltf_buffer import FLOAT, LINES, TRIANGLES, VERTICES, Packed, Table, upright
from core.exchange.bodies.marks import Kind, Upon

_LOOKS: dict[Kind, tuple[list[float], float]] = {  # colour in linear light, radius where the body is two wide
    "network": ([1.0, 1.0, 1.0, 1.0], 0.026),
    "other network": ([0.0, 0.168, 0.445, 1.0], 0.026),  # blue of Okabe & Ito 2008
    "checkpoint": ([0.9, 0.9, 0.9, 1.0], 0.013),
    "rate falls": ([0.776, 0.093, 0.027, 1.0], 0.022),  # Li et al. 2018, Figure 9: red
}
_LINE = [0.02, 0.02, 0.02, 1.0]


def add_marks(upon: Upon, packed: Packed, nodes: list[Table], meshes: list[Table]) -> list[Table]:
    """Add nodes and meshes behind those of the surface, which are the first; the materials that they need."""
    scale = np.array(nodes[0]["scale"])
    materials: list[Table] = []
    if len(upon.line):
        positions = upright(upon.line.reshape(-1, 3))
        line = {"attributes": {"POSITION": packed.add(positions, FLOAT, "VEC3", VERTICES, bounds=True)}, "mode": LINES}
        _add_mesh("training", _LINE, line, meshes, materials)
        nodes.append({"mesh": len(meshes) - 1, "name": "training", "scale": nodes[0]["scale"]})
    kinds = [kind for kind in _LOOKS if any(mark.kind == kind for mark in upon.marks)]
    if not kinds:
        return materials
    corners, normals = _octahedron()
    attributes = {
        "POSITION": packed.add(corners, FLOAT, "VEC3", VERTICES, bounds=True),
        "NORMAL": packed.add(normals, FLOAT, "VEC3", VERTICES),
    }
    for kind in kinds:
        colour, radius = _LOOKS[kind]
        _add_mesh(kind, colour, {"attributes": attributes, "mode": TRIANGLES}, meshes, materials)
        for mark in (mark for mark in upon.marks if mark.kind == kind):
            place = (upright(mark.place[None, :])[0] * scale).tolist()
            nodes.append({"mesh": len(meshes) - 1, "name": mark.name, "translation": place, "scale": [radius] * 3})
    return materials


def _add_mesh(name: str, colour: list[float], shape: Table, meshes: list[Table], materials: list[Table]) -> None:
    materials.append(
        {
            "name": name,
            "pbrMetallicRoughness": {"baseColorFactor": colour, "metallicFactor": 0.0, "roughnessFactor": 0.6},
        }
    )
    meshes.append({"name": name, "primitives": [shape | {"material": len(materials)}]})  # 0 is the surface's


def _octahedron() -> tuple[np.ndarray, np.ndarray]:
    """Corners and normals of eight flat triangles, their fronts outside. (24, 3) each, float32."""
    corners, normals = [], []
    for x in (1.0, -1.0):
        for y in (1.0, -1.0):
            for z in (1.0, -1.0):
                face = np.diag([x, y, z])
                corners.append(face if x * y * z > 0 else face[::-1])
                normals.append(np.tile(np.array([x, y, z]) / np.sqrt(3), (3, 1)))
    return np.concatenate(corners).astype("<f4"), np.concatenate(normals).astype("<f4")
