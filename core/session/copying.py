"""Arrays that lie in another session file already are copied from there as they are packed, not packed anew.

Values are told by their digest, so it does not matter how an array got here: what was never read stays unread, what was
read and is still the same is copied, and what differs in one bit is written anew. The pieces are held to the hashes
of their file's blocks when they are read; what was given to HDF5 is noted, and compared once it is written.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from core.errors import SessionError
from core.session.hdf5 import h5py
from core.session.source import Packed, Source, piece_count

Noted = tuple[tuple[int, ...], bytes]  # where it begins, and the SHA-256 of its bytes


def nothing() -> None:
    """What is called after each piece where nobody waits for it."""


@dataclass
class Copies:
    """What a new session file takes over from others, and what it took."""

    sources: Sequence[Source] = ()
    replaced: Source | None = None  # the file that is to be replaced: one of them, opened for this alone
    after_piece: Callable[[], None] = nothing  # raises what ends the writing
    packed_bytes: int = 0  # of arrays that were packed anew, before that
    copied_bytes: int = 0  # of pieces that were copied
    pieces: dict[str, list[Noted]] = field(default_factory=dict)  # of each dataset that was copied, by its path

    def let_go(self) -> None:
        """Close the file that is to be replaced: on Windows it could not be while it is open."""
        if self.replaced is not None:
            self.replaced.close()

    def copy(self, path: str, dataset: h5py.Dataset, digest: str) -> bool:
        """Fill a new dataset with values of that digest, if they are packed somewhere as they are to be here.

        Where this fails, the dataset may be partly filled.
        """
        for source in self.sources:
            if (there := source.find(digest)) is None:
                continue
            with suppress(SessionError):  # somebody spoilt that file: another may have it, or it is packed anew
                packed = source.packed(there)
                if packed is not None and _alike(packed, dataset):
                    self.pieces[path] = list(self._copied(source, there, packed, dataset))
                    return True
        return False

    def _copied(self, source: Source, there: str, packed: Packed, dataset: h5py.Dataset) -> Iterator[Noted]:
        for place, piece in source.pieces(there, packed):
            dataset.id.write_direct_chunk(place, piece)
            yield place, hashlib.sha256(piece).digest()
            self.copied_bytes += len(piece)
            self.after_piece()

    def fill(self, dataset: h5py.Dataset, array: np.ndarray) -> None:
        """Pack values into a new dataset, piece by piece: nobody else who needs HDF5 waits for all of them."""
        for part in dataset.iter_chunks():
            dataset.write_direct(array, part, part)
            self.after_piece()
        self.packed_bytes += array.nbytes


def same_pieces(source: Source, path: str, expected: Iterable[Noted]) -> bool:
    """Whether a dataset that was copied has exactly these pieces."""
    packed = source.packed(path)
    if packed is None:
        return False
    found = [(place, hashlib.sha256(piece).digest()) for place, piece in source.pieces(path, packed)]
    return sorted(found) == sorted(expected)


def _alike(packed: Packed, dataset: h5py.Dataset) -> bool:
    creation = dataset.id.get_create_plist()
    filters = [creation.get_filter(index) for index in range(creation.get_nfilters())]
    return (
        (packed.shape, packed.dtype, packed.chunks) == (dataset.shape, dataset.dtype, dataset.chunks)
        and packed.filters == tuple((code, tuple(settings)) for code, _, settings, _ in filters)
        and len(packed.pieces) == piece_count(packed.shape, packed.chunks)
        and not any(piece.lacks for piece in packed.pieces)
    )
