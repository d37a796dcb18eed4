"""Every operator against onnxruntime, in batches of 1 and 7, in the forms that the opsets gave it."""

from collections.abc import Sequence

import numpy as np
import pytest
from onnx import NodeProto, TensorProto, helper

from core.networks.onnx.loading import import_onnx
from core.networks.onnx.operators.table import AT_ONCE, CONVERTERS
from tests.core.networks.onnx.graphs import (
    TOLERANCE,
    Arrays,
    assert_same,
    by_program,
    by_runtime,
    difference,
    network,
    node,
    numbers,
)

Case = tuple[Sequence[int], Sequence[NodeProto], Arrays, int]
FLAT = node("Flatten", "h", "y")
IMAGE, SIGNAL, ROW = (3, 9, 8), (4, 11), (6,)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def on_image(operator: str, inputs: str = "x", arrays: Arrays | None = None, opset: int = 17, **words: object) -> Case:
    return IMAGE, [node(operator, inputs, "h", **words), FLAT], arrays or {}, opset


def on_signal(operator: str, inputs: str = "x", arrays: Arrays | None = None, opset: int = 17, **words: object) -> Case:
    return SIGNAL, [node(operator, inputs, "h", **words), FLAT], arrays or {}, opset


def on_row(operator: str, inputs: str = "x", arrays: Arrays | None = None, opset: int = 17, **words: object) -> Case:
    return ROW, [node(operator, inputs, "y", **words)], arrays or {}, opset


W2, W1 = {"w": numbers(4, 3, 3, 2)}, {"w": numbers(6, 4, 3)}
BIASED = {**W2, "b": numbers(4)}
GROUPED = {"w": numbers(6, 1, 3, 3)}
BN = {"s": numbers(3), "b": numbers(3, seed=1), "m": numbers(3, seed=2), "v": numbers(3, low=0.2, high=2.0)}
LINEAR: dict[str, Case] = {
    "gemm": on_row("Gemm", "x w b", {"w": numbers(6, 4), "b": numbers(4)}),
    "gemm transposed": on_row("Gemm", "x w b", {"w": numbers(4, 6), "b": numbers(4)}, transB=1),
    "gemm scaled": on_row("Gemm", "x w b", {"w": numbers(6, 4), "b": numbers(1, 4)}, alpha=0.3, beta=-2.0),
    "gemm without bias": on_row("Gemm", "x w", {"w": numbers(6, 4)}, opset=11),
    "gemm with one number": on_row("Gemm", "x w b", {"w": numbers(6, 4), "b": numbers(1)}),
    "matmul": on_row("MatMul", "x w", {"w": numbers(6, 4)}),
    "matmul of a stack": (SIGNAL, [node("MatMul", "x w", "h"), FLAT], {"w": numbers(11, 2)}, 17),
    "matmul from the left": (SIGNAL, [node("MatMul", "w x", "h"), FLAT], {"w": numbers(5, 4)}, 17),
    "matmul of stacks": (SIGNAL, [node("MatMul", "x w", "h"), FLAT], {"w": numbers(1, 11, 2)}, 17),
    "matmul of two that flow": (
        SIGNAL,
        [node("Transpose", "x", "t", perm=[0, 2, 1]), node("MatMul", "x t", "h"), FLAT],
        {},
        17,
    ),
    "matmul of a column": ((6, 1), [node("MatMul", "w x", "h"), FLAT], {"w": numbers(5, 6)}, 17),
}
CONVOLUTION: dict[str, Case] = {
    "conv": on_image("Conv", "x w b", BIASED),
    "conv strided and dilated": on_image("Conv", "x w", W2, strides=[2, 1], dilations=[1, 2], pads=[1, 2, 1, 2]),
    "conv with uneven border": on_image("Conv", "x w b", BIASED, pads=[0, 1, 2, 0]),
    "conv in groups": on_image("Conv", "x w", GROUPED, group=3, pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
    "conv same upper": on_image("Conv", "x w", W2, auto_pad="SAME_UPPER", strides=[2, 2]),
    "conv same lower": on_image("Conv", "x w", W2, auto_pad="SAME_LOWER"),
    "conv valid": on_image("Conv", "x w", W2, auto_pad="VALID"),
    "conv of a signal": on_signal("Conv", "x w", W1, pads=[2, 0], strides=[2]),
    "transposed conv": on_image(
        "ConvTranspose", "x w", {"w": numbers(3, 2, 3, 3)}, strides=[2, 2], output_padding=[1, 1]
    ),
    "transposed conv with border": on_image(
        "ConvTranspose", "x w b", {"w": numbers(3, 2, 3, 3), "b": numbers(2)}, pads=[1, 0, 2, 1]
    ),
    "transposed conv of a signal": on_signal("ConvTranspose", "x w", {"w": numbers(4, 1, 3)}, group=2, dilations=[2]),
}
NORMALISATION: dict[str, Case] = {
    "batch norm": on_image("BatchNormalization", "x s b m v", BN, epsilon=1e-3),
    "batch norm of opset 7": on_image("BatchNormalization", "x s b m v", BN, opset=7),
    "batch norm of opset 9": on_image("BatchNormalization", "x s b m v", BN, opset=9),
    "layer norm": on_signal("LayerNormalization", "x s b", {"s": numbers(11), "b": numbers(11, seed=1)}),
    "layer norm of two axes": on_signal("LayerNormalization", "x s", {"s": numbers(4, 11)}, axis=1),
    "response of 3 channels": on_image("LRN", size=3, alpha=0.2, bias=1.5),
}
ACTIVATION: dict[str, Case] = {
    **{
        name: on_row(name)
        for name in (
            "Relu",
            "LeakyRelu",
            "ThresholdedRelu",
            "Elu",
            "Celu",
            "Selu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
        )
    },
    **{name: on_row(name, opset=20) for name in ("Tanh", "Softplus", "Softsign", "Mish", "Gelu")},
    "Gelu by tanh": on_row("Gelu", opset=20, approximate="tanh"),
    "LeakyRelu 0.3": on_row("LeakyRelu", alpha=0.3),
    "Elu 0.3": on_row("Elu", alpha=0.3),
    "Celu 0.3": on_row("Celu", alpha=0.3),
    "Selu 2": on_row("Selu", alpha=2.0, gamma=3.0),
    "HardSigmoid 0.3": on_row("HardSigmoid", alpha=0.3, beta=0.1),
    "PRelu by channel": on_image("PRelu", "x a", {"a": numbers(3, 1, 1)}),
    "PRelu by one number": on_row("PRelu", "x a", {"a": numbers(1)}),
    "Clip of opset 6": on_row("Clip", opset=6, min=-0.3, max=0.4),
    "Clip of opset 6 above": on_row("Clip", opset=6, max=0.4),
    "Clip": on_row("Clip", "x lo hi", {"lo": np.float32(-0.2), "hi": np.float32(0.3)}),
    "Clip below": on_row("Clip", "x lo", {"lo": np.float32(0)}),
    "Clip above": on_row("Clip", "x - hi", {"hi": np.float32(0.1)}, opset=12),
    "Clip nothing": on_row("Clip"),
    "Softmax": (ROW, [node("Softmax", "x", "h"), node("Mul", "h c")], {"c": numbers(6)}, 17),
    "Softmax over channels": on_image("Softmax", axis=1),
    "Softmax of opset 11": on_image("Softmax", opset=11, axis=2),
    "LogSoftmax": (ROW, [node("LogSoftmax", "x", "h"), node("Mul", "h c")], {"c": numbers(6)}, 13),
    "LogSoftmax of opset 7": on_signal("LogSoftmax", opset=7, axis=2),
}
POOLING: dict[str, Case] = {
    "max": on_image("MaxPool", kernel_shape=[2, 3]),
    "max strided": on_image("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], opset=8),
    "max rounded up": on_image("MaxPool", kernel_shape=[2, 2], strides=[2, 3], ceil_mode=1),
    "max with uneven border": on_image("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 1, 2, 0]),
    "max dilated": on_image("MaxPool", kernel_shape=[2, 2], dilations=[2, 3]),
    "max same": on_image("MaxPool", kernel_shape=[3, 2], strides=[2, 2], auto_pad="SAME_UPPER"),
    "max of a signal": on_signal("MaxPool", kernel_shape=[3], strides=[2], pads=[1, 1]),
    "mean": on_image("AveragePool", kernel_shape=[2, 3]),
    "mean with border": on_image("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
    "mean with border counted": on_image(
        "AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1, opset=7
    ),
    "mean with uneven border": on_image("AveragePool", kernel_shape=[3, 2], pads=[0, 1, 2, 0]),
    "mean with uneven border counted": on_image(
        "AveragePool", kernel_shape=[3, 2], pads=[0, 1, 2, 0], count_include_pad=1
    ),
    "mean rounded up": on_image("AveragePool", kernel_shape=[2, 2], strides=[2, 3], ceil_mode=1, opset=19),
    "mean rounded up, border counted": on_image(
        "AveragePool",
        kernel_shape=[3, 3],
        strides=[2, 2],
        pads=[1, 1, 1, 1],
        ceil_mode=1,
        count_include_pad=1,
        opset=19,
    ),
    "mean same": on_image("AveragePool", kernel_shape=[3, 2], strides=[2, 2], auto_pad="SAME_LOWER"),
    "mean of a signal": on_signal("AveragePool", kernel_shape=[4], strides=[3], pads=[1, 2]),
    "mean of all": on_image("GlobalAveragePool"),
    "largest of all": on_image("GlobalMaxPool"),
}
SHAPE: dict[str, Case] = {
    "Identity": on_row("Identity"),
    "Dropout": on_row("Dropout", "x r", {"r": np.float32(0.5)}),
    "Dropout of opset 7": on_row("Dropout", opset=7, ratio=0.5),
    "Flatten": (IMAGE, [node("Flatten", "x")], {}, 17),
    "Flatten from the end": ((6,), [node("Flatten", "x", axis=-1)], {}, 17),
    "Reshape": (IMAGE, [node("Reshape", "x s")], {"s": ints(-1, 216)}, 17),
    "Reshape by copies": (IMAGE, [node("Reshape", "x s", "h"), FLAT], {"s": ints(0, 0, -1)}, 17),
    "Transpose": on_image("Transpose", perm=[0, 2, 3, 1]),
    "Squeeze": ((1, 6), [node("Squeeze", "x a")], {"a": ints(1)}, 13),
    "Squeeze of opset 11": ((1, 6), [node("Squeeze", "x", axes=[-2])], {}, 11),
    "Squeeze all": ((1, 6, 1), [node("Squeeze", "x", "h"), node("Flatten", "h")], {}, 13),
    "Unsqueeze": on_row("Unsqueeze", "x a", {"a": ints(1, -1)}),
    "Unsqueeze of opset 9": on_row("Unsqueeze", opset=9, axes=[2]),
    "Concat": on_image("Concat", "x x", axis=2),
    "Concat from the end": on_signal("Concat", "x x x", axis=-1),
    "Split": (ROW, [node("Split", "x", "a b", axis=1), node("Sub", "a b")], {}, 13),
    "Split to lengths": (
        ROW,
        [node("Split", "x s", "a b c", axis=1), node("Concat", "c a", axis=1)],
        {"s": ints(1, 2, 3)},
        13,
    ),
    "Split of opset 11": (
        ROW,
        [node("Split", "x", "a b", axis=1, split=[2, 4]), node("Concat", "b a", axis=-1)],
        {},
        11,
    ),
    "Split to a number": (
        ROW,
        [node("Split", "x", "a b c d", axis=1, num_outputs=4), node("Concat", "d c a", axis=1)],
        {},
        18,
    ),
    "Pad": on_image("Pad", "x p v", {"p": ints(0, 0, 1, 2, 0, 1, 0, 3), "v": np.float32(0.7)}),
    "Pad that cuts": on_image("Pad", "x p", {"p": ints(0, 0, -1, 0, 0, 0, 0, -2)}),
    "Pad of opset 6": on_signal("Pad", opset=6, pads=[0, 1, 0, 0, 0, 2], value=0.3),
    "Pad of some axes": on_image("Pad", "x p - a", {"p": ints(1, 2), "a": ints(-1)}, opset=18),
    "Pad by reflection": on_image("Pad", "x p", {"p": ints(0, 0, 1, 2, 0, 0, 0, 3)}, mode="reflect"),
    "Pad by the edge": on_image("Pad", "x p", {"p": ints(0, 0, 1, 2, 0, 0, 0, 3)}, mode="edge"),
    "Expand": ((4, 1), [node("Expand", "x s", "h"), FLAT], {"s": ints(1, 1, 5)}, 17),
    "Tile": on_row("Tile", "x r", {"r": ints(1, 3)}),
    "Gather one": on_image("Gather", "x i", {"i": np.array(-2)}, axis=2),
    "Gather several": on_image("Gather", "x i", {"i": ints(4, 0, -1)}, axis=3),
    "Gather a table": on_image("Gather", "x i", {"i": np.array([[0, 1], [2, 2]])}, axis=1),
    "Slice": on_image("Slice", "x s e a", {"s": ints(1, -5), "e": ints(3, 2**62), "a": ints(1, 3)}),
    "Slice in steps": on_image(
        "Slice", "x s e a t", {"s": ints(0, 1), "e": ints(2**62, 8), "a": ints(0, 2), "t": ints(1, 3)}
    ),
    "Slice backwards": on_signal(
        "Slice", "x s e a t", {"s": ints(-1), "e": ints(-(2**62)), "a": ints(2), "t": ints(-2)}
    ),
    "Slice of opset 9": on_signal("Slice", opset=9, starts=[1, 2], ends=[3, 100], axes=[1, 2]),
    "Cast": on_row("Cast", to=TensorProto.FLOAT),
}
OTHER = {"c": numbers(6, low=0.5, high=2.0)}
ARITHMETIC: dict[str, Case] = {
    **{name: on_row(name, "x c", OTHER) for name in ("Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean")},
    **{f"{name} from a constant": on_row(name, "c x", OTHER) for name in ("Sub", "Mul")},
    **{name: on_row(name) for name in ("Neg", "Abs", "Exp", "Sign", "Floor", "Ceil", "Erf", "Sin", "Cos")},
    **{
        name: (ROW, [node("Add", "x c", "h"), node(name, "h")], {"c": np.float32(1.5)}, 17)
        for name in ("Sqrt", "Log", "Reciprocal")
    },
    "Pow": on_row("Pow", "x p", {"p": np.float32(2)}),
    "Pow of a whole number": on_row("Pow", "x p", {"p": np.array(3)}),
    "Min of three": on_row("Min", "x c d", {"c": numbers(6), "d": numbers(1)}),
    "Max of one": on_row("Max"),
    "Add by channel": on_image("Add", "x c", {"c": numbers(3, 1, 1)}),
    "Mul of two that flow": on_image("Mul", "x x"),
    "Where": on_row("Where", "k x c", {"k": np.array([True, False] * 3), "c": numbers(6)}),
}
REDUCTION: dict[str, Case] = {
    **{
        name: on_image(name, axes=[2, 3])
        for name in (
            "ReduceMean",
            "ReduceMax",
            "ReduceMin",
            "ReduceL1",
            "ReduceL2",
            "ReduceSumSquare",
            "ReduceLogSumExp",
        )
    },
    "ReduceProd": on_signal("ReduceProd", axes=[2]),
    "ReduceSum": on_image("ReduceSum", "x a", {"a": ints(-1)}, keepdims=0),
    "ReduceSum of opset 11": on_image("ReduceSum", opset=11, axes=[1]),
    "ReduceMean of opset 18": on_image("ReduceMean", "x a", {"a": ints(2, 3)}, opset=18, keepdims=0),
    "ReduceSum of nothing": on_row("ReduceSum", noop_with_empty_axes=1),
}
CASES = {**LINEAR, **CONVOLUTION, **NORMALISATION, **ACTIVATION, **POOLING, **SHAPE, **ARITHMETIC, **REDUCTION}


@pytest.mark.parametrize("case", CASES)
def test_an_operator_gives_what_onnxruntime_gives(case: str) -> None:
    shape, nodes, arrays, opset = CASES[case]
    assert_same(network(nodes, arrays, ["N", *shape], opset=opset), low=-1.2, high=1.2)


def test_the_broadcasting_of_opset_6_is_that_of_later_ones_said_otherwise() -> None:
    """Onnxruntime begins with opset 7 here, so the newer form of the same network is its oracle."""
    old = network([node("Add", "x c", "h", broadcast=1, axis=1), FLAT], {"c": numbers(3)}, ["N", *IMAGE], opset=6)
    new = network([node("Add", "x c", "h"), FLAT], {"c": numbers(3).reshape(3, 1, 1)}, ["N", *IMAGE], opset=7)
    rows = numbers(7, *IMAGE)
    assert difference(by_program(import_onnx(old, "old.onnx"), rows), by_runtime(new, rows)) <= TOLERANCE


def test_an_even_number_of_neighbours_reaches_one_channel_further_up() -> None:
    """By the formula: onnxruntime takes odd numbers only."""
    content = network([node("LRN", "x", "h", size=4, alpha=0.4, beta=0.5, bias=1.0), FLAT], {}, ["N", 5, 2, 2])
    rows = numbers(7, 5, 2, 2)
    totals = [np.square(rows[:, max(channel - 1, 0) : channel + 3]).sum(axis=1) for channel in range(5)]
    truth = rows / np.sqrt(1.0 + 0.1 * np.stack(totals, axis=1))
    assert difference(by_program(import_onnx(content, "net.onnx"), rows), truth) <= TOLERANCE


def number_node(operator: str, output: str, value: np.ndarray) -> NodeProto:
    return helper.make_node(operator, [], [output], value=helper.make_tensor("", TensorProto.INT64, value.shape, value))


def test_shapes_that_are_computed_as_exporters_do_leave_the_batch_free() -> None:
    nodes = [
        node("Shape", "x", "s"),
        number_node("Constant", "zero", np.array(0)),
        node("Gather", "s zero", "n", axis=0),
        node("Unsqueeze", "n first", "n1"),
        node("Concat", "n1 rest", "t", axis=0),
        node("Reshape", "x t", "h"),
        node("MatMul", "h w"),
    ]
    arrays = {"first": ints(0), "rest": ints(-1), "w": numbers(216, 5)}
    imported = assert_same(network(nodes, arrays, ["N", *IMAGE]))
    assert imported.input_shape == IMAGE


def test_sizes_go_through_arithmetic_on_their_way() -> None:
    nodes = [
        node("Shape", "x", "s"),
        node("Slice", "s one end", "tail"),
        node("ReduceProd", "tail", "p", axes=[0]),
        node("Cast", "p", "pf", to=TensorProto.FLOAT),
        node("Div", "pf two", "half"),
        node("Floor", "half", "whole"),
        node("Cast", "whole", "k", to=TensorProto.INT64),
        node("ConstantOfShape", "count", "ones", value=helper.make_tensor("", TensorProto.INT64, [1], [2])),
        node("Slice", "s start one", "n"),
        node("Concat", "n ones k", "t", axis=0),
        node("Reshape", "x t", "h"),
        node("ReduceMax", "h", "y", axes=[1], keepdims=0),
    ]
    arrays = {"one": ints(1), "end": ints(9), "two": np.float32(2), "count": ints(1), "start": ints(0)}
    assert_same(network(nodes, arrays, ["N", 4, 6]))


def test_a_constant_range_and_comparison_are_folded() -> None:
    nodes = [
        node("Range", "a b c", "r"),
        node("Less", "r limit", "small"),
        node("Not", "small", "big"),
        node("Or", "small big", "all"),
        node("And", "all small", "k"),
        node("Equal", "r limit", "here"),
        node("Greater", "r limit", "above"),
        node("Size", "r", "n"),
        node("Cast", "n", "nf", to=TensorProto.FLOAT),
        node("Where", "k x zero", "h"),
        node("Div", "h nf"),
    ]
    arrays = {"a": np.array(0), "b": np.array(6), "c": np.array(1), "limit": np.array(3), "zero": np.float32(0)}
    assert_same(network(nodes, arrays, ["N", *ROW]))


def test_every_operator_of_the_table_stands_in_a_test() -> None:
    tried = {one.op_type for _, nodes, _, _ in CASES.values() for one in nodes}
    folded = {"Range", "Less", "Not", "Or", "And", "Equal", "Greater", "Size", "Shape", "Constant", "ConstantOfShape"}
    assert (set(CONVERTERS) | set(AT_ONCE)) - tried - folded == set()
