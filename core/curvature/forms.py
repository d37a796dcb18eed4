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
from core.curvature.twice import DifferentiatedTwice
from core.networks.loss import per_sample_loss


class BatchProduct(Protocol):
    """This batch's share of ``M v``, with a graph that is kept for the next call if asked to."""

    def __call__(self, direction: Sequence[Tensor], *, keep: bool) -> tuple[Tensor, ...]:
        """`direction` and the result have the shapes of the parameters."""
        ...


# (module, inputs, labels, samples of all batches, parameters that move) → product of that batch
Form = Callable[[nn.Module, Tensor, Tensor, int, Sequence[Tensor]], BatchProduct]


def hessian_form(
    module: nn.Module, batch: Tensor, labels: Tensor, samples: int, parameters: Sequence[Tensor]
) -> BatchProduct:
    """Of the Hessian: the derivative of the gradient along the direction (Pearlmutter 1994)."""
    loss = per_sample_loss(_outputs(module, batch), labels).sum() / samples
    gradient = _derivative((loss,), parameters, None, graph=True)

    def product(direction: Sequence[Tensor], *, keep: bool) -> tuple[Tensor, ...]:
        return _derivative(gradient, parameters, direction, keep=keep)

    return product


def gauss_newton_form(
    module: nn.Module, batch: Tensor, labels: Tensor, samples: int, parameters: Sequence[Tensor]
) -> BatchProduct:
    """Of the Gauss–Newton matrix: outputs along the direction, curvature of the loss in them, and back."""
    outputs = _outputs(module, batch, linear=True)
    # The loss depends on the outputs of its own sample alone, so one derivative of the sum gives every Sᵢ.
    free = outputs.detach().requires_grad_()
    slope = _derivative((per_sample_loss(free, labels).sum(),), (free,), None, graph=True)

    def curved(moved: Tensor) -> Tensor:
        return _derivative(slope, (free,), (moved,), keep=True)[0] / samples

    return _two_passes(outputs, parameters, curved)


def fisher_form(
    module: nn.Module, batch: Tensor, labels: Tensor, samples: int, parameters: Sequence[Tensor]
) -> BatchProduct:
    """Of the empirical Fisher matrix: every sample's own gradient along the direction, and back."""
    losses = per_sample_loss(_outputs(module, batch, linear=True), labels)
    return _two_passes(losses, parameters, lambda moved: moved / samples)


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
    pulled = _derivative((values,), parameters, (lever,), graph=True)

    def product(direction: Sequence[Tensor], *, keep: bool) -> tuple[Tensor, ...]:
        (moved,) = _derivative(pulled, (lever,), direction, keep=keep)
        return _derivative((values,), parameters, (between(moved),), keep=keep)

    return product


def _derivative(
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    weights: Sequence[Tensor] | None,
    *,
    graph: bool = False,
    keep: bool = False,
) -> tuple[Tensor, ...]:
    """As `torch.autograd.grad`; zero for inputs that no output depends on."""
    varying = [place for place, output in enumerate(outputs) if output.requires_grad]
    if not varying:  # such as a loss that none of these parameters changes
        return tuple(torch.zeros_like(tensor, requires_grad=graph) for tensor in inputs)
    found: tuple[Tensor, ...] = torch.autograd.grad(
        [outputs[place] for place in varying],
        inputs,
        None if weights is None else [weights[place] for place in varying],
        create_graph=graph,
        retain_graph=keep or graph,
        allow_unused=True,
        materialize_grads=True,
    )
    if graph:
        refuse_missing_second(found)
    return found


FORMS: dict[str, Form] = {"hessian": hessian_form, "gauss_newton": gauss_newton_form, "fisher": fisher_form}
