"""How much eigenvalues would differ on other samples of the same kind.

The matrix is a mean over samples, and to first order an eigenvalue moves by v'(δM)v. So v'M_b v over groups b of
samples, drawn at random without overlap, tells how much λ = v'Mv varies from sample to sample, and the standard error
of its mean follows. That is the spread around the eigenvalue of infinitely many samples only to first order: the
largest eigenvalue of a subset is biased upwards, E λmax(M_S) ≥ λmax(E M_S) (Jensen), and v'Mv with M over all samples
at hand and v of the subset is a lower bound for the largest eigenvalue over all of them. The two are a bracket.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from core.curvature.forms import Form
from core.curvature.hessian import micro_batch
from core.curvature.reductions import Check
from core.spectrum.spectrum import FloatArray, Sampling

GROUPS = 32  # of samples, where there are so many: the standard error is then itself known to an eighth
_STREAM = 0x5A31  # sets the drawing of the groups apart from other random numbers with the same seed


def random_order(samples: int, seed: int) -> Tensor:
    """(n,) int64: the samples in a random order, so that consecutive ones are a group drawn at random."""
    return torch.from_numpy(np.random.default_rng((_STREAM, seed)).permutation(samples))


def group_sizes(samples: int, largest: int, groups: int = GROUPS) -> list[int]:
    """Sizes of consecutive groups, as equal as can be: so many groups, or more if one would be larger than allowed."""
    count = min(samples, max(groups, math.ceil(samples / largest)))
    small, larger = divmod(samples, count)
    return [small + 1] * larger + [small] * (count - larger)


def standard_errors(quotients: Tensor, sizes: Sequence[int]) -> FloatArray:
    """(k,) standard error of the mean over all samples, from the means over groups; NaN for fewer than two groups.

    Parameters
    ----------
    quotients : (k, groups) float64 Tensor
        v'M_b v with M_b the mean over the samples of a group.
    sizes : sequence of int
        Samples of every group. Larger groups vary less and count for more.
    """
    if len(sizes) < 2:
        return np.full(len(quotients), math.nan)
    weights = torch.tensor(sizes, dtype=torch.float64)
    means = (quotients @ weights / weights.sum())[:, None]
    # n_b (q_b − λ)² has the variance of a single sample as its mean, up to the degree of freedom that λ takes.
    single = ((quotients - means) ** 2 @ weights) / (len(sizes) - 1)
    return np.asarray((single / weights.sum()).sqrt().numpy())


def group_quotients(
    form: Form,
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    parameters: Sequence[Tensor],
    vectors: Tensor,
    sizes: Sequence[int],
    check: Check,
) -> Tensor:
    """(k, groups) float64: v'M_b v for unit vectors and the mean over each group of consecutive samples.

    Every group's graph is formed once, serves all vectors, and is forgotten.

    Parameters
    ----------
    module : nn.Module
        In evaluation mode.
    vectors : (k, P) Tensor
        In the order of the parameters.
    check : Check
        Asked at every operation; may raise.
    """
    found = torch.zeros(len(vectors), len(sizes), dtype=torch.float64)
    pieces = zip(torch.split(inputs, list(sizes)), torch.split(labels, list(sizes)), strict=True)
    for group, (batch, batch_labels) in enumerate(pieces):
        found[:, group] = _quotients(form, module, batch, batch_labels, parameters, vectors, check)
    return found


def _quotients(
    form: Form,
    module: nn.Module,
    batch: Tensor,
    labels: Tensor,
    parameters: Sequence[Tensor],
    vectors: Tensor,
    check: Check,
) -> Tensor:
    def asked(tensor: Tensor) -> Tensor:
        check()
        return tensor

    shapes = [(parameter.numel(), parameter.shape) for parameter in parameters]
    with torch.autograd.graph.saved_tensors_hooks(asked, asked):
        product = form(module, batch, labels, len(labels), parameters)
    found = torch.zeros(len(vectors), dtype=torch.float64)
    for index, vector in enumerate(vectors):
        check()
        parts = torch.split(vector.to(batch.dtype), [count for count, _ in shapes])
        direction = [part.reshape(shape) for part, (_, shape) in zip(parts, shapes, strict=True)]
        image = product(direction, keep=index + 1 < len(vectors))
        found[index] = sum((a.double() * b.double()).sum() for a, b in zip(direction, image, strict=True))
    return found


def over_population(
    form: Form,
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    parameters: Sequence[Tensor],
    vectors: Tensor,
    check: Check,
) -> FloatArray:
    """(k,) v'Mv with M over all these samples, in micro-batches.

    Parameters
    ----------
    inputs, labels
        Of all samples at hand, not only those that the vectors belong to.
    """
    sizes = group_sizes(len(labels), micro_batch(inputs), 1)
    quotients = group_quotients(form, module, inputs, labels, parameters, vectors, sizes, check)
    weights = torch.tensor(sizes, dtype=torch.float64)
    return np.asarray((quotients @ weights / weights.sum()).numpy())


def sampling_of(quotients: Tensor, sizes: Sequence[int]) -> Sampling:
    """What the groups say, before anything is known of samples beyond those used."""
    samples = sum(sizes)
    return Sampling(
        standard_error=standard_errors(quotients, sizes), groups=len(sizes), population=samples, over_population=None
    )
