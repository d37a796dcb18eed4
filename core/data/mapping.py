"""Arrays that lie plainly in a file: small ones are read, large ones mapped, so that only what is used is fetched."""

import math
import os
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import numpy.typing as npt

from core.errors import DataError, UnreadableFile

Array = npt.NDArray[Any]

# Reading takes milliseconds up to here. Beyond, the whole file need not fit into memory; the price is that a program
# that shortens the file meanwhile ends this process, as with every mapped file.
MAPPED_FROM = 16 * 2**20  # bytes
SAVE_PLAINLY = "Save it uncompressed (np.save, np.savez, or unpack it): then only what is used is read."


def plain_array(
    path: Path, offset: int, kind: np.dtype[Any], shape: tuple[int, ...], *, fortran_order: bool = False
) -> Array:
    """Values that lie in one piece of a file.

    Parameters
    ----------
    offset : int
        Bytes before the first value.
    kind : dtype
        Of numbers, in any byte order.

    Returns
    -------
    An array in memory, or a read-only `np.memmap` from `MAPPED_FROM` bytes on.

    Raises
    ------
    UnreadableFile
        If the file is shorter than shape and type say. Nothing is allocated before that is known.
    """
    order: Literal["C", "F"] = "F" if fortran_order else "C"
    needed, there = math.prod(shape) * kind.itemsize, path.stat().st_size - offset
    if any(length < 0 for length in shape) or needed > there:
        sizes = " × ".join(map(str, shape))
        reason = f"It declares {sizes} values of {kind}, {needed:,} bytes, but holds {max(there, 0):,} of them."
        raise UnreadableFile(path, reason, "It is truncated or damaged: get it again.")
    if needed >= MAPPED_FROM:
        return np.memmap(path, kind, mode="r", offset=offset, shape=shape, order=order)
    values = np.fromfile(path, kind, count=math.prod(shape), offset=offset)
    return values.reshape(shape, order=order)


def npy_array(path: Path, start: int = 0) -> Array:
    """The array of a `.npy` file, or of one that lies uncompressed in an archive from byte `start` on.

    Raises
    ------
    ValueError
        If there is no such array at that place, or it holds Python objects.
    UnreadableFile
        If the file ends before the values do.
    """
    with path.open("rb") as file:
        file.seek(start)
        shape, fortran_order, kind = _npy_header(file)
        offset = file.tell()
    if kind.hasobject:
        raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
    return plain_array(path, offset, kind, shape, fortran_order=fortran_order)


def _npy_header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)  # 3.0 differs only in names of fields, which are no numbers


def refuse_special(path: Path) -> None:
    """Raise `UnreadableFile` for a pipe or device: reading one may wait forever, or never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise UnreadableFile(path, "It is a pipe or a device, not a file.", "Save what it gives in a file.")


def refuse_beyond_memory(path: Path, needed: int) -> None:
    """Raise `DataError` if so many bytes are more than this machine has left."""
    left = available_memory()
    if left is not None and needed > left:
        raise DataError(
            f"{path}: Its samples take {needed / 2**30:.1f} GB of memory, but only {left / 2**30:.1f} GB are left. "
            f"{SAVE_PLAINLY}"
        )


def available_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
