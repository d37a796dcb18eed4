"""What a converter of one operator sees: its inputs, its attributes, and the words to refuse it with."""

from collections.abc import Callable
from typing import NoReturn

from torch import Tensor

from core.errors import UnsupportedNetwork
from core.networks.onnx.records import NodeRecord
from core.networks.onnx.store import Role, Store
from core.networks.onnx.values import PROBES, Call, Edge, Flow, Literal, Operand, Sizes, Value


class NodeView:
    """One operator with what is known of its inputs.

    Parameters
    ----------
    record : NodeRecord
    inputs : sequence of Value or None
        None for optional inputs that are left out.
    opset : int
    lead : int
        1 where every value that depends on the samples has an axis of samples in front that the file does not know of,
        0 where the file's own first axis is that of the samples.
    file_batch : int, optional
        How many samples the file was exported for, if it was exported for one number only and `lead` is 0.
    store : Store, optional
        Where numbers are kept; none while constants are folded.
    """

    def __init__(
        self,
        record: NodeRecord,
        inputs: list[Value | None],
        *,
        opset: int,
        lead: int,
        file_batch: int | None,
        store: Store | None,
    ) -> None:
        self.record, self.inputs, self.opset = record, inputs, opset
        self.lead = lead if store is not None else 0
        self.file_batch = file_batch if store is not None else None
        self.notes: list[str] = []
        self._store = store

    def refuse(self, reason: str) -> NoReturn:
        """Say that this operator cannot be translated, and why."""
        raise UnsupportedNetwork(f"{self.record.place}: {reason}")

    # Inputs

    def has(self, index: int) -> bool:
        """Whether an optional input is there."""
        return index < len(self.inputs) and self.inputs[index] is not None

    def value(self, index: int) -> Value:
        """An input that must be there."""
        value = self.inputs[index] if index < len(self.inputs) else None
        if value is None:
            self.refuse(f"its input {index + 1} is missing")
        return value

    def is_flow(self, index: int) -> bool:
        """Whether an input depends on the samples."""
        return isinstance(self.value(index), Flow)

    def known(self, index: int, what: str) -> Tensor:
        """An input that must be constant."""
        value = self.value(index)
        if isinstance(value, Flow) or not value.fixed:
            self.refuse(f"its {what} depends on the input; only constant ones can be translated")
        return value.values[0]

    def integers(self, index: int, what: str) -> Sizes:
        """A constant list of whole numbers."""
        return tuple(int(number) for number in self.known(index, what).reshape(-1))

    def number(self, index: int, what: str) -> float:
        """A constant that is one number."""
        tensor = self.known(index, what)
        if tensor.numel() != 1:
            self.refuse(f"its {what} is not one number")
        return float(tensor)

    def sizes(self, index: int, what: str) -> tuple[Sizes, Sizes]:
        """Whole numbers that may depend on how many samples there are: at each of `PROBES`."""
        value = self.value(index)
        if isinstance(value, Flow):
            self.refuse(f"its {what} depends on the input; only constant ones can be translated")
        first, second = (tuple(int(number) for number in tensor.reshape(-1)) for tensor in value.values)
        return first, second

    def shapes(self, index: int) -> tuple[Sizes, Sizes]:
        """The shape of an input as the file knows it, at each of `PROBES`."""
        value = self.value(index)
        tensors = value.probes if isinstance(value, Flow) else value.values
        skipped = self.lead if isinstance(value, Flow) else 0
        first, second = (tuple(tensor.shape)[skipped:] for tensor in tensors)
        return first, second

    def shape(self, index: int) -> Sizes:
        """The shape of an input as the file knows it; an axis of samples has the first of `PROBES`."""
        return self.shapes(index)[0]

    def rank(self, index: int) -> int:
        """How many axes an input has, as the file knows it."""
        return len(self.shape(index))

    def counts_samples(self, index: int, axis: int) -> bool:
        """Whether the size of an axis depends on how many samples there are."""
        first, second = self.shapes(index)
        return first[axis] != second[axis]

    # Operands

    def operand(self, index: int) -> Operand:
        """An input to compute with; a constant stays one."""
        return self._kept(index, "constant")

    def parameter(self, index: int, *, transposed: bool = False) -> Operand:
        """An input that is a weight: what a landscape moves. Kept transposed if asked for."""
        return self._kept(index, "parameter", transposed=transposed)

    def statistic(self, index: int) -> Operand:
        """An input that was measured in training, not learned."""
        return self._kept(index, "statistic")

    def constant(self, tensor: Tensor) -> Operand:
        """A number that the file does not hold as it is needed."""
        return Literal(tensor) if self._store is None else self._store.keep(tensor, f"{self._name()}.made", "constant")

    def call(self, function: Callable[..., Tensor | tuple[Tensor, ...]], *operands: Operand) -> Call:
        """What the operator is in torch."""
        return Call(function=function, operands=operands)

    def _kept(self, index: int, role: Role, *, transposed: bool = False) -> Operand:
        value = self.value(index)
        if isinstance(value, Flow):
            return Edge(self.record.inputs[index])
        tensor = self.known(index, f"input {index + 1}")
        if self._store is None:
            return Literal(tensor.mT if transposed else tensor)
        if role == "parameter" and not tensor.is_floating_point():
            self.refuse(f"its input {index + 1} should be a weight, but holds whole numbers")
        return self._store.keep(tensor, value.origin, role, transposed=transposed)

    def _name(self) -> str:
        return self.record.name or self.record.outputs[0]

    # Attributes

    def has_attribute(self, name: str) -> bool:
        """Whether the file gives an attribute."""
        return name in self.record.attributes or name in self.record.unread

    def integer(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.record.attributes.get(name, default)
        return value if isinstance(value, int) else self._wrong(name)

    def real(self, name: str, default: float) -> float:
        """A number."""
        value = self.record.attributes.get(name, default)
        return float(value) if isinstance(value, int | float) else self._wrong(name)

    def text(self, name: str, default: str) -> str:
        """A word."""
        value = self.record.attributes.get(name, default)
        return value if isinstance(value, str) else self._wrong(name)

    def list_of(self, name: str) -> Sizes | None:
        """Whole numbers, if the attribute is there."""
        value = self.record.attributes.get(name)
        if value is None:
            return None
        if not isinstance(value, tuple) or not all(isinstance(number, int) for number in value):
            self._wrong(name)
        return tuple(int(number) for number in value)

    def integers_of(self, name: str, default: Sizes) -> Sizes:
        """As many whole numbers as there are in the default."""
        value = self.list_of(name)
        if value is None:
            return default
        return value if len(value) == len(default) else self._wrong(name)

    def either(self, name: str, index: int) -> Sizes | None:
        """Whole numbers that were an attribute in older opsets and are an input in newer ones."""
        return self.integers(index, name) if self.has(index) else self.list_of(name)

    def _wrong(self, name: str) -> NoReturn:
        self.refuse(f'its attribute "{name}" is of the wrong kind or length')

    # Axes

    def place_of_axis(self, axis: int, rank: int) -> int:
        """An axis as the file counts, not negative."""
        if not -rank <= axis < rank:
            self.refuse(f"it works along axis {axis} of a value that has {rank}")
        return axis % rank

    def axis(self, axis: int, rank: int) -> int:
        """An axis as torch counts: with the axis of samples in front where the file has none."""
        return self.place_of_axis(axis, rank) + self.lead

    def axes(self, axes: Sizes, rank: int) -> Sizes:
        """Several axes as torch counts, in rising order."""
        places = tuple(sorted({self.axis(axis, rank) for axis in axes}))
        if len(places) != len(axes):
            self.refuse("it names an axis twice")
        return places

    def batched(self, function: Callable[..., Tensor]) -> Callable[..., Tensor]:
        """A function of torch that wants one axis of samples, applied where there are two."""
        if not self.lead:
            return function
        count = self.shape(0)[0] if self.rank(0) else self.refuse("it needs an axis of samples")

        def merged(x: Tensor, *rest: Tensor) -> Tensor:
            y = function(x.flatten(0, 1), *rest)
            return y.reshape(-1, count, *y.shape[1:])

        return merged

    def reshaped(self, index: int, after: tuple[Sizes, Sizes]) -> Call:
        """A reshape to what was worked out at each of `PROBES`; the axis that differs is that of the samples."""
        first, second = after
        open_axes = [axis for axis, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
        if len(open_axes) > 1:
            self.refuse("the shape it gives depends on the number of samples in more than one axis")
        sizes = [-1 if axis in open_axes else size for axis, size in enumerate(first)]
        if self.lead and self.is_flow(index):
            sizes = [-1, *sizes]
        return self.call(lambda x: x.reshape(sizes), self.operand(index))

    def for_file_batch(self, pair: tuple[Sizes, Sizes]) -> Sizes:
        """What a shape was when the file was exported: sizes grow evenly with the number of samples."""
        growth = [(b - a) // (PROBES[1] - PROBES[0]) for a, b in zip(*pair, strict=True)]
        away = (self.file_batch or PROBES[0]) - PROBES[0]
        return tuple(a + away * step for a, step in zip(pair[0], growth, strict=True))

    def align(self, indices: list[int]) -> Callable[[tuple[Tensor, ...]], list[Tensor]]:
        """Make what depends on the samples broadcast as the file means it, where it has an axis in front."""
        ranks = [self.rank(index) for index in indices]
        most = max(ranks, default=0)
        missing = [
            most - rank if self.lead and self.is_flow(index) else 0 for index, rank in zip(indices, ranks, strict=True)
        ]

        def aligned(tensors: tuple[Tensor, ...]) -> list[Tensor]:
            return [
                tensor.reshape(-1, *[1] * count, *tensor.shape[1:]) if count else tensor
                for tensor, count in zip(tensors, missing, strict=True)
            ]

        return aligned
