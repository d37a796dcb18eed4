"""Why a network has no second derivatives, in words: which operation stands in the way."""

import re
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from core.errors import UnsupportedNetwork

_MISSING = re.compile(r"derivative for '?(?:aten::)?_?(\w+?)(?:_backward\w*)?'? is not implemented")
_ONCE = "once_differentiable"
_REFUSING = "torch::autograd::Error"  # what torch puts where a second derivative of an operation is missing
_LACKS = ("can't allocate memory", "out of memory", "not enough memory")


def is_lack_of_memory(error: Exception) -> bool:
    """Whether torch, or Python, could not get the memory that it asked for."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in _LACKS)


def refuse_missing_second(derivatives: Sequence[Tensor]) -> None:
    """Raise where a first derivative went through an operation that has no second one.

    Asked for some parameters alone, torch passes by such a place without a word, and the product would be wrong.
    """
    if any(getattr(node, "name", str)() == _REFUSING for node in _nodes(derivatives)):
        raise RuntimeError(f"differentiated twice: {_ONCE}")


def explained(error: Exception, module: nn.Module, sample: Tensor) -> UnsupportedNetwork:
    """What torch says about a derivative that it cannot form, as a sentence that names the operation.

    Parameters
    ----------
    error : Exception
    module : nn.Module
    sample : (1, …) Tensor
        Input of the network, to see what it goes through.
    """
    missing = _MISSING.search(str(error))
    own = _functions_of_its_own(module, sample) if _ONCE in str(error) else ()
    if missing:
        cause = f'the operation "{missing[1]}" has a first derivative but no second one'
    elif own:
        cause = f'the operation "{own[0]}" allows a first derivative only'
    else:
        cause = (str(error).strip() or type(error).__name__).splitlines()[0]
    return UnsupportedNetwork(
        f"The network cannot be differentiated twice: {cause}. Replace it by operations of plain arithmetic, or choose "
        "layers that come after it."
    )


def _functions_of_its_own(module: nn.Module, sample: Tensor) -> tuple[str, ...]:
    """Operations written in Python that a sample goes through, by the names of their classes."""
    with torch.enable_grad():
        nodes = _nodes((module(sample),))
    own = (node for node in nodes if isinstance(node, torch.autograd.function.BackwardCFunction))
    return tuple(dict.fromkeys(type(node).__name__.removesuffix("Backward") for node in own))


def _nodes(tensors: Sequence[Tensor]) -> Iterator[object]:
    """Every operation of the graph that led to some tensors, once."""
    waiting: list[object] = [tensor.grad_fn for tensor in tensors]
    known: set[object] = set()
    while waiting:
        node = waiting.pop()
        if node is None or node in known:
            continue
        known.add(node)
        yield node
        waiting.extend(following for following, _ in getattr(node, "next_functions", ()))
