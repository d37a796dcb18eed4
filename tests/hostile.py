"""Session files whose values were changed by somebody who also mended the manifest, so that only sense can tell."""

import io
import json
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from core.session.guard import guarded_attributes
from core.session.hdf5 import h5py
from core.session.manifest import array_digest, attributes_digest
from core.session.refusal import Refusal

NUMBERS = (-1, 0, 1, 2, 5, 7, 255, 2**31, 2**53, 2**70, -(2**63), 0.5, -0.5, 1e-300, 1e30, 1e300, 5e-324)
NOT_FINITE = tuple({"$float": word} for word in ("NaN", "Infinity", "-Infinity"))
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    "",
    "network-0",
    "surface-0",
    "partial",
    "x" * 3000,
    "\x00<b>",
    [],
    {},
    [1, 2],
    [1.0, -1.0],
)
HOSTILE = (*NUMBERS, *NOT_FINITE, *OTHERS)
KINDS = (
    *("surfaces", "curves", "trajectories", "convexity", "initialisations", "robustness", "complexity", "histories"),
    "directions",
)


def changed(image: bytes, change: Callable[[h5py.File], object], *, mend: bool = True) -> bytes:
    """The same file after a change, with a manifest that agrees with it unless it is not to be mended."""
    memory = io.BytesIO(image)
    with h5py.File(memory, "r+") as file:
        change(file)
        if mend:
            _mend(file, [""])
    return memory.getvalue()


def of_version_1(image: bytes, *without: str) -> bytes:
    """A session as version 1 could have left it, without the groups that came later."""

    def change(file: h5py.File) -> None:
        file.attrs["schema_version"] = file.attrs["min_reader_version"] = 1
        for name in ("notes", *without):
            del file[name]

    return changed(image, change)


def attacked(image: bytes, attacker: "Attacker") -> bytes:
    """The same for an attack, quicker: what the attacker did not touch stays in the manifest as it is."""
    memory = io.BytesIO(image)
    with h5py.File(memory, "r+") as file:
        attacker.attack(file)
        _mend(file, sorted(attacker.touched))
    return memory.getvalue()


def _mend(file: h5py.File, groups: list[str]) -> None:
    """Write a manifest that is true of what these groups hold now, and says what it said of all others."""
    datasets: dict[str, str] = {}
    attributes: dict[str, str] = {}
    if groups != [""]:
        before = json.loads(file["manifest"][()])
        for new, old in ((datasets, before["datasets"]), (attributes, before["attributes"])):
            kept = (path for path in old if not any(path == one or path.startswith(f"{one}/") for one in groups))
            new.update({path: old[path] for path in kept})

    def look(path: str, found: h5py.Group | h5py.Dataset) -> None:
        if path == "manifest":
            return
        if isinstance(found, h5py.Dataset):
            value = found[()]
            text = isinstance(value, bytes)
            datasets[path] = array_digest(np.frombuffer(value, np.uint8) if text else np.asarray(value))
        try:
            if values := guarded_attributes(found, path):
                attributes[path] = attributes_digest(values)
        except Refusal:  # it will be refused anyway
            pass

    for group in groups:
        look(group, file[group or "/"])
        below = f"{group}/" if group else ""
        file[group or "/"].visititems(lambda path, found, below=below: look(f"{below}{path}", found))
    text = json.dumps({"datasets": datasets, "attributes": attributes}).encode()
    del file["manifest"]
    file.create_dataset("manifest", data=text, dtype=h5py.string_dtype("utf-8", len(text)))


class Attacker:
    """Changes one thing after another at random, from a seed, in groups of some kinds."""

    def __init__(self, seed: int, kinds: tuple[str, ...] = KINDS) -> None:
        self.random = random.Random(seed)
        self._kinds = kinds
        self.done: list[str] = []  # what was changed, for the report of a failure
        self.touched: set[str] = set()  # paths of the items that were changed

    def attack(self, file: h5py.File) -> None:
        """One to three changes."""
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            item = file[f"{(kind := self.random.choice(self._kinds))}/{self.random.choice(list(file[kind]))}"]
            self.touched.add(item.name.strip("/"))
            found: list[str] = []
            item.visit(found.append)
            arrays = [path for path in found if isinstance(item[path], h5py.Dataset)]
            targets = [("array", path) for path in arrays] + [("attribute", name) for name in item.attrs]
            way, name = self.random.choice(targets)
            text = isinstance(item[name][()], bytes) if way == "array" else isinstance(item.attrs[name], str)
            if self.random.random() < 0.04:
                self._say(item, name, "removed")
                del (item if way == "array" else item.attrs)[name]
            elif way == "array" and not text:
                self._array(item, name, arrays)
            elif way == "array":
                old = item[name][()].decode()
                del item[name]
                new = self._text(item, name, old).encode("ascii", "replace")
                item.create_dataset(name, data=new, dtype=h5py.string_dtype("utf-8", max(len(new), 1)))
            elif text:
                item.attrs[name] = self._text(item, name, item.attrs[name])
            else:
                value = self.random.choice([number for number in NUMBERS if abs(number) < 2**63] + [np.nan, np.inf])
                self._say(item, name, value)
                item.attrs[name] = value

    def _say(self, item: h5py.Group, name: str, what: object) -> None:
        self.done.append(f"{item.name}/{name}: {str(what)[:80]}")

    def _text(self, item: h5py.Group, name: str, old: str) -> str:
        try:
            table = json.loads(old)
        except ValueError:
            table = None
        if not isinstance(table, dict | list) or not table:
            new = str(self.random.choice([value for value in HOSTILE if isinstance(value, str)])).replace("\x00", " ")
            self._say(item, name, new)
            return new
        holder, key = self._leaf(table)
        if isinstance(holder, dict) and self.random.random() < 0.1:
            del holder[key]
            self._say(item, name, f"{key} is gone")
        else:
            holder[key] = self.random.choice(HOSTILE)
            self._say(item, name, f"{key} = {holder[key]!r}")
        return json.dumps(table)

    def _leaf(self, table: Any) -> tuple[Any, Any]:
        """A place in nested tables whose value is about to change."""
        while True:
            key = self.random.choice(list(table)) if isinstance(table, dict) else self.random.randrange(len(table))
            inner = table[key]
            if not isinstance(inner, dict | list) or not inner or self.random.random() < 0.2:
                return table, key
            table = inner

    def _array(self, item: h5py.Group, name: str, others: list[str]) -> None:
        old = np.asarray(item[name][()])
        which = self.random.choice((*CHANGES, "another"))
        if which == "another":
            other = self.random.choice(others)
            new = item[other][()]
            new = old if isinstance(new, bytes) else np.asarray(new)
            which = f"the values of {other}"
        else:
            with np.errstate(all="ignore"):
                new = CHANGES[which](old, np.random.default_rng(self.random.randrange(2**32)))
        self._say(item, name, which)
        attributes = dict(item[name].attrs)
        del item[name]
        item[name] = new
        item[name].attrs.update(attributes)


Values = np.ndarray
Numbers = np.random.Generator


def _one(value: float) -> Callable[[Values, Numbers], Values]:
    def change(old: Values, numbers: Numbers) -> Values:
        new = old.copy()
        if new.size:
            new.flat[numbers.integers(new.size)] = np.array(value).astype(old.dtype)
        return new

    return change


def _all(value: float) -> Callable[[Values, Numbers], Values]:
    return lambda old, _: np.full_like(old, np.array(value).astype(old.dtype))


def _as(kind: str) -> Callable[[Values, Numbers], Values]:
    return lambda old, _: old.astype(kind)


CHANGES: dict[str, Callable[[Values, Numbers], Values]] = {
    **{f"one {value:g}": _one(value) for value in (-1.0, 0.0, 7.0, 1e30, 1e300, -1e300, np.nan, np.inf, -np.inf)},
    **{f"all {value:g}": _all(value) for value in (-1.0, 0.0, 3.0, 1e-300, 1e300, np.nan, np.inf, -np.inf)},
    "times 1e200": lambda old, _: (old.astype(float) * 1e200).astype(old.dtype),
    "negative": lambda old, _: np.negative(old),
    "reversed": lambda old, _: old[..., ::-1].copy() if old.ndim else old,
    "shuffled": lambda old, numbers: numbers.permutation(old.reshape(-1)).reshape(old.shape),
    "noise": lambda old, numbers: (old + numbers.normal(0, 1e3, old.shape)).astype(old.dtype),
    "bits": lambda old, numbers: _flipped(old, numbers),  # noqa: PLW0108  it stands below
    "shorter": lambda old, _: old[:-1].copy() if old.ndim else old,
    "longer": lambda old, _: np.concatenate([old, old]) if old.ndim else old,
    "empty": lambda old, _: np.zeros((0,) * max(old.ndim, 1), old.dtype),
    "flat": lambda old, _: old.reshape(-1).copy(),
    "transposed": lambda old, _: old.T.copy(),
    "one axis more": lambda old, _: old[None].copy(),
    **{f"as {kind}": _as(kind) for kind in ("f4", "f8", "i4", "i8", "u1", "f2")},
}


def _flipped(old: Values, numbers: Numbers) -> Values:
    content = bytearray(old.tobytes())
    for _ in range(min(3, len(content))):
        content[numbers.integers(len(content))] ^= 1 << int(numbers.integers(8))
    return np.frombuffer(bytes(content), old.dtype).reshape(old.shape).copy()
