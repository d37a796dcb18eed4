"""Directions in weight space: one dataset per parameter and axis. Surfaces that share them share one group."""

from dataclasses import asdict, dataclass, field

from core.landscape.surface import Directions, Surface
from core.session import layout
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter

ENCODING = "corrie-directions"


@dataclass
class DirectionsWriter:
    """Writes each pair of directions once, however many surfaces lie in their plane."""

    group: GroupWriter
    _written: dict[int, str] = field(default_factory=dict)  # by identity: the document keeps the objects alive

    def write(self, surface: Surface, surface_id: str) -> str:
        """Write the directions of a surface unless they are there already; their identifier."""
        known = self._written.get(id(surface.directions))
        if known is None:
            known = self._written[id(surface.directions)] = surface_id
            _write_directions(self.group.group(known), surface)
        return known


@dataclass
class DirectionsReader:
    """Reads each pair of directions once."""

    group: GroupReader
    _read: dict[str, Directions] = field(default_factory=dict)

    def read(self, directions_id: str) -> Directions:
        """The directions of that identifier."""
        if directions_id not in self._read:
            self._read[directions_id] = _read_directions(self.group.group(directions_id))
        return self._read[directions_id]


def _write_directions(writer: GroupWriter, surface: Surface) -> None:
    asked = surface.request.directions
    writer.text("encoding-type", ENCODING)
    writer.number("encoding-version", layout.ENCODING_VERSION)
    writer.text("kind", type(asked).__name__.removesuffix("Directions").lower())
    # For readers of the file; Corrie itself reads what was asked from the surface's request.
    for name, value in asdict(asked).items():
        if isinstance(value, int) and abs(value) < 2**63:
            writer.number(name, value)
        else:
            writer.text(name, str(value))
    writer.number("cosine", float(surface.directions.cosine))
    for axis, direction in (("x", surface.directions.x), ("y", surface.directions.y)):
        group = writer.group(axis)
        for parameter, array in direction.items():
            group.array(parameter, array)


def _read_directions(reader: GroupReader) -> Directions:
    x, y = reader.group("x"), reader.group("y")
    return Directions(
        x={name: x.array(name) for name in x.names()},
        y={name: y.array(name) for name in y.names()},
        cosine=reader.number("cosine"),
    )
