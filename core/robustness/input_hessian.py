"""The Hessian of the loss in the input, in closed form, and Newton's direction with it.

Where the network is piecewise linear in its input, the Hessian of the loss in the input is exactly ``J' S J`` with J
the Jacobian of the outputs (C, D), and ``S = diag p − p p'`` for the cross-entropy of probabilities p, ``S = 2/C · I``
for the mean squared error. It is positive semidefinite of rank C − 1 at most for classes, which is why the inner
maximisation has no saddle points (Yao et al. 2018, §4). For other networks it is the Gauss-Newton matrix.

With ``S = A A'`` the gradient is ``J'A c``, so that ``(J'SJ + μ)⁻¹ g = J'A (A'JJ'A + μ)⁻¹ c``: a C × C system a sample,
and C backward passes a batch. The eigenvalues of ``A'JJ'A`` are those of ``J'SJ`` that are not zero.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from core.networks.loss import per_sample_loss
from core.networks.saving import stopping
from core.robustness.derivatives import derivative

JACOBIAN_BYTES = 2**28  # of the Jacobians of the samples that are treated at once
FLAT = 1e-200  # an eigenvalue of float32 Jacobians is larger, or none
TRUNCATED = 1e-12  # of the largest eigenvalue: without damping, what is smaller is rounding


@dataclass(frozen=True, eq=False)
class InputCurvature:
    """Of n samples, in units of the scale that it was computed in."""

    eigenvalues: Tensor = field(repr=False)  # (n, C) float64, descending; NaN where outputs or Jacobian are not finite
    direction: Tensor = field(repr=False)  # (n, …), Newton's (H + μ)⁻¹ g; zero where the gradient is, or is NaN
    # Along one random vector for each sample, squared and summed over the samples: how far the closed form is from
    # the Hessian by differentiating twice, and its own squared Frobenius norm. NaN if there was no vector.
    deviation: float
    squared_norm: float


def newton_direction(module: nn.Module, inputs: Tensor, labels: Tensor, *, scale: Tensor, damping: float) -> Tensor:
    """``(H + μ I)⁻¹ g`` of every sample's loss, in units of `scale`; see `input_curvature`."""
    return input_curvature(module, inputs, labels, scale=scale, damping=damping).direction


def input_curvature(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    *,
    scale: Tensor,
    damping: float,
    probe: Tensor | None = None,
    check: Callable[[], None] | None = None,
) -> InputCurvature:
    """Eigenvalues of the Hessian in the input, and Newton's direction, of every sample.

    Parameters
    ----------
    module : nn.Module
        In evaluation mode: the samples of a batch may not depend on one another.
    inputs : (n, …) Tensor
    labels : (n,) int64, or (n, k) float
    scale : Tensor
        Broadcasts to the inputs. Gradient and Hessian are those in ``inputs / scale``.
    damping : float
        μ as a share of H's largest eigenvalue, for each sample. Undamped, the smallest eigenvalues rule the direction:
        it is a weak attack. With 0 it is the pseudo-inverse, without what is rounding.
    probe : (n, …) Tensor, optional
        One random vector for each sample, of independent entries with variance 1: along it the closed form is held
        against the Hessian by differentiating twice.
    check : callable, optional
        Asked between operations whether to stop; it raises if so.
    """
    outputs_count = max(1, module(inputs[:1]).shape[1])
    at_once = max(1, JACOBIAN_BYTES // max(1, outputs_count * inputs[0].numel() * inputs.element_size()))
    found = [
        _of_part(module, inputs[part], labels[part], scale, damping, None if probe is None else probe[part], check)
        for part in (slice(start, start + at_once) for start in range(0, len(inputs), at_once))
    ]
    return InputCurvature(
        torch.cat([part.eigenvalues for part in found]),
        torch.cat([part.direction for part in found]),
        sum(part.deviation for part in found),
        sum(part.squared_norm for part in found),
    )


def _of_part(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    scale: Tensor,
    damping: float,
    probe: Tensor | None,
    check: Callable[[], None] | None,
) -> InputCurvature:
    with stopping(check):
        outputs, jacobian = _jacobian(module, inputs, check)
    jacobian = (jacobian * scale.unsqueeze(1)).flatten(2)  # (n, C, D)
    factor, coefficients, share = _loss_factor(outputs.double(), labels)
    rows = factor.transpose(1, 2) @ jacobian.double()  # A'J, over √t
    gram = rows @ rows.transpose(1, 2)
    share = share[:, None]  # t
    sound = torch.isfinite(gram).flatten(1).all(dim=1) & torch.isfinite(coefficients).all(dim=1)
    values, vectors = torch.linalg.eigh(torch.where(sound[:, None, None], gram, 0.0))  # ascending
    solved = _solved(values, vectors, torch.where(sound[:, None], coefficients, 0.0), damping)
    rows = torch.where(sound[:, None, None], rows, 0.0)
    direction: Tensor = (rows.transpose(1, 2) @ solved.unsqueeze(2)).squeeze(2)
    deviation = squared_norm = torch.nan
    if probe is not None:
        along = _twice_differentiated(module, inputs, labels, scale, probe, check).flatten(1).double()
        closed = share * (rows.transpose(1, 2) @ (rows @ probe.flatten(1).double().unsqueeze(2))).squeeze(2)
        deviation = float((along - closed)[sound].square().sum())
        squared_norm = float((share * values)[sound].square().sum())
    return InputCurvature(
        torch.where(sound[:, None], share * values, torch.nan).flip(1),
        direction.to(inputs.dtype).reshape(inputs.shape),
        deviation,
        squared_norm,
    )


def _solved(values: Tensor, vectors: Tensor, coefficients: Tensor, damping: float) -> Tensor:
    """``(gram + μ)⁻¹ c`` (n, C), from the eigenvalues and eigenvectors of the Gram matrices."""
    flat = values[:, -1:] <= FLAT  # the outputs do not move with the input: there is no gradient either
    largest = torch.where(flat, 1.0, values[:, -1:])
    shifted = values + damping * largest
    if damping == 0:
        shifted = torch.where(values > TRUNCATED * largest, values, torch.inf)
    turned = (vectors.transpose(1, 2) @ coefficients.unsqueeze(2)).squeeze(2)
    solved = (vectors @ (turned / shifted).unsqueeze(2)).squeeze(2)
    return torch.where(flat, 0.0, solved)


def _jacobian(module: nn.Module, inputs: Tensor, check: Callable[[], None] | None) -> tuple[Tensor, Tensor]:
    """Outputs (n, C), and their derivatives in the input, (n, C, …)."""
    with torch.enable_grad():
        moved = inputs.detach().clone().requires_grad_()
        outputs = module(moved)
        rows = []
        for index in range(outputs.shape[1]):
            if check is not None:
                check()
            rows.append(derivative(outputs[:, index].sum(), moved, again=True))
    return outputs.detach(), torch.stack(rows, dim=1)


def _twice_differentiated(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    scale: Tensor,
    vector: Tensor,
    check: Callable[[], None] | None,
) -> Tensor:
    """``H v`` of every sample by double backward, in units of the scale; NaN where torch knows no second derivative."""
    with torch.enable_grad(), stopping(check):
        moved = inputs.detach().clone().requires_grad_()
        loss = per_sample_loss(module(moved), labels).sum()
        try:
            (gradient,) = torch.autograd.grad(loss, moved, create_graph=True, materialize_grads=True)
            if not gradient.requires_grad:  # constant: a network that is affine, with no loss that bends
                return torch.zeros_like(inputs)
            (product,) = torch.autograd.grad((gradient * scale * vector).sum(), moved, materialize_grads=True)
        except RuntimeError:
            return torch.full_like(inputs, torch.nan)
    return product * scale


def _loss_factor(outputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """A with ``A A' = S / t`` (n, C, C), c with ``A c`` the loss' derivative in the outputs over t (n, C), and t (n,).

    Of classes, t is the probability that the right one is not the verdict. Where the network is sure, S and the
    gradient are as small as t, and would be lost in rounding; what is asked of them does not depend on it.
    """
    count = outputs.shape[1]
    if labels.is_floating_point():
        factor = (2 / count) ** 0.5
        identity = torch.eye(count, dtype=outputs.dtype).expand(len(outputs), -1, -1)
        return factor * identity, factor * (outputs - labels), torch.ones(len(outputs), dtype=outputs.dtype)
    right = labels[:, None]
    others = outputs.scatter(1, right, -torch.inf)
    odds = torch.logsumexp(others, dim=1, keepdim=True) - outputs.gather(1, right)
    wrong, sure = odds.sigmoid(), (-odds).sigmoid().clamp(min=1e-30)  # t and p of the right class
    share_roots = others.softmax(dim=1).sqrt()  # of what is left to the other classes
    roots = (wrong.sqrt() * share_roots).scatter(1, right, sure.sqrt())
    projection: Tensor = torch.eye(count, dtype=outputs.dtype) - roots[:, :, None] * roots[:, None, :]
    factor_rows = share_roots[:, :, None] * projection
    of_right = (-sure * share_roots).scatter(1, right, (sure * wrong).sqrt())
    factor_rows = factor_rows.scatter(1, right[:, :, None].expand(-1, 1, count), of_right[:, None, :])
    return factor_rows, share_roots.scatter(1, right, -(wrong / sure).sqrt()), wrong.squeeze(1)
