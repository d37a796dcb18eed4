"""Multiplies batch normalisation into the weights before it, at every point anew."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.landscape.evaluation.fused_layers import FusedLayer
from core.landscape.evaluation.operations import Norm


class Folding:
    """Prepares fused layers after the weights or the running statistics have changed.

    ``γ (w·x + b − μ)/√(σ² + ε) + β`` is ``w'·x + b'`` with ``s = γ/√(σ² + ε)``, ``w' = s·w``, ``b' = β + s·(b − μ)``.
    The factors are computed in float64, so that only what is computed with is rounded.

    Parameters
    ----------
    layers : sequence of (FusedLayer, Norm or None)
        Each layer with the normalisation to be multiplied into it.
    """

    def __init__(self, layers: Sequence[tuple[FusedLayer, Norm | None]]) -> None:
        self._plain = [layer for layer, norm in layers if norm is None]
        self._layers = [layer for layer, norm in layers if norm is not None]
        norms = [norm for _, norm in layers if norm is not None]
        if not norms:
            return
        self._lengths = [len(norm.mean) for norm in norms]
        ones, zeros = ([make(len(n.mean), device=n.mean.device) for n in norms] for make in (torch.ones, torch.zeros))
        self._epsilon = torch.cat([one.double() * norm.epsilon for one, norm in zip(ones, norms, strict=True)])
        self._means = [norm.mean for norm in norms]
        self._variances = [norm.variance for norm in norms]
        self._gammas = [one if norm.weight is None else norm.weight for one, norm in zip(ones, norms, strict=True)]
        self._betas = [zero if norm.bias is None else norm.bias for zero, norm in zip(zeros, norms, strict=True)]
        affines = [layer.affine for layer in self._layers]
        self._biases = [zero if a.bias is None else a.bias for zero, a in zip(zeros, affines, strict=True)]
        self._weights = [affine.weight for affine in affines]

    def refresh(self) -> None:
        """Compute the weights of the fused layers from those of the network."""
        for layer in self._plain:
            layer.prepare(layer.affine.weight, layer.affine.bias)
        if not self._layers:
            return
        scale = _joined(self._gammas) / (_joined(self._variances) + self._epsilon).sqrt()
        shift = _joined(self._betas) + scale * (_joined(self._biases) - _joined(self._means))
        kind = self._weights[0].dtype
        scales, shifts = (torch.split(numbers.to(kind), self._lengths) for numbers in (scale, shift))
        factors = [part.view(-1, *[1] * (weight.ndim - 1)) for part, weight in zip(scales, self._weights, strict=True)]
        weights = torch._foreach_mul(self._weights, factors)  # noqa: SLF001  public in name only
        for layer, weight, bias in zip(self._layers, weights, shifts, strict=True):
            layer.prepare(weight, bias)


def _joined(parts: list[Tensor]) -> Tensor:
    return torch.cat(parts).double()
