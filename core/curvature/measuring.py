"""Curvature at the weights a network has now: length of the gradient, and the largest eigenvalues of the Hessian.

The one place that measures it for curves through a training. A search begins anew at every state: starting from what
was found a few steps before saves no product (12 % fewer to 18 % more were measured). No audit looks for eigenvalues
that were missed; a `Spectrum` has one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from core.curvature.hessian import hessian_vector_product, micro_batch
from core.curvature.lanczos import ROUNDING, residuals, ritz_pairs
from core.curvature.precise import precise_residuals
from core.curvature.reductions import norm
from core.job import JobContext
from core.networks.loss import per_sample_loss
from core.networks.parameters import evaluation_mode
from core.networks.saving import stopping


@dataclass(frozen=True, eq=False)
class TopPairs:
    """Eigenpairs of largest magnitude of the Hessian of a mean loss."""

    values: Tensor = field(repr=False)  # (k,) float64, by decreasing magnitude
    residuals: Tensor = field(repr=False)  # (k,) float64, ‖Hv − λv‖₂
    vectors: Tensor = field(repr=False)  # (k, P) float32, orthonormal rows
    products: int

    def within(self, tolerance: float) -> bool:
        """Whether every residual is below that share of its eigenvalue, or of the rounding of the largest."""
        floor = ROUNDING * float(self.values.abs().max())
        return bool((self.residuals <= torch.clamp(tolerance * self.values.abs(), min=floor)).all())


def _silent(products: int) -> None:
    """Tell nobody."""


def gradient_norm(module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext) -> float:
    """‖∇L‖₂ of the mean loss over all parameters, in evaluation mode; not finite where the loss is not."""
    parameters = list(module.parameters())
    total = [torch.zeros_like(parameter) for parameter in parameters]
    size = micro_batch(inputs)
    with evaluation_mode(module), torch.enable_grad(), stopping(job.check):
        for batch, batch_labels in zip(torch.split(inputs, size), torch.split(labels, size), strict=True):
            job.check()
            loss = per_sample_loss(module(batch), batch_labels).sum() / len(labels)
            gradients = torch.autograd.grad(loss, parameters, allow_unused=True, materialize_grads=True)
            torch._foreach_add_(total, gradients)
    return math.hypot(*(norm(piece.reshape(-1)) for piece in total))


def top_pairs(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    job: JobContext,
    *,
    count: int = 1,
    relative: float,
    most_products: int,
    seed: int,
    told: Callable[[int], None] = _silent,
) -> TopPairs:
    """Search from a random start until Lanczos estimates every residual below `relative` times its eigenvalue.

    Parameters
    ----------
    module : nn.Module
        As it was afterwards.
    count : int
        k, at most the number of parameters.
    most_products : int
        After which the search ends in any case.
    told : callable
        Gets the number of products after each.

    Raises
    ------
    NumericalFailure
        If a product is not finite.
    UnsupportedNetwork
        If there are no second derivatives.
    """
    with hessian_vector_product(module, inputs, labels, job) as product:

        def counted(vector: Tensor) -> Tensor:
            image = product(vector)
            told(product.products)
            return image

        none = torch.empty(0, product.size)
        for pairs in ritz_pairs(counted, product.size, count, most_products, none, seed, job.check):
            if len(pairs.values) == count and pairs.converged(relative):
                break
        return TopPairs(pairs.values, pairs.estimates, pairs.vectors(), product.products)


def recomputed(
    pairs: TopPairs, module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext
) -> tuple[TopPairs, bool]:
    """The same pairs with Rayleigh quotients and residuals of their own, one more product for each.

    Returns
    -------
    The pairs by decreasing magnitude, and whether float64 was possible: a network that is bound to float32 has it do.
    """
    with evaluation_mode(module):
        precise = precise_residuals(module, inputs, labels, pairs.vectors, job.check)
    if precise is not None:
        values, lengths = precise
    else:
        with hessian_vector_product(module, inputs, labels, job) as product:
            values, lengths = residuals(product, pairs.values, pairs.vectors)
    order = values.abs().argsort(descending=True, stable=True)
    products = pairs.products + len(values)
    return TopPairs(values[order], lengths[order], pairs.vectors[order], products), precise is not None
