"""How sure an eigenvalue is: a bound on its error, and on the chance that a larger one was missed."""

import math

import torch
from torch import Tensor

EXCESS = 1.25  # the audit's bound is for eigenvalues this many times a magnitude that is shown


def error_bounds(values: Tensor, residuals: Tensor, beyond: float) -> Tensor:
    """Error of every eigenvalue (k,): its residual, or residual² / gap where that is less (Parlett 1998, §4.5).

    Parameters
    ----------
    values, residuals : (k,) Tensor
    beyond : float
        Largest magnitude among the other eigenvalues, as far as it is known: the gap is no better known than that.
    """
    intervals = (values[:, None] - values[None]).abs() - residuals[None]
    intervals.fill_diagonal_(torch.inf)
    gaps = torch.minimum(intervals.min(dim=1).values, values.abs() - beyond)
    quadratic = torch.where(gaps > residuals, residuals**2 / gaps.clamp(min=torch.finfo(gaps.dtype).tiny), torch.inf)
    return torch.minimum(residuals, quadratic)


def miss_bound(dimension: int, products: int, excess: float) -> float:
    """Probability that a random start misses an eigenvalue `excess` times the magnitude that would raise alarm.

    Kuczyński & Woźniakowski 1992, Thm 4.2, at the end of the spectrum with the larger magnitude μ: the operator shifted
    to be positive has at most the range 2μ, so ``1.648 √n exp(−√ε (2q − 1))`` with ``ε = (1 − 1 / excess) / 2``.

    Parameters
    ----------
    dimension : int
        n, of the space that is left to search.
    products : int
        q, that the search takes.
    """
    if dimension <= products:
        return 0.0
    if excess <= 1:
        return 1.0
    epsilon = (1 - 1 / excess) / 2
    return min(1.0, 1.648 * math.sqrt(dimension) * math.exp(-math.sqrt(epsilon) * (2 * products - 1)))
