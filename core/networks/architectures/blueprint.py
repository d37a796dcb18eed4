"""Modules without memory: torch's meta device, and no random numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn import init
from torch.overrides import TorchFunctionMode

# Torch would load a computer algebra system to draw numbers that nobody keeps: 1.3 seconds.
DRAWING = frozenset(
    {
        *(Tensor.normal_, Tensor.uniform_),
        *(init.uniform_, init.normal_, init.trunc_normal_, init.kaiming_uniform_, init.kaiming_normal_),
    }
)


class _NothingDrawn(TorchFunctionMode):
    """Leaves tensors as they are where random numbers would be drawn."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func in DRAWING:
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


@contextmanager
def without_memory() -> Iterator[None]:
    """Modules built in here have names and shapes, but no numbers; torch's random numbers are not used up."""
    with torch.device("meta"), _NothingDrawn():
        yield
