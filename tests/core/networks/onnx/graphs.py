"""ONNX networks built by hand for tests, and their comparison with onnxruntime."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import NodeProto, TensorProto, helper, numpy_helper

from core.networks.onnx.loading import ImportedOnnx, import_onnx
from core.networks.program import load_program

Arrays = Mapping[str, np.ndarray]
TOLERANCE = 1e-5  # of the largest output


def numbers(*shape: int, seed: int = 0, low: float = -1.0, high: float = 1.0) -> np.ndarray:
    return np.random.default_rng([seed, *shape]).uniform(low, high, shape).astype(np.float32)


def network(
    nodes: Sequence[NodeProto],
    arrays: Arrays,
    shape: Sequence[int | str | None],
    *,
    opset: int = 17,
    output: str = "y",
    kind: int = TensorProto.FLOAT,
) -> bytes:
    """The bytes of a network from "x" of this shape to an output of any shape."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info("x", kind, list(shape))],
        [helper.make_tensor_value_info(output, kind, None)],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    return model.SerializeToString()


def node(operator: str, inputs: str, outputs: str = "y", **attributes: object) -> NodeProto:
    """An operator with its inputs and outputs in one text each; a lone ``-`` is an input that is left out."""
    names = ["" if name == "-" else name for name in inputs.split()]
    return helper.make_node(
        operator, names, outputs.split(), name=f"{operator.lower()}_{outputs.split(maxsplit=1)[0]}", **attributes
    )


def by_runtime(content: bytes, rows: np.ndarray) -> np.ndarray:
    """What onnxruntime gives for a batch."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    (given,) = session.run(None, {session.get_inputs()[0].name: rows})
    return np.asarray(given)


def by_program(imported: ImportedOnnx, rows: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return load_program(imported.program, "net.onnx")(torch.from_numpy(rows)).numpy()


def difference(ours: np.ndarray, truth: np.ndarray) -> float:
    """The largest difference, in units of the largest output."""
    assert ours.size == truth.size
    return float(np.abs(ours - truth.reshape(ours.shape)).max() / max(np.abs(truth).max(), 1e-30))


def assert_same(content: bytes, *, low: float = -1.0, high: float = 1.0, one_by_one: bool = False) -> ImportedOnnx:
    """Import a network and compare it with onnxruntime on batches of 1 and 7."""
    imported = import_onnx(content, "net.onnx")
    worst = 0.0
    for count in (1, 7):
        rows = numbers(count, *imported.input_shape, seed=count, low=low, high=high)
        if one_by_one:
            shape = [
                dim.dim_value for dim in onnx.ModelProto.FromString(content).graph.input[0].type.tensor_type.shape.dim
            ]
            truth = np.concatenate([by_runtime(content, row.reshape(shape)).reshape(1, -1) for row in rows])
        else:
            truth = by_runtime(content, rows).reshape(count, -1)
        worst = max(worst, difference(by_program(imported, rows), truth))
    assert worst <= TOLERANCE
    assert imported.outputs == truth.shape[1]
    return imported
