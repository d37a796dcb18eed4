"""Directions in weight space: one dataset per parameter and axis. Results in one plane share one group."""

from dataclasses import asdict, dataclass, field

import numpy as np

from core.deferred import DeferredArrays, unread_items
from core.landscape.plane import Anchor, AnyDirections, Directions
from core.session import layout
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.json_text import record_from_table, record_to_table
from core.session.refusal import Refusal

ENCODING = "corrie-directions"
_LENGTHS = ("x_squared_length", "y_squared_length")

_Key = tuple[str, tuple[Anchor, ...], tuple[float, ...], tuple[float, ...]]


@dataclass
class DirectionsWriter:
    """Writes each pair of directions once, however many results lie in their plane."""

    group: GroupWriter
    _written: dict[_Key, str] = field(default_factory=dict)

    def write(self, directions: Directions, asked: AnyDirections, item_id: str) -> str:
        """Write directions unless they are there already; their identifier."""
        key = (directions.fingerprint, directions.anchors, directions.eigenvalues, directions.explained_variance)
        known = self._written.get(key)
        if known is None:
            known = self._written[key] = item_id
            _write_directions(self.group.group(known), directions, asked)
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


def _write_directions(writer: GroupWriter, directions: Directions, asked: AnyDirections) -> None:
    writer.text("encoding-type", ENCODING)
    writer.number("encoding-version", layout.ENCODING_VERSION)
    # For readers of the file; Corrie itself reads what was asked from the result's request.
    for name, value in asdict(asked).items():
        if isinstance(value, int | float) and abs(value) < 2**63:
            writer.number(name, value)
        else:
            writer.text(name, str(value))
    writer.text("fingerprint", directions.fingerprint)
    for name, squared in zip(_LENGTHS, directions.squared_lengths, strict=True):
        writer.number(name, squared)
    writer.number("cosine", float(directions.cosine))
    if directions.anchors:
        writer.json("anchors", [record_to_table(anchor) for anchor in directions.anchors])
    for name in ("eigenvalues", "explained_variance"):
        if values := getattr(directions, name):
            writer.json(name, [float(value) for value in values])
    for axis, direction in (("x", directions.x), ("y", directions.y)):
        group = writer.group(axis)
        for parameter, array in unread_items(direction):
            group.array(parameter, array)


def _read_directions(reader: GroupReader) -> Directions:
    x, y = reader.group("x"), reader.group("y")
    anchors = reader.json("anchors") if reader.has("anchors") else []
    if not isinstance(anchors, list):
        raise Refusal("The networks that lie in a plane are no list.")
    found = Directions(
        x=x.arrays(),
        y=y.arrays(),
        cosine=reader.number("cosine"),
        anchors=tuple(record_from_table(Anchor, anchor) for anchor in anchors),
        eigenvalues=_numbers(reader, "eigenvalues"),
        explained_variance=_numbers(reader, "explained_variance"),
    )
    if reader.has("fingerprint"):  # the first files are without
        x_squared, y_squared = (reader.number(name) for name in _LENGTHS)
        _adopt(found, reader.text("fingerprint"), (x_squared, y_squared))
    return found


def _adopt(directions: Directions, fingerprint: str, squared_lengths: tuple[float, float]) -> None:
    """Take from the file what takes all of the axes, where they are not read yet; hold them to it where they are."""
    if isinstance(directions.x, DeferredArrays):
        vars(directions).update(fingerprint=fingerprint, squared_lengths=squared_lengths)
    elif directions.fingerprint != fingerprint:
        raise Refusal("The axes of a plane are not those that its fingerprint says.")
    elif not np.allclose(squared_lengths, directions.squared_lengths, rtol=1e-6, atol=0, equal_nan=True):
        raise Refusal("The axes of a plane are not as long as it is said that they are.")


def _numbers(reader: GroupReader, name: str) -> tuple[float, ...]:
    values = reader.json(name) if reader.has(name) else []
    if not isinstance(values, list) or not all(isinstance(value, int | float) for value in values):
        raise Refusal(f'The numbers "{name}" of a plane cannot be understood.')
    return tuple(float(value) for value in values)
