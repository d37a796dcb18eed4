"""HDF5 over contents that are held to their hashes: the one place where a file is opened, here or in a child."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.session.contents import Contents
from core.session.guard import Allowance
from core.session.hdf5 import h5py
from core.session.refusal import DAMAGE, ChangedMeanwhile, Refusal


@contextmanager
def opened(contents: Contents) -> Iterator[tuple[h5py.File, Allowance]]:
    """A file for reading, and how much of it may be read.

    Raises
    ------
    Refusal
        If HDF5 cannot follow its structure, within the context too; `ChangedMeanwhile` if it was written to.
    """
    reader = contents.reader()
    try:
        with h5py.File(reader, "r") as file:
            yield file, Allowance(reader, contents.length)
    except Refusal:
        raise
    except DAMAGE as error:
        if reader.changed:
            raise ChangedMeanwhile from error
        if reader.too_large:
            raise Refusal("Its structure comes in pieces larger than those of any session.") from error
        raise
