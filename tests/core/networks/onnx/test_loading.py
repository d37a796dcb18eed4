"""Whole networks in, and what is said of those that are not taken."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from core.corrections.network.lowering import lower
from core.corrections.slices.exact import exact_slice
from core.errors import Cancelled, InvalidRequest, UnreadableFile, UnsupportedNetwork
from core.job import ControlledJob, JobContext
from core.landscape.directions.random import random_directions
from core.landscape.plane import RandomDirections
from core.networks.card import InputCard
from core.networks.onnx.loading import import_onnx
from core.networks.program import load_program
from tests.core.corrections.examples import as_network, logits_in
from tests.core.networks.onnx.graphs import assert_same, by_program, difference, network, node, numbers


def acas_like(shape: list[int | str | None]) -> bytes:
    """The architecture of ACAS Xu, 5 → 6 × 50 → 5, with its normalisation in front."""
    arrays = {"mean": numbers(1, 1, 1, 5), "range": numbers(1, 1, 1, 5, low=1.0, high=9.0)}
    nodes = [node("Sub", "x mean", "centred"), node("Div", "centred range", "scaled"), node("Flatten", "scaled", "h0")]
    widths = [5, *[50] * 6, 5]
    for layer in range(7):
        arrays[f"W{layer}"] = numbers(widths[layer], widths[layer + 1], seed=layer, low=-0.5, high=0.5)
        arrays[f"B{layer}"] = numbers(widths[layer + 1], seed=layer)
        last = layer == 6
        nodes.append(node("MatMul", f"h{layer} W{layer}", f"m{layer}"))
        nodes.append(node("Add", f"m{layer} B{layer}", "y" if last else f"a{layer}"))
        if not last:
            nodes.append(node("Relu", f"a{layer}", f"h{layer + 1}"))
    return network(nodes, arrays, shape, opset=12)


def dense_digits(shape: list[int | str | None], *, end: str | None = None) -> bytes:
    arrays = {
        "fc1.weight": numbers(20, 784, low=-0.1, high=0.1),
        "fc1.bias": numbers(20),
        "fc2.weight": numbers(10, 20),
    }
    nodes = [
        node("Flatten", "x", "h"),
        node("Gemm", "h fc1.weight fc1.bias", "a", transB=1),
        node("Relu", "a", "b"),
        node("Gemm", "b fc2.weight", "l" if end else "y", transB=1),
    ]
    if end:
        nodes.append(node(end, "l", axis=1))
    return network(nodes, arrays, shape)


def convolutional_digits(shape: list[int | str | None], sizes: list[int]) -> bytes:
    arrays = {
        "c1.weight": numbers(4, 1, 3, 3), "c1.bias": numbers(4),
        "bn.weight": numbers(4, low=0.5), "bn.bias": numbers(4),
        "bn.running_mean": numbers(4, seed=3), "bn.running_var": numbers(4, low=0.5, high=2.0),
        "c2.weight": numbers(6, 4, 4, 4), "fc.weight": numbers(10, 216), "fc.bias": numbers(10),
        "sizes": np.array(sizes),
    }  # fmt: skip
    nodes = [
        node("Conv", "x c1.weight c1.bias", "a", pads=[1, 1, 1, 1]),
        node("BatchNormalization", "a bn.weight bn.bias bn.running_mean bn.running_var", "b"),
        node("Relu", "b", "c"),
        node("MaxPool", "c", "d", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "d c2.weight", "e", strides=[2, 2]),
        node("LeakyRelu", "e", "f"),
        node("Reshape", "f sizes", "g"),
        node("Gemm", "g fc.weight fc.bias", "y", transB=1),
    ]
    return network(nodes, arrays, shape)


def test_the_acas_architecture_gives_what_onnxruntime_gives() -> None:
    imported = assert_same(acas_like(["N", 1, 1, 5]))
    assert (imported.input_shape, imported.outputs, imported.notes) == ((1, 1, 5), 5, ())


def test_a_batch_of_exactly_one_is_made_free_and_said() -> None:
    imported = assert_same(acas_like([1, 1, 1, 5]), one_by_one=True)
    assert imported.input_shape == (1, 1, 5)
    assert imported.notes == ("a batch of exactly 1 made free",)


@pytest.mark.parametrize(
    ("batch", "sizes"), [("N", [-1, 216]), ("N", [0, -1]), (1, [1, 216]), (1, [1, -1]), (1, [-1, 216])]
)
def test_convolutional_digits_give_what_onnxruntime_gives(batch: int | str, sizes: list[int]) -> None:
    imported = assert_same(convolutional_digits([batch, 1, 28, 28], sizes), one_by_one=batch == 1)
    module = load_program(imported.program, "net.pt2")
    names = {name: tuple(tensor.shape) for name, tensor in module.named_parameters()}
    assert names == {
        "c1.weight": (4, 1, 3, 3), "c1.bias": (4,), "bn.weight": (4,), "bn.bias": (4,), "c2.weight": (6, 4, 4, 4),
        "fc.weight": (10, 216), "fc.bias": (10,),
    }  # fmt: skip
    assert {"bn.running_mean", "bn.running_var"} <= {name for name, _ in module.named_buffers()}


def test_a_batch_of_64_in_the_sizes_is_made_free() -> None:
    content = convolutional_digits([64, 1, 28, 28], [64, 216])
    imported = import_onnx(content, "net.onnx")
    rows = numbers(7, 1, 28, 28)
    free = import_onnx(convolutional_digits(["N", 1, 28, 28], [0, -1]), "net.onnx")
    assert np.array_equal(by_program(imported, rows), by_program(free, rows))
    assert imported.notes == ("a batch of exactly 64 made free",)


def test_a_file_that_drops_its_axis_of_samples_is_computed_sample_by_sample() -> None:
    """Column vectors, as some verifiers write them: 1 × 784 × 1 becomes 784 numbers, and comes back as rows."""
    nodes = [
        node("Reshape", "x flat", "h"),
        node("MatMul", "w h", "a"),
        node("Add", "a b", "c"),
        node("Relu", "c", "d"),
        node("MatMul", "d v", "e"),
        node("Reshape", "e row", "y"),
    ]
    arrays = {"flat": np.array([6]), "w": numbers(8, 6), "b": numbers(8), "v": numbers(8, 3), "row": np.array([1, 3])}
    imported = assert_same(network(nodes, arrays, [1, 6, 1]), one_by_one=True)
    assert imported.notes == ("computed sample by sample, as the file does with one sample",)


def convolution_behind_a_new_axis() -> bytes:
    nodes = [
        node("Reshape", "x image", "i"),
        node("Conv", "i w", "c"),
        node("BatchNormalization", "c s b m v", "n"),
        node("Concat", "n k", "o", axis=1),
        node("Add", "o a", "p"),
        node("MatMul", "p q", "r"),
        node("Transpose", "r", "t", perm=[0, 2, 1, 3]),
        node("Squeeze", "t z", "u"),
        node("Slice", "u one end last", "w2"),
        node("ReduceSum", "w2 z2", "x2", keepdims=0),
        node("Expand", "x2 wide", "y2"),
        node("PRelu", "y2 slope", "z3"),
        node("Pad", "z3 pads", "z4"),
        node("AveragePool", "i", "i2", kernel_shape=[2, 2], pads=[1, 0, 0, 0]),
        node("ReduceMax", "i2", "i3", keepdims=0),
        node("Add", "z4 i3", "z5"),
        node("Flatten", "z5", "y", axis=0),
    ]
    arrays = {
        "image": np.array([1, 1, 4, 4]), "w": numbers(2, 1, 2, 2), "s": numbers(2), "b": numbers(2), "m": numbers(2),
        "v": numbers(2, low=0.5), "k": numbers(1, 1, 3, 3), "a": numbers(3, 1, 1), "q": numbers(3, 2),
        "z": np.array([0]), "one": np.array([1]), "end": np.array([3]), "last": np.array([-1]), "z2": np.array([2]),
        "wide": np.array([2, 3, 3]), "slope": numbers(1, 3), "pads": np.array([0, 0, 1, 0, 0, 0]),
    }  # fmt: skip
    return network(nodes, arrays, [16])


def test_every_kind_of_operator_works_where_the_file_has_no_axis_of_samples() -> None:
    imported = import_onnx(convolution_behind_a_new_axis(), "net.onnx", input_shape=(16,))
    assert imported.notes == ("an axis of samples added: the file takes one sample without it",)
    assert_same(convolution_behind_a_new_axis(), one_by_one=True)


@pytest.mark.parametrize("end", ["Softmax", "LogSoftmax"])
def test_a_softmax_at_the_end_is_taken_off_and_said(end: str) -> None:
    imported = import_onnx(dense_digits(["N", 1, 28, 28], end=end), "net.onnx")
    plain = import_onnx(dense_digits(["N", 1, 28, 28]), "net.onnx")
    rows = numbers(7, 1, 28, 28)
    assert np.array_equal(by_program(imported, rows), by_program(plain, rows))
    assert imported.notes == (f"the {end} at the end taken off: Corrie works with logits",)


def test_a_softmax_in_the_middle_stays() -> None:
    nodes = [node("Softmax", "x", "h"), node("MatMul", "h w")]
    assert assert_same(network(nodes, {"w": numbers(6, 3)}, ["N", 6])).notes == ()


@pytest.mark.parametrize("kind", [np.float64, np.float16])
def test_other_floats_become_float32_and_it_is_said(kind: type) -> None:
    weight = numbers(6, 3).astype(kind)
    proto = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
    imported = import_onnx(network([node("MatMul", "x w")], {"w": weight}, ["N", 6], kind=proto), "net.onnx")
    rows = numbers(7, 6)
    assert difference(by_program(imported, rows), rows @ weight.astype(np.float32)) < 1e-6
    name = np.dtype(kind).name
    assert imported.notes == (f"an input of type {name} made float32", f"weights of type {name} made float32")


def test_matrices_are_kept_with_one_row_per_neuron_whichever_way_the_file_has_them() -> None:
    nodes = [node("MatMul", "x a", "h"), node("Gemm", "h b", "y", transB=1)]
    imported = assert_same(network(nodes, {"a": numbers(6, 4), "b": numbers(3, 4)}, ["N", 6]))
    module = load_program(imported.program, "net.pt2")
    assert {name: tuple(tensor.shape) for name, tensor in module.named_parameters()} == {"a": (4, 6), "b": (3, 4)}


def test_a_weight_that_two_layers_share_is_one_parameter() -> None:
    nodes = [node("MatMul", "x w", "h"), node("Gemm", "h w", "g", transB=1), node("MatMul", "g w")]
    module = load_program(assert_same(network(nodes, {"w": numbers(6, 4)}, ["N", 6])).program, "net.pt2")
    assert len(list(module.parameters())) == 1


def test_only_weights_are_parameters_not_what_normalises_the_input() -> None:
    module = load_program(import_onnx(acas_like(["N", 1, 1, 5]), "net.onnx").program, "net.pt2")
    assert [name for name, _ in module.named_parameters()] == [f"{kind}{n}" for n in range(7) for kind in "WB"]


def test_a_landscape_moves_an_imported_network() -> None:
    imported = import_onnx(convolutional_digits(["N", 1, 28, 28], [0, -1]), "net.onnx")
    module = load_program(imported.program, "net.pt2")
    directions = random_directions(module, RandomDirections(seed=1))
    for name, parameter in module.named_parameters():
        moved = np.linalg.norm(directions.x[name].reshape(len(parameter), -1), axis=1)
        filters = torch.linalg.vector_norm(parameter.detach().reshape(len(parameter), -1), dim=1)
        assert np.allclose(moved, filters, rtol=1e-4) if parameter.ndim > 1 else not moved.any()


def test_gradients_and_curvature_reach_every_parameter() -> None:
    module = load_program(import_onnx(acas_like([1, 1, 1, 5]), "net.onnx").program, "net.pt2")
    weights = [parameter.requires_grad_() for parameter in module.parameters()]
    loss = torch.nn.functional.cross_entropy(module(torch.from_numpy(numbers(20, 1, 1, 5))), torch.arange(20) % 5)
    gradients = torch.autograd.grad(loss, weights, create_graph=True)
    assert all(bool(gradient.any()) for gradient in gradients)
    product = torch.autograd.grad(sum(gradient.square().sum() for gradient in gradients), weights)
    assert all(bool(part.isfinite().all()) for part in product)


@pytest.mark.parametrize("shape", [["N", 1, 1, 5], [1, 1, 1, 5]])
def test_corrections_take_an_imported_network_and_give_the_exact_slice(shape: list[int | str | None]) -> None:
    imported = import_onnx(acas_like(shape), "net.onnx")
    module = load_program(imported.program, "net.pt2")
    lowered = lower(as_network(module, InputCard(shape=imported.input_shape)))
    assert lowered.widths == (50,) * 6
    base = numbers(5).astype(np.float64)
    cells = exact_slice(lowered, base, (0, 3), (-1.0, 1.0), (-1.0, 1.0), JobContext())
    middles = np.array([ring.mean(axis=0) for ring in np.split(cells.vertices, cells.offsets[1:-1])])
    exact = logits_in(cells, np.arange(cells.cells), middles)
    rows = np.tile(base, (len(middles), 1))
    rows[:, [0, 3]] = middles
    truth = by_program(imported, rows.reshape(-1, *imported.input_shape).astype(np.float32))
    assert cells.cells > 10
    assert difference(exact, truth) < 1e-5


# What is refused, and how


def refused(content: bytes, kind: type[Exception] = UnsupportedNetwork) -> str:
    with pytest.raises(kind) as refusal:
        import_onnx(content, "net.onnx")
    text = str(refusal.value)
    assert "net.onnx" in text
    return text


def test_every_unsupported_operator_is_named_with_its_place() -> None:
    nodes = [node("Relu", "x", "a"), node("Resize", "a - s", "b"), node("Relu", "b", "c"), node("NonZero", "c")]
    text = refused(network(nodes, {"s": numbers(2)}, ["N", 6]))
    assert 'Resize (node "resize_b", 2nd of 4), NonZero (node "nonzero_y", 4th of 4)' in text


def test_an_operator_of_another_domain_is_named_with_its_domain() -> None:
    strange = helper.make_node("Fused", ["x"], ["y"], domain="com.example")
    assert "com.example.Fused (1st of 1)" in refused(network([strange], {}, ["N", 6]))


@pytest.mark.parametrize("operator", ["ArgMax", "Loop", "If"])
def test_an_operator_that_never_can_be_is_refused_with_the_reason(operator: str) -> None:
    word = {"ArgMax": "logits before it", "Loop": "repeats", "If": "branches"}[operator]
    assert word in refused(network([node(operator, "x")], {}, ["N", 6]))


def test_unsupported_uses_of_several_operators_are_told_together() -> None:
    nodes = [
        node("MaxPool", "x", "a", kernel_shape=[99, 99]),
        node("Cast", "x", "b", to=TensorProto.INT64),
        node("Relu", "a", "d"),
        node("Concat", "d b", axis=1),
    ]
    text = refused(network(nodes, {}, ["N", 1, 6, 6]))
    assert "1st of 4): its window of 99 is larger" in text
    assert "2nd of 4): it rounds" in text
    assert "3rd of 4" not in text


def changed(content: bytes) -> onnx.ModelProto:
    return onnx.ModelProto.FromString(content)


def test_a_network_with_two_inputs_or_outputs_is_refused_with_their_names() -> None:
    model = changed(dense_digits(["N", 784]))
    model.graph.input.append(helper.make_tensor_value_info("second", TensorProto.FLOAT, [1]))
    assert '2 inputs ("x", "second")' in refused(model.SerializeToString())
    model = changed(dense_digits(["N", 784]))
    model.graph.output.append(helper.make_tensor_value_info("a", TensorProto.FLOAT, None))
    assert '2 outputs ("y", "a")' in refused(model.SerializeToString())


def test_weights_in_another_file_are_refused_by_its_name() -> None:
    model = changed(dense_digits(["N", 784]))
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/weights.bin")
    assert "../../etc/weights.bin" in refused(model.SerializeToString())


def test_a_tensor_that_says_more_than_it_carries_is_refused_before_anything_is_allocated() -> None:
    model = changed(dense_digits(["N", 784]))
    model.graph.initializer[0].dims[:] = [2**40, 2**20]
    assert '"fc1.weight" is said to hold' in refused(model.SerializeToString(), UnreadableFile)


@pytest.mark.parametrize(
    ("nodes", "arrays"),
    [
        ([node("Expand", "x s", "h"), node("ReduceMax", "h", axes=[2])], {"s": np.array([1, 6, 2**40])}),
        ([node("ConstantOfShape", "s", "h"), node("Add", "x h")], {"s": np.array([2**31, 6])}),
        ([node("Range", "a b c", "h"), node("Add", "x h")], {"a": np.array(0), "b": np.array(2**60), "c": np.array(1)}),
        ([node("Pad", "x s", "h"), node("ReduceMax", "h", axes=[1])], {"s": np.array([0, 2**40, 0, 0])}),
        ([node("Tile", "x s", "h"), node("ReduceMax", "h", axes=[1])], {"s": np.array([1, 2**40])}),
        ([node("Tile", "s r", "h"), node("Add", "x h")], {"s": numbers(6), "r": np.array([2**40])}),
    ],
)
def test_a_huge_value_inside_is_refused_before_anything_is_allocated(
    nodes: list[onnx.NodeProto], arrays: dict[str, np.ndarray]
) -> None:
    assert "more than Corrie gives" in refused(network(nodes, arrays, ["N", 6]))


def test_a_huge_input_is_refused() -> None:
    assert "One sample would have" in refused(network([node("Relu", "x")], {}, ["N", 2**40]))


@pytest.mark.parametrize("opset", [5, 99])
def test_an_opset_that_is_not_known_is_refused_with_the_ones_that_are(opset: int) -> None:
    assert "6 to 24" in refused(network([node("Relu", "x")], {}, ["N", 6], opset=opset))


def test_what_mixes_samples_is_refused() -> None:
    for nodes in ([node("Softmax", "x", axis=0)], [node("ReduceMax", "x", "h", axes=[0]), node("Sub", "x h")]):
        assert refused(network(nodes, {}, ["N", 6]))


def test_shapes_that_do_not_fit_are_told_with_the_place() -> None:
    assert 'Gemm (node "gemm_y", 1st of 1)' in refused(network([node("Gemm", "x w")], {"w": numbers(5, 4)}, ["N", 6]))


@pytest.mark.parametrize(
    "nodes", [[node("Relu", "nothing")], [node("Relu", "x", "y"), node("Neg", "x", "y")]], ids=["dangling", "twice"]
)
def test_a_graph_that_is_none_is_refused_as_damaged(nodes: list[onnx.NodeProto]) -> None:
    assert "damaged" in refused(network(nodes, {}, ["N", 6]), UnreadableFile)


@pytest.mark.parametrize("content", [b"", b"not a network", bytes(1000)])
def test_another_file_is_refused_by_name(content: bytes) -> None:
    refused(content, UnreadableFile)


def test_open_sizes_need_the_input_shape_and_take_it() -> None:
    content = network([node("GlobalAveragePool", "x", "h"), node("Flatten", "h")], {}, ["N", 3, None, "W"])
    assert "3 × ? × ?" in refused(content, InvalidRequest)
    assert import_onnx(content, "net.onnx", input_shape=(3, 5, 6)).input_shape == (3, 5, 6)
    with pytest.raises(InvalidRequest, match="does not fit"):
        import_onnx(content, "net.onnx", input_shape=(4, 5, 6))


def test_an_import_can_be_stopped() -> None:
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        import_onnx(dense_digits(["N", 784]), Path("net.onnx"), job)


def test_initialisers_listed_as_inputs_are_no_inputs() -> None:
    """Files before IR version 4 list every weight as an input as well."""
    model = changed(dense_digits(["N", 784]))
    for tensor in model.graph.initializer:
        model.graph.input.append(helper.make_tensor_value_info(tensor.name, TensorProto.FLOAT, tensor.dims))
    assert import_onnx(model.SerializeToString(), "net.onnx").input_shape == (784,)


def test_weights_may_be_constants_of_the_graph_and_names_may_be_any() -> None:
    weight = helper.make_node("Constant", [], ["/forward: w"], value=numpy_helper.from_array(numbers(6, 3)))
    dense = helper.make_node("MatMul", ["x", "/forward: w"], ["y"])
    module = load_program(assert_same(network([weight, dense], {}, ["N", 6])).program, "net.pt2")
    assert [name for name, _ in module.named_parameters()] == ["_forward__w"]
