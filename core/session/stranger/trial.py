"""What a child process does with a stranger's file: all that the parent will do, and nothing is kept of it."""

from collections.abc import Callable, Mapping

import numpy as np

from core.errors import CorrieError
from core.session.contents import Contents
from core.session.guard import Allowance, check_dataset, check_group, guarded_child
from core.session.hdf5 import h5py
from core.session.read import read_session
from core.session.reading import opened
from core.session.refusal import DAMAGE, Refusal
from core.session.tree import check_tree

SESSION, PLAIN = "session", "plain"


def try_to_read(contents: Contents, purpose: str) -> None:
    """Read all that is asked for.

    Raises
    ------
    Refusal
        With the reason why the file is not to be opened.
    """
    try:
        with opened(contents) as (file, allowance):
            PURPOSES[purpose](file, allowance)
    except CorrieError as error:  # a record refused what the file says
        raise Refusal(f"It contradicts itself: {error}", "Use a copy of the file.") from error
    except MemoryError as error:
        raise Refusal("Reading it takes more memory than a file of its length may take.") from error
    except DAMAGE as error:
        raise Refusal("It is damaged: its structure cannot be followed.") from error


def _plain(file: h5py.File, allowance: Allowance) -> None:
    """A file of another program: every value of every dataset that could be read at all."""
    check_tree(file)
    waiting: list[tuple[h5py.Group, str]] = [(file["/"], "")]
    while waiting:
        group, path = waiting.pop()
        for link in check_group(group, path or "/"):
            below = f"{path}/{link}" if path else link
            found = guarded_child(group, link, below)
            if isinstance(found, h5py.Group):
                waiting.append((found, below))
            else:
                _values(found, below, allowance)


def _values(dataset: h5py.Dataset, path: str, allowance: Allowance) -> None:
    if isinstance(dataset.id.get_type(), h5py.h5t.TypeStringID):
        return  # whoever wants it reads it within the bounds of structure
    try:
        checked = check_dataset(dataset, path, allowance)
    except Refusal:
        return  # the parent refuses it too, if it wants it at all
    values = np.empty(checked.shape, checked.dtype)
    if values.size:
        with allowance.values_of(checked):
            checked.read_direct(values)


PURPOSES: Mapping[str, Callable[[h5py.File, Allowance], object]] = {SESSION: read_session, PLAIN: _plain}
