"""The numbers of a translated network: which are parameters, which statistics, which constants, and their names.

Parameters are what a loss landscape moves. They keep the names of the file, made valid, and matrices are kept as
(outputs, inputs), so that the first axis counts filters whichever way the file had them.
"""

import re
from typing import Literal as OneOf

import torch
from torch import Tensor, nn

from core.networks.onnx.values import Stored

Role = OneOf["parameter", "statistic", "constant"]
LONGEST_PART = 80
MOST_PARTS = 32  # folders in one another; torch walks through them one inside the other


class Store:
    """Collects tensors while a graph is translated, and gives the module that holds them."""

    def __init__(self) -> None:
        self.module = nn.Module()
        self.moved: set[str] = set()  # the origins that became parameters
        self._known: dict[tuple[object, ...], str] = {}
        self._kept: list[Tensor] = []  # so that no two tensors ever had the same address
        self._on_meta: dict[str, Tensor] = {}

    def keep(self, tensor: Tensor, origin: str, role: Role, *, transposed: bool = False) -> Stored:
        """Keep a tensor, or find it again if it is kept already, perhaps the other way round."""
        canonical = tensor.mT if transposed else tensor
        key = _key(canonical, role)
        if canonical.numel() and key in self._known:
            return Stored(self._known[key])
        if canonical.numel() and canonical.ndim == 2 and _key(canonical.mT, role) in self._known:
            return Stored(self._known[_key(canonical.mT, role)], transposed=True)
        path = self._place(origin, canonical, role)
        self._known[key] = path
        self._kept.append(tensor)
        return Stored(path)

    def meta(self, stored: Stored) -> Tensor:
        """Its shape, without numbers."""
        if stored.path not in self._on_meta:
            self._on_meta[stored.path] = fetch(self.module, stored.path).detach().to("meta")
        tensor = self._on_meta[stored.path]
        return tensor.mT if stored.transposed else tensor

    def _place(self, origin: str, tensor: Tensor, role: Role) -> str:
        """Register it below the name of its origin; dots open a folder, as in torch's own names."""
        parts = [_valid(part) for part in (origin or "value").rsplit(".", MOST_PARTS)]
        folder = self.module
        for depth, part in enumerate(parts[:-1]):
            if part not in folder._modules:  # noqa: SLF001  torch's own way to ask
                if hasattr(folder, part):  # a tensor has that name: no folder can
                    parts = [*parts[:depth], "_".join(parts[depth:])]
                    break
                folder.add_module(part, nn.Module())
            folder = folder.get_submodule(part)
        leaf = parts[-1]
        while hasattr(folder, leaf):
            leaf += "_"
        value = tensor.detach().clone(memory_format=torch.contiguous_format)
        if role == "parameter":
            folder.register_parameter(leaf, nn.Parameter(value))
            self.moved.add(origin)
        else:
            folder.register_buffer(leaf, value, persistent=role == "statistic")
        return ".".join([*parts[:-1], leaf])


def fetch(module: nn.Module, path: str) -> Tensor:
    """The tensor that is registered under a dotted path."""
    folder, _, leaf = path.rpartition(".")
    tensor = getattr(module.get_submodule(folder), leaf)
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{path} is no tensor")
    return tensor


def _key(tensor: Tensor, role: Role) -> tuple[object, ...]:
    return tensor.data_ptr(), tuple(tensor.shape), tensor.stride(), role


def _valid(part: str) -> str:
    name = re.sub(r"\W", "_", part, flags=re.ASCII)[:LONGEST_PART] or "_"
    return f"{name}_" if hasattr(nn.Module, name) or name == "training" else name
