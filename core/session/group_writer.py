"""Writes values into one group of a new session, and their hashes into the manifest."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.session import layout
from core.session.dtypes import stored
from core.session.hdf5 import h5py
from core.session.json_text import record_to_json, to_json
from core.session.manifest import Attribute, Manifest, array_digest
from core.session.names import attribute_text, link_name
from core.session.refusal import Refusal


class GroupWriter:
    """A group that is being written. Names of children may be any text."""

    def __init__(self, group: h5py.Group, manifest: Manifest, path: str = "") -> None:
        self._group = group
        self._manifest = manifest
        self._path = path

    def group(self, name: str) -> "GroupWriter":
        """A new group in this one."""
        link = link_name(name)
        if len(self._group) >= layout.MOST_MEMBERS:
            raise Refusal(f'"{self._path}" has too many members to be kept in one group.', "Save fewer of them.")
        return GroupWriter(self._group.create_group(link, track_order=True), self._manifest, self._child(link))

    def array(self, name: str, values: npt.ArrayLike, **attributes: str) -> None:
        """Write numbers, with what a plot needs to know of them, such as ``units="nats"``."""
        array, own = stored(np.asarray(values))
        link = link_name(name)
        path = self._child(link)
        if array.nbytes > layout.LARGEST_ARRAY or array.ndim > layout.MOST_DIMENSIONS:
            raise Refusal(
                f'"{path}" has {array.nbytes:,} bytes in {array.ndim} dimensions, more than a session file takes.',
                "Keep these data outside of the session.",
            )
        if array.nbytes < layout.CHUNKED_FROM:
            dataset = self._group.create_dataset(link, data=array)
        else:
            dataset = self._group.create_dataset(
                link,
                data=array,
                chunks=_chunks(array),
                compression="gzip" if self._manifest.packed else None,
                compression_opts=layout.COMPRESSION_LEVEL if self._manifest.packed else None,
                shuffle=True,
                fletcher32=True,
            )
        self._manifest.unpacked_bytes += array.nbytes
        self._manifest.datasets[path] = array_digest(array)
        described = {"dtype": own, **attributes} if own else attributes
        for key, value in described.items():
            self._attribute(dataset, path, key, value)

    def text(self, name: str, text: str) -> None:
        """Write a text as an attribute, or as a dataset if it is too long for one."""
        safe = attribute_text(text)
        if len(safe.encode()) <= layout.LONGEST_ATTRIBUTE:
            self._attribute(self._group, self._path, name, safe)
        else:
            self.long_text(name, to_json(text))

    def long_text(self, name: str, json: str) -> None:
        """Write JSON, which is ASCII, as a dataset of one text."""
        if len(json) > layout.LARGEST_TEXT:
            raise Refusal(f'"{name}" is a text of {len(json):,} bytes, more than a session takes.', "Shorten it.")
        kind = h5py.string_dtype("utf-8", len(json))
        self._group.create_dataset(name, data=np.array(json.encode("ascii"), dtype=kind), dtype=kind)
        self._manifest.datasets[self._child(name)] = array_digest(np.frombuffer(json.encode("ascii"), np.uint8))

    def json(self, name: str, value: object) -> None:
        """Write plain values as JSON."""
        self.text(name, to_json(value))

    def record(self, name: str, record: object) -> None:
        """Write a dataclass without arrays as JSON."""
        self.text(name, record_to_json(record))

    def number(self, name: str, value: float | None) -> None:
        """Write a number; None leaves no trace."""
        if value is not None:
            # bool and numpy's numbers become what HDF5 gives back
            plain = int(value) if isinstance(value, int | np.integer) else float(value)
            self._attribute(self._group, self._path, name, plain)

    def texts(self, name: str, texts: Sequence[str]) -> None:
        """Write a few short texts, as NeXus has it for the axes of a plot."""
        self._attribute(self._group, self._path, name, [attribute_text(text) for text in texts])

    def _child(self, link: str) -> str:
        return f"{self._path}/{link}" if self._path else link

    def _attribute(self, target: h5py.Group | h5py.Dataset, path: str, name: str, value: Attribute) -> None:
        target.attrs[name] = value
        self._manifest.attributes.setdefault(path, {})[name] = value


def _chunks(array: npt.NDArray[np.generic]) -> tuple[int, ...]:
    """Halve the longest side until a piece is small enough: square-ish pieces suit every way of reading."""
    sides = list(array.shape)
    while math.prod(sides) * array.itemsize > layout.CHUNK_BYTES:
        longest = sides.index(max(sides))
        sides[longest] = -(-sides[longest] // 2)
    return tuple(sides)
