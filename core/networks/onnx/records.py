"""An ONNX graph as plain records, free of protobuf, and how a place in it is named to a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

Attribute = int | float | str | tuple[int, ...] | tuple[float, ...] | tuple[str, ...] | Tensor
MOST_ELEMENTS = 2**26  # of one value for one sample: 256 MB; a larger one is refused before anything is allocated


@dataclass(frozen=True, kw_only=True, eq=False)
class NodeRecord:
    """One operator of the graph."""

    operator: str  # with its domain in front where that is not ONNX's own: "com.microsoft.FusedGemm"
    name: str
    inputs: tuple[str, ...]  # an optional input that is left out is ""
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute] = field(repr=False)
    unread: tuple[str, ...]  # attributes of kinds that no supported operator has, such as subgraphs
    place: str  # for messages: 'Conv (node "c1", 3rd of 12)'


@dataclass(frozen=True, kw_only=True, eq=False)
class GraphRecord:
    """A network with one input and one output."""

    opset: int
    nodes: tuple[NodeRecord, ...]  # those that the output needs, in the order of the file
    initialisers: Mapping[str, Tensor] = field(repr=False)  # float32, int64 or bool
    input_name: str
    input_sizes: tuple[int | None, ...] | None  # as declared, None where free; None if not even the rank is
    output_name: str
    notes: tuple[str, ...]  # what was changed while reading


def place_of(operator: str, name: str, position: int, total: int) -> str:
    """How a node is named to a person: ``Resize (node "up1", 14th of 60)``."""
    named = f'node "{name[:60]}", ' if name else ""
    return f"{operator[:60]} ({named}{ordinal(position)} of {total})"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``11th``."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
