"""Stopping in the middle of a derivative: a batch of a deep network takes seconds, an operation of it milliseconds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


@contextmanager
def stoppable(check: Callable[[], None] | None) -> Iterator[None]:
    """Ask whether to stop whenever a derivative keeps a tensor or takes it up again; what is computed is the same."""
    if check is None:
        yield
        return

    def asked(tensor: Tensor) -> Tensor:
        check()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(asked, asked):
        yield
