"""What travels between operators while a graph is translated, and the calls that it is translated to."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

Sizes = tuple[int, ...]
PROBES = (2, 3)  # numbers of samples at which every shape is worked out: what differs depends on the batch


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """A value that does not depend on the samples, though perhaps on how many there are."""

    values: tuple[Tensor, Tensor] = field(repr=False)  # at each of `PROBES`
    origin: str  # the initialiser or node that it came from

    @property
    def fixed(self) -> bool:
        """Whether it is the same for every number of samples."""
        first, second = self.values
        return first is second or (first.shape == second.shape and torch.equal(first, second))


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    """A value that depends on the samples: only its shape is known."""

    probes: tuple[Tensor, Tensor] = field(repr=False)  # on the meta device, at each of `PROBES`
    producer: str  # operator


Value = Known | Flow


@dataclass(frozen=True)
class Edge:
    """An operand that an earlier call gave, or the input."""

    name: str


@dataclass(frozen=True)
class Stored:
    """An operand that the module keeps: a parameter, a statistic or a constant."""

    path: str
    transposed: bool = False  # the same parameter is used both ways


@dataclass(frozen=True, eq=False)
class Literal:
    """An operand that is a number already, while constants are folded."""

    tensor: Tensor = field(repr=False)


Operand = Edge | Stored | Literal


@dataclass(frozen=True, kw_only=True, eq=False)
class Call:
    """A function of torch and what it is applied to."""

    function: Callable[..., Tensor | tuple[Tensor, ...]]
    operands: tuple[Operand, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """A call with the names of what it gives, and of what nobody needs after it."""

    call: Call
    outputs: tuple[str, ...]
    freed: tuple[str, ...] = ()
