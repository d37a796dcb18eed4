"""Watching what automatic differentiation saves, to count it, or to ask in its middle whether a job shall stop."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor


def _nothing() -> None:
    """Not asked."""


class SavedBytes:
    """Counts the memory of tensors that are saved: every storage once, as it is the last time it is seen."""

    def __init__(self) -> None:
        self._storages: dict[int, int] = {}

    def __call__(self, tensor: Tensor) -> None:
        """Count one."""
        storage = tensor.untyped_storage()
        self._storages[storage.data_ptr()] = storage.nbytes()

    @property
    def total(self) -> int:
        """Of all so far."""
        return sum(self._storages.values())

    def besides(self, others: Iterable[Tensor]) -> int:
        """Of all so far that are not the memory of others, such as of weights, which are there anyway."""
        there = {other.untyped_storage().data_ptr() for other in others}
        return sum(size for place, size in self._storages.items() if place not in there)


def watched_saving(
    saved: Callable[[Tensor], None], used: Callable[[], None] = _nothing
) -> AbstractContextManager[None]:
    """While a graph is made in this context, tell of every tensor that it saves, and later of every one taken up again.

    What is computed is the same. What either function raises goes through. Neither may hold the graph or what holds it:
    the graph holds them, unseen by the garbage collection.
    """

    def pack(tensor: Tensor) -> Tensor:
        saved(tensor)
        # Not the tensor itself: an operation's own result would hold the operation, which holds it, for ever. Torch
        # gives it back its place in the graph.
        return tensor.detach()

    def unpack(tensor: Tensor) -> Tensor:
        used()
        return tensor

    hooks: AbstractContextManager[None] = torch.autograd.graph.saved_tensors_hooks(pack, unpack)
    return hooks


def stopping(check: Callable[[], None] | None) -> AbstractContextManager[None]:
    """Ask whether to stop whenever a derivative keeps a tensor or takes it up again; without a check nothing is done.

    A batch of a deep network takes seconds, an operation of it milliseconds.
    """
    return nullcontext() if check is None else watched_saving(lambda _tensor: check(), check)
