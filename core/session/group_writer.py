"""Writes values into one group of a new session, and their hashes into the manifest."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from core.deferred import Deferred
from core.session import layout
from core.session.copying import Copies
from core.session.dtypes import kept_type, stored
from core.session.hdf5 import h5py
from core.session.json_text import record_to_json, to_json
from core.session.manifest import Attribute, Manifest, array_digest
from core.session.names import attribute_text, link_name
from core.session.refusal import Refusal
from core.session.source import Place


class GroupWriter:
    """A group that is being written. Names of children may be any text."""

    def __init__(self, group: h5py.Group, manifest: Manifest, path: str = "", copies: Copies | None = None) -> None:
        self._group = group
        self._manifest = manifest
        self._path = path
        self._copies = Copies() if copies is None else copies

    def group(self, name: str) -> "GroupWriter":
        """A new group in this one."""
        link = link_name(name)
        if len(self._group) >= layout.MOST_MEMBERS:
            raise Refusal(f'"{self._path}" has too many members to be kept in one group.', "Save fewer of them.")
        self._copies.after_piece()
        group = self._group.create_group(link, track_order=True)
        return GroupWriter(group, self._manifest, self._child(link), self._copies)

    def array(self, name: str, values: "npt.ArrayLike | Deferred", **attributes: str) -> None:
        """Write numbers, with what a plot needs to know of them, such as ``units="nats"``.

        What lies in another session file already is copied from there; what was never read stays unread.
        """
        link = link_name(name)
        path = self._child(link)
        if not isinstance(values, Deferred) or not self._copied(link, path, values):
            array, own = stored(np.asarray(values.value() if isinstance(values, Deferred) else values))
            digest = array_digest(array)
            self._check_size(path, array.shape, array.nbytes)
            if array.nbytes < layout.CHUNKED_FROM:
                self._group.create_dataset(link, data=array)
                self._copies.after_piece()
            else:
                dataset = self._large(link, array.shape, array.dtype)
                if not self._copies.copy(path, dataset, digest):
                    self._copies.fill(dataset, array)
            self._note(path, array.nbytes, digest)
        else:
            own = kept_type(values.dtype)[1]
        described = {"dtype": own, **attributes} if own else attributes
        for key, value in described.items():
            self._attribute(self._group[link], path, key, value)

    def _copied(self, link: str, path: str, values: Deferred) -> bool:
        """Whether an array that nobody has read was copied."""
        kept, place = kept_type(values.dtype)[0], values.kept
        if values.was_read or not isinstance(place, Place):
            return False
        size = math.prod(values.shape) * kept.itemsize
        self._check_size(path, values.shape, size)
        digest = place.source.manifest.digest(place.path)
        if digest is None or size < layout.CHUNKED_FROM:
            return False
        if not self._copies.copy(path, self._large(link, values.shape, kept), digest):
            del self._group[link]
            return False
        self._note(path, size, digest)
        return True

    def _large(self, link: str, shape: tuple[int, ...], kept: "np.dtype[Any]") -> h5py.Dataset:
        return self._group.create_dataset(
            link,
            shape,
            kept,
            chunks=_chunks(shape, kept.itemsize),
            compression="gzip" if self._manifest.packed else None,
            compression_opts=layout.COMPRESSION_LEVEL if self._manifest.packed else None,
            shuffle=True,
            fletcher32=True,
        )

    def _check_size(self, path: str, shape: tuple[int, ...], size: int) -> None:
        if size > layout.LARGEST_ARRAY or len(shape) > layout.MOST_DIMENSIONS:
            raise Refusal(
                f'"{path}" has {size:,} bytes in {len(shape)} dimensions, more than a session file takes.',
                "Keep these data outside of the session.",
            )

    def _note(self, path: str, size: int, digest: str) -> None:
        self._manifest.unpacked_bytes += size
        self._manifest.datasets[path] = digest

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


def _chunks(shape: tuple[int, ...], item: int) -> tuple[int, ...]:
    """Halve the longest side until a piece is small enough: square-ish pieces suit every way of reading."""
    sides = list(shape)
    while math.prod(sides) * item > layout.CHUNK_BYTES:
        longest = sides.index(max(sides))
        sides[longest] = -(-sides[longest] // 2)
    return tuple(sides)
