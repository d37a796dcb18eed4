"""The matrices whose eigenvalues are of interest, each as its product with a direction over one batch.

All are means over samples, so a batch gives a share of the whole: with zᵢ the outputs for sample i, ℓᵢ its loss and N
the samples of all batches together,

- Hessian: ∇² Σ ℓᵢ / N;
- Gauss–Newton matrix: Σ Jᵢᵀ Sᵢ Jᵢ / N with Jᵢ = ∂zᵢ/∂θ and Sᵢ = ∂²ℓᵢ/∂zᵢ² (Schraudolph 2002, §3.1): the Hessian
  without Σ (∂ℓᵢ/∂zᵢ)·∂²zᵢ/∂θ², hence positive semidefinite. For the cross-entropy it is also the Fisher matrix of the
  distribution that the network predicts (Martens 2020, §9.2);
- empirical Fisher matrix: Σ gᵢ gᵢᵀ / N with gᵢ = ∂ℓᵢ/∂θ at the labels of the data (Kunstner et al. 2019, §2).

The type of the arithmetic is that of the module and the batch: the same functions serve float32 and float64.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from core.curvature.refusals import refuse_missing_second
from core.curvature.slopes import CrossEntropySlope
from core.curvature.twice import DifferentiatedTwice
from core.networks.loss import per_sample_loss


class BatchProduct(Protocol):
    """This batch's share of ``M v``, with a graph that is kept for the next call if asked to."""

    def __call__(self, vector: Tensor, *, keep: bool) -> Tensor:
        """(P,) to (P,): the parameters' entries in order, as `flatten` puts them."""
        ...


# (module, inputs, labels, samples of all batches, parameters that move) → product of that batch
Form = Callable[[nn.Module, Tensor, Tensor, int, Sequence[Tensor]], BatchProduct]


def hessian_form(
    module: nn.Module, batch: Tensor, labels: Tensor, samples: int, parameters: Sequence[Tensor]
) -> BatchProduct:
    """Of the Hessian: the derivative of the gradient along the direction (Pearlmutter 1994)."""
    outputs = _outputs(module, batch)
    # As one vector: what torch looks at before it starts took a tenth of a small network's product.
    gradient = flatten(_derivative(outputs, parameters, _slopes(outputs, labels) / samples, graph=True))

    def product(vector: Tensor, *, keep: bool) -> Tensor:
        return flatten(_derivative(gradient, parameters, vector, keep=keep))

    return product


def gauss_newton_form(
    module: nn.Module, batch: Tensor, labels: Tensor, samples: int, parameters: Sequence[Tensor]
) -> BatchProduct:
    """Of the Gauss–Newton matrix: outputs along the direction, curvature of the loss in them, and back."""
    outputs = _outputs(module, batch, linear=True)
    # The loss depends on the outputs of its own sample alone, so one derivative of the sum gives every Sᵢ.
    free = outputs.detach().requires_grad_()
    (slope,) = _derivative(per_sample_loss(free, labels).sum(), (free,), None, graph=True)

    def curved(moved: Tensor) -> Tensor:
        return _derivative(slope, (free,), moved, keep=True)[0] / samples

    return _two_passes(outputs, parameters, curved)


def fisher_form(
    module: nn.Module, batch: Tensor, labels: Tensor, samples: int, parameters: Sequence[Tensor]
) -> BatchProduct:
    """Of the empirical Fisher matrix: every sample's own gradient along the direction, and back."""
    losses = per_sample_loss(_outputs(module, batch, linear=True), labels)
    return _two_passes(losses, parameters, lambda moved: moved / samples)


def _slopes(outputs: Tensor, labels: Tensor) -> Tensor:
    """∂ℓᵢ/∂zᵢ of every sample, to be differentiated once more."""
    if labels.is_floating_point() or outputs.ndim != 2:
        return _derivative(per_sample_loss(outputs, labels).sum(), (outputs,), None, graph=True)[0]
    slopes: Tensor = CrossEntropySlope.apply(outputs, labels)  # type: ignore[no-untyped-call]
    return slopes


def _outputs(module: nn.Module, batch: Tensor, *, linear: bool = False) -> Tensor:
    """With attention in plain arithmetic: its fused operations have no second derivative.

    `linear` where derivatives of the outputs are differentiated with respect to their slopes alone (`_two_passes`).
    """
    with sdpa_kernel(SDPBackend.MATH), DifferentiatedTwice(linear=linear):
        outputs: Tensor = module(batch)
    return outputs


def _two_passes(values: Tensor, parameters: Sequence[Tensor], between: Callable[[Tensor], Tensor]) -> BatchProduct:
    """``v ↦ Jᵀ between(J v)`` with J the derivative of the values.

    ``Jᵀu`` is linear in u, and its derivative with respect to u along v is J v: no rules of forward differentiation are
    needed, and both passes use graphs that stay the same from one direction to the next.
    """
    lever = torch.zeros_like(values, requires_grad=True)
    pulled = flatten(_derivative(values, parameters, lever, graph=True))

    def product(vector: Tensor, *, keep: bool) -> Tensor:
        (moved,) = _derivative(pulled, (lever,), vector, keep=keep)
        return flatten(_derivative(values, parameters, between(moved), keep=keep))

    return product


def _derivative(
    output: Tensor, inputs: Sequence[Tensor], weights: Tensor | None, *, graph: bool = False, keep: bool = False
) -> tuple[Tensor, ...]:
    """As `torch.autograd.grad`; zero for inputs that the output does not depend on."""
    if not output.requires_grad:  # such as a loss that none of these parameters changes
        return tuple(torch.zeros_like(tensor, requires_grad=graph) for tensor in inputs)
    found: tuple[Tensor, ...] = torch.autograd.grad(
        output,
        inputs,
        weights,
        create_graph=graph,
        retain_graph=keep or graph,
        allow_unused=True,
        materialize_grads=True,
    )
    if graph:
        refuse_missing_second(found)
    return found


def flatten(tensors: Sequence[Tensor]) -> Tensor:
    """One vector of all entries, in order."""
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


FORMS: dict[str, Form] = {"hessian": hessian_form, "gauss_newton": gauss_newton_form, "fisher": fisher_form}
