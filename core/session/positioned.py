"""What h5py asks of whatever it takes for a file: where it is, and how to get elsewhere."""

import io
import os


class Positioned(io.RawIOBase):
    """Something with a place and a length, in bytes, that can be read.

    Parameters
    ----------
    length : int
    """

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.length}[whence]
        return self._at
