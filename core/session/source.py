"""A session file that is open, and parts of it that are read when somebody asks for them.

Only files that were looked at as a whole are read like this: those that this installation wrote and verified, and those
of strangers that a child process has read from end to end. Every byte is held to the hash of its block, every array to
the manifest, when it is read, however long after.
"""

import math
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.deferred import Deferred
from core.errors import SessionError
from core.session.contents import Contents
from core.session.dtypes import restored
from core.session.group_reader import GroupReader, Reading
from core.session.guard import LARGEST_PIECE, Allowance
from core.session.hdf5 import h5py
from core.session.manifest import ManifestCheck, array_digest, begun_digest
from core.session.names import link_name, name_of_link
from core.session.refusal import DAMAGE, Refusal

REMEDY = (
    "What was read before is still there. Put the file back as it was, or use the copy beside it whose name ends in "
    ".bak."
)
PART_BYTES = 16 * 2**20  # of values that are looked at together
_live: "weakref.WeakSet[Source]" = weakref.WeakSet()
_live_lock = threading.Lock()


@dataclass(frozen=True)
class Place:
    """Where an array that is read later is kept."""

    source: "Source"
    path: str  # in the file


@dataclass(frozen=True)
class Piece:
    """A piece of an array."""

    begins: tuple[int, ...]  # index of its first value
    lacks: int  # which of the filters were left out, as bits
    start: int  # byte of the file
    size: int  # bytes, as it is packed


@dataclass(frozen=True)
class Packed:
    """An array as it lies in a file: how it is packed, and its pieces."""

    shape: tuple[int, ...]
    dtype: "np.dtype[Any]"
    chunks: tuple[int, ...]
    filters: tuple[tuple[int, tuple[int, ...]], ...]  # code and settings of each, in their order
    pieces: tuple["Piece", ...]


class Source:
    """Reads parts of one file. May be used in any thread.

    Whatever a part does while it is read comes out as a `SessionError` with the names of the file and of the part.
    """

    def __init__(self, contents: Contents, path: Path, manifest: ManifestCheck) -> None:
        self.path, self.manifest = path, manifest
        self.reads = 0  # arrays and pieces that were read
        self._contents = contents
        self._lock = threading.RLock()
        self._reader = contents.reader()
        self._allowance = Allowance(self._reader, contents.length)
        self._file: h5py.File | None = None
        self._groups: dict[str, GroupReader] = {}
        self._paths: dict[str, list[str]] | None = None
        self._own = contents.noted
        self._parts: weakref.WeakSet[Deferred] = weakref.WeakSet()
        self._finish = weakref.finalize(self, contents.close)
        with _live_lock:
            _live.add(self)

    def close(self) -> None:
        """Give the file back. What was not read by now raises `SessionError` when it is asked for."""
        with _live_lock:
            _live.discard(self)
        with self._lock:
            self._groups.clear()
            if self._file is not None:
                self._file.close()
            self._finish()

    def part(self, path: str, shape: tuple[int, ...], dtype: "np.dtype[Any]") -> Deferred:
        """What stands for a dataset until it is asked for."""
        found = Deferred(lambda: self.values(path), shape, dtype, Place(self, path))
        self._parts.add(found)
        return found

    def parts(self, path: str) -> Mapping[str, Deferred]:
        """What stands for all datasets of a group."""
        with self._explained(path):
            group = self._group(path)
            names = group.names()
            return {name: self.part(_below(path, name), *group.header(name)) for name in names}

    def values(self, path: str) -> npt.NDArray[Any]:
        """The values of a dataset. Others who read of this file wait for a part of a large one at most."""
        with self._explained(path):
            self.reads += 1
            group, name = self._parent(path)
            dataset = group.dataset(name)
            if dataset.size * dataset.dtype.itemsize <= PART_BYTES:
                return group.array(name)
            own = group.header(name)[1].str
            array = np.empty(dataset.shape, dataset.dtype)
        for part in parts_in_order(array.shape, array.itemsize):
            with self._explained(path), self._allowance.values_of(dataset):
                dataset.read_direct(array, part, part)
        digest = array_digest(array)
        with self._explained(path):
            self._hold(path, digest)
        return restored(array, "" if own == array.dtype.str else own)

    def check(self, path: str) -> None:
        """Hold the values of a dataset to the manifest, a part at a time."""
        with self._explained(path):
            dataset = self._dataset(path)
            digest = begun_digest(dataset.dtype, dataset.shape)
            for part in parts_in_order(dataset.shape, dataset.dtype.itemsize):
                with self._allowance.values_of(dataset):
                    digest.update(np.ascontiguousarray(dataset[part]).reshape(-1).view(np.uint8).data)
            self._hold(path, digest.hexdigest())

    def find(self, digest: str) -> str | None:
        """Where values of a digest lie in this file; None if they do not.

        A stranger's manifest may say of parts that this version does not know, and that nobody looked at, whatever it
        likes: these are never named.
        """
        with self._lock:
            if self._paths is None:
                self._paths = self.manifest.paths()
            found = self._paths.get(digest, [])
            return next((path for path in found if self._own or self.manifest.was_looked_at(path)), None)

    def packed(self, path: str) -> Packed | None:
        """How a dataset is packed; None if it lies in one piece."""
        with self._explained(path):
            dataset = self._dataset(path)
            if dataset.chunks is None:
                return None
            creation = dataset.id.get_create_plist()
            filters = tuple(creation.get_filter(index) for index in range(creation.get_nfilters()))
            found = [dataset.id.get_chunk_info(index) for index in range(dataset.id.get_num_chunks())]
            return Packed(
                dataset.shape,
                dataset.dtype,
                dataset.chunks,
                tuple((code, tuple(settings)) for code, _, settings, _ in filters),
                tuple(Piece(one.chunk_offset, one.filter_mask, one.byte_offset, one.size) for one in found),
            )

    def pieces(self, path: str, packed: Packed) -> Iterator[tuple[tuple[int, ...], bytes]]:
        """The pieces of a dataset, as they are packed, and where each begins.

        HDF5 says where they lie; their bytes are read without it, as it would keep all other threads waiting meanwhile.
        """
        for piece in packed.pieces:
            with self._explained(path):
                if piece.size > LARGEST_PIECE:
                    raise Refusal("It comes in pieces that are too large.")
                self.reads += 1
                content = bytearray(piece.size)
                with self._reader.values_of(piece.size):
                    self._reader.seek(piece.start)
                    self._reader.readinto(content)
            yield piece.begins, bytes(content)

    def _hold(self, path: str, digest: str) -> None:
        if self.manifest.digest(path) != digest:
            raise Refusal("Its values are not those that were saved.")

    def _dataset(self, path: str) -> h5py.Dataset:
        group, name = self._parent(path)
        return group.dataset(name)

    def _parent(self, path: str) -> tuple[GroupReader, str]:
        parent, _, link = path.rpartition("/")
        return self._group(parent), name_of_link(link)

    def _group(self, path: str) -> GroupReader:
        if (known := self._groups.get(path)) is not None:
            return known
        if path == "":
            self._file = h5py.File(self._reader, "r")
            found = GroupReader(self._file, Reading(self.manifest, self._allowance))
        else:
            parent, name = self._parent(path)
            found = parent.group(name)
        self._groups[path] = found
        return found

    @contextmanager
    def _explained(self, path: str) -> Iterator[None]:
        with self._lock:
            self._allowance.renew()
            self._reader.changed = False
            try:
                yield
            except Refusal as refusal:
                raise SessionError(self.path, f'"{path}" cannot be read: {refusal.reason}', REMEDY) from refusal
            except MemoryError as error:
                raise SessionError(
                    self.path, f'There is no memory left to read "{path}".', "Close other programs, and try again."
                ) from error
            except DAMAGE as error:
                why = "the file was changed since it was written" if self._reader.changed else f"{error}"
                raise SessionError(self.path, f'"{path}" can no longer be read: {why}.', REMEDY) from error


def parts_in_order(shape: tuple[int, ...], item: int, before: tuple[slice, ...] = ()) -> Iterator[tuple[slice, ...]]:
    """Parts of an array of a few megabytes each, which one after the other give its values in C order."""
    below = math.prod(shape[1:]) * item
    if not shape or shape[0] * below <= PART_BYTES:
        yield before
    elif below > PART_BYTES:
        for index in range(shape[0]):
            yield from parts_in_order(shape[1:], item, (*before, slice(index, index + 1)))
    else:
        rows = PART_BYTES // max(below, 1)
        for start in range(0, shape[0], rows):
            yield (*before, slice(start, start + rows))


def live_sources() -> list[Source]:
    """All files of which something may still be read."""
    with _live_lock:
        return list(_live)


def _below(path: str, name: str) -> str:
    return f"{path}/{link_name(name)}"


def piece_count(shape: tuple[int, ...], chunks: tuple[int, ...]) -> int:
    """Into how many pieces an array falls."""
    return math.prod(-(-size // side) for size, side in zip(shape, chunks, strict=True))
