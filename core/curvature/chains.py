"""Products with the Hessian of a chain of linear layers, written out instead of left to automatic differentiation.

With a₀ the samples, zₗ = aₗ₋₁Wₗ' + bₗ, aₗ = f(zₗ), eₗ = ∂L/∂aₗ and δₗ = ∂L/∂zₗ, the change along a direction (V, v)
goes forward and back once (Pearlmutter 1994, §4; R stands for the change):

    Rzₗ = Raₗ₋₁Wₗ' + aₗ₋₁Vₗ' + vₗ        Raₗ = f'(zₗ) Rzₗ
    Reₗ = Rδₗ₊₁Wₗ₊₁ + δₗ₊₁Vₗ₊₁           Rδₗ = f'(zₗ) Reₗ + f''(zₗ) eₗ Rzₗ

and the product is Rδₗ'aₗ₋₁ + δₗ'Raₗ₋₁ for a weight, the sum of Rδₗ over the samples for a bias. What does not depend on
the direction is computed once. The pairs that these products lead to are judged by automatic differentiation in float64
(`precise.py`), which is another way to the same matrix.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from core.curvature.reductions import Check

aten = torch.ops.aten
LINEAR = {functional.linear, aten.linear.default}
# Of each number by itself, without parameters.
ACTIVATIONS = {
    functional.relu, torch.relu, aten.relu.default, functional.leaky_relu, aten.leaky_relu.default,
    functional.tanh, torch.tanh, aten.tanh.default, functional.sigmoid, torch.sigmoid, aten.sigmoid.default,
    functional.gelu, aten.gelu.default, functional.silu, aten.silu.default, functional.elu, aten.elu.default,
    functional.softplus, aten.softplus.default,
}  # fmt: skip
IN_PLACE = {functional.relu, torch.relu_, aten.relu_.default}  # of which the slope is known from what they leave
Curved = Callable[[Tensor], Tensor]  # a change of the outputs (n, k) to that of the loss's derivative in them


@dataclass(eq=False)
class _Layer:
    """A linear layer and the activation that follows it."""

    x: Tensor  # (n, i), what comes in
    z: Tensor  # (n, o), what the layer makes of it
    weight: Tensor  # (o, i)
    weight_at: slice | None  # its entries in a direction; None: it stands still
    bias_at: slice | None
    activation: Callable[[Tensor], Tensor] | None = None
    slope: Tensor | None = None  # (n, o), f'(z); None: 1
    bend: Tensor | None = None  # (n, o), f''(z) e; None: 0
    delta: Tensor = field(default_factory=lambda: torch.empty(0))  # (n, o), δ

    @property
    def moves(self) -> bool:
        return self.weight_at is not None or self.bias_at is not None

    def differentiate(self, outer: Tensor) -> Tensor:
        """Take e of this layer, and give that of the one before."""
        self.delta = outer
        if self.activation is not None:
            free = self.z.detach().requires_grad_()
            with torch.enable_grad():
                (slope,) = torch.autograd.grad(self.activation(free).sum(), free, create_graph=True)
                if slope.requires_grad:
                    (second,) = torch.autograd.grad(slope.sum(), free)
                    self.bend = second * outer if bool(second.any()) else None
            self.slope = slope.detach()
            self.delta = self.slope * outer
        return self.delta @ self.weight

    def forward(self, vector: Tensor, before: Tensor | None) -> Tensor:
        """Rz (n, o), from Ra of the layer before, None where that does not move."""
        moved = None
        if self.weight_at is not None:
            turned = vector[self.weight_at].view(self.weight.shape).T
            moved = self.x @ turned if self.bias_at is None else torch.addmm(vector[self.bias_at], self.x, turned)
        elif self.bias_at is not None:
            moved = vector[self.bias_at].expand(self.z.shape).clone()
        if before is None:
            return torch.zeros_like(self.z) if moved is None else moved
        return before @ self.weight.T if moved is None else moved.addmm_(before, self.weight.T)

    def share(self, image: Tensor, before: Tensor | None, changed: Tensor) -> None:
        """Write the entries of the product that belong to this layer, from Ra of the layer before and Rδ."""
        if self.bias_at is not None:
            torch.sum(changed, 0, out=image[self.bias_at])
        if self.weight_at is not None:
            entry = image[self.weight_at].view(self.weight.shape)
            torch.mm(changed.T, self.x, out=entry)
            if before is not None:
                entry.addmm_(self.delta.T, before)

    def back(self, vector: Tensor, changed: Tensor) -> Tensor:
        """Re (n, i) of the layer before, from Rδ."""
        outer = changed @ self.weight
        if self.weight_at is not None:
            outer.addmm_(self.delta, vector[self.weight_at].view(self.weight.shape))
        return outer


class ChainProduct:
    """A batch's share of ``H v``: a `BatchProduct`.

    Parameters
    ----------
    layers : list of _Layer
        From the first that moves to the outputs, differentiated.
    curved : Curved
    size : int
        P, numbers of a direction.
    check : Check
        Called at every layer; may raise.
    """

    def __init__(self, layers: list[_Layer], curved: Curved, size: int, check: Check) -> None:
        self._layers, self._curved, self._size, self._check = layers, curved, size, check

    @property
    def kept_bytes(self) -> int:
        """Memory of what is kept for the next product, and of what comes and goes with each."""
        kept = [part for one in self._layers for part in (one.x, one.z, one.delta, one.slope, one.bend)]
        there = {part.data_ptr(): part.nbytes for part in kept if part is not None}
        return sum(there.values()) + sum(2 * layer.z.nbytes for layer in self._layers)

    def __call__(self, vector: Tensor, *, keep: bool) -> Tensor:
        """(P,) to (P,); nothing is used up, whether it is to be kept or not."""
        del keep
        inner: list[tuple[Tensor | None, Tensor]] = []  # Ra of the layer before, and Rz
        before: Tensor | None = None
        for layer in self._layers:
            self._check()
            moved = layer.forward(vector, before)
            inner.append((before, moved))
            before = moved if layer.slope is None else layer.slope * moved
        assert before is not None  # noqa: S101  there is a layer that moves
        image, outer = torch.zeros(self._size, dtype=vector.dtype), self._curved(before)
        for place in range(len(self._layers) - 1, -1, -1):
            self._check()
            layer, (before, moved) = self._layers[place], inner[place]
            changed = outer if layer.slope is None else outer * layer.slope
            if layer.bend is not None:
                changed.addcmul_(layer.bend, moved)
            layer.share(image, before, changed)
            if place:
                outer = layer.back(vector, changed)
        return image


def chain_product(
    module: nn.Module, batch: Tensor, labels: Tensor, samples: int, parameters: Sequence[Tensor], check: Check
) -> ChainProduct | None:
    """As `hessian_form`; None where the network is no chain of linear layers with activations between.

    Parameters
    ----------
    module : nn.Module
        In evaluation mode.
    batch : (n, …) Tensor
    labels : (n,) int64 or (n, k) float Tensor
    samples : int
        N, of all batches together.
    parameters : sequence of Tensor
        That move; the others stand still and need no derivative.
    check : Check
        Called at every layer, now and with every product; may raise.
    """
    record = _Record(parameters, check)
    try:
        with torch.no_grad(), record:
            given = module(batch)
    except _NoChain:
        return None
    outputs = record.newest
    if outputs is None or outputs is not given or not record.whole:
        return None
    found = _loss(outputs, labels, samples)
    if found is None:
        return None
    outer, curved = found
    first = next(place for place, layer in enumerate(record.layers) if layer.moves)
    layers = record.layers[first:]
    for layer in reversed(layers):
        outer = layer.differentiate(outer)
    return ChainProduct(layers, curved, sum(parameter.numel() for parameter in parameters), check)


def _loss(outputs: Tensor, labels: Tensor, samples: int) -> tuple[Tensor, Curved] | None:
    """This batch's derivative of the mean loss (`per_sample_loss`) in the outputs, and how a change of them changes it.

    Only for what these formulas are of: classes of one number each, or as many numbers as there are outputs.
    """
    if not labels.is_floating_point():
        if labels.ndim != 1:
            return None
        likely = torch.softmax(outputs, dim=1)
        weighed = likely / samples
        slope = weighed - functional.one_hot(labels, outputs.shape[1]).to(outputs.dtype) / samples

        def turned(moved: Tensor) -> Tensor:
            share = weighed * moved
            return share.addcmul_(likely, share.sum(dim=1, keepdim=True), value=-1)

        return slope, turned
    if labels.shape != outputs.shape:
        return None
    scale = 2 / (outputs.shape[1] * samples)
    return (outputs - labels.to(outputs.dtype)) * scale, lambda moved: moved * scale


class _NoChain(Exception):
    """The network does something else."""


class _Record(TorchFunctionMode):
    """Notes the layers that a network applies, and ends its computation at the first step that is none of them."""

    def __init__(self, parameters: Sequence[Tensor], check: Check) -> None:
        super().__init__()
        self._check = check
        self._places: dict[int, slice] = {}
        start = 0
        for parameter in parameters:
            self._places[id(parameter)] = slice(start, start + parameter.numel())
            start += parameter.numel()
        self._used: set[int] = set()
        self._results: dict[int, tuple[Tensor, int]] = {}  # of all layers so far, each with its version
        self.layers: list[_Layer] = []
        self.newest: Tensor | None = None  # what the next layer has to take

    @property
    def whole(self) -> bool:
        """Whether all that moves is in the chain."""
        return bool(self._places) and self._used >= self._places.keys()

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self._check()
        given = kwargs or {}
        concerned = any(self._concerns(value) for value in (*args, *given.values()))
        result = func(*args, **given)
        if concerned and _holds_tensor(result) and not self._noted(func, args, given, result):
            raise _NoChain
        return result

    def _concerns(self, value: Any) -> bool:
        """Whether it is something that moves, or holds it."""
        if isinstance(value, list | tuple):
            return any(self._concerns(one) for one in value)
        return isinstance(value, Tensor) and (
            value.requires_grad or id(value) in self._places or id(value) in self._results
        )

    def _noted(self, func: Any, args: Sequence[Any], given: dict[str, Any], result: Any) -> bool:
        """Whether that goes on with the chain."""
        if func in LINEAR:
            found = dict(zip(("input", "weight", "bias"), args, strict=False)) | given
            return self._linear(found["input"], found["weight"], found.get("bias"), result)
        if not args or args[0] is not self.newest or self.newest is None:
            return False
        layer = self.layers[-1]
        if result is self.newest:
            if self._results[id(result)][1] == result._version:  # noqa: SLF001  such as dropout in evaluation
                return True
            if func not in IN_PLACE or layer.activation is not None:
                return False
            layer.activation = torch.relu
        elif func not in ACTIVATIONS or layer.activation is not None:
            return False
        else:
            layer.activation = lambda z: func(z, *args[1:], **given)
        self._follow(result)
        return True

    def _linear(self, x: Tensor, weight: Tensor, bias: Tensor | None, result: Tensor) -> bool:
        if x.ndim != 2 or (x is not self.newest if self.layers else self._concerns(x)):
            return False
        for one in (weight, bias):
            if one is not None and id(one) in self._places:
                if id(one) in self._used:
                    return False  # shared by two layers
                self._used.add(id(one))
            elif self._concerns(one):
                return False  # made of what moves
        weight_at, bias_at = (self._places.get(id(one)) for one in (weight, bias))
        self.layers.append(_Layer(x.detach(), result, weight.detach(), weight_at, bias_at))
        self._follow(result)
        return True

    def _follow(self, result: Tensor) -> None:
        self.newest = result
        self._results[id(result)] = result, result._version  # noqa: SLF001


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_holds_tensor(one) for one in value)
    return isinstance(value, Tensor)
