"""The binary part of a glTF file: arrays one after the other, and the tables that say where each is."""

from typing import Any

import numpy as np
import numpy.typing as npt

FLOAT, UNSIGNED_SHORT, UNSIGNED_INT = 5126, 5123, 5125  # accessor.componentType
VERTICES, INDICES = 34962, 34963  # bufferView.target
TRIANGLES, LINES = 4, 1  # primitive.mode

Table = dict[str, Any]


class Packed:
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


def upright(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """(x, y, height) with y up, as glTF has it."""
    return np.ascontiguousarray(np.stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]], axis=1).astype("<f4"))
