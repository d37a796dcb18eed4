"""Surfaces for ParaView and other readers of VTK: polygons (.vtp, XML) and a structured grid (.vtk, legacy form).

Both hold the height as point coordinates, and the loss as it is (not clipped), the accuracy, and how each point was
obtained as point data. Written after "VTK File Formats" (Kitware).
"""

import base64
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

import numpy as np
import numpy.typing as npt

from core.exchange.figures.relief import heights, relief_of
from core.landscape.surface import Surface

Values = npt.NDArray[Any]

_XML_TYPES = {"f4": "Float32", "f8": "Float64", "i8": "Int64", "u1": "UInt8"}
_HIDDEN_POINT = 2  # vtkDataSetAttributes::HIDDENPOINT
_TITLE_BYTES = 200  # the legacy form allows 256


def write_polygons(surface: Surface, file: BinaryIO, *, logarithmic: bool = True, limit: float | None = None) -> None:
    """Write a surface as VTK PolyData, as the original tool's h52vtp does: heights under ``zvalue``.

    Grids that are not square come out whole. Faces beside a point without a finite loss are left out.
    """
    relief = relief_of(surface, logarithmic=logarithmic, limit=limit)
    height = relief.points[:, 2]
    cells = {"averaged zvalue": height[relief.faces].mean(axis=1)}
    points = {"zvalue": height} | {name: array.ravel()[relief.places] for name, array in _point_data(surface)}
    counts = f'NumberOfPoints="{len(height)}" NumberOfPolys="{len(relief.faces)}"'
    offsets = 4 * np.arange(1, len(relief.faces) + 1)
    lines = [
        '<?xml version="1.0"?>',
        '<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
        "<PolyData>",
        f'<Piece {counts} NumberOfVerts="0" NumberOfLines="0" NumberOfStrips="0">',
        '<PointData Scalars="zvalue">',
        *(_data_array(name, values) for name, values in points.items()),
        "</PointData>",
        "<CellData>",
        *(_data_array(name, values) for name, values in cells.items()),
        "</CellData>",
        "<Points>",
        _data_array("Points", relief.points),
        "</Points>",
        "<Polys>",
        _data_array("connectivity", relief.faces.reshape(-1)),
        _data_array("offsets", offsets),
        "</Polys>",
        "</Piece>",
        "</PolyData>",
        "</VTKFile>",
        "",
    ]
    file.write("\n".join(lines).encode("ascii"))


def write_grid(
    surface: Surface, file: BinaryIO, title: str, *, logarithmic: bool = True, limit: float | None = None
) -> None:
    """Write a surface as a structured grid, x fastest. Points without a finite loss are there, but hidden."""
    highest = surface.request.display_limit if limit is None else limit
    height = heights(surface.loss, logarithmic=logarithmic, limit=highest)
    known = np.isfinite(height)
    a, b = np.meshgrid(surface.x, surface.y)
    filler = float(height[known].max()) if known.any() else 0.0
    points = np.stack([a, b, np.where(known, height, filler)], axis=-1).reshape(-1, 3)
    rows, columns = height.shape
    # The title ends the line; anything may be in a name.
    line = " ".join(title.split()).encode("ascii", "replace")[:_TITLE_BYTES] or b"Loss surface"
    file.write(b"# vtk DataFile Version 3.0\n" + line + b"\nBINARY\nDATASET STRUCTURED_GRID\n")
    file.write(f"DIMENSIONS {columns} {rows} 1\nPOINTS {len(points)} double\n".encode("ascii"))
    file.write(points.astype(">f8").tobytes() + b"\n")
    file.write(f"POINT_DATA {len(points)}\n".encode("ascii"))
    hidden = np.where(known, 0, _HIDDEN_POINT).astype(np.uint8)
    for name, values in (("zvalue", height), *_point_data(surface), ("vtkGhostType", hidden)):
        kind, stored = ("unsigned_char", "u1") if values.dtype == np.uint8 else ("double", ">f8")
        file.write(f"SCALARS {name} {kind} 1\nLOOKUP_TABLE default\n".encode("ascii"))
        file.write(values.astype(stored).tobytes() + b"\n")


def _point_data(surface: Surface) -> Iterator[tuple[str, Values]]:
    for name in ("loss", "accuracy", "evaluated", "test_loss", "test_accuracy"):
        if (values := getattr(surface, name)) is not None:
            yield name, values


def _data_array(name: str, values: Values) -> str:
    """Values in base64, behind the number of their bytes: NaN has no word in the readable form."""
    plain = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    components = f' NumberOfComponents="{plain.shape[1]}"' if plain.ndim == 2 else ""
    content = plain.tobytes()
    packed = base64.b64encode(len(content).to_bytes(8, "little") + content).decode("ascii")
    kind = _XML_TYPES[plain.dtype.str.lstrip("<|")]
    return f'<DataArray type="{kind}" Name={quoteattr(name)}{components} format="binary">{packed}</DataArray>'
