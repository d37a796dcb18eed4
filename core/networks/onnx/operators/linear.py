"""Fully connected layers: Gemm and MatMul."""

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.onnx.values import Call
from core.networks.onnx.view import NodeView


def gemm(view: NodeView) -> Call:
    """``alpha A' B' + beta C``."""
    if view.rank(0) != 2 or view.rank(1) != 2:
        view.refuse("it multiplies values that are no matrices")
    alpha, beta = view.real("alpha", 1.0), view.real("beta", 1.0)
    left, right = bool(view.integer("transA", 0)), bool(view.integer("transB", 0))
    added = view.has(2)
    plain = view.is_flow(0) and not view.is_flow(1) and not left
    if not plain:
        operands = [view.parameter(index) for index in range(2 + added)]

        def multiplied(a: Tensor, b: Tensor, *c: Tensor) -> Tensor:
            y = _scaled(torch.matmul(a.mT if left else a, b.mT if right else b), alpha)
            return y + _scaled(c[0], beta) if c else y

        return view.call(multiplied, *operands)
    weight = view.parameter(1, transposed=not right)
    if not added:
        return view.call(lambda x, w: _scaled(functional.linear(x, w), alpha), view.operand(0), weight)
    outputs = view.shape(1)[0 if right else 1]
    along_outputs = not view.is_flow(2) and view.shape(2) in {(outputs,), (1, outputs)}
    if alpha == beta == 1.0 and along_outputs:
        return view.call(
            lambda x, w, b: functional.linear(x, w, b.reshape(-1)), view.operand(0), weight, view.parameter(2)
        )
    return view.call(
        lambda x, w, c: _scaled(functional.linear(x, w), alpha) + _scaled(c, beta),
        view.operand(0),
        weight,
        view.parameter(2),
    )


def _scaled(x: Tensor, factor: float) -> Tensor:
    return x if factor == 1.0 else x * factor


def matrix_product(view: NodeView) -> Call:
    """``A B`` of matrices, stacks of matrices, or vectors."""
    first, second = view.rank(0), view.rank(1)
    if not first or not second:
        view.refuse("it multiplies a value that is neither vector nor matrix")
    if view.is_flow(0) and not view.is_flow(1) and second == 2:
        return view.call(functional.linear, view.operand(0), view.parameter(1, transposed=True))
    if view.is_flow(1) and not view.is_flow(0) and first == 2 and (second == 1 or view.shape(1)[-1] == 1):
        return _matrix_times_column(view, column=second > 1)
    return _general(view, first, second)


def _matrix_times_column(view: NodeView, *, column: bool) -> Call:
    """``W x`` of vectors, as some files have it whose input has no axis of samples."""
    if not view.lead and not column:
        view.refuse("it multiplies along the samples")
    if column:
        return view.call(
            lambda w, x: functional.linear(x.squeeze(-1), w).unsqueeze(-1), view.parameter(0), view.operand(1)
        )
    return view.call(lambda w, x: functional.linear(x, w), view.parameter(0), view.operand(1))


def _general(view: NodeView, first: int, second: int) -> Call:
    if not view.lead:
        return view.call(torch.matmul, view.parameter(0), view.parameter(1))
    # A vector that depends on the samples is a stack of vectors here: give it the axis that matmul would think of.
    row, column = first == 1, second == 1
    ranks = (max(first, 2), max(second, 2))
    flows = (view.is_flow(0), view.is_flow(1))

    def with_rank(x: Tensor, rank: int, *, flow: bool) -> Tensor:
        missing = max(ranks) - rank
        return x.reshape(-1, *[1] * missing, *x.shape[1:]) if flow and missing else x

    def multiplied(a: Tensor, b: Tensor) -> Tensor:
        a, b = (a.unsqueeze(-2) if row else a), (b.unsqueeze(-1) if column else b)
        y = torch.matmul(with_rank(a, ranks[0], flow=flows[0]), with_rank(b, ranks[1], flow=flows[1]))
        y = y.squeeze(-1) if column else y
        return y.squeeze(-1 if column else -2) if row else y

    return view.call(multiplied, view.parameter(0), view.parameter(1))


CONVERTERS = {"Gemm": gemm, "MatMul": matrix_product}
