"""An HDF5 file of the original tool (github.com/tomgoldstein/loss-landscape), read as any stranger's file: guarded.

Only hard links of this very file are followed, and the size of every dataset is bounded before a value of it is read:
the rules of `core.session.guard`, under which sessions are read too.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import CorrieError, OutOfSpace, UnreadableFile
from core.job import JobContext
from core.session import layout
from core.session.contents import Contents
from core.session.guard import Allowance, check_dataset, check_group, guarded_child
from core.session.hdf5 import h5py
from core.session.reading import opened
from core.session.refusal import DAMAGE, Refusal
from core.session.stranger.rehearsal import rehearse
from core.session.stranger.trial import PLAIN
from core.session.tree import check_tree

REMEDY = "Choose a file that the loss-landscape tool wrote, or copy it again from where it came from."


class OriginalFile:
    """An open file. Whatever is wrong with it raises `Refusal`."""

    def __init__(self, file: h5py.File, allowance: Allowance) -> None:
        self._file = file
        self._allowance = allowance

    def names(self) -> list[str]:
        """What lies at the top."""
        return list(check_group(self._file, "/"))

    def has(self, name: str) -> bool:
        """Whether there is anything of that name at the top, a link to elsewhere included."""
        return self._file.get(name, getlink=True) is not None

    def numbers(self, name: str, dimensions: int | None = None) -> npt.NDArray[np.float64]:
        """The values of a dataset, of so many dimensions if that is said."""
        values = self._values(self._file, name, name).astype(np.float64)
        if dimensions is not None and values.ndim != dimensions:
            raise Refusal(f'"{name}" has {values.ndim} dimensions instead of {dimensions}.')
        return values

    def listed(self, name: str) -> tuple[npt.NDArray[Any], ...]:
        """The arrays of a group whose members are called 0, 1, 2 and so on, in that order."""
        group = check_group(guarded_child(self._file, name, name), name)
        expected = [str(index) for index in range(len(group))]
        if missing := [index for index in expected if group.get(index, getlink=True) is None]:
            raise Refusal(f'"{name}" has {len(group)} members, but none is called "{missing[0]}".')
        return tuple(self._values(group, index, f"{name}/{index}") for index in expected)

    def text(self, name: str) -> str:
        """A text of moderate length."""
        found = guarded_child(self._file, name, name)
        if not isinstance(found, h5py.Dataset) or found.shape != ():
            raise Refusal(f'"{name}" should be one text, but is none.')
        creation = found.id.get_create_plist()
        elsewhere = creation.get_layout() == h5py.h5d.VIRTUAL or creation.get_external_count() > 0
        if elsewhere or not isinstance(found.id.get_type(), h5py.h5t.TypeStringID):
            raise Refusal(f'"{name}" should be one text of this file, but is none.')
        if found.id.get_type().get_size() > layout.LONGEST_ATTRIBUTE:
            raise Refusal(f'"{name}" is longer than a path may be.')
        stored = found[()]
        text = stored.decode("utf-8", "replace") if isinstance(stored, bytes) else str(stored)
        if len(text) > layout.LONGEST_ATTRIBUTE:
            raise Refusal(f'"{name}" is longer than a path may be.')
        return text

    def _values(self, group: h5py.Group, link: str, path: str) -> npt.NDArray[Any]:
        dataset = check_dataset(guarded_child(group, link, path), path, self._allowance)
        values = np.empty(dataset.shape, dataset.dtype)
        if values.size:
            with self._allowance.values_of(dataset):
                dataset.read_direct(values)
        return values


@contextmanager
def original_file(path: Path, job: JobContext = JobContext()) -> Iterator[OriginalFile]:  # noqa: B008  no state
    """Open a file of the original tool for reading, after a child process came through it.

    Raises
    ------
    UnreadableFile
        If the file is missing, truncated, no HDF5, damaged, or built to do harm; or if what is read from it within the
        context is refused.
    OutOfSpace
        If no child process could be started.
    Cancelled
        If the job is stopped.
    """
    try:
        with closing(Contents(path, job)) as contents:
            rehearse(contents, path, PLAIN, job)
            with opened(contents) as (file, allowance):
                check_tree(file)
                yield OriginalFile(file, allowance)
    except Refusal as refusal:
        raise UnreadableFile(path, refusal.reason, REMEDY) from refusal
    except PermissionError as error:
        raise UnreadableFile(path, "You may not read it.", "Ask for the permission, or choose another file.") from error
    except CorrieError as error:
        if isinstance(error, UnreadableFile | OutOfSpace):
            raise
        raise UnreadableFile(path, f"It contradicts itself: {error}", REMEDY) from error
    except DAMAGE as error:
        raise UnreadableFile(path, "It is damaged: its structure cannot be followed.", REMEDY) from error


def is_original_file(path: Path, job: JobContext = JobContext()) -> bool:  # noqa: B008  no state
    """Whether an HDF5 file is one of the original tool's, told by its names; False for sessions and anything else."""
    try:
        with original_file(path, job) as file:
            names = set(file.names())
    except UnreadableFile:
        return False
    return bool(names & {"xcoordinates", "xdirection", "proj_xcoord", "loss_0_0"})
