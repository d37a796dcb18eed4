"""What is known of an eigenvalue beyond the samples it was computed on: its spread, and its like over all at hand."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from core.curvature.hessian import micro_batch
from core.job import JobContext
from core.spectrum.cost import pairs_over_all
from core.spectrum.sampling import group_quotients, sample_groups, standard_errors
from core.spectrum.spectrum import FloatArray, Sampling
from core.spectrum.subject import Subject

PIECE = 2048  # samples that are normalised at once


def sampling_errors(subject: Subject, vectors: Tensor, job: JobContext) -> Sampling:
    """The standard error of every pair, from the products in float64 that judged it; in float32 where there are none.

    Parameters
    ----------
    subject : Subject
        Inside of its product.
    vectors : (k, P) Tensor
    """
    errors, count = subject.spread.standard_errors(vectors)
    if len(vectors) and not count:
        groups = sample_groups(len(subject.labels), micro_batch(subject.inputs), subject.request.seed)
        parameters = subject.selection.of(subject.module)
        quotients = group_quotients(
            subject.form, subject.module, subject.inputs, subject.labels, parameters, vectors, groups, job.check
        )
        errors, count = standard_errors(quotients, [len(group) for group in groups]), len(groups)
    return Sampling(standard_error=errors, groups=count, population=len(subject.data), over_population=None)


def curvature_over_population(
    subject: Subject, values: Tensor, vectors: Tensor, spent: int, job: JobContext, known: Sampling | None = None
) -> Iterator[FloatArray]:
    """Yield (k,) v'Mv over all samples at hand, NaN but for the leading pairs; nothing where all are used anyway.

    Parameters
    ----------
    subject : Subject
        Inside of its product.
    values, vectors : of the pairs
        The quotients over the samples used are known.
    spent : int
        Products so far: where nobody says how many pairs, as many as take no more work.
    known : Sampling, optional
        Of the same pairs, from an earlier computation: what it has over the same samples is taken from there.
    """
    used, every = len(subject.data), len(subject.at_hand)
    count = pairs_over_all(subject.request, len(vectors), every / used - 1, spent)
    if used == every or not count:
        return
    if (earlier := _known_over(known, subject)) is not None and np.isfinite(earlier[:count]).all():
        yield earlier[: len(vectors)]
        return
    parameters = subject.selection.of(subject.module)
    total = values[:count] * used
    for start in range(used, every, PIECE):
        rows = slice(start, min(start + PIECE, every))
        job.progress(start - used, every - used, f"{count} pairs over all {every:,} samples")
        piece = replace(subject.at_hand, x=subject.at_hand.x[rows], y=subject.at_hand.y[rows])
        inputs, labels = subject.network.prepare(piece)
        size = micro_batch(inputs)
        batches = [slice(first, first + size) for first in range(0, len(labels), size)]
        quotients = group_quotients(
            subject.form, subject.module, inputs, labels, parameters, vectors[:count], batches, job.check
        )
        sizes = torch.tensor([len(labels[batch]) for batch in batches], dtype=torch.float64)
        total = total + quotients @ sizes
    over = np.full(len(vectors), math.nan)
    over[:count] = (total / every).numpy()
    yield over


def _known_over(known: Sampling | None, subject: Subject) -> FloatArray | None:
    """What is known over the very samples that are at hand."""
    if known is None or known.population_sha256 != subject.at_hand.sha256:
        return None
    return known.over_population
