"""A TorchScript network as an ordinary module that repeats its graph operator by operator, so that it can be exported.

TorchScript's own executor cannot be looked into by ``torch.export``. Its graph can: every node names an operator of
torch with its overload, so the graph is walked in Python, where the exporter sees each call and keeps the size of the
batch as a symbol. Parameters and buffers keep the names they had.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import UnsupportedNetwork
from core.networks.foreign.script_operators import KNOWN, NEVER, as_declared, plain_result

SHOWN = 5  # operators named in a refusal
MOST_ROUNDS = 10_000  # of a loop


class ScriptGraph(nn.Module):
    """The forward pass of a TorchScript module.

    Parameters
    ----------
    script : torch.jit.ScriptModule
        In evaluation mode, on the processor.

    Raises
    ------
    UnsupportedNetwork
        If it takes several inputs, or uses operators that are none of torch's own; the text names them.
    """

    def __init__(self, script: Any) -> None:
        super().__init__()
        self._script_graph = script.inlined_graph
        self._script_values: dict[str, Any] = {}  # by the place in the module: what is no tensor
        inputs = list(self._script_graph.inputs())
        if len(inputs) != 2:
            raise UnsupportedNetwork(
                f"Its forward takes {len(inputs) - 1} inputs. Script or trace a network that takes one tensor."
            )
        refuse_unknown(self._script_graph)
        for name, parameter in script.named_parameters(remove_duplicate=False):
            self._place(name).register_parameter(name.rpartition(".")[2], _same(self, parameter))
        for name, buffer in script.named_buffers(remove_duplicate=False):
            self._place(name).register_buffer(name.rpartition(".")[2], buffer)
        self._read_attributes(script)

    def _place(self, name: str) -> nn.Module:
        """The part of this module that a parameter of that name belongs to; made if it is not there yet."""
        part: nn.Module = self
        for step in name.split(".")[:-1]:
            if step not in part._modules:  # noqa: SLF001  hasattr would find methods of nn.Module
                part.add_module(step, nn.Module())
            part = part.get_submodule(step)
        return part

    def _read_attributes(self, script: Any) -> None:
        """Keep what the graph asks of its parts besides tensors: numbers, flags, texts."""
        for node in _nodes(self._script_graph):
            if node.kind() != "prim::GetAttr":
                continue
            path = _path(node)
            value = script
            for step in path.split("."):
                value = getattr(value, step)
            if isinstance(value, Tensor):
                if not isinstance(_lookup(self, path), Tensor):
                    self._place(path).register_buffer(path.rpartition(".")[2], value)
            elif not isinstance(value, torch.jit.ScriptModule):
                self._script_values[path] = value

    def forward(self, x: Tensor) -> Any:
        """Repeat the graph on a batch of inputs."""
        values: dict[str, Any] = {}
        _, image = self._script_graph.inputs()
        values[image.debugName()] = x
        (output,) = self._run(self._script_graph, values)
        return output

    def _run(self, block: Any, values: dict[str, Any]) -> list[Any]:
        for node in block.nodes():
            results = self._results(node, values)
            for output, result in zip(node.outputs(), results, strict=True):
                values[output.debugName()] = result
        return [values[output.debugName()] for output in block.outputs()]

    def _results(self, node: Any, values: dict[str, Any]) -> Sequence[Any]:
        """What one node gives: as many values as it has outputs."""
        arguments = [values.get(value.debugName()) for value in node.inputs()]
        result: Any
        match node.kind():
            case "prim::GetAttr":
                result = self._attribute(_path(node))
            case "prim::Constant":
                result = node.output().toIValue()
            case "prim::If":
                branch, other = node.blocks()
                return self._run(branch if arguments[0] else other, values)
            case "prim::Loop":
                return self._loop(node, arguments, values)
            case "prim::ListUnpack" | "prim::TupleUnpack":
                return [*(arguments[0] or ())]
            case "prim::RaiseException":
                raise ValueError(str(arguments[0]))
            case "prim::Uninitialized":
                result = None
            case _:
                result = _called(node, arguments)
        return [] if node.outputsSize() == 0 else [result] if node.outputsSize() == 1 else list(result)

    def _loop(self, node: Any, arguments: list[Any], values: dict[str, Any]) -> list[Any]:
        rounds, goes_on, *carried = arguments
        (body,) = node.blocks()
        count, *inner = body.inputs()
        done = 0
        while goes_on and done < min(int(rounds), MOST_ROUNDS):
            values[count.debugName()] = done
            values.update(zip((value.debugName() for value in inner), carried, strict=True))
            goes_on, *carried = self._run(body, values)
            done += 1
        return carried

    def _attribute(self, path: str) -> Any:
        return self._script_values[path] if path in self._script_values else _lookup(self, path)


def _called(node: Any, arguments: list[Any]) -> Any:
    """The result of an operator, by Python where it is about numbers, else by the very overload that it names."""
    kind = node.kind()
    if kind == "prim::ListConstruct":
        return arguments
    if kind == "prim::TupleConstruct":
        return tuple(arguments)
    if kind == "prim::TupleIndex":
        return arguments[0][arguments[1]]
    plain, result = plain_result(kind, arguments)
    if plain:
        return result
    if kind == "aten::_convolution" and not arguments[6]:  # as tracing writes it: with switches for graphics cards
        arguments = [*arguments[:6], arguments[8]]
        axes = arguments[1].dim() - 2
        return getattr(torch.ops.aten, f"conv{axes}d").default(*arguments)
    schema = torch._C.parse_schema(node.schema())  # noqa: SLF001  the only way from a node to its overload
    packet = getattr(torch.ops.aten, schema.name.partition("::")[2])
    call = getattr(packet, schema.overload_name or "default")
    positional, named = [], {}
    for value, declared in zip(arguments, call._schema.arguments, strict=False):  # noqa: SLF001
        fitting = as_declared(value, str(declared.real_type))
        if declared.kwarg_only:
            named[declared.name] = fitting
        else:
            positional.append(fitting)
    return call(*positional, **named)


def _nodes(block: Any) -> Iterator[Any]:
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from _nodes(inner)


def refuse_unknown(graph: Any) -> None:
    """Raise `UnsupportedNetwork` if a graph holds operators that are not translated; nothing of it is run."""
    kinds = dict.fromkeys(node.kind() for node in _nodes(graph))
    unknown = [k for k in kinds if k in NEVER or (k not in KNOWN and not k.startswith("aten::"))]
    if unknown:
        more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
        raise UnsupportedNetwork(
            f"It uses operators that Corrie does not translate: {', '.join(unknown[:SHOWN])}{more}. "
            "Export the network with torch.export.save, or as ONNX."
        )


def _path(node: Any) -> str:
    """``layer1.0.weight``: the names of this node and of those before it, from the outermost module on."""
    steps = [node.s("name")]
    origin = node.input().node()
    while origin.kind() == "prim::GetAttr":
        steps.append(origin.s("name"))
        origin = origin.input().node()
    return ".".join(reversed(steps))


def _lookup(module: nn.Module, path: str) -> Any:
    """The tensor or part at that place, None if there is none yet."""
    part: Any = module
    for step in path.split("."):
        held = {**part._parameters, **part._buffers, **part._modules}  # noqa: SLF001
        part = held.get(step)
        if part is None:
            return None
    return part


def _same(module: nn.Module, parameter: Tensor) -> nn.Parameter:
    """The parameter that already holds this memory, or a new one: layers that share their weights go on doing so."""
    for known in module.parameters():
        if known.data_ptr() == parameter.data_ptr() and known.shape == parameter.shape and known.numel():
            return known
    return nn.Parameter(parameter.detach(), requires_grad=parameter.is_floating_point())
