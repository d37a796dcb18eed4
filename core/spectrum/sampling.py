"""How much eigenvalues would differ on other samples of the same kind.

The matrix is a mean over samples, and to first order an eigenvalue moves by v'(δM)v. So v'M_b v over groups b of
samples, drawn at random without overlap, tells how much λ = v'Mv varies from sample to sample, and the standard error
of its mean follows. That is the spread around the eigenvalue of infinitely many samples only to first order: the
largest eigenvalue of a subset is biased upwards, E λmax(M_S) ≥ λmax(E M_S) (Jensen), and v'Mv with M over all samples
at hand and v of the subset is a lower bound for the largest eigenvalue over all of them. The two are a bracket.

Products in float64, which judge the pairs, give the groups for nothing.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from core.curvature.forms import Form
from core.curvature.precise import Samples
from core.curvature.reductions import Check, inner_products
from core.networks.saving import stopping
from core.spectrum.spectrum import FloatArray

GROUPS = 16  # of samples, or more where they do not fit: the standard error is then itself known to a fifth
_STREAM = 0x5A31  # sets the drawing of the groups apart from other random numbers with the same seed


def sample_groups(samples: int, largest: int, seed: int) -> list[Tensor]:
    """Indices of the samples of every group, drawn at random without overlap, as equal in size as can be.

    There are `GROUPS`, or more if one would be larger than allowed, or one a sample if there are so few.
    """
    count = min(samples, max(GROUPS, math.ceil(samples / largest)))
    order = np.random.default_rng((_STREAM, seed)).permutation(samples)
    return [torch.from_numpy(part) for part in np.array_split(order, count)]


class Spread:
    """v'M_b v for groups b of samples, of every vector that was asked about. Fills up while residuals are computed."""

    def __init__(self) -> None:
        self._errors: dict[int, tuple[float, int]] = {}

    def remember(self, vectors: Tensor, by_group: Tensor, groups: Sequence[Tensor]) -> None:
        """Keep the quotients (k, groups) of vectors (k, P)."""
        sizes = [len(group) for group in groups]
        self.recall(vectors, standard_errors(by_group, sizes), len(sizes))

    def recall(self, vectors: Tensor, errors: FloatArray, groups: int) -> None:
        """Keep the standard errors (k,) of vectors (k, P) over so many groups, as they are known already."""
        for vector, error in zip(vectors, errors.tolist(), strict=True):
            self._errors[_digest(vector)] = (error, groups)

    def standard_errors(self, vectors: Tensor) -> tuple[FloatArray, int]:
        """(k,) standard error of every vector's quotient, and the number of groups; NaN for a vector not known."""
        found, groups = np.full(len(vectors), math.nan), 0
        for index, vector in enumerate(vectors):
            if (known := self._errors.get(_digest(vector))) is not None:
                found[index], groups = known
        return found, groups


def _digest(vector: Tensor) -> int:
    return hash(vector.contiguous().numpy().tobytes())


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
    groups: Sequence[Samples],
    check: Check,
) -> Tensor:
    """(k, groups) float64: v'M_b v for unit vectors and the mean over each group of samples.

    The graph of a group is formed once, serves all vectors, and is forgotten.

    Parameters
    ----------
    module : nn.Module
        In evaluation mode.
    vectors : (k, P) Tensor
        In the order of the parameters.
    groups : indices of the samples of each
        Small enough to be differentiated at once.
    check : Check
        Asked at every operation; may raise.
    """
    found = torch.zeros(len(vectors), len(groups), dtype=torch.float64)
    for number, group in enumerate(groups):
        found[:, number] = _quotients(form, module, inputs[group], labels[group], parameters, vectors, check)
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
    with stopping(check):
        product = form(module, batch, labels, len(labels), parameters)
    found = torch.zeros(len(vectors), dtype=torch.float64)
    for index, vector in enumerate(vectors):
        check()
        image = product(vector.to(batch.dtype), keep=index + 1 < len(vectors))
        found[index] = inner_products(vector[None], image)[0]
    return found
