"""Random directions in weight space, scaled so that two networks can be compared (Li et al. 2018, §4)."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from core.errors import InvalidRequest
from core.landscape.plane import Directions, Norm, RandomDirections

TINY = 1e-10  # the original tool's guard against filters of norm zero


def random_directions(module: nn.Module, request: RandomDirections) -> Directions:
    """Two independent Gaussian directions, normalised to the network's weights.

    They are not made orthogonal: in so many dimensions they nearly are, and the cosine says how nearly.

    Parameters
    ----------
    module : nn.Module
        The network at the centre of the plane.
    request : RandomDirections
        Kind of normalisation, what does not move, and the seed.

    Raises
    ------
    InvalidRequest
        If nothing would move: the surface would be flat, and say nothing.
    """
    generator = torch.Generator().manual_seed(request.seed)
    weights = [parameter.detach() for parameter in module.parameters()]
    names = [name for name, _ in module.named_parameters()]
    first, second = (
        [
            normalise(torch.randn(weight.shape, generator=generator), weight, request.norm)
            if weight.ndim > 1
            else _bias_direction(weight, request)
            for weight in weights
        ]
        for _ in range(2)
    )
    if not any(part.any() for part in first) or not any(part.any() for part in second):
        raise InvalidRequest(
            "No weight moves along these directions, because all matrices and filters are zero, or there are none. "
            "Let biases and normalisation layers move too, or leave the directions as drawn (norm none)."
        )
    return Directions(
        x={name: np.asarray(d, dtype=np.float32) for name, d in zip(names, first, strict=True)},
        y={name: np.asarray(d, dtype=np.float32) for name, d in zip(names, second, strict=True)},
        cosine=cosine(first, second),
    )


def normalise(direction: Tensor, weight: Tensor, norm: Norm) -> Tensor:
    """Scale a direction to the weight it will be added to.

    ``filter``: every filter (slice of the first axis: an output channel, or a neuron's row) gets the Frobenius norm of
    its weights, ``d_ij ← d_ij · ‖θ_ij‖ / ‖d_ij‖``; ``layer``: the same for the whole layer; ``weight``: every entry is
    multiplied by its weight; ``dfilter``, ``dlayer``: unit norm per filter or layer; ``none``: left as drawn. With the
    first three a filter (layer, weight) of norm zero gets the direction zero.

    Parameters
    ----------
    direction, weight : Tensor
        Same shape, two or more axes.
    """
    if norm == "none":
        return direction
    if norm == "weight":
        return direction * weight
    if norm in ("layer", "dlayer"):
        scale = weight.double().norm() if norm == "layer" else torch.tensor(1.0)
        return (direction * scale.div(direction.double().norm() + TINY)).to(direction.dtype)
    axes = tuple(range(1, weight.ndim))
    # In float64: the squares of weights beyond 1e±19 are zero or infinite in float32.
    lengths = torch.linalg.vector_norm(direction.double(), dim=axes, keepdim=True) + TINY
    scales = (
        torch.linalg.vector_norm(weight.double(), dim=axes, keepdim=True) if norm == "filter" else torch.tensor(1.0)
    )
    return (direction * scales.div(lengths)).to(direction.dtype)


def _bias_direction(weight: Tensor, request: RandomDirections) -> Tensor:
    """Parameters of one axis: still, or (as in the original tool) the weight itself, which scales it by 1 + a."""
    return torch.zeros_like(weight) if request.ignore == "biasbn" else weight.clone()


def cosine(first: Sequence[Tensor], second: Sequence[Tensor]) -> float:
    """Cosine of the angle between two directions given tensor by tensor; 0 if one of them is zero."""
    dot = sum(float((a.double() * b.double()).sum()) for a, b in zip(first, second, strict=True))
    length_a, length_b = (sum(float(t.double().square().sum()) for t in d) ** 0.5 for d in (first, second))
    return dot / (length_a * length_b) if length_a and length_b else 0.0
