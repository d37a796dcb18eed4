"""From the bytes of an `.onnx` file to records. Nothing in the file is executed; what is not understood is refused."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from onnx import AttributeProto, ModelProto, TensorProto
from torch import Tensor

from core.errors import CorrieError, UnreadableFile, UnsupportedNetwork
from core.job import JobContext
from core.networks.onnx.records import Attribute, GraphRecord, NodeRecord, place_of
from core.networks.onnx.tensors import FLOATS, INTEGERS, tensor_of

MOST_BYTES = 2**31 - 1  # protobuf's own limit
MOST_NODES = 50_000
OLDEST, NEWEST = 6, 24  # opsets
OWN_DOMAINS = ("", "ai.onnx")


def read_graph(content: bytes, path: Path | str, job: JobContext) -> GraphRecord:
    """Read a network with one input and one output.

    Raises
    ------
    UnreadableFile
        If the file is damaged or is no ONNX file.
    UnsupportedNetwork
        If the network has several inputs or outputs, functions of its own, or an opset that is not known.
    """
    model = _parsed(content, path)
    graph = model.graph
    opset = _opset(model, path)
    if model.functions:
        raise UnsupportedNetwork(
            f'{path}: It defines operators of its own, such as "{model.functions[0].name[:80]}". '
            "Inline them: onnx.inliner.inline_local_functions."
        )
    if graph.sparse_initializer:
        raise UnsupportedNetwork(f"{path}: It holds sparse weights. Export the network with dense ones.")
    if len(graph.node) > MOST_NODES:
        raise UnsupportedNetwork(
            f"{path}: It has {len(graph.node):,} operators; Corrie translates up to {MOST_NODES:,}."
        )
    names = {proto.name for proto in graph.initializer}
    if len(names) < len(graph.initializer):
        raise UnreadableFile(path, "Two of its tensors have the same name.", "The file is damaged: export it again.")
    given = _only([one for one in graph.input if one.name not in names], "input", path)
    wanted = _only(graph.output, "output", path)
    nodes = _needed(graph.node, wanted.name)
    asked = {name for _, node in nodes for name in node.input} | {wanted.name}
    initialisers = {}
    for proto in graph.initializer:
        job.check()
        if proto.name in asked:
            initialisers[proto.name] = tensor_of(proto, proto.name, path)
    sizes, notes = _declared(given, path)
    kinds = {FLOATS.get(one.data_type) for one in graph.initializer if one.name in asked} - {None, "float32"}
    notes += [f"weights of type {kind} made float32" for kind in sorted(map(str, kinds))]
    return GraphRecord(
        opset=opset,
        nodes=tuple(_record(node, position, len(graph.node), path) for position, node in nodes),
        initialisers=initialisers,
        input_name=given.name,
        input_sizes=sizes,
        output_name=wanted.name,
        notes=tuple(notes),
    )


def _parsed(content: bytes, path: Path | str) -> ModelProto:
    if len(content) > MOST_BYTES:
        raise UnsupportedNetwork(f"{path}: It is larger than 2 GB. Export a smaller network.")
    model = ModelProto()
    try:
        model.ParseFromString(content)
    except Exception as error:  # protobuf raises what its implementation met, which differs between versions
        raise UnreadableFile(
            path, "It is truncated, damaged, or no ONNX file.", "Export or copy the network again."
        ) from error
    if not model.HasField("graph") or not model.graph.node:
        raise UnreadableFile(path, "It holds no network.", "Export the network again with an ONNX exporter.")
    return model


def _opset(model: ModelProto, path: Path | str) -> int:
    versions = [entry.version for entry in model.opset_import if entry.domain in OWN_DOMAINS]
    if len(versions) != 1:
        raise UnreadableFile(path, "It does not say which version of ONNX's operators it uses.", "Export it again.")
    version = int(versions[0])
    if not OLDEST <= version <= NEWEST:
        raise UnsupportedNetwork(
            f"{path}: It uses opset {version}; Corrie reads {OLDEST} to {NEWEST}. Export it with one of those, "
            "or convert it: onnx.version_converter.convert_version."
        )
    return version


def _only(values: Iterable[Any], what: str, path: Path | str) -> Any:
    """The one input or output."""
    found = list(values)
    if len(found) == 1:
        return found[0]
    names = ", ".join(f'"{one.name[:40]}"' for one in found[:6])
    raise UnsupportedNetwork(
        f"{path}: It has {len(found)} {what}s{f' ({names})' if names else ''}. "
        "Corrie analyses networks that take one tensor and give one; export such a network."
    )


def _needed(nodes: Any, output: str) -> list[tuple[int, Any]]:
    """The nodes that the output depends on, with their positions in the file, counted from 1."""
    wanted, kept = {output}, []
    for position in range(len(nodes), 0, -1):
        node = nodes[position - 1]
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append((position, node))
    return kept[::-1]


def _declared(given: Any, path: Path | str) -> tuple[tuple[int | None, ...] | None, list[str]]:
    """The input's sizes as the file gives them, and a word on its type."""
    kind = given.type.WhichOneof("value")
    if kind != "tensor_type":
        raise UnsupportedNetwork(f'{path}: Its input "{given.name[:40]}" is no tensor ({kind}). Export one that is.')
    tensor = given.type.tensor_type
    notes = []
    if tensor.elem_type in INTEGERS:
        notes.append("an input of whole numbers, which is given as float32")
    elif tensor.elem_type not in FLOATS:
        raise UnsupportedNetwork(
            f'{path}: Its input "{given.name[:40]}" holds no numbers. Export one that takes floats.'
        )
    elif tensor.elem_type != TensorProto.FLOAT:
        notes.append(f"an input of type {FLOATS[tensor.elem_type]} made float32")
    if not tensor.HasField("shape"):
        return None, notes
    return tuple(int(dim.dim_value) if dim.dim_value > 0 else None for dim in tensor.shape.dim), notes


def _record(node: Any, position: int, total: int, path: Path | str) -> NodeRecord:
    operator = node.op_type if node.domain in OWN_DOMAINS else f"{node.domain}.{node.op_type}"
    place = place_of(operator, node.name, position, total)
    attributes: dict[str, Attribute] = {}
    unread = []
    for attribute in node.attribute:
        value = _attribute(attribute, f"{place}, {attribute.name}", path)
        if value is None:
            unread.append(attribute.name)
        else:
            attributes[attribute.name] = value
    return NodeRecord(
        operator=operator,
        name=node.name,
        inputs=tuple(node.input),
        outputs=tuple(node.output),
        attributes=attributes,
        unread=tuple(unread),
        place=place,
    )


def _attribute(attribute: AttributeProto, name: str, path: Path | str) -> Attribute | None:
    """The value of an attribute, or nothing for the kinds that only control flow has."""
    readers = {
        AttributeProto.INT: lambda: int(attribute.i),
        AttributeProto.FLOAT: lambda: float(attribute.f),
        AttributeProto.STRING: lambda: attribute.s.decode("utf-8", "replace"),
        AttributeProto.INTS: lambda: tuple(map(int, attribute.ints)),
        AttributeProto.FLOATS: lambda: tuple(map(float, attribute.floats)),
        AttributeProto.STRINGS: lambda: tuple(text.decode("utf-8", "replace") for text in attribute.strings),
        AttributeProto.TENSOR: lambda: _tensor(attribute, name, path),
    }
    reader = readers.get(attribute.type)
    return None if reader is None else reader()  # type: ignore[no-untyped-call]


def _tensor(attribute: AttributeProto, name: str, path: Path | str) -> Tensor:
    try:
        return tensor_of(attribute.t, name, path)
    except CorrieError:
        raise
    except Exception as error:
        raise UnreadableFile(path, f"{name} cannot be read ({error}).", "Export the network again.") from error
