"""Which operator of torch does what to the values that flow through a network."""

# ruff: noqa: FBT001, FBT002  torch hands flags over by their place

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional

from core.corrections.network import bending, operations
from core.corrections.network.flow import Builder, Flow
from core.corrections.network.head import Head, Kind
from core.corrections.network.operations import NotPiecewiseLinear

aten = torch.ops.aten
REAL = (torch.float32, torch.float64)


def _idle(value: Any, *rest: Any, **named: Any) -> Any:
    """Nothing, where values stay numbers that fractions of float32 precision fit into."""
    kinds = [argument for argument in (*rest, *named.values()) if isinstance(argument, torch.dtype)]
    if any(kind not in REAL for kind in kinds):
        raise NotPiecewiseLinear("it rounds values to another kind of number")
    return value


def _dropout(value: Flow, probability: float = 0.5, training: bool = False) -> Flow:
    del probability
    if training:
        raise NotPiecewiseLinear("it drops values by chance, as in training")
    return value


def _batch_norm(
    flow: Flow,
    weight: Tensor | None,
    bias: Tensor | None,
    mean: Tensor | None,
    variance: Tensor | None,
    training: bool,
    _momentum: float,
    eps: float,
    *_: Any,
) -> Flow:
    if training:
        raise NotPiecewiseLinear("in training, what a sample gives depends on the others")
    return operations.batch_norm(flow, weight, bias, mean, variance, eps)


def _batch_norm_in_evaluation(
    flow: Flow, weight: Any, bias: Any, mean: Any, variance: Any, _momentum: float, eps: float
) -> Any:
    return operations.batch_norm(flow, weight, bias, mean, variance, eps), None, None


def _matmul(one: Any, other: Any) -> Flow:
    if not isinstance(one, Flow) or isinstance(other, Flow):
        raise NotPiecewiseLinear("a value that depends on the input stands on its right")
    return operations.linear(one, other.mT)


def _addmm(bias: Tensor, flow: Flow, matrix: Tensor, *, beta: float = 1.0, alpha: float = 1.0) -> Flow:
    return operations.add(_matmul(flow, alpha * matrix), beta * bias)


def _subtract(one: Any, other: Any, *, alpha: float = 1.0) -> Flow:
    return operations.add(one, other, -alpha)


def _add(one: Any, other: Any, *, alpha: float = 1.0) -> Flow:
    return operations.add(one, other, alpha)


def _subtract_from(one: Any, other: Any, alpha: float = 1.0) -> Flow:
    return operations.add(other, one, -alpha)


def _divide(one: Any, other: Any, *, rounding_mode: str | None = None) -> Flow:
    if rounding_mode is not None:
        raise NotPiecewiseLinear("it rounds to whole numbers")
    return operations.divide(one, other)


def _convolution(
    flow: Flow,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    transposed: bool,
    output_padding: Any,
    groups: int,
) -> Flow:
    if transposed:
        return operations.convolve_back(flow, weight, bias, stride, padding, output_padding, groups, dilation)
    return operations.convolve(flow, weight, bias, stride, padding, dilation, groups)


def _reduced(flow: Flow, axes: Any = None, keepdim: bool = False, *, mean: bool, dtype: Any = None) -> Flow:
    return cast("Flow", _idle(operations.reduced(flow, axes, keep=keepdim, mean=mean), dtype))


def _in_each_channel(dimensions: int, operation: Callable[..., Tensor]) -> Callable[..., Flow]:
    def rule(flow: Flow, *arguments: Any, **named: Any) -> Flow:
        return operations.in_each_channel(flow, lambda places: operation(places, *arguments, **named), dimensions)

    return rule


def _with_places(rule: Callable[..., Flow]) -> Callable[..., Any]:
    """Of operators that also say where the largest value is; nobody can do anything piecewise linear with that."""
    return lambda *arguments, **named: (rule(*arguments, **named), None)


def _head(kind: Kind) -> Callable[..., Head]:
    def rule(flow: Flow, axis: int = -1, *_: Any) -> Head:
        if kind in ("softmax", "log_softmax") and (len(flow.shape) != 1 or axis not in (1, -1)):
            raise NotPiecewiseLinear("it does not run over the classes")
        return Head(kind)

    return rule


def _leaky(builder: Builder, flow: Flow, slope: float = 0.01) -> Flow:
    return bending.leaky(builder, flow, slope)


def _rrelu(builder: Builder, flow: Flow, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False) -> Flow:
    return bending.leaky(builder, _dropout(flow, 0.0, training), (lower + upper) / 2)


def _gelu(builder: Builder, flow: Flow, approximate: str = "none") -> Flow:
    return bending.curve(builder, flow, "gelu_tanh" if approximate == "tanh" else "gelu")


def _elu(builder: Builder, flow: Flow, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Flow:
    if (alpha, scale, input_scale) != (1, 1, 1):
        raise NotPiecewiseLinear("it has a kink and bends as well")
    return bending.curve(builder, flow, "elu")


def _softplus(builder: Builder, flow: Flow, beta: float = 1.0, threshold: float = 20.0) -> Flow:
    if beta * threshold < 20:  # where it turns into the identity
        raise NotPiecewiseLinear("it jumps")
    return bending.curve(builder, flow.scaled(beta), "softplus").scaled(1.0 / beta)


def _clamp(builder: Builder, flow: Flow, *limits: Any, **named: Any) -> Flow:
    low = limits[0] if limits else named.get("min")
    return bending.clamp(builder, flow, low, limits[1] if len(limits) > 1 else named.get("max"))


def _clamp_above(builder: Builder, flow: Flow, high: Any) -> Flow:
    return bending.clamp(builder, flow, None, high)


def _hard_tanh(builder: Builder, flow: Flow, low: float = -1.0, high: float = 1.0) -> Flow:
    return bending.clamp(builder, flow, low, high)


def _max(builder: Builder, one: Any, other: Any = None, keepdim: bool = False) -> Any:
    """Of two values, or along an axis; then torch gives the places too, which nothing piecewise linear reads."""
    if isinstance(other, Flow | Tensor):
        return bending.extreme(builder, one, other, 1.0)
    return bending.largest_along(builder, one, other, keepdim), None


def _min(builder: Builder, one: Any, other: Any = None, keepdim: bool = False) -> Any:
    if isinstance(other, Flow | Tensor):
        return bending.extreme(builder, one, other, -1.0)
    return bending.largest_along(builder, one.scaled(-1.0), other, keepdim).scaled(-1.0), None


def _hard_sigmoid(builder: Builder, flow: Flow) -> Flow:
    return bending.clamp(builder, flow.scaled(1 / 6, 0.5), 0.0, 1.0)


def _threshold(builder: Builder, flow: Flow, threshold: float, value: float) -> Flow:
    if threshold != value:
        raise NotPiecewiseLinear("it jumps")
    return bending.clamp(builder, flow, threshold)


IDLE: dict[object, Callable[..., Any]] = {
    **dict.fromkeys(
        (aten.alias, aten.clone, aten.contiguous, aten.detach, aten.lift_fresh_copy, aten.to, aten.type_as), _idle
    ),
    aten._to_copy: _idle,  # noqa: SLF001  torch's own name
    aten._assert_tensor_metadata: _idle,  # noqa: SLF001  torch's own name
    **dict.fromkeys(
        (aten.dropout, aten.dropout_, aten.feature_dropout, aten.alpha_dropout, aten.feature_alpha_dropout), _dropout
    ),
}  # fmt: skip
HEADS: dict[object, Callable[..., Head]] = {
    aten.softmax: _head("softmax"),
    aten._softmax: _head("softmax"),  # noqa: SLF001  torch's own name
    aten.log_softmax: _head("log_softmax"),
    aten._log_softmax: _head("log_softmax"),  # noqa: SLF001  torch's own name
    aten.sigmoid: _head("sigmoid"),
    aten.log_sigmoid: _head("log_sigmoid"),
    aten.tanh: _head("tanh"),
}
RULES: dict[object, Callable[..., Any]] = {
    aten.linear: operations.linear,
    aten.matmul: _matmul,
    aten.mm: _matmul,
    aten.addmm: _addmm,
    **dict.fromkeys((aten.add, aten.add_), _add),
    **dict.fromkeys((aten.sub, aten.sub_), _subtract),
    aten.rsub: _subtract_from,
    **dict.fromkeys((aten.mul, aten.mul_), operations.multiply),
    **dict.fromkeys((aten.div, aten.div_), _divide),
    aten.neg: lambda flow: operations.multiply(flow, -1.0),
    aten.batch_norm: _batch_norm,
    aten._native_batch_norm_legit_no_training: _batch_norm_in_evaluation,  # noqa: SLF001  torch's own name
    **dict.fromkeys((aten.conv1d, aten.conv2d, aten.conv3d), operations.convolve),
    **dict.fromkeys((aten.conv_transpose1d, aten.conv_transpose2d, aten.conv_transpose3d), operations.convolve_back),
    aten.convolution: _convolution,
    aten.mean: partial(_reduced, mean=True),
    aten.sum: partial(_reduced, mean=False),
    aten.avg_pool1d: _in_each_channel(1, functional.avg_pool1d),
    aten.avg_pool2d: _in_each_channel(2, functional.avg_pool2d),
    aten.avg_pool3d: _in_each_channel(3, functional.avg_pool3d),
    aten.adaptive_avg_pool1d: _in_each_channel(1, functional.adaptive_avg_pool1d),
    aten.adaptive_avg_pool2d: _in_each_channel(2, functional.adaptive_avg_pool2d),
    aten.adaptive_avg_pool3d: _in_each_channel(3, functional.adaptive_avg_pool3d),
    aten.upsample_nearest2d: _in_each_channel(2, aten.upsample_nearest2d),
    aten.upsample_bilinear2d: _in_each_channel(2, aten.upsample_bilinear2d),
}
WITH_BUILDER: dict[object, Callable[..., Any]] = {
    **dict.fromkeys((aten.relu, aten.relu_), Builder.relu),
    **dict.fromkeys((aten.leaky_relu, aten.leaky_relu_), _leaky),
    **dict.fromkeys((aten.rrelu, aten.rrelu_), _rrelu),
    **dict.fromkeys((aten.prelu, aten._prelu_kernel), bending.prelu),  # noqa: SLF001  torch's own name
    **dict.fromkeys((aten.abs, aten.abs_), partial(bending.leaky, slope=-1.0)),
    **dict.fromkeys((aten.clamp, aten.clamp_, aten.clip), _clamp),
    **dict.fromkeys((aten.hardtanh, aten.hardtanh_), _hard_tanh),
    **dict.fromkeys((aten.relu6, aten.relu6_), partial(bending.clamp, low=0.0, high=6.0)),
    **dict.fromkeys((aten.clamp_min, aten.clamp_min_), bending.clamp),
    **dict.fromkeys((aten.clamp_max, aten.clamp_max_), _clamp_above),
    **dict.fromkeys((aten.hardsigmoid, aten.hardsigmoid_), _hard_sigmoid),
    **dict.fromkeys((aten.threshold, aten.threshold_), _threshold),
    aten.softshrink: bending.soft_shrink,
    aten.gelu: _gelu,
    **dict.fromkeys((aten.silu, aten.silu_), partial(bending.curve, name="silu")),
    **dict.fromkeys((aten.mish, aten.mish_), partial(bending.curve, name="mish")),
    **dict.fromkeys((aten.elu, aten.elu_), _elu),
    aten.softplus: _softplus,
    aten.maximum: partial(bending.extreme, sign=1.0),
    aten.minimum: partial(bending.extreme, sign=-1.0),
    aten.amax: bending.largest_along,
    aten.max: _max,
    aten.min: _min,
    aten.max_pool1d: partial(bending.max_pool, dimensions=1),
    aten.max_pool2d: partial(bending.max_pool, dimensions=2),
    aten.max_pool3d: partial(bending.max_pool, dimensions=3),
    aten.max_pool1d_with_indices: _with_places(partial(bending.max_pool, dimensions=1)),
    aten.max_pool2d_with_indices: _with_places(partial(bending.max_pool, dimensions=2)),
    aten.adaptive_max_pool1d: _with_places(partial(bending.adaptive_max_pool, dimensions=1)),
    aten.adaptive_max_pool2d: _with_places(partial(bending.adaptive_max_pool, dimensions=2)),
}
