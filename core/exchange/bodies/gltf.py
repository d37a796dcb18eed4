"""A surface as glTF 2.0 (.glb), for viewers, presentations and game engines (Khronos, glTF 2.0 specification)."""

import json
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.bodies.gltf_buffer import (
    FLOAT,
    INDICES,
    TRIANGLES,
    UNSIGNED_INT,
    UNSIGNED_SHORT,
    VERTICES,
    Packed,
    Table,
    upright,
)
from core.exchange.bodies.gltf_marks import add_marks
from core.exchange.bodies.marks import ground_of, marks_upon
from core.exchange.figures.relief import relief_of
from core.landscape.surface import Surface

_JSON, _BINARY = b"JSON", b"BIN\0"
_ASPECT = 0.62  # height over width of the body, as in the printed relief


def write_gltf(
    surface: Surface,
    file: BinaryIO,
    name: str,
    *,
    logarithmic: bool = True,
    limit: float | None = None,
    beside: Beside = NOTHING_BESIDE,
) -> None:
    """Write a surface as one mesh with normals and colours; its networks and a training upon it are nodes of their own.

    Coordinates of the mesh are true: x and -z are multiples of the two directions, y (up, as glTF has it) is the
    height. The node scales them to a body of handy proportions, which every viewer applies.
    """
    relief = relief_of(surface, logarithmic=logarithmic, limit=limit)
    positions, normals = upright(relief.points), upright(relief.normals)
    colours = _linear(relief.colours)
    packed = Packed()
    attributes = {
        "POSITION": packed.add(positions, FLOAT, "VEC3", VERTICES, bounds=True),
        "NORMAL": packed.add(normals, FLOAT, "VEC3", VERTICES),
        "COLOR_0": packed.add(colours, UNSIGNED_SHORT, "VEC4", VERTICES, normalized=True),
    }
    # Turning y up mirrors nothing: the order of the corners stays.
    indices = packed.add(relief.triangles.astype("<u4").reshape(-1), UNSIGNED_INT, "SCALAR", INDICES)
    shape = {"attributes": attributes, "indices": indices, "material": 0, "mode": TRIANGLES}
    nodes: list[Table] = [{"mesh": 0, "name": name, "scale": _handy(positions)}]
    meshes: list[Table] = [{"name": name, "primitives": [shape]}]
    upon = marks_upon(surface, ground_of(surface, logarithmic=logarithmic, limit=limit), beside)
    materials = add_marks(upon, packed, nodes, meshes)
    height = "natural logarithm of (loss + 0.1)" if logarithmic else f"loss ({surface.loss_unit})"
    scene: Table = {
        "asset": {"version": "2.0", "generator": "Corrie"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(nodes)))}],
        "nodes": nodes,
        "meshes": [meshes[0] | {"extras": {"height": height}}, *meshes[1:]],
        "materials": [
            {
                "name": "loss",
                "doubleSided": True,
                "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 0.75},
            },
            *materials,
        ],
        "accessors": packed.accessors,
        "bufferViews": packed.views,
        "buffers": [{"byteLength": len(packed.content)}],
    }
    _write(scene, bytes(packed.content), file)


def _linear(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint16]:
    """Opaque colours in linear light, as vertex colours of glTF are; colour maps are made for the screen (sRGB)."""
    shares = colours / 255
    light = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    opaque = np.concatenate([light, np.ones((len(light), 1))], axis=1)
    return np.ascontiguousarray(np.round(65535 * opaque).astype("<u2"))


def _handy(positions: npt.NDArray[np.float32]) -> list[float]:
    """Scales by which the body is two units wide and as high as the printed relief."""
    width, height, depth = (float(np.ptp(positions[:, axis])) or 1.0 for axis in range(3))
    side = 2.0 / max(width, depth)
    return [side, 2.0 * _ASPECT / height, side]


def _write(scene: Table, content: bytes, file: BinaryIO) -> None:
    text = json.dumps(scene, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")
    text += b" " * (-len(text) % 4)
    chunks = [(_JSON, text), (_BINARY, content)]
    length = 12 + sum(8 + len(data) for _, data in chunks)
    file.write(b"glTF" + (2).to_bytes(4, "little") + length.to_bytes(4, "little"))
    file.writelines(len(data).to_bytes(4, "little") + kind + data for kind, data in chunks)
