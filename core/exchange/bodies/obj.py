"""A surface as a Wavefront model (.obj): readable text that every 3-D program takes."""

from typing import BinaryIO

from core.exchange.figures.relief import relief_of
from core.landscape.surface import Surface


def write_obj(
    surface: Surface, file: BinaryIO, title: str, *, logarithmic: bool = True, limit: float | None = None
) -> None:
    """Write a surface as quadrilaterals with normals; colours stand behind the points, as many programs read them."""
    relief = relief_of(surface, logarithmic=logarithmic, limit=limit)
    height = "log(loss + 0.1)" if logarithmic else f"loss ({surface.loss_unit})"
    heads = ["# Corrie", f"# {' '.join(title.split())}", f"# x, y: multiples of the two directions; z: {height}"]
    colours = relief.colours / 255
    points = (
        f"v {x:.9g} {y:.9g} {z:.9g} {red:.4f} {green:.4f} {blue:.4f}"
        for (x, y, z), (red, green, blue) in zip(relief.points.tolist(), colours.tolist(), strict=True)
    )
    normals = (f"vn {x:.6f} {y:.6f} {z:.6f}" for x, y, z in relief.normals.tolist())
    faces = ("f " + " ".join(f"{corner}//{corner}" for corner in face) for face in (relief.faces + 1).tolist())
    lines = [*heads, "o surface", *points, *normals, *faces, ""]
    file.write("\n".join(lines).encode("utf-8", "replace"))
