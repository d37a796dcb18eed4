"""A surface as glTF 2.0 (.glb), for viewers, presentations and game engines (Khronos, glTF 2.0 specification)."""

import json
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from core.exchange.figures.relief import relief_of
from core.landscape.surface import Surface

_JSON, _BINARY = b"JSON", b"BIN\0"
_FLOAT, _UNSIGNED_SHORT, _UNSIGNED_INT = 5126, 5123, 5125
_VERTICES, _INDICES = 34962, 34963  # bufferView.target
_ASPECT = 0.62  # height over width of the body, as in the printed relief

Table = dict[str, Any]


def write_gltf(
    surface: Surface, file: BinaryIO, name: str, *, logarithmic: bool = True, limit: float | None = None
) -> None:
    """Write a surface as one mesh with normals and colours.

    Coordinates of the mesh are true: x and -z are multiples of the two directions, y (up, as glTF has it) is the
    height. The node scales them to a body of handy proportions, which every viewer applies.
    """
    relief = relief_of(surface, logarithmic=logarithmic, limit=limit)
    positions, normals = _upright(relief.points), _upright(relief.normals)
    colours = _linear(relief.colours)
    packed = _Packed()
    attributes = {
        "POSITION": packed.add(positions, _FLOAT, "VEC3", _VERTICES, bounds=True),
        "NORMAL": packed.add(normals, _FLOAT, "VEC3", _VERTICES),
        "COLOR_0": packed.add(colours, _UNSIGNED_SHORT, "VEC4", _VERTICES, normalized=True),
    }
    # Turning y up mirrors nothing: the order of the corners stays.
    indices = packed.add(relief.triangles.astype("<u4").reshape(-1), _UNSIGNED_INT, "SCALAR", _INDICES)
    shape = {"attributes": attributes, "indices": indices, "material": 0, "mode": 4}
    height = "natural logarithm of (loss + 0.1)" if logarithmic else f"loss ({surface.loss_unit})"
    scene: Table = {
        "asset": {"version": "2.0", "generator": "Corrie"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name, "scale": _handy(positions)}],
        "meshes": [{"name": name, "primitives": [shape], "extras": {"height": height}}],
        "materials": [
            {
                "name": "loss",
                "doubleSided": True,
                "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 0.75},
            }
        ],
        "accessors": packed.accessors,
        "bufferViews": packed.views,
        "buffers": [{"byteLength": len(packed.content)}],
    }
    _write(scene, bytes(packed.content), file)


class _Packed:
    """Arrays one after the other in one buffer, each at a multiple of four bytes."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.views: list[Table] = []
        self.accessors: list[Table] = []

    def add(
        self,
        values: npt.NDArray[Any],
        component: int,
        kind: str,
        target: int,
        *,
        bounds: bool = False,
        normalized: bool = False,
    ) -> int:
        """Append values; the number of their accessor."""
        data = np.ascontiguousarray(values).tobytes()
        self.views.append({"buffer": 0, "byteOffset": len(self.content), "byteLength": len(data), "target": target})
        accessor: Table = {"bufferView": len(self.views) - 1, "componentType": component, "type": kind}
        accessor["count"] = len(values)
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        self.accessors.append(accessor)
        self.content += data + bytes(-len(data) % 4)
        return len(self.accessors) - 1


def _upright(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """(x, y, height) with y up, as glTF has it."""
    return np.ascontiguousarray(np.stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]], axis=1).astype("<f4"))


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
