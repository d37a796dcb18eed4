"""Why a network has no second derivatives, in words: which operation stands in the way."""

import re
from collections.abc import Iterable

import torch
from torch import nn

from core.errors import UnsupportedNetwork

_MISSING = re.compile(r"derivative for (?:'|\")?(?:aten::)?_?(\w+?)(?:_backward\w*)?(?:'|\")? is not implemented")
_ONCE = "once_differentiable"
_LACKS = ("can't allocate memory", "out of memory", "not enough memory")


def is_lack_of_memory(error: Exception) -> bool:
    """Whether torch, or Python, could not get the memory that it asked for."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in _LACKS)


def explained(error: Exception, module: nn.Module) -> UnsupportedNetwork:
    """What torch says about a derivative that it cannot form, as a sentence that names the operation."""
    text = str(error)
    missing = _MISSING.search(text)
    if missing:
        cause = f'the operation "{missing[1]}" has a first derivative but no second one'
    elif _ONCE in text:
        cause = "an operation of its own allows a first derivative only (once_differentiable)"
    else:
        cause = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    return UnsupportedNetwork(
        f"The network cannot be differentiated twice: {cause}. Replace that operation by one of plain arithmetic, or "
        f"choose layers behind it. The network is made of {_kinds(module.modules())}."
    )


def _kinds(modules: Iterable[nn.Module]) -> str:
    leaves = (type(child).__name__ for child in modules if not any(True for _ in child.children()))
    return ", ".join(dict.fromkeys(leaves)) or "one program"


def names_of_functions(loss: torch.Tensor) -> tuple[str, ...]:
    """Operations written in Python that a loss went through, by the names of their classes."""
    known: set[object] = set()
    found: dict[str, None] = {}
    waiting = [loss.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in known:
            continue
        known.add(node)
        if isinstance(node, torch.autograd.function.BackwardCFunction):
            found[type(node).__name__.removesuffix("Backward")] = None
        waiting.extend(following for following, _ in node.next_functions)
    return tuple(found)
