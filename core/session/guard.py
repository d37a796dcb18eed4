"""What an HDF5 object must look like before a single value of it is read.

A file may come from anyone. HDF5 can follow links to other files, take values out of any file of this machine
(external and virtual storage, also behind ordinary hard links), and declare terabytes in a few bytes. So only hard
links are followed, one step at a time, and a dataset is read only if its values lie in this file, in plain types,
behind built-in filters, in a bounded amount that can have been written. What is refused is named.
"""

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from core.session import layout
from core.session.contents import HeldReader
from core.session.dtypes import PLAIN
from core.session.hdf5 import h5py
from core.session.manifest import Attribute
from core.session.refusal import DAMAGE, Refusal

_FILTERS = {
    h5py.h5z.FILTER_DEFLATE: "gzip",
    h5py.h5z.FILTER_SHUFFLE: "shuffle",
    h5py.h5z.FILTER_FLETCHER32: "fletcher32",
}
LARGEST_PIECE = layout.LARGEST_CHUNK + 2**16  # what cannot be packed becomes a little longer
_TEXTS = {h5py.h5t.CSET_ASCII: h5py.string_dtype("ascii"), h5py.h5t.CSET_UTF8: h5py.string_dtype("utf-8")}
_NUMBERS = (h5py.h5t.INTEGER, h5py.h5t.FLOAT)


class Allowance:
    """How many bytes of arrays a file may still bring into memory, and how its single reads are bounded."""

    def __init__(self, reader: HeldReader, file_bytes: int) -> None:
        self._limit = self._left = layout.most_unpacked(file_bytes)
        self._reader = reader
        self.file_bytes = file_bytes

    def renew(self) -> None:
        """Allow all of it again: what was read before is counted no more."""
        self._left = self._limit

    def spend(self, size: int, path: str) -> None:
        """Take `size` bytes. Raises `Refusal` when nothing is left."""
        self._left -= size
        if self._left < 0:
            raise Refusal(
                f"Its arrays unpack to more than {self._limit:,} bytes in all, the most that {self.file_bytes:,} bytes "
                f'of a session hold; "{path}" goes beyond.'
            )

    def values_of(self, dataset: h5py.Dataset) -> AbstractContextManager[None]:
        """Within it, the values of a checked dataset may be read."""
        return self._reader.values_of(dataset.id.get_storage_size() if dataset.chunks is None else LARGEST_PIECE)

    @contextmanager
    def description_of(self, path: str) -> Iterator[None]:
        """Within it, attributes may be read. Raises `Refusal` for one that is too large to be read at all."""
        try:
            yield
        except DAMAGE:
            if self._reader.too_large:
                raise Refusal(
                    f'An attribute of "{path or "the session"}" has more than {layout.LARGEST_STRUCTURE:,} bytes, too '
                    "many for an attribute."
                ) from None
            raise


def guarded_child(group: h5py.Group, link: str, path: str) -> h5py.Group | h5py.Dataset:
    """The object behind a link that must be there and be hard. Raises `Refusal` otherwise."""
    kind = group.get(link, getlink=True)
    if isinstance(kind, h5py.ExternalLink):
        raise Refusal(f'"{path}" is a link to another file ({kind.filename!r}), which is never followed.')
    if not isinstance(kind, h5py.HardLink):
        raise Refusal(f'"{path}" is a soft link, which is never followed.' if kind else f'"{path}" is missing.')
    return group[link]


def check_group(found: object, path: str) -> h5py.Group:
    """Raise `Refusal` unless it is a group of a bounded number of members."""
    if not isinstance(found, h5py.Group):
        raise Refusal(f'"{path}" should be a group, but is none.')
    if len(found) > layout.MOST_MEMBERS:
        raise Refusal(f'"{path}" has {len(found)} members; {layout.MOST_MEMBERS} are the most that is read.')
    return found


def check_dataset(found: object, path: str, allowance: Allowance, *, text: bool = False) -> h5py.Dataset:
    """Raise `Refusal` unless it is a dataset that can be read without danger; take its size from the allowance."""
    if not isinstance(found, h5py.Dataset):
        raise Refusal(f'"{path}" should be a dataset, but is none.')
    creation = found.id.get_create_plist()
    if creation.get_layout() == h5py.h5d.VIRTUAL:
        raise Refusal(f'"{path}" is a virtual dataset: it takes its values from other files.')
    if creation.get_layout() != h5py.h5d.CHUNKED and creation.get_external_count() > 0:
        raise Refusal(f'"{path}" has external storage: it takes its values from another file.')
    _check_type(found, path, text=text)
    _check_filters(creation, path)
    _check_size(found, path, allowance, layout.LARGEST_TEXT if text else layout.LARGEST_ARRAY)
    return found


def _check_type(dataset: h5py.Dataset, path: str, *, text: bool) -> None:
    kind = dataset.id.get_type()
    if text:
        if not isinstance(kind, h5py.h5t.TypeStringID) or kind.is_variable_str() or dataset.shape != ():
            raise Refusal(f'"{path}" should be one text, but is none.')
    elif kind.get_class() not in _NUMBERS or kind.dtype.str not in PLAIN:
        raise Refusal(f'"{path}" holds values of a type that no session has.')


def _check_filters(creation: Any, path: str) -> None:
    for index in range(creation.get_nfilters()):
        code = creation.get_filter(index)[0]
        if code not in _FILTERS:
            raise Refusal(f'"{path}" is packed with filter {code}; only {", ".join(_FILTERS.values())} are unpacked.')


def _check_size(dataset: h5py.Dataset, path: str, allowance: Allowance, limit: int) -> None:
    shape, item = dataset.shape, dataset.id.get_type().get_size()
    if shape is None or len(shape) > layout.MOST_DIMENSIONS:
        raise Refusal(f'"{path}" has no values, or too many dimensions.')
    size, written = math.prod(shape) * item, dataset.id.get_storage_size()
    if size > limit:
        raise Refusal(f'"{path}" declares {size:,} bytes; {limit:,} are the most that is read.')
    if dataset.chunks is not None and math.prod(dataset.chunks) * item > layout.LARGEST_CHUNK:
        raise Refusal(f'"{path}" comes in pieces of more than {layout.LARGEST_CHUNK >> 20} MB.')
    if written > allowance.file_bytes or size > layout.CHUNKED_FROM + layout.MOST_COMPRESSION * written:
        raise Refusal(f'"{path}" declares {size:,} bytes, but only {written:,} were written.')
    allowance.spend(size, path)


def guarded_attributes(found: h5py.Group | h5py.Dataset, path: str) -> dict[str, Attribute]:
    """All attributes of an object, each looked at before its value is read.

    Raises
    ------
    Refusal
        For one that is no text, number or short list of texts, and for too many or too long ones.
    """
    count = h5py.h5a.get_num_attrs(found.id)
    if count > layout.MOST_ATTRIBUTES:
        raise Refusal(f'"{path}" has {count:,} attributes; {layout.MOST_ATTRIBUTES} are the most that are read.')
    values: dict[str, Attribute] = {}
    characters = 0
    for index in range(count):
        described = h5py.h5a.open(found.id, index=index)
        name = described.name.decode("utf-8", "surrogateescape")
        kind, shape = described.get_type(), described.shape
        is_text = isinstance(kind, h5py.h5t.TypeStringID) and kind.is_variable_str()
        is_number = kind.get_class() in _NUMBERS and kind.get_size() == 8
        few = is_text and shape is not None and len(shape) == 1 and shape[0] <= layout.MOST_TEXTS
        if not (few or (shape == () and (is_text or is_number))):
            raise Refusal(f'The attribute "{name}" of "{path}" is neither a text nor a number.')
        values[name] = plain = _plain_attribute(_value(described, kind, is_text=is_text), name, path)
        characters += sum(len(text) for text in plain) if isinstance(plain, list) else len(str(plain))
        if characters > layout.LARGEST_DESCRIPTION:
            raise Refusal(f'The attributes of "{path}" are longer in all than those of any object may be.')
    return values


def _value(described: Any, kind: Any, *, is_text: bool) -> object:
    """What `h5py.AttributeManager` gives, without opening the attribute again: a tenth of the time of a session."""
    values = np.empty(described.shape, _TEXTS[kind.get_cset()] if is_text else kind.dtype)
    described.read(values)
    if not is_text:
        return values.item()
    texts = [text.decode("utf-8", "surrogateescape") for text in values.flat]
    return texts if values.ndim else texts[0]


def _plain_attribute(value: object, name: str, path: str) -> Attribute:
    texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    if not isinstance(value, str | int | float | list) or not all(isinstance(text, str) for text in texts):
        raise Refusal(f'The attribute "{name}" of "{path}" is neither a text nor a number.')
    if any(len(text) > layout.LONGEST_ATTRIBUTE for text in texts):
        raise Refusal(f'The attribute "{name}" of "{path}" is longer than an attribute may be.')
    return value
