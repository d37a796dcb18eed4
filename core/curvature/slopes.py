"""Convolution, batch normalisation and cross-entropy whose second derivatives are cheap.

The derivative of a convolution, or of a normalisation, is linear in the slope that comes in, in the image and in the
filters (or γ), so its own derivatives are convolutions (or normalisations) again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional

aten = torch.ops.aten


@dataclass(frozen=True)
class Sliding:
    """How filters go over an image."""

    stride: list[int]
    padding: list[int]
    dilation: list[int]
    groups: int
    linear: bool  # derivatives are differentiated with respect to their slope alone

    def over(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """The convolution itself."""
        return torch.convolution(
            x, weight, bias, self.stride, self.padding, self.dilation,
            transposed=False, output_padding=[0] * len(self.stride), groups=self.groups,
        )  # fmt: skip

    def back(self, slope: Tensor, x: Tensor, weight: Tensor, wanted: Sequence[bool]) -> list[Tensor | None]:
        """Derivatives with respect to image, filters and bias, where they are wanted."""
        found = aten.convolution_backward(
            slope, x, weight, [len(weight)], self.stride, self.padding, self.dilation,
            transposed=False, output_padding=[0] * len(self.stride), groups=self.groups, output_mask=list(wanted),
        )  # fmt: skip
        return _those(found, wanted)


@dataclass(frozen=True, eq=False)
class Frozen:
    """Mean and variance of a batch normalisation, which stay as they are."""

    mean: Tensor
    variance: Tensor
    epsilon: float
    linear: bool  # derivatives are differentiated with respect to their slope alone

    def over(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """``(x − mean) / √(variance + ε) · γ + β``."""
        return torch.batch_norm(
            x, weight, bias, self.mean, self.variance,
            training=False, momentum=0.0, eps=self.epsilon, cudnn_enabled=False,
        )  # fmt: skip

    def back(self, slope: Tensor, x: Tensor, weight: Tensor, wanted: Sequence[bool]) -> list[Tensor | None]:
        """Derivatives with respect to image, γ and β, where they are wanted."""
        found = aten.native_batch_norm_backward(
            slope, x, weight, self.mean, self.variance, None, None,
            train=False, eps=self.epsilon, output_mask=list(wanted),
        )  # fmt: skip
        return _those(found, wanted)

    def centred(self) -> "Frozen":
        """For changes of an image: they have no mean that is taken off."""
        return Frozen(torch.zeros_like(self.mean), self.variance, self.epsilon, self.linear)


class Applied(Function):
    """Image, filters and bias to the result of a `Sliding`; or image, γ and β to that of a `Frozen`."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, how: Sliding | Frozen) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.how = how
        return how.over(x, weight, bias)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        if ctx.how.linear:
            x, weight = x.detach(), weight.detach()
        found = Slope.apply(slope, x, weight, ctx.how, ctx.needs_input_grad[:3])  # type: ignore[no-untyped-call]
        return (*found, None)


class Slope(Function):
    """The derivative of what `Applied` gives."""

    @staticmethod
    def forward(
        ctx: Any, slope: Tensor, x: Tensor, weight: Tensor, how: Sliding | Frozen, wanted: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(slope, x, weight)
        ctx.how = how
        return tuple(how.back(slope, x, weight, wanted))

    @staticmethod
    def backward(
        ctx: Any, along_x: Tensor | None, along_weight: Tensor | None, along_bias: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        slope, x, weight = ctx.saved_tensors
        change = ctx.how.centred() if isinstance(ctx.how, Frozen) else ctx.how
        moved = None
        if along_weight is not None:
            moved = ctx.how.over(x, along_weight, along_bias)
        elif along_bias is not None:
            moved = along_bias.view(-1, *[1] * (slope.ndim - 2)).expand_as(slope).clone()
        if along_x is not None:
            share = change.over(along_x, weight, None)
            moved = share if moved is None else moved.add_(share)
        _, of_x, of_weight, *_ = ctx.needs_input_grad
        of_x, of_weight = of_x and along_weight is not None, of_weight and along_x is not None
        if not of_x and not of_weight:
            return moved, None, None, None, None
        image, filters = x if along_x is None else along_x, weight if along_weight is None else along_weight
        found = change.back(slope, image, filters, (of_x, of_weight, False))
        return moved, found[0], found[1], None, None


class CrossEntropySlope(Function):
    """``p − e`` for every sample: the derivative of its cross-entropy in its logits, p being what they make likely.

    Of a small network's product what torch makes of its derivative took a tenth.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, labels: Tensor) -> Tensor:
        likely = torch.softmax(logits, dim=1)
        ctx.save_for_backward(likely)
        return likely - functional.one_hot(labels, logits.shape[1]).to(likely.dtype)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, along: Tensor) -> tuple[Tensor | None, ...]:
        (likely,) = ctx.saved_tensors
        moved = likely * along
        return torch.addcmul(moved, likely, moved.sum(dim=1, keepdim=True), value=-1), None


def _those(found: Sequence[Tensor | None], wanted: Sequence[bool]) -> list[Tensor | None]:
    return [one if there else None for one, there in zip(found, wanted, strict=True)]
