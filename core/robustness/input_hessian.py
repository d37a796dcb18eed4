"""The Hessian of the loss in the input, in closed form, and Newton's direction with it.

Where the network is piecewise linear in its input, the Hessian of the loss in the input is exactly ``J' S J`` with J
the Jacobian of the outputs (C, D), and ``S = diag p − p p'`` for the cross-entropy of probabilities p, ``S = 2/C · I``
for the mean squared error. It is positive semidefinite of rank C − 1 at most for classes, which is why the inner
maximisation has no saddle points (Yao et al. 2018, §4). For other networks it is the Gauss-Newton matrix.

With ``S = A A'`` the gradient is ``J'A c``, so that ``(J'SJ + μ)⁻¹ g = J'A (A'JJ'A + μ)⁻¹ c``: a C × C system a sample,
and C backward passes a batch.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

JACOBIAN_BYTES = 2**28  # of the Jacobians of the samples that are treated at once


def newton_direction(module: nn.Module, inputs: Tensor, labels: Tensor, *, scale: Tensor, damping: float) -> Tensor:
    """``(H + μ I)⁻¹ g`` of every sample's loss, in units of `scale`.

    Parameters
    ----------
    module : nn.Module
        In evaluation mode: the samples of a batch may not depend on one another.
    inputs : (n, …) Tensor
    labels : (n,) int64, or (n, k) float
    scale : Tensor
        Broadcasts to the inputs. Gradient and Hessian are those in ``inputs / scale``.
    damping : float
        μ as a share of H's largest eigenvalue, for each sample. Undamped, the smallest eigenvalues would rule the
        direction: it would be a weak attack.

    Returns
    -------
    (n, …) Tensor
        Zero where the gradient is.
    """
    outputs_count = max(1, module(inputs[:1]).shape[1])
    at_once = max(1, JACOBIAN_BYTES // max(1, outputs_count * inputs[0].numel() * inputs.element_size()))
    parts = zip(torch.split(inputs, at_once), torch.split(labels, at_once), strict=True)
    return torch.cat([_direction(module, part, part_labels, scale, damping) for part, part_labels in parts])


def _direction(module: nn.Module, inputs: Tensor, labels: Tensor, scale: Tensor, damping: float) -> Tensor:
    outputs, jacobian = _jacobian(module, inputs)
    jacobian = (jacobian * scale.unsqueeze(1)).flatten(2)  # (n, C, D)
    factor, coefficients = _loss_factor(outputs.double(), labels)
    rows = factor.transpose(1, 2) @ jacobian.double()  # A'J
    gram = rows @ rows.transpose(1, 2)
    shift = damping * torch.linalg.eigvalsh(gram)[:, -1].clamp(min=torch.finfo(torch.float32).tiny)
    shifted = gram + shift[:, None, None] * torch.eye(gram.shape[1], dtype=torch.float64)
    solved: Tensor = torch.linalg.solve(shifted, coefficients.unsqueeze(2))
    direction: Tensor = (rows.transpose(1, 2) @ solved).squeeze(2)
    return direction.to(inputs.dtype).reshape(inputs.shape)


def _jacobian(module: nn.Module, inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Outputs (n, C), and their derivatives in the input, (n, C, …)."""
    with torch.enable_grad():
        moved = inputs.detach().clone().requires_grad_()
        outputs = module(moved)
        rows = [
            torch.autograd.grad(outputs[:, index].sum(), moved, retain_graph=True, materialize_grads=True)[0]
            for index in range(outputs.shape[1])
        ]
    return outputs.detach(), torch.stack(rows, dim=1)


def _loss_factor(outputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """A with ``A A' = S`` (n, C, C), and c with ``A c`` the derivative of the loss in the outputs (n, C)."""
    count = outputs.shape[1]
    if labels.is_floating_point():
        factor = (2 / count) ** 0.5
        return factor * torch.eye(count, dtype=outputs.dtype).expand(len(outputs), -1, -1), factor * (outputs - labels)
    probabilities = outputs.softmax(dim=1).clamp(min=1e-30)
    roots = probabilities.sqrt()
    projection: Tensor = torch.eye(count, dtype=outputs.dtype) - roots[:, :, None] * roots[:, None, :]
    difference = probabilities - functional.one_hot(labels, count)
    return roots[:, :, None] * projection, difference / roots
