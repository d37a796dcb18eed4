"""From an ONNX graph to a torch module: operator by operator, every shape worked out before anything is computed.

Each value is worked out for two numbers of samples at once, on torch's meta device, which has shapes but no numbers.
What is the same for both does not depend on the samples' number; what depends on no sample at all is a constant, and
is folded. So shapes that an exporter computes in the graph become plain sizes, and the axis of samples stays free.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from core.errors import UnreadableFile, UnsupportedNetwork
from core.job import JobContext
from core.networks.onnx.module import TranslatedGraph
from core.networks.onnx.operators.table import AT_ONCE, CONVERTERS, REASONS
from core.networks.onnx.records import MOST_ELEMENTS, GraphRecord, NodeRecord
from core.networks.onnx.store import Store
from core.networks.onnx.tensors import bounded
from core.networks.onnx.values import PROBES, Call, Edge, Flow, Known, Literal, Operand, Sizes, Step, Stored, Value
from core.networks.onnx.view import NodeView

RENAMED = frozenset({"Identity", "Cast", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Dropout"})
WITHOUT_ORDER = frozenset({"Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Dropout"})
SOFTMAX = frozenset({"Softmax", "LogSoftmax"})
TRANSPARENT = frozenset({"Reshape", "Squeeze", "Unsqueeze", "Flatten"})  # an Add after these may still be a bias
SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the axes of the file's input are taken."""

    sample: Sizes  # shape of one sample as the module gets it
    inside: Sizes  # shape of the input as the file knows it, without an axis of samples unless that is the file's
    lead: int  # 1 if the axis of samples is put in front, 0 if it is the file's own first axis
    file_batch: int | None = None  # what the file's first axis was fixed to, if it was

    @property
    def own_axis(self) -> bool:
        """Whether the file has a first axis of size one that a sample comes without."""
        return self.lead == 1 and self.inside != self.sample


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A module in evaluation mode, (n, *sample) → (n, outputs)."""

    module: TranslatedGraph
    outputs: int
    notes: tuple[str, ...]


def unsupported(graph: GraphRecord, path: Path | str) -> UnsupportedNetwork | None:
    """What to say about the operators that are not translated, or nothing if all are."""
    missing = [node for node in graph.nodes if node.operator not in CONVERTERS and node.operator not in AT_ONCE]
    if not missing:
        return None
    reasons = (f": {REASONS[node.operator]}" if node.operator in REASONS else "" for node in missing)
    return _refusal([f"{node.place}{reason}" for node, reason in zip(missing, reasons, strict=True)], path)


def _refusal(places: list[str], path: Path | str) -> UnsupportedNetwork:
    more = f", and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return UnsupportedNetwork(
        f"{path}: Corrie cannot translate {', '.join(places[:SHOWN])}{more}. "
        "Export the network without it, or as a .pt2 program of torch."
    )


def translate(graph: GraphRecord, reading: Reading, path: Path | str, job: JobContext) -> Translation:
    """Translate a graph whose operators are all known.

    Raises
    ------
    UnsupportedNetwork
        If an operator is used in a way that is not supported, or the shapes do not fit; the text names the place.
    UnreadableFile
        If the graph is no graph: a node reads what nothing gives.
    """
    return _Translator(graph, reading, path, job).run()


class _Translator:
    def __init__(self, graph: GraphRecord, reading: Reading, path: Path | str, job: JobContext) -> None:
        self._graph, self._reading, self._path, self._job = graph, reading, path, job
        self._store = Store()
        self._steps: list[Step] = []
        self._notes: list[str] = []
        self._refused: list[str] = []
        self._lost: set[str] = set()  # values that come after an operator that was refused
        self._values: dict[str, Value] = {
            name: Known(values=(tensor, tensor), origin=name) for name, tensor in graph.initialisers.items()
        }
        shapes = ((count, *reading.inside) if reading.lead else (count, *reading.inside[1:]) for count in PROBES)
        first, second = (torch.empty(shape, device="meta") for shape in shapes)
        self._values[graph.input_name] = Flow(probes=(first, second), producer="")

    def run(self) -> Translation:
        last = self._final_softmax()
        for index, node in enumerate(self._graph.nodes):
            self._job.check()
            if index % 20 == 0:
                self._job.progress(index, len(self._graph.nodes), "Translating operators")
            if self._lost.intersection(node.inputs):
                self._lost.update(node.outputs)
                continue
            try:
                self._take(node, is_last=node is last)
            except UnsupportedNetwork as error:
                self._refuse(node, str(error))
            except (RuntimeError, ValueError, IndexError, TypeError, OverflowError) as error:
                lines = str(error).strip().splitlines() or [type(error).__name__]
                self._refuse(node, f"{node.place}: its inputs do not fit ({lines[0][:160].rstrip('.')})")
        if self._refused:
            raise _refusal(self._refused, self._path)
        outputs = self._close()
        module = TranslatedGraph(
            self._store.module,
            tuple(self._freeing()),
            self._graph.input_name,
            self._graph.output_name,
            own_axis=self._reading.own_axis,
        )
        return Translation(module=module.eval(), outputs=outputs, notes=tuple(dict.fromkeys(self._notes)))

    def _refuse(self, node: NodeRecord, text: str) -> None:
        self._refused.append(text)
        self._lost.update(node.outputs)

    def _take(self, node: NodeRecord, *, is_last: bool) -> None:
        """One operator."""
        for name in node.inputs:
            if name and name not in self._values:
                raise UnreadableFile(
                    self._path,
                    f'{node.place} reads "{name[:60]}", which nothing before it gives.',
                    "The file is damaged: export it again.",
                )
        inputs = [self._values[name] if name else None for name in node.inputs]
        flows = any(isinstance(value, Flow) for value in inputs)
        if node.operator in AT_ONCE:
            self._give(node, (AT_ONCE[node.operator](self._view(node, inputs, self._store)),))
        elif not flows:
            self._give(node, self._folded(node, inputs))
        else:
            view = self._view(node, inputs, self._store)
            call = CONVERTERS[node.operator](view)
            if is_last and self._over_all_classes(view):
                call = view.call(lambda x: x, view.operand(0))
                self._notes.append(f"the {node.operator} at the end taken off: Corrie works with logits")
            self._notes += view.notes
            self._emit(node, call)

    def _view(self, node: NodeRecord, inputs: list[Value | None], store: Store | None) -> NodeView:
        reading = self._reading
        return NodeView(
            node, inputs, opset=self._graph.opset, lead=reading.lead, file_batch=reading.file_batch, store=store
        )

    def _give(self, node: NodeRecord, values: tuple[Value, ...]) -> None:
        for name, value in zip(node.outputs, values, strict=False):
            if name in self._values and name:
                raise UnreadableFile(
                    self._path, f'Two nodes give "{name[:60]}".', "The file is damaged: export it again."
                )
            self._values[name] = value

    # Constants

    def _folded(self, node: NodeRecord, inputs: list[Value | None]) -> tuple[Known, ...]:
        """The outputs of an operator whose inputs are all constant, computed here."""
        known = [value for value in inputs if isinstance(value, Known)]
        origin = known[0].origin if known and node.operator in RENAMED else ""
        first = self._computed(node, inputs, 0)
        second = first if all(value.fixed for value in known) else self._computed(node, inputs, 1)
        return tuple(
            Known(values=pair, origin=origin or name)
            for pair, name in zip(zip(first, second, strict=True), node.outputs, strict=False)
        )

    def _computed(self, node: NodeRecord, inputs: list[Value | None], probe: int) -> tuple[Tensor, ...]:
        at_probe: list[Value | None] = [
            Known(values=(value.values[probe],) * 2, origin=value.origin) if isinstance(value, Known) else None
            for value in inputs
        ]
        call = CONVERTERS[node.operator](self._view(node, at_probe, None))
        operands = [operand.tensor for operand in call.operands if isinstance(operand, Literal)]
        for tensor in _tuple_of(_on_meta(call, operands)):
            bounded(tensor.numel())
        return _tuple_of(call.function(*operands))

    # What depends on the samples

    def _emit(self, node: NodeRecord, call: Call) -> None:
        """Add a call, after working out the shapes of what it gives."""
        pairs = []
        for probe, count in enumerate(PROBES):
            given = _tuple_of(call.function(*(self._meta(operand, probe) for operand in call.operands)))
            for tensor in given:
                if tensor.numel() > MOST_ELEMENTS * count:
                    bounded(tensor.numel() // count)
            pairs.append(given)
        names = tuple(name or f"{node.outputs[0]} {index}" for index, name in enumerate(node.outputs))
        producer = node.operator
        if producer in TRANSPARENT:
            source = self._values[node.inputs[0]]
            producer = source.producer if isinstance(source, Flow) else producer
        flows = [Flow(probes=(a, b), producer=producer) for a, b in zip(*pairs, strict=True)]
        self._give(replace(node, outputs=names), tuple(flows))
        self._steps.append(Step(call=call, outputs=names[: len(flows)]))

    def _meta(self, operand: Operand, probe: int) -> Tensor:
        if isinstance(operand, Stored):
            return self._store.meta(operand)
        if isinstance(operand, Edge):
            value = self._values[operand.name]
            return value.probes[probe] if isinstance(value, Flow) else value.values[probe].to("meta")
        return operand.tensor.to("meta")

    def _freeing(self) -> Iterator[Step]:
        """The steps, each with the values that are read there for the last time."""
        last = {
            operand.name: step for step in self._steps for operand in step.call.operands if isinstance(operand, Edge)
        }
        freed: dict[int, list[str]] = {}
        for name, reader in last.items():
            if name != self._graph.output_name:
                freed.setdefault(id(reader), []).append(name)
        for step in self._steps:
            yield replace(step, freed=tuple(freed.get(id(step), ())))

    # The end

    def _final_softmax(self) -> NodeRecord | None:
        """The softmax whose values, perhaps reshaped, are the output."""
        givers = {name: node for node in self._graph.nodes for name in node.outputs}
        node = givers.get(self._graph.output_name)
        while node is not None and node.operator in WITHOUT_ORDER and node.inputs:
            node = givers.get(node.inputs[0])
        return node if node is not None and node.operator in SOFTMAX else None

    def _over_all_classes(self, view: NodeView) -> bool:
        """Whether a softmax compares all that a sample has there: then its input are the logits."""
        first, second = view.shapes(0)
        rank = len(first)
        axis = view.place_of_axis(view.integer("axis", -1 if view.opset >= 13 else 1), rank)
        compared = range(axis, rank) if view.opset < 13 else (axis,)
        rest = [size for place, size in enumerate(first) if place not in compared]
        open_ones = [place for place, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
        own = PROBES[0] if open_ones else 1
        product = 1
        for size in rest:
            product *= size
        return product == own and not set(compared).intersection(open_ones)

    def _close(self) -> int:
        """Make the output rows, and count their numbers."""
        name = self._graph.output_name
        value = self._values.get(name)
        if not isinstance(value, Flow):
            raise UnsupportedNetwork(
                f"{self._path}: What it gives does not depend on its input. Export the network itself."
            )
        first, second = (tuple(probe.shape) for probe in value.probes)
        rows = len(first) > 0 and (first[0], second[0]) == PROBES and first[1:] == second[1:]
        if not rows:
            raise UnsupportedNetwork(
                f"{self._path}: It does not give one row of logits for each sample. Export one that does."
            )
        sizes = first[1:]
        large = [size for size in sizes if size != 1]
        if len(large) > 1 or 0 in sizes:
            raise UnsupportedNetwork(
                f"{self._path}: It gives {' × '.join(map(str, sizes))} numbers per sample, not one row of logits. "
                "Export a network that classifies."
            )
        if len(sizes) != 1:
            call = Call(function=lambda x: x.reshape(-1, large[0] if large else 1), operands=(Edge(name),))
            self._steps.append(Step(call=call, outputs=(name,)))
        return large[0] if large else 1


def _tuple_of(given: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return given if isinstance(given, tuple) else (given,)


def _on_meta(call: Call, operands: list[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """The call without numbers, to see how much it would give; converters that ask for numbers have bounded theirs."""
    try:
        return call.function(*(tensor.to("meta") for tensor in operands))
    except (RuntimeError, NotImplementedError):
        return ()
