"""A file on the disk as HDF5 writes it, which never fails as far as HDF5 can tell.

When the disk is full, HDF5 cannot close its file, and then crashes the process (measured with h5py 3.16, HDF5 2.0). So
a write that fails is kept in memory, with the few that follow, and whoever writes asks after each piece whether it
was so.
"""

from typing import Any

from core.session.positioned import Positioned


class DiskImage(Positioned):
    """What h5py takes for a file, over an open one that can be read and written.

    `failure` is what the disk said first; from then on nothing more goes to the disk.
    """

    def __init__(self, file: Any) -> None:  # whatever reads and writes bytes
        super().__init__(0)
        self.failure: OSError | None = None
        self._file = file
        self._kept: list[tuple[int, bytes]] = []  # written after the failure: where, and what

    def check(self) -> None:
        """Raise `OSError` if the disk has failed."""
        if self.failure is not None:
            raise self.failure

    def writable(self) -> bool:
        return True

    def truncate(self, size: int | None = None) -> int:
        self.length = self._at if size is None else size
        if self.failure is None:
            try:
                self._file.truncate(self.length)
            except OSError as error:
                self.failure = error
        return self.length

    def write(self, content: Any) -> int:
        start, whole = self._at, memoryview(content).cast("B")
        if self.failure is None:
            try:
                self._put(start, whole)
            except OSError as error:
                self.failure = error
        if self.failure is not None:
            self._kept.append((start, bytes(whole)))
        self._at = start + len(whole)
        self.length = max(self.length, self._at)
        return len(whole)

    def readinto(self, buffer: Any) -> int:
        target, start = memoryview(buffer).cast("B"), self._at
        target[:] = bytes(len(target))  # what was never written is zero
        self._get(start, target)
        for begins, piece in self._kept:
            first, last = max(begins, start), min(begins + len(piece), start + len(target))
            if first < last:
                target[first - start : last - start] = piece[first - begins : last - begins]
        self._at = start + len(target)
        return len(target)

    def _put(self, start: int, whole: memoryview) -> None:
        self._file.seek(start)
        done = 0
        while done < len(whole):
            done += self._file.write(whole[done:]) or 0

    def _get(self, start: int, target: memoryview) -> None:
        try:
            self._file.seek(start)
            done = 0
            while done < len(target) and (more := self._file.readinto(target[done:])):
                done += more
        except OSError as error:
            self.failure = self.failure or error
