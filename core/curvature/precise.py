"""Residuals in float64: how far the pairs that float32 products led to are from pairs of the matrix itself.

Rounding in float32 is not noise that a second look at the same product could show: the product is deterministic, and in
a deep network it belongs to another Hessian. For ResNet-56 without shortcuts the largest eigenvalue of 16 images came
out 1.6e-3 too large, with a float32 residual of 3e-6.
"""

import copy
import warnings
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from core.curvature.forms import Form, hessian_form
from core.curvature.hessian import flatten, micro_batch
from core.memory import available_memory

SMALLER = 8  # float64 takes twice the memory and four times the time: smaller batches, to stop in between
GROUP_BYTES = 2**29  # images of the vectors that are held at once, at most
SHARE = 4  # and no more than this part of the memory that is free


def precise_residuals(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    vectors: Tensor,
    check: Callable[[], None],
    form: Form = hessian_form,
    places: Sequence[int] | None = None,
) -> tuple[Tensor, Tensor] | None:
    """Rayleigh quotients (k,) and ‖Mv − λv‖₂ (k,) with M computed in float64 throughout.

    Some eigenvalue lies within the residual of each quotient (Parlett 1998, Thm 4.5.1).

    Parameters
    ----------
    module : nn.Module
        In evaluation mode; a copy of it is used.
    vectors : (k, n) Tensor
        Of about unit length.
    check : callable
        Called between the products; may raise.
    form : Form
        Of the matrix M.
    places : sequence of int, optional
        Which of the module's parameters the matrix is about; None: all.

    Returns
    -------
    None if the network holds a conversion to another type and cannot be computed in float64.
    """
    size = max(1, micro_batch(inputs) // SMALLER)
    together = max(1, min(GROUP_BYTES, available_memory() // SHARE) // (8 * vectors.shape[1]))
    found = []
    try:
        wide = _widened(module)
        _refuse_conversion(wide, inputs)
        every = list(wide.parameters())
        chosen = every if places is None else [every[place] for place in places]
        for parameter in every:
            parameter.requires_grad_(any(parameter is one for one in chosen))
        for group in torch.split(vectors, together):
            images = torch.zeros(group.shape, dtype=torch.float64)
            for batch, batch_labels in zip(torch.split(inputs, size), torch.split(labels, size), strict=True):
                _add_images(images, wide, chosen, batch.double(), batch_labels, len(labels), group, form, check)
            found.append(_quotients(group, images))
    except (RuntimeError, TypeError, ValueError):  # whatever a conversion inside the network makes torch raise
        return None
    return torch.cat([values for values, _ in found]), torch.cat([lengths for _, lengths in found])


def _widened(module: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch's own, on copying an exported program
        return copy.deepcopy(module).double()


def _add_images(
    images: Tensor, wide: nn.Module, parameters: list[nn.Parameter], batch: Tensor, labels: Tensor, samples: int,
    vectors: Tensor, form: Form, check: Callable[[], None],
) -> None:  # fmt: skip
    """Add this batch's share of every M v to the rows of `images`, with one graph for all of them."""
    check()

    def asked(tensor: Tensor) -> Tensor:
        check()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(asked, asked):  # between operations: a batch takes seconds
        product = form(wide, batch, labels, samples, parameters)
    sizes = [parameter.numel() for parameter in parameters]
    for image, vector in zip(images, vectors, strict=True):
        check()
        pieces = vector.double().split(sizes)
        direction = [piece.reshape(parameter.shape) for piece, parameter in zip(pieces, parameters, strict=True)]
        image.add_(flatten(product(direction, keep=True)))


def _refuse_conversion(wide: nn.Module, inputs: Tensor) -> None:
    with torch.no_grad():
        outputs = wide(inputs[:1].double())
    if outputs.dtype != torch.float64 or any(parameter.dtype != torch.float64 for parameter in wide.parameters()):
        raise TypeError("the network converts its values to another type")


def _quotients(vectors: Tensor, images: Tensor) -> tuple[Tensor, Tensor]:
    quotients, lengths = torch.zeros(len(vectors), dtype=torch.float64), torch.zeros(len(vectors), dtype=torch.float64)
    for index, (vector, image) in enumerate(zip(vectors, images, strict=True)):
        wide = vector.double()
        squared = wide @ wide
        quotients[index] = (wide @ image) / squared
        lengths[index] = (image - quotients[index] * wide).norm() / squared.sqrt()
    return quotients, lengths
