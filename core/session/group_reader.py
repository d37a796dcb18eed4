"""Reads values out of one group of somebody's session: guarded, checked against the manifest, copied to memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt

from core.deferred import Deferred, DeferredArrays
from core.session.dtypes import restored
from core.session.guard import Allowance, check_dataset, check_group, guarded_attributes, guarded_child
from core.session.hdf5 import h5py
from core.session.json_text import from_json, record_from_json
from core.session.manifest import Attribute, ManifestCheck
from core.session.names import link_name, name_of_link, text_of_attribute
from core.session.refusal import Refusal

Record = TypeVar("Record")


class Later(Protocol):
    """Whoever reads parts of the file when they are asked for, long after the rest of it."""

    def part(self, path: str, shape: tuple[int, ...], dtype: "np.dtype[Any]") -> Deferred:
        """What stands for a dataset."""

    def parts(self, path: str) -> Mapping[str, Deferred]:
        """What stands for all datasets of a group."""


@dataclass(frozen=True)
class Reading:
    """What all groups of one file share while it is read."""

    manifest: ManifestCheck
    allowance: Allowance
    later: Later | None = None  # None: everything is read at once


class GroupReader:
    """A group that is being read. Whatever is wrong with it raises `Refusal`."""

    def __init__(self, group: h5py.Group, reading: Reading, path: str = "") -> None:
        self._group = check_group(group, path)
        self._reading = reading
        self._path = path
        self._attributes = self._checked_attributes(group, path)

    def names(self) -> list[str]:
        """Names of the children, in the order in which they were written.

        Raises `Refusal` for a link that another one could be meant with: nobody would look at what lies behind it.
        """
        names = {link: name_of_link(link) for link in self._group}
        for link, name in names.items():
            if link_name(name) != link:
                raise Refusal(f'"{self._child(link)}" is not written as the names in a session are.')
        return list(names.values())

    def has(self, name: str) -> bool:
        """Whether there is a child or an attribute of that name."""
        return name in self._attributes or self._group.get(link_name(name), getlink=True) is not None

    def group(self, name: str) -> "GroupReader":
        """A group in this one."""
        link = link_name(name)
        path = self._child(link)
        return GroupReader(guarded_child(self._group, link, path), self._reading, path)

    def array(self, name: str) -> npt.NDArray[Any]:
        """The values of a dataset, in the type they had in memory."""
        link = link_name(name)
        path = self._child(link)
        dataset = check_dataset(guarded_child(self._group, link, path), path, self._reading.allowance)
        array = np.empty(dataset.shape, dataset.dtype)
        if array.size:
            with self._reading.allowance.values_of(dataset):
                dataset.read_direct(array)
        self._reading.manifest.check_array(path, array)
        return restored(array, str(self._checked_attributes(dataset, path).get("dtype", "")))

    def arrays(self) -> Mapping[str, npt.NDArray[Any]]:
        """All datasets of the group by name, each read when it is asked for if that may be."""
        later = self._reading.later
        if later is None:
            return {name: self.array(name) for name in self.names()}
        self._reading.manifest.put_off_below(self._path)
        path = self._path
        return DeferredArrays(lambda: later.parts(path))

    def later(self, name: str) -> npt.NDArray[Any]:
        """The values of a dataset; a `Deferred` in their place if they may be read when they are asked for."""
        later = self._reading.later
        if later is None:
            return self.array(name)
        shape, dtype = self.header(name)
        path = self._child(link_name(name))
        self._reading.manifest.put_off[path] = None
        return cast("npt.NDArray[Any]", later.part(path, shape, dtype))

    def header(self, name: str) -> tuple[tuple[int, ...], "np.dtype[Any]"]:
        """Shape and type, in memory, of a dataset whose values are not read now."""
        link = link_name(name)
        path = self._child(link)
        dataset = check_dataset(guarded_child(self._group, link, path), path, self._reading.allowance)
        own = str(self._checked_attributes(dataset, path).get("dtype", ""))
        return dataset.shape, restored(np.empty(0, dataset.dtype), own).dtype

    def dataset(self, name: str) -> h5py.Dataset:
        """A dataset that may be read without danger, as it lies in the file."""
        link = link_name(name)
        path = self._child(link)
        return check_dataset(guarded_child(self._group, link, path), path, self._reading.allowance)

    def later_singles(self, name: str, *shape: int | None) -> npt.NDArray[np.float32]:
        """As `singles`, but read later if that may be; type and shape are looked at now."""
        array = self.later(name)
        self._check_type(name, array, np.dtype(np.float32), shape)
        return array

    def floats(self, name: str, *shape: int | None) -> npt.NDArray[np.float64]:
        """An array of float64 of that shape, where None stands for any length."""
        return self._typed(name, np.dtype(np.float64), shape)

    def singles(self, name: str, *shape: int | None) -> npt.NDArray[np.float32]:
        """An array of float32 of that shape, where None stands for any length."""
        return self._typed(name, np.dtype(np.float32), shape)

    def flags(self, name: str, *shape: int | None) -> npt.NDArray[np.uint8]:
        """An array of uint8 of that shape, where None stands for any length."""
        return self._typed(name, np.dtype(np.uint8), shape)

    def text(self, name: str) -> str:
        """A text, from an attribute or from the dataset of that name."""
        stored = self._attributes.get(name)
        if stored is None:
            return str(from_json(self.long_text(name)))
        if not isinstance(stored, str):
            raise Refusal(f'The attribute "{name}" of "{self._path}" is no text.')
        return text_of_attribute(stored)

    def long_text(self, name: str) -> str:
        """The JSON that a dataset of one text holds."""
        path = self._child(name)
        dataset = check_dataset(guarded_child(self._group, name, path), path, self._reading.allowance, text=True)
        with self._reading.allowance.values_of(dataset):
            content = bytes(dataset[()])
        self._reading.manifest.check_array(path, np.frombuffer(content, np.uint8))
        return content.decode("ascii")

    def json(self, name: str) -> Any:
        """Plain values from JSON."""
        return from_json(self.text(name))

    def record(self, kind: type[Record], name: str) -> Record:
        """A dataclass from JSON."""
        return record_from_json(kind, self.text(name))

    def number(self, name: str) -> float:
        """A number that must be there."""
        value = self.optional_number(name)
        if value is None:
            raise Refusal(f'The attribute "{name}" of "{self._path}" is missing.')
        return value

    def integer(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.number(name)
        if not isinstance(value, int):
            raise Refusal(f'The attribute "{name}" of "{self._path}" is no whole number.')
        return value

    def optional_number(self, name: str) -> float | None:
        """A number, or None if there is none."""
        value = self._attributes.get(name)
        if value is not None and not isinstance(value, int | float):
            raise Refusal(f'The attribute "{name}" of "{self._path}" is no number.')
        return value

    def _typed(self, name: str, dtype: np.dtype[Any], shape: tuple[int | None, ...]) -> npt.NDArray[Any]:
        array = self.array(name)
        self._check_type(name, array, dtype, shape)
        return array

    def _check_type(
        self, name: str, array: npt.NDArray[Any], dtype: np.dtype[Any], shape: tuple[int | None, ...]
    ) -> None:
        fits = len(array.shape) == len(shape) and all(w in (None, h) for w, h in zip(shape, array.shape, strict=True))
        if array.dtype != dtype or not fits:
            raise Refusal(
                f'"{self._child(name)}" has the type {array.dtype} and the shape {array.shape}, which is wrong.'
            )

    def _checked_attributes(self, found: h5py.Group | h5py.Dataset, path: str) -> dict[str, Attribute]:
        with self._reading.allowance.description_of(path):
            attributes = guarded_attributes(found, path)
        self._reading.manifest.check_attributes(path, attributes)
        return attributes

    def _child(self, link: str) -> str:
        return f"{self._path}/{link}" if self._path else link
