"""Random small graphs: whatever hypothesis puts together, the program gives what onnxruntime gives."""

import numpy as np
import onnx
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import NodeProto

from tests.core.networks.onnx.graphs import assert_same, network, node, numbers

ELEMENTWISE = ("Relu", "LeakyRelu", "Sigmoid", "Tanh", "Abs", "Neg", "Elu", "HardSigmoid", "Identity", "Softplus")
BINARY = ("Add", "Sub", "Mul", "Max", "Min")


@st.composite
def dense_networks(draw: st.DrawFn) -> bytes:
    """Chains of layers, with shortcuts and joins, over rows."""
    width = draw(st.integers(1, 6))
    batch = draw(st.sampled_from(["N", 1]))
    nodes: list[NodeProto] = []
    arrays: dict[str, np.ndarray] = {}
    values = [("x", width)]  # with their widths
    for layer in range(draw(st.integers(1, 7))):
        source, wide = draw(st.sampled_from(values))
        name = f"h{layer}"
        match draw(st.sampled_from(["gemm", "matmul", "alone", "constant", "pair", "join", "around"])):
            case "gemm" | "matmul" as kind:
                more = draw(st.integers(1, 6))
                turned = kind == "gemm" and draw(st.booleans())
                arrays[f"w{layer}"] = numbers(more, wide, seed=layer) if turned else numbers(wide, more, seed=layer)
                arrays[f"b{layer}"] = numbers(more, seed=layer)
                if kind == "gemm":
                    nodes.append(node("Gemm", f"{source} w{layer} b{layer}", name, transB=int(turned)))
                else:
                    nodes.append(node("MatMul", f"{source} w{layer}", name))
                wide = more
            case "alone":
                nodes.append(node(draw(st.sampled_from(ELEMENTWISE)), source, name))
            case "constant":
                arrays[f"c{layer}"] = numbers(draw(st.sampled_from([1, wide])), seed=layer)
                nodes.append(node(draw(st.sampled_from(BINARY)), f"{source} c{layer}", name))
            case "pair":
                other = draw(st.sampled_from([value for value, size in values if size == wide]))
                nodes.append(node(draw(st.sampled_from(BINARY)), f"{source} {other}", name))
            case "join":
                other, more = draw(st.sampled_from(values))
                nodes.append(node("Concat", f"{source} {other}", name, axis=draw(st.sampled_from([1, -1]))))
                wide += more
            case _:
                arrays[f"t{layer}"] = np.array([0, wide, 1])
                arrays[f"u{layer}"] = np.array([1 if batch == 1 else -1, wide])
                nodes += [
                    node("Reshape", f"{source} t{layer}", f"r{layer}"),
                    node("Reshape", f"r{layer} u{layer}", name),
                ]
        values.append((name, wide))
    nodes.append(node("Identity", values[-1][0]))
    return network(nodes, arrays, [batch, width], opset=draw(st.sampled_from([9, 13, 17, 21])))


@st.composite
def convolutional_networks(draw: st.DrawFn) -> bytes:
    """One convolution and one pooling of any kind over an image of any size."""
    channels, filters = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    height, width = draw(st.integers(5, 9)), draw(st.integers(5, 9))
    kernel = [draw(st.integers(1, 3)) for _ in range(2)]
    small = st.integers(0, 2)
    arrays = {"w": numbers(filters, channels, *kernel), "b": numbers(filters)}
    nodes = [
        node(
            "Conv",
            "x w b",
            "c",
            strides=[draw(st.integers(1, 2)) for _ in range(2)],
            dilations=[draw(st.integers(1, 2)) for _ in range(2)],
            pads=[draw(small) for _ in range(4)],
        )
    ]
    window = [draw(st.integers(1, 3)) for _ in range(2)]
    words: dict[str, object] = {
        "kernel_shape": window,
        "strides": [draw(st.integers(1, 3)) for _ in range(2)],
        "pads": [draw(st.integers(0, size - 1)) for size in window * 2],
        "ceil_mode": draw(st.integers(0, 1)),
    }
    pooling = draw(st.sampled_from(["MaxPool", "AveragePool"]))
    if pooling == "AveragePool":
        words["count_include_pad"] = draw(st.integers(0, 1))
    nodes += [node("Pad", "c p", "q", mode="edge"), node(pooling, "q", "d", **words), node("Flatten", "d")]
    arrays["p"] = np.array([0, 0, 1, 0, 0, 0, 1, 3])  # so that the window always fits
    return network(nodes, arrays, ["N", channels, height, width], opset=19)


@settings(max_examples=40, deadline=None)
@given(dense_networks())
def test_a_random_dense_graph_gives_what_onnxruntime_gives(content: bytes) -> None:
    first = onnx.ModelProto.FromString(content).graph.input[0].type.tensor_type.shape.dim[0]
    assert_same(content, one_by_one=first.dim_value == 1)


@settings(max_examples=40, deadline=None)
@given(convolutional_networks())
def test_a_random_convolutional_graph_gives_what_onnxruntime_gives(content: bytes) -> None:
    assert_same(content)
