"""A search that was stopped, taken up where it was, after a look at whether it is of this matrix.

The look is one product with a random mixture of all directions: the recurrence says what must come out, up to the
rounding of float32.
"""

import numpy as np
import torch

from core.curvature.hessian import MatrixProduct
from core.curvature.reductions import combination, inner_tables, norm
from core.job import JobContext
from core.spectrum.known import APART, FOREIGN
from core.spectrum.spectrum import BegunSearch, Spectrum, SpectrumRequest
from core.spectrum.subject import Subject

OFF = 3e-3  # of the largest image: products in float32 of deep networks differ by so much from one division to another
ALIKE = ("top", "matrix", "end", "layers", "weights_only", "tolerance", "seed")
MOST_DRAWS = 10  # random vectors for every product, at most


def take_up(known: Spectrum, subject: Subject, product: MatrixProduct, job: JobContext) -> BegunSearch | str:
    """The search that a partial spectrum holds, or why it begins anew; "" if there is nothing to go on from.

    Parameters
    ----------
    known : Spectrum
    subject : Subject
        Of the request that is to be answered.
    product : MatrixProduct
        Of that subject; used once, except where only eigenvectors are left to be judged.
    """
    begun, request, origin = known.begun, subject.request, known.provenance
    if begun is None or any(getattr(known.request, name) != getattr(request, name) for name in ALIKE):
        return ""
    theirs = (origin.network_sha256, origin.data_sha256, known.parameters, begun.directions.shape[1])
    if theirs != (subject.network.sha256, subject.data.sha256, subject.selection.names, subject.size):
        return FOREIGN
    if not _sensible(begun, request) or not _orthonormal(begun, job):
        return "The search that was begun is not whole, so it began anew."
    if begun.settled:
        return begun
    off = _off(begun, request.seed, product, job)
    if not off <= OFF:  # nor where it is no number
        return (
            "The search that was begun is not of this matrix, so it began anew: a product with a mixture of its "
            f"directions was off by {off:.2g} of the largest, where {OFF:g} is rounding."
        )
    return begun


def taken_up_words(begun: BegunSearch) -> str:
    """What was taken over, in a sentence."""
    if begun.settled:
        return f"The eigenvectors were taken from a search of {begun.products} products that had come to its end."
    return (
        f"The search was gone on with after {begun.products} products of an earlier one; a product with a mixture of "
        "its directions was what it had to be."
    )


def _sensible(begun: BegunSearch, request: SpectrumRequest) -> bool:
    """Whether sizes and numbers can be those of such a search."""
    held, numbers = len(begun.projected), (begun.projected, begun.coupling)
    rows = (held,) if begun.settled else (held, held + 1)
    return (
        (held == request.top if begun.settled else held >= 1)
        and begun.projected.shape == (held, held)
        and begun.coupling.shape == (held,)
        and len(begun.directions) in rows
        and begun.products > 0
        and (begun.settled or begun.products < request.max_products)
        and 0 <= begun.draws <= MOST_DRAWS * begun.products
        and all(bool(np.isfinite(part).all()) for part in numbers)
    )


def _orthonormal(begun: BegunSearch, job: JobContext) -> bool:
    rows = torch.from_numpy(begun.directions)
    (gram,) = inner_tables((rows,), rows, job.check)
    return float((gram - torch.eye(len(rows), dtype=gram.dtype)).abs().max()) <= APART


def _off(begun: BegunSearch, seed: int, product: MatrixProduct, job: JobContext) -> float:
    """How far a product is from what the recurrence says, as a share of the largest that it can be."""
    rows, held = torch.from_numpy(begun.directions), len(begun.projected)
    projected, coupling = torch.from_numpy(begun.projected), torch.from_numpy(begun.coupling)
    signs = 2.0 * torch.randint(2, (held,), generator=torch.Generator().manual_seed(seed)) - 1
    shares = signs.double() / np.sqrt(held)
    due = projected @ shares
    if len(rows) > held:
        due = torch.cat([due, (coupling @ shares)[None]])
    both = combination(torch.stack([torch.nn.functional.pad(shares, (0, len(rows) - held)), due]), rows, job.check)
    image = product(both[0])
    largest = float(torch.linalg.vector_norm(torch.cat([projected, coupling[None]]), dim=0).max())
    return norm(image - both[1]) / max(largest, 1e-300)
