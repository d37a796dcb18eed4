"""sha256 of every dataset and of the attributes of every object: what was written, told apart from what is read.

The writer hashes the arrays it was given, not what HDF5 made of them; the reader hashes what HDF5 gives back. So a
flipped byte, a lost value and a mistake of compression all show.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from core.session.json_text import from_json, to_json
from core.session.refusal import Refusal

Attribute = str | int | float | list[str]


def array_digest(array: npt.NDArray[Any]) -> str:
    """sha256 over type, shape and the values in C order."""
    digest = begun_digest(array.dtype, array.shape)
    digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def begun_digest(dtype: np.dtype[Any], shape: tuple[int, ...]) -> "hashlib._Hash":
    """The same before any value; they follow in C order."""
    return hashlib.sha256(f"{dtype.str}{shape}".encode())


def attributes_digest(attributes: Mapping[str, Attribute]) -> str:
    """sha256 over names and values, in the order of the names."""
    return hashlib.sha256(to_json(sorted(attributes.items())).encode()).hexdigest()


@dataclass
class Manifest:
    """Fills up while a session is written."""

    packed: bool = True  # whether large arrays are packed
    unpacked_bytes: int = 0  # of all arrays
    datasets: dict[str, str] = field(default_factory=dict)  # path: digest
    attributes: dict[str, dict[str, Attribute]] = field(default_factory=dict)  # path: name: value

    def as_json(self) -> str:
        digests = {path: attributes_digest(values) for path, values in self.attributes.items() if values}
        return to_json({"datasets": self.datasets, "attributes": digests})


class ManifestCheck:
    """Compares what is read with the manifest, and remembers what was seen."""

    def __init__(self, text: str) -> None:
        table = from_json(text)
        try:
            self._datasets, self._attributes = dict(table["datasets"]), dict(table["attributes"])
        except (KeyError, TypeError, ValueError):
            raise Refusal("Its manifest cannot be understood.") from None
        self._seen: set[str] = set()
        self.put_off: dict[str, None] = {}  # paths of datasets that are read later

    def check_array(self, path: str, array: npt.NDArray[Any]) -> None:
        """Raise `Refusal` unless the manifest has these very values under that path."""
        self._seen.add(path)
        if self._datasets.get(path) != array_digest(array):
            raise Refusal(f'The values of "{path}" are not those that were saved.')

    def digest(self, path: str) -> str | None:
        """What the values under a path must give."""
        return self._datasets.get(path)

    def paths(self) -> dict[str, list[str]]:
        """Where values of each digest lie, as the file says."""
        found: dict[str, list[str]] = {}
        for path, digest in self._datasets.items():
            if isinstance(digest, str):
                found.setdefault(digest, []).append(path)
        return found

    def was_looked_at(self, path: str) -> bool:
        """Whether the values under a path were held to the manifest: here, or by the child that read a stranger's file
        before. Those that this version does not know never are."""
        return path in self._seen or path in self.put_off

    def put_off_below(self, path: str) -> None:
        """Note that everything in a group is read later."""
        self.put_off |= dict.fromkeys(each for each in self._datasets if each.startswith(f"{path}/"))

    def check_attributes(self, path: str, attributes: Mapping[str, Attribute]) -> None:
        """Raise `Refusal` unless the manifest has these very attributes for that object."""
        if attributes and self._attributes.get(path) != attributes_digest(attributes):
            raise Refusal(f'The description of "{path or "the session"}" is not the one that was saved.')
        if not attributes and path in self._attributes:
            raise Refusal(f'The description of "{path or "the session"}" is gone.')

    def unseen(self) -> list[str]:
        """Datasets of the manifest that were not read: unknown to this version, or lost."""
        return [path for path in self._datasets if path not in self._seen and path not in self.put_off]
