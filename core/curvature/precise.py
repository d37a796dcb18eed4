"""Residuals in float64: how far the pairs that float32 products led to are from pairs of the matrix itself.

Rounding in float32 is not noise that a second look at the same product could show: the product is deterministic, and in
a deep network it belongs to another Hessian. For ResNet-56 without shortcuts the largest eigenvalue of 16 images came
out 1.6e-3 too large, with a float32 residual of 3e-6.
"""

import copy
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from core.curvature.forms import Form, hessian_form
from core.curvature.hessian import micro_batch
from core.curvature.reductions import inner_tables
from core.curvature.refusals import is_lack_of_memory
from core.memory import available_memory
from core.networks.saving import stopping

SMALLER = 8  # float64 takes twice the memory and four times the time: smaller batches, to stop in between
GROUP_BYTES = 2**27  # images of the vectors that are held at once, at most
SHARE = 4  # and no more than this part of the memory that is free


Samples = slice | Tensor  # which of the samples, as an index


@dataclass(frozen=True, kw_only=True, eq=False)
class PreciseProducts:
    """What products in float64 say of vectors."""

    quotients: Tensor = field(repr=False)  # (k,), of Rayleigh
    residuals: Tensor = field(repr=False)  # (k,), ‖Mv − λv‖₂
    by_group: Tensor = field(repr=False)  # (k, groups), of Rayleigh for the mean over each group of samples alone
    between: Tensor = field(repr=False)  # (k, k), v'Mw of any two of them; of eigenvectors zero but for the diagonal
    with_known: Tensor = field(repr=False)  # (d, k), v'Mw with the known vectors


def precise_residuals(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    vectors: Tensor,
    check: Callable[[], None],
    form: Form = hessian_form,
    places: Sequence[int] | None = None,
) -> tuple[Tensor, Tensor] | None:
    """Rayleigh quotients (k,) and ‖Mv − λv‖₂ (k,) with M computed in float64 throughout: see `precise_products`."""
    size = precise_batch(inputs)
    groups = [slice(start, start + size) for start in range(0, len(labels), size)]
    found = precise_products(module, inputs, labels, vectors, groups, check, form, places)
    return None if found is None else (found.quotients, found.residuals)


def precise_batch(inputs: Tensor) -> int:
    """How many samples of that shape are differentiated at once in float64, at most."""
    return max(1, micro_batch(inputs) // SMALLER)


def precise_products(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    vectors: Tensor,
    groups: Sequence[Samples],
    check: Callable[[], None],
    form: Form = hessian_form,
    places: Sequence[int] | None = None,
    known: Tensor | None = None,
    told: Callable[[float], None] = lambda _share: None,
) -> PreciseProducts | None:
    """Rayleigh quotients and residuals with M computed in float64 throughout.

    Some eigenvalue lies within the residual of each quotient (Parlett 1998, Thm 4.5.1).

    Parameters
    ----------
    module : nn.Module
        In evaluation mode; a copy of it is used.
    vectors : (k, n) Tensor
        Of about unit length.
    groups : sequence of slice or index Tensor
        Samples that are differentiated at once; together every sample once.
    check : callable
        Called between the products; may raise.
    form : Form
        Of the matrix M.
    places : sequence of int, optional
        Which of the module's parameters the matrix is about; None: all.
    known : (d, n) Tensor, optional
        Other vectors, whose products with the images of these are of interest.
    told : callable, optional
        Called after each group with the share of all work that is done, within 0 and 1.

    Returns
    -------
    None if the network holds a conversion to another type and cannot be computed in float64.
    """
    others = vectors[:0] if known is None else known
    together = max(1, min(GROUP_BYTES, available_memory() // SHARE) // (8 * vectors.shape[1]))
    found = []
    try:
        wide = _widened(module)
        _refuse_conversion(wide, inputs)
        every = list(wide.parameters())
        chosen = every if places is None else [every[place] for place in places]
        for parameter in every:
            parameter.requires_grad_(any(parameter is one for one in chosen))
        done = 0
        for some in torch.split(vectors, together):
            images = torch.zeros(some.shape, dtype=torch.float64)
            by_group = torch.zeros(len(some), len(groups), dtype=torch.float64)
            for number, group in enumerate(groups):
                batch, batch_labels = inputs[group].double(), labels[group]
                by_group[:, number] = _add_images(
                    images, wide, chosen, batch, batch_labels, len(labels), some, form, check
                )
                done += len(some)
                told(done / (len(vectors) * len(groups)))
            between, with_known = inner_tables((vectors, others), images, check)
            found.append((*_quotients(some, images), by_group, between.T, with_known.T))
    except (RuntimeError, TypeError, ValueError) as error:  # whatever a conversion in the network makes torch raise
        if is_lack_of_memory(error):
            raise MemoryError from error
        return None
    quotients, lengths, parts, between, with_known = (torch.cat(pieces) for pieces in zip(*found, strict=True))
    return PreciseProducts(
        quotients=quotients, residuals=lengths, by_group=parts, between=between.T, with_known=with_known.T
    )


def _widened(module: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch's own, on copying an exported program
        return copy.deepcopy(module).double()


def _add_images(
    images: Tensor, wide: nn.Module, parameters: list[nn.Parameter], batch: Tensor, labels: Tensor, samples: int,
    vectors: Tensor, form: Form, check: Callable[[], None],
) -> Tensor:  # fmt: skip
    """Add this batch's share of every M v to the rows of `images`; v'M v / v'v for the mean over the batch alone.

    One graph serves all vectors.
    """
    check()
    with stopping(check):
        product = form(wide, batch, labels, samples, parameters)
    own = torch.zeros(len(vectors), dtype=torch.float64)
    for index, (image, vector) in enumerate(zip(images, vectors, strict=True)):
        check()
        wide_vector = vector.double()
        share = product(wide_vector, keep=True)
        image.add_(share)
        own[index] = (wide_vector @ share) / (wide_vector @ wide_vector) * samples / len(labels)
    return own


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
