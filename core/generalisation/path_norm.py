"""The path norm: √ of the sum, over all paths from an input to an output, of the product of the squared weights on it.

Neyshabur, Salakhutdinov & Srebro 2015 (Path-SGD, §3); Neyshabur et al. 2017, §2.3. It does not change when a unit of a
ReLU network is made a times as large and what it feeds a times as small. It is computed by one passage through the
network, with every weight squared and ones as the input. What a path is where the papers leave it open:

* An offset is a weight on a path that begins at a constant one.
* Batch normalisation is in evaluation mode and folded into the affine layer before it, offset and all; where a ReLU or
  nothing stands before it, it is a layer of its own with one weight a channel.
* Mean pooling is an affine layer with weights 1/k over k places, so a path through it counts 1/k².
* Max pooling hands on one of the places of its window at a time: it takes the largest of their sums, as in the
  published code of Neyshabur et al., which is a lower bound for the sum over all of them.
* Branches that are added or put side by side are paths of their own.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from core.errors import UnsupportedNetwork
from core.generalisation.linear_maps import aten
from core.job import JobContext
from core.networks.parameters import evaluation_mode

# Operations that only move numbers about, or do to sums of squares what they do to the numbers.
_THEMSELVES = frozenset(
    {
        *(aten.view, aten.reshape, aten._unsafe_view, aten._reshape_alias, aten.flatten, aten.t, aten.transpose),  # noqa: SLF001
        *(aten.permute, aten.slice, aten.select, aten.unsqueeze, aten.squeeze, aten.expand, aten.clone, aten.alias),
        *(aten.detach, aten.cat, aten.stack, aten.split, aten.split_with_sizes, aten.unbind, aten.flip, aten.sum),
        *(aten.relu, aten.max_pool2d_with_indices, aten.max_pool3d_with_indices, aten.constant_pad_nd, aten.contiguous),
        *(aten.reflection_pad1d, aten.reflection_pad2d, aten.replication_pad1d, aten.replication_pad2d, aten.repeat),
        *(aten.upsample_nearest2d, aten.index_select, aten.dropout, aten.feature_dropout, aten.pixel_shuffle),
        *(aten.adaptive_max_pool2d, aten.max_pool1d, aten.max_pool2d, aten.lift_fresh),
    }
)


@dataclass(frozen=True, eq=False)
class _Paths:
    """What is known of every entry of an activation."""

    sums: Tensor = field(repr=False)  # float64, of the activation's shape
    offset: Tensor | None = field(default=None, repr=False)  # of the last affine layer: not squared as yet

    def settled(self) -> Tensor:
        """The sums with the paths that begin at the offset."""
        return self.sums if self.offset is None else self.sums + self.offset.square()


def path_norm(module: nn.Module, sample: Tensor, job: JobContext) -> float:
    """The path norm of a network in evaluation mode; infinite where its square is beyond float64.

    Parameters
    ----------
    sample : (1, …) float32
        Any sample: the network computes with it as usual, and the sums are formed beside it.

    Raises
    ------
    UnsupportedNetwork
        If an operation is not piecewise linear with constant weights; the text names it.
    """
    beside = _Beside(sample, job)
    with evaluation_mode(module), torch.no_grad(), beside:
        output = module(sample)
    found = beside.of(output)
    if found is None:
        raise UnsupportedNetwork("The output of the network does not depend on its input along any path.")
    return math.sqrt(float(found.settled().sum()))


class _Beside(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own
    """Forms the sums for every activation as it comes into being."""

    def __init__(self, sample: Tensor, job: JobContext) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._job = job
        self._known: dict[int, tuple[Tensor, _Paths]] = {}  # activations are held, so that none takes another's place
        self._learn(sample, _Paths(torch.ones_like(sample, dtype=torch.float64)))

    def of(self, value: object) -> _Paths | None:
        """The sums of an activation; None for what does not depend on the input."""
        found = self._known.get(id(value))
        return None if found is None else found[1]

    def _learn(self, activation: Tensor, paths: _Paths) -> None:
        self._known[id(activation)] = (activation, paths)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        del types
        self._job.check()
        options = dict(kwargs or {})
        given = [value for value in _tensors((*args, *options.values())) if self.of(value) is not None]
        output = func(*args, **options)
        if given and any(tensor.is_floating_point() for tensor in _tensors((output,))):
            found = self._paths(func.overloadpacket, args, options)
            for activation, paths in zip(_tensors((output,)), found, strict=False):  # indices come after activations
                self._learn(activation, paths)
        return output

    def _paths(self, packet: Any, args: tuple[Any, ...], options: dict[str, Any]) -> list[_Paths]:
        name = str(packet).removeprefix("aten.")
        packet = getattr(aten, name.rstrip("_"), packet) if name.endswith("_") else packet  # relu_ does as relu
        if packet in _THEMSELVES:
            if packet is aten.constant_pad_nd and len(args) > 2 and args[2]:
                raise _undefined(f"{name} with {args[2]}")
            sums = packet(*self._replaced(args), **options)
            return [_Paths(tensor) for tensor in _tensors((sums,))]
        if packet not in _RULES:
            raise _undefined(name)
        return [_RULES[packet](self, *args, **options)]

    def _replaced(self, value: Any) -> Any:
        """The same arguments with the sums in the place of activations."""
        if isinstance(value, list | tuple):
            return type(value)(self._replaced(entry) for entry in value)
        paths = self.of(value)
        return value if paths is None else paths.settled()

    def sums(self, value: object, name: str) -> Tensor:
        """The sums of what must be an activation."""
        paths = self.of(value)
        if paths is None:
            raise _undefined(name)
        return paths.settled()

    def constant(self, value: Any, name: str) -> Tensor:
        """What must not depend on the input, in float64."""
        if self.of(value) is not None:
            raise _undefined(f"{name} of two activations")
        return torch.as_tensor(value).detach().double()


def _undefined(name: str) -> UnsupportedNetwork:
    return UnsupportedNetwork(
        f'Its operation "{name}" has no weights that paths could be made of: the path norm is defined for affine '
        "layers, convolutions, ReLU, pooling and batch normalisation."
    )


def _tensors(values: Any) -> list[Tensor]:
    """All tensors in nested lists and tuples, in order."""
    if isinstance(values, Tensor):
        return [values]
    return [tensor for value in values for tensor in _tensors(value)] if isinstance(values, list | tuple) else []


def _convolution(beside: _Beside, x: Tensor, weight: Tensor, bias: Tensor | None, *how: Any) -> _Paths:
    squared = beside.constant(weight, "convolution").square()
    sums = aten.convolution(beside.sums(x, "convolution"), squared, None, *how)
    if bias is None:
        return _Paths(sums)
    return _Paths(sums, beside.constant(bias, "convolution").reshape(1, -1, *(1,) * (sums.ndim - 2)))


def _matrix_product(beside: _Beside, first: Tensor, second: Tensor) -> _Paths:
    if beside.of(first) is None:
        return _Paths(beside.constant(first, "mm").square() @ beside.sums(second, "mm"))
    return _Paths(beside.sums(first, "mm") @ beside.constant(second, "mm").square())


def _affine(beside: _Beside, bias: Tensor, first: Tensor, second: Tensor, **scales: float) -> _Paths:
    if any(scale != 1 for scale in scales.values()):
        raise _undefined("addmm with factors")
    return _Paths(_matrix_product(beside, first, second).sums, beside.constant(bias, "addmm"))


def _linear(beside: _Beside, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> _Paths:
    sums = beside.sums(x, "linear") @ beside.constant(weight, "linear").square().T
    return _Paths(sums, None if bias is None else beside.constant(bias, "linear"))


def _normalisation(
    beside: _Beside, x: Tensor, weight: Tensor | None, bias: Tensor | None, mean: Tensor, variance: Tensor, *how: Any
) -> _Paths:
    training, _, epsilon = how
    paths = beside.of(x)
    if training or paths is None:
        raise _undefined("batch normalisation with the statistics of a batch")
    factors = 1 / (variance.double() + epsilon).sqrt() * (1.0 if weight is None else weight.detach().double())
    shift = (0.0 if bias is None else bias.detach().double()) - factors * mean.double()
    factors, shift = (values.reshape(1, -1, *(1,) * (x.ndim - 2)) for values in (factors, shift))
    offset = shift if paths.offset is None else factors * paths.offset + shift
    return _Paths(paths.sums * factors.square(), offset)


def _sum_of_two(beside: _Beside, first: Any, second: Any, *, alpha: float = 1) -> _Paths:
    if beside.of(first) is None:
        return _Paths(alpha**2 * beside.sums(second, "add") + beside.constant(first, "add").square())
    if beside.of(second) is None:
        offset = alpha * beside.constant(second, "add")
        earlier = beside.of(first)
        assert earlier is not None  # noqa: S101  asked above
        return _Paths(earlier.sums, offset if earlier.offset is None else earlier.offset + offset)
    return _Paths(beside.sums(first, "add") + alpha**2 * beside.sums(second, "add"))


def _multiple(beside: _Beside, first: Any, second: Any) -> _Paths:
    activation, factor = (first, second) if beside.of(first) is not None else (second, first)
    constant, paths = beside.constant(factor, "multiplication"), beside.of(activation)
    assert paths is not None  # noqa: S101  one of the two is an activation
    return _Paths(paths.sums * constant.square(), None if paths.offset is None else paths.offset * constant)


def _quotient(beside: _Beside, first: Any, second: Any) -> _Paths:
    if beside.of(first) is None:
        raise _undefined("division by an activation")
    return _multiple(beside, first, 1 / beside.constant(second, "division"))


def _mean(beside: _Beside, x: Tensor, *how: Any, **options: Any) -> _Paths:
    """A mean of k numbers: weights 1/k, squared 1/k²."""
    sums = beside.sums(x, "mean")
    means: Tensor = aten.mean(sums, *how, **options)
    return _Paths(means / (sums.numel() / means.numel()))


def _mean_pooling(beside: _Beside, x: Tensor, kernel: list[int], *how: Any) -> _Paths:
    usual: tuple[Any, ...] = ([], 0, False, True, None)
    stride, padding, ceil_mode, with_padding, divisor = (*how, *usual[len(how) :])
    pool = {1: aten.avg_pool1d, 2: aten.avg_pool2d, 3: aten.avg_pool3d}[x.ndim - 2]
    if ceil_mode or (not with_padding and any(torch.as_tensor(padding).flatten().tolist())) or divisor:
        raise _undefined("mean pooling over windows of different sizes")
    places = math.prod(kernel) if len(kernel) > 1 else kernel[0] ** (x.ndim - 2)
    return _Paths(pool(beside.sums(x, "pooling"), kernel, stride, padding) / places)


def _adaptive_mean(beside: _Beside, x: Tensor, size: list[int]) -> _Paths:
    before = x.shape[-len(size) :]
    if any(length % wanted for length, wanted in zip(before, size, strict=True)):
        raise _undefined("mean pooling over windows of different sizes")
    means = {2: aten._adaptive_avg_pool2d, 3: aten._adaptive_avg_pool3d}[len(size)](beside.sums(x, "pooling"), size)  # noqa: SLF001
    return _Paths(means / (math.prod(before) / math.prod(size)))


_RULES: Mapping[Any, Callable[..., _Paths]] = {
    aten.convolution: _convolution,
    aten.addmm: _affine,
    aten.mm: _matrix_product,
    aten.bmm: _matrix_product,
    aten.linear: _linear,
    aten.native_batch_norm: _normalisation,
    aten.add: _sum_of_two,
    aten.sub: _sum_of_two,  # weights 1 and −1
    aten.mul: _multiple,
    aten.div: _quotient,
    aten.neg: lambda beside, x: _multiple(beside, x, -1.0),
    aten.mean: _mean,
    aten.avg_pool2d: _mean_pooling,
    aten.avg_pool3d: _mean_pooling,
    aten._adaptive_avg_pool2d: _adaptive_mean,  # noqa: SLF001
    aten._adaptive_avg_pool3d: _adaptive_mean,  # noqa: SLF001
}
