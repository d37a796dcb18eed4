"""The very bytes of a file: hashed once, block by block, and every later read held to those hashes.

Between a look at a file and its use somebody may change it, in place or by another of the same name. A copy would
prevent that, but a session may have gigabytes. So the file is opened once, each of its blocks is hashed, and whoever
reads through `Contents.reader` gets the bytes that were hashed or an error. The one digest over all blocks names the
contents: seals and child processes refer to it.

A large file that this installation wrote is not read whole for that: the hashes were noted down when it was written
(`core.session.noted`), and each block is held to them when it is read.
"""

import hashlib
import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.job import JobContext
from core.session.heaps import HEADER_BYTES, SIGNATURE, can_be_walked, heap_bytes
from core.session.layout import LARGEST_SESSION, LARGEST_STRUCTURE
from core.session.positioned import Positioned
from core.session.refusal import Refusal
from core.session.signature import SUPERBLOCK_BYTES, check_signature

BLOCK_BYTES = 256 * 2**10
KEPT_BLOCKS = 64
PROBES = 16  # blocks of a file, its first and last among them, by which it is recognised
# A pipe under the name of a file must not be waited for.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


Recall = Callable[[int, str], Sequence[bytes] | None]  # hashes of the blocks of a file of that length and probe


class Contents:
    """An open file whose blocks have known hashes. Close it when done.

    Parameters
    ----------
    recall : callable, optional
        Tells the hashes of a file that this installation wrote; None for one that it does not know. Without, and where
        it does not know the file, all of it is read and hashed,
    whole : bool
        unless this says that it is refused then.

    Raises
    ------
    Refusal
        If it is missing, no file, too large, empty, truncated, or no HDF5 file, or the system cannot read it.
    PermissionError
        If it may not be read.
    Cancelled
        If the job is stopped.
    """

    def __init__(self, path: Path, job: JobContext, *, recall: Recall | None = None, whole: bool = True) -> None:
        self.noted = False  # whether the hashes are those that were noted down when this installation wrote it
        try:
            self._open(path, job, recall, whole=whole)
        except PermissionError:
            raise
        except OSError as error:  # no damage of the file: a name too long, a drive that was pulled out
            raise Refusal(f"It cannot be read ({error.strerror}).", "Check the path and the drive.") from error

    def _open(self, path: Path, job: JobContext, recall: Recall | None, *, whole: bool) -> None:
        if not path.exists():
            raise Refusal("There is no such file.", "Check the path.")
        if not path.is_file():
            raise Refusal("It is not a file.", "Choose a session file.")
        self._file = os.fdopen(os.open(path, _FLAGS), "rb", buffering=0)
        try:
            self._look(job, recall, whole=whole)
        except BaseException:
            self._file.close()
            raise

    def _look(self, job: JobContext, recall: Recall | None, *, whole: bool) -> None:
        about = os.fstat(self._file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise Refusal("It is not a file.", "Choose a session file.")
        self.length = about.st_size
        if self.length > LARGEST_SESSION:
            raise Refusal(f"It has {self.length:,} bytes, more than any session.", "Choose a session file.")
        check_signature(self._at(0, min(self.length, SUPERBLOCK_BYTES)), self.length)
        known = None if recall is None else recall(self.length, self._probe())
        self.noted = known is not None
        if known is None and not whole:
            raise Refusal("This installation did not write it.")
        self.hashes: Sequence[bytes] = self._hashed(job) if known is None else known
        self.digest = digest_of(self.length, self.hashes)

    def _probe(self) -> str:
        return digest_of(self.length, [self._hash(number) for number in probed(self.length)])

    def _hashed(self, job: JobContext) -> list[bytes]:
        hashes = []
        for number in range(block_count(self.length)):
            job.check()
            hashes.append(self._hash(number))
        return hashes

    def _hash(self, number: int) -> bytes:
        return hashlib.sha256(self._content(number)).digest()

    def _content(self, number: int) -> bytes:
        start = number * BLOCK_BYTES
        return self._at(start, min(BLOCK_BYTES, self.length - start))

    def reader(self) -> "HeldReader":
        """The file as HDF5 reads it; any number of them, one at a time in use."""
        return HeldReader(self)

    def close(self) -> None:
        """Give the file back. More than once does no harm."""
        self._file.close()

    def block(self, number: int) -> bytes:
        """A block as it was hashed. Raises `Changed` if it is another now."""
        content = self._content(number)
        if hashlib.sha256(content).digest() != self.hashes[number]:
            raise Changed
        return content

    def _at(self, start: int, size: int) -> bytes:
        self._file.seek(start)
        pieces: list[bytes] = []
        while size > 0 and (piece := self._file.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def block_count(length: int) -> int:
    """Into how many blocks a file of that length falls."""
    return -(-length // BLOCK_BYTES)


def probed(length: int) -> list[int]:
    """The blocks by which a file of that length is recognised: all of a small one."""
    last = block_count(length) - 1
    return sorted({round(last * place / (PROBES - 1)) for place in range(PROBES)})


def digest_of(length: int, hashes: Sequence[bytes]) -> str:
    """One digest over the length of a file and hashes of its blocks."""
    return hashlib.sha256(b"".join([length.to_bytes(8, "little"), *hashes])).hexdigest()


class Changed(OSError):
    """The bytes are no longer those that were hashed."""


class HeldReader(Positioned):
    """What h5py takes for a file. Single reads are bounded: structure is small, and only values may be large.

    HDF5 turns an exception into one of its own; so what happened is kept in `changed` and `too_large`.
    """

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents.length)
        self._contents = contents
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._most = LARGEST_STRUCTURE
        self.changed = False
        self.too_large = False

    @contextmanager
    def values_of(self, size: int) -> Iterator[None]:
        """Allow reads of so many bytes for a while."""
        self._most, before = max(size, LARGEST_STRUCTURE), self._most
        try:
            yield
        finally:
            self._most = before

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        size, start = target.nbytes, self._at
        if size > self._most:
            self.too_large = True
            raise OSError
        if start < 0 or start + size > self._contents.length:
            raise OSError  # never a short read: HDF5 would take what lay in its memory before for the file's
        self._copy(start, target)
        if self._most == LARGEST_STRUCTURE and size >= HEADER_BYTES and target[:4] == SIGNATURE:
            self._check_heap(start, heap_bytes(bytes(target[:HEADER_BYTES])))
        self._at = start + size
        return size

    def _check_heap(self, start: int, length: int) -> None:
        self.too_large |= length > self._most
        if self.too_large or start + length > self._contents.length:
            raise OSError
        whole = bytearray(length)
        self._copy(start, memoryview(whole))
        if not can_be_walked(bytes(whole)):
            raise OSError

    def _copy(self, start: int, target: memoryview) -> None:
        done = 0
        while done < target.nbytes:
            number, skipped = divmod(start + done, BLOCK_BYTES)
            piece = memoryview(self._block(number))[skipped : skipped + target.nbytes - done]
            target[done : done + len(piece)] = piece
            done += len(piece)

    def _block(self, number: int) -> bytes:
        if (block := self._kept.get(number)) is not None:
            self._kept.move_to_end(number)
            return block
        try:
            block = self._contents.block(number)
        except Changed:
            self.changed = True
            raise
        self._kept[number] = block
        if len(self._kept) > KEPT_BLOCKS:
            self._kept.popitem(last=False)
        return block
