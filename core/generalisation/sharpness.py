"""Filter-normalised sharpness: how much the loss rises when every filter is moved in proportion to its own length.

The directions are those of Li et al. 2018, §4: Gaussian, each filter of them as long as the filter it moves; offsets
and normalisation stay. A network whose weights are a times as large in one layer and a times as small in the next is
moved by the same share in both, and answers the same: unlike the eigenvalues of the Hessian, this sharpness does not
change (Dinh et al. 2017 show what can be made of a measure that does). Within a layer the filters keep their lengths:
rescaling single units changes the lengths of the filters behind them, and the sharpness somewhat.
"""

import numpy as np
import torch
from torch import Tensor, nn

from core.job import JobContext

TINY = 1e-30  # no direction as short as this is ever drawn


def filter_direction(weight: Tensor, generator: torch.Generator) -> Tensor:
    """A random direction for a weight, float32: every slice of the first axis as long as the weight's own."""
    drawn = torch.randn(weight.shape, generator=generator).double()
    axes = tuple(range(1, weight.ndim))
    lengths = torch.linalg.vector_norm(drawn, dim=axes, keepdim=True).clamp(min=TINY)
    # In float64: squares of weights beyond 1e±19 are zero or infinite in float32.
    wanted = torch.linalg.vector_norm(weight.double(), dim=axes, keepdim=True)
    direction: Tensor = drawn * (wanted / lengths)
    return direction.float()


def move_filters(module: nn.Module, kept: list[Tensor], radius: float, seed: int, draw: int, job: JobContext) -> None:
    """Set the weights to those kept, moved by `radius` along a random direction. Restoring them is the caller's.

    Parameters
    ----------
    kept : list of Tensor
        Copies of the parameters in the order of ``module.parameters()``.
    seed, draw : int
        Together they say which direction it is: the tenth is the same whether nine were drawn before it or not.
    """
    state = int(np.random.SeedSequence((seed, draw)).generate_state(1, np.uint64)[0])
    generator = torch.Generator().manual_seed(state % 2**63)
    with torch.no_grad():
        for parameter, weight in zip(module.parameters(), kept, strict=True):
            job.check()
            if weight.ndim > 1:
                parameter.copy_(weight + radius * filter_direction(weight, generator))
