"""What an earlier computation of the same matrix found, taken over after a look at whether it is of this matrix.

The look is one product in float64, with a random mixture w = Σ cᵢvᵢ of all pairs: Hw must be Σ cᵢλᵢvᵢ up to Σ |cᵢ| rᵢ
with the residuals rᵢ that are stored. A pair that is none, or a λ that is not its own, shows whichever it is, where a
product with one of them would say nothing of the others. It judges no pair anew: residuals, audit and what is called
verified stay what the earlier computation made of them.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from core.curvature.reductions import combination, inner_tables, norm
from core.job import JobContext
from core.spectrum.additions import NOTHING, Additions
from core.spectrum.found import Found
from core.spectrum.spectrum import (
    Audit,
    Spectrum,
    has_pairs_of,
    has_trace_for,
    holds_all_pairs_for,
    holds_pairs_for,
    layers_for,
    probes_for,
)
from core.spectrum.subject import Subject

SLACK = 1e-6  # of the largest eigenvalue: the vectors are stored in float32
APART = 1e-4  # inner product of two vectors of a basis, at most
FOREIGN = "The eigenpairs at hand belong to another network, other samples or other parameters: the search began anew."


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """Pairs that need no search, and what else is taken over."""

    found: Found
    audit: Audit | None  # None: more pairs are wanted, or it is still to come
    verified: Tensor | None = field(repr=False)  # (k,) bool; None without audit
    earlier: Additions
    spectrum: Spectrum
    words: str


def recall(known: Spectrum, subject: Subject, job: JobContext) -> Known | str:
    """Take over what is known, or say why not; "" if there is nothing to be taken.

    Parameters
    ----------
    known : Spectrum
        Complete or partial, of any request.
    subject : Subject
        Of the request that is to be answered.
    """
    request = subject.request
    if known.eigenvectors is None or not holds_pairs_for(known, request):
        return ""
    origin = known.provenance
    theirs = (origin.network_sha256, origin.data_sha256, known.parameters, known.eigenvectors.shape[1])
    if theirs != (subject.network.sha256, subject.data.sha256, subject.selection.names, subject.size):
        return FOREIGN
    found = _pairs(known, known.eigenvectors[: request.top])
    if (looked := _off(found, subject, job)) is None:
        return ""  # a network that is bound to float32: none of its pairs was ever verified
    off, allowed = looked
    if not off <= allowed:  # nor where it is no number
        return (
            "The eigenpairs at hand are not those of this matrix, so the search began anew: a product with a mixture "
            f"of them was off by {off:.2g} where {allowed:.2g} had been due."
        )
    whole = holds_all_pairs_for(known, request)
    if (sampling := known.sampling) is not None and sampling.groups:
        subject.spread.recall(found.vectors, sampling.standard_error[: len(found.values)], sampling.groups)
    return Known(
        found=found,
        audit=known.audit if whole else None,
        verified=torch.from_numpy(known.verified[: len(found.values)].astype(bool)) if whole else None,
        earlier=_earlier(known, subject),
        spectrum=known,
        words=_words(known, found, off, whole=whole),
    )


def _pairs(known: Spectrum, rows: npt.NDArray[np.float32]) -> Found:
    most = len(rows)
    between = None if known.between is None else torch.from_numpy(known.between[:most, :most].copy())
    values, lengths = (torch.from_numpy(column[:most].copy()) for column in (known.eigenvalues, known.residuals))
    return Found(values, lengths, torch.from_numpy(np.array(rows, dtype=np.float32)), between)


def _off(found: Found, subject: Subject, job: JobContext) -> tuple[float, float] | None:
    """How far a product with a mixture is from what the pairs say, and how far it may be; None without float64."""
    values, vectors = found.values, found.vectors
    (gram,) = inner_tables((vectors,), vectors, job.check)
    if not float((gram - torch.eye(len(values), dtype=gram.dtype)).abs().max()) <= APART:
        return np.inf, APART
    generator = torch.Generator().manual_seed(subject.request.seed)
    signs = 2.0 * torch.randint(2, (len(values),), generator=generator) - 1
    shares = signs.double() / np.sqrt(len(values))
    mixture = combination(shares[None], vectors, job.check)[0]
    seen = subject.judged(mixture[None], vectors, job)
    if seen is None:
        return None
    due = shares * values
    length = norm(mixture) ** 2 * float(seen.quotients[0] ** 2 + seen.residuals[0] ** 2)
    squared = length - 2 * float(due @ seen.with_known[:, 0]) + float(due @ gram @ due)
    allowed = float(shares.abs() @ found.lengths) + SLACK * float(values.abs().max())
    return np.sqrt(max(0.0, squared)), allowed


def _earlier(known: Spectrum, subject: Subject) -> Additions:
    """What was found besides the pairs, as far as it was asked for in the same way.

    The layers know nothing of the pairs; density and trace have them taken out, so they must be the same.
    """
    request, table = subject.request, layers_for(known, subject.request)
    if not has_pairs_of(known, request):
        return replace(NOTHING, layer_table=table)
    trace = known.trace if has_trace_for(known, request) else None
    density = known.density if probes_for(known, request) else None
    return Additions(density=density, trace=trace, layer_table=table, sampling=known.sampling)


def _words(known: Spectrum, found: Found, off: float, *, whole: bool) -> str:
    count = f"{len(found.values)} eigenpairs" if len(found.values) > 1 else "One eigenpair"
    what = "with their residuals and their audit" if whole and known.audit is not None else "with their residuals"
    return (
        f"{count} {what} were taken from an earlier computation of {known.products} products; a product in float64 "
        f"with a mixture of them is off by {off:.1g}, no more than their residuals allow."
    )
