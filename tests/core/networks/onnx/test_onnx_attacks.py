"""Damaged and hostile files: a network or an explained refusal, never anything else, and never much memory."""

import random
import resource
import sys

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper

from core.errors import CorrieError, UnreadableFile
from core.networks.onnx.loading import import_onnx
from tests.core.networks.onnx.graphs import network, node, numbers

MOST_GROWTH = 1.5  # GB that 300 damaged files together may add to the highest use of memory


def small_network() -> bytes:
    arrays = {
        "w": numbers(2, 1, 3, 3), "s": numbers(2), "b": numbers(2), "m": numbers(2), "v": numbers(2, low=0.5),
        "first": np.array([0]), "rest": np.array([-1]), "d": numbers(8, 3), "c": numbers(3),
    }  # fmt: skip
    nodes = [
        node("Conv", "x w", "a", pads=[1, 1, 1, 1], strides=[2, 2]),
        node("BatchNormalization", "a s b m v", "n"),
        node("Relu", "n", "r"),
        node("AveragePool", "r", "p", kernel_shape=[2, 2], pads=[0, 0, 1, 1], strides=[2, 2]),
        node("Shape", "p", "k"),
        helper.make_node("Constant", [], ["zero"], value=helper.make_tensor("", TensorProto.INT64, [], [0])),
        node("Gather", "k zero", "n0"),
        node("Unsqueeze", "n0 first", "n1"),
        node("Concat", "n1 rest", "t", axis=0),
        node("Reshape", "p t", "f"),
        node("Gemm", "f d c", "l"),
        node("Softmax", "l", axis=1),
    ]
    return network(nodes, arrays, ["N", 1, 8, 8])


def damaged(content: bytes, seed: int) -> bytes:
    """A truncated copy, or one with a few bits turned or bytes replaced."""
    chance = random.Random(seed)
    if seed % 5 == 0:
        return content[: chance.randrange(len(content))]
    copy = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5])):
        place = chance.randrange(len(copy))
        copy[place] = copy[place] ^ (1 << chance.randrange(8)) if seed % 2 else chance.randrange(256)
    return bytes(copy)


def highest_use() -> float:
    """Of this process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no highest use of memory this way")
def test_300_damaged_files_give_a_network_or_an_explained_refusal() -> None:
    content = small_network()
    import_onnx(content, "whole.onnx")
    before = highest_use()
    taken = 0
    for seed in range(300):
        try:
            import_onnx(damaged(content, seed), "damaged.onnx")
        except CorrieError as error:
            assert "damaged.onnx" in str(error), seed  # noqa: PT017  both ways out are right
        else:
            taken += 1
    assert 0 < taken < 300
    assert highest_use() - before < MOST_GROWTH


@pytest.mark.parametrize("attribute", ["pads", "strides", "dilations", "kernel_shape"])
@pytest.mark.parametrize("operator", ["Conv", "ConvTranspose", "MaxPool", "AveragePool"])
@pytest.mark.parametrize("value", [-(2**62), -1, 0, 2**31, 2**62])
def test_senseless_windows_are_refused_not_computed(operator: str, attribute: str, value: int) -> None:
    words = {"kernel_shape": [3, 3], attribute: [value] * (4 if attribute == "pads" else 2)}
    inputs = "x w" if operator.startswith("Conv") else "x"
    nodes = [node(operator, inputs, "h", **words), node("ReduceMax", "h", axes=[1, 2, 3], keepdims=0)]
    content = network(nodes, {"w": numbers(2, 2, 3, 3)}, ["N", 2, 8, 8])
    if (value, attribute) in {(0, "pads"), (-1, "pads"), (2**31, "strides"), (2**62, "strides")}:
        return  # unusual, but sensible
    with pytest.raises(CorrieError, match=operator):
        import_onnx(content, "net.onnx")


@pytest.mark.parametrize("group", [-1, 0, 3, 2**62])
def test_a_senseless_number_of_groups_is_refused(group: int) -> None:
    nodes = [node("Conv", "x w", "h", group=group), node("ReduceMax", "h", axes=[1, 2, 3], keepdims=0)]
    with pytest.raises(CorrieError, match="groups"):
        import_onnx(network(nodes, {"w": numbers(2, 2, 3, 3)}, ["N", 2, 8, 8]), "net.onnx")


def linear(**changes: np.ndarray) -> ModelProto:
    model = ModelProto()
    model.ParseFromString(network([node("MatMul", "x w", "y")], {"w": numbers(4, 3), **changes}, ["N", 4]))
    return model


def test_two_tensors_of_one_name_are_refused() -> None:
    model = linear()
    model.graph.initializer.append(model.graph.initializer[0])
    with pytest.raises(UnreadableFile, match="the same name"):
        import_onnx(model.SerializeToString(), "net.onnx")


def test_sizes_that_only_a_zero_makes_small_are_refused() -> None:
    model = linear()
    tensor = model.graph.initializer[0]
    del tensor.dims[:]
    tensor.dims.extend([2**62, 4, 0])
    tensor.raw_data = b""
    with pytest.raises(UnreadableFile, match='"w" cannot be read'):
        import_onnx(model.SerializeToString(), "net.onnx")


def test_a_name_of_thousands_of_parts_is_taken() -> None:
    name = ".".join("a" * 5000)
    content = network([node("MatMul", f"x {name}", "y")], {name: numbers(4, 3)}, ["N", 4])
    assert import_onnx(content, "net.onnx").outputs == 3
