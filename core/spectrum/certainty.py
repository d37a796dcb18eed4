"""How sure an eigenvalue is: a bound on its error, and on the chance that one further out was missed."""

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from core.curvature.lanczos import ROUNDING, End, RitzPairs, outwardness

FloatArray = npt.NDArray[np.float64]
EXCESS = 1.25  # the audit's bound is for eigenvalues this many times a magnitude that is shown
GROUP = 6  # eigenvalues that are taken together, at most
SAFETY = 2  # a search goes on until the error it expects is so many times smaller than the tolerance


def error_bounds(
    values: Tensor, residuals: Tensor, beyond: float, end: End = "magnitude", between: Tensor | None = None
) -> Tensor:
    """Error of every eigenvalue (k,): its residual, or residual² / gap where that is less.

    Eigenvalues that lie close together, such as one that occurs three times, are taken together: with R the residuals
    of a group and its gap to all others the error is at most ``‖R‖² / gap`` (Parlett 1998, §11.7; Mathias 1998), and
    what the vectors of the group still have in common adds to it.

    Parameters
    ----------
    values, residuals : (k,) Tensor
    beyond : float
        The outermost among the other eigenvalues as `outwardness` measures it, as far as it is known: the gap is no
        better known than that.
    end : End
    between : (k, k) Tensor, optional
        v'Hw of any two of the vectors; None: zero, as within one basis.
    """
    order = np.argsort(values.numpy(), kind="stable")
    reach = (outwardness(values, end) - beyond).numpy()[order]
    sorted_values, lengths = values.numpy()[order], residuals.numpy()[order]
    before = np.append(-np.inf, np.maximum.accumulate(sorted_values + lengths))  # the furthest of all that is less
    after = np.append(np.minimum.accumulate((sorted_values - lengths)[::-1])[::-1], np.inf)
    squares = _summed(np.diag(lengths**2))
    common = _summed(np.zeros_like(squares[1:, 1:]) if between is None else _apart(between.numpy()[order][:, order]))
    best = lengths.copy()
    for count in range(1, min(GROUP, len(best)) + 1):
        groups = len(best) - count + 1
        gaps = np.minimum(sorted_values[:groups] - before[:groups], after[count:] - sorted_values[count - 1 :])
        gaps = np.minimum(gaps, np.min([reach[place : place + groups] for place in range(count)], axis=0))
        square = _in_groups(squares, count)
        errors = np.full_like(gaps, np.inf)
        np.divide(square, gaps, out=errors, where=gaps > np.sqrt(square))
        errors += np.sqrt(_in_groups(common, count))
        for place in range(count):
            np.minimum(best[place : place + groups], errors, out=best[place : place + groups])
    bounds = np.empty_like(best)
    bounds[order] = best
    return torch.from_numpy(bounds)


def _apart(between: FloatArray) -> FloatArray:
    """Squares of what is not on the diagonal."""
    squares = between**2
    return squares - np.diag(squares.diagonal())


def _summed(matrix: FloatArray) -> FloatArray:
    """(k + 1, k + 1) sums of all entries above and to the left of each place."""
    sums = np.zeros((len(matrix) + 1, len(matrix) + 1))
    sums[1:, 1:] = matrix.cumsum(0).cumsum(1)
    return sums


def _in_groups(sums: FloatArray, count: int) -> FloatArray:
    """Sum over the block of every so many neighbours."""
    first, last = np.arange(len(sums) - count), np.arange(count, len(sums))
    blocks = sums[last, last] - sums[first, last] - sums[last, first] + sums[first, first]
    return np.maximum(blocks, 0.0)


def settled(pairs: RitzPairs, tolerance: float, end: End) -> bool:
    """Whether a search may end: the errors that follow from the estimates are well within the tolerance.

    The error of an eigenvalue is about the square of its residual, so a residual of a hundredth mostly does. What
    follows the wanted ones is taken from the basis: a look from another start judges it afterwards.
    """
    if pairs.spans_everything:
        return True
    if len(pairs.values) < pairs.wanted or not len(pairs.others):
        return False
    outward = outwardness(pairs.values, end)
    beyond = float(outwardness(pairs.others[:1], end))  # they are in order
    largest = float(torch.stack([part.abs().max() for part in (pairs.values, pairs.others)]).max())
    allowed = torch.clamp(tolerance / SAFETY * pairs.values.abs(), min=ROUNDING * largest)
    # No gap is larger than the distance to what follows, so this is the least that the errors can be found to be.
    least = torch.minimum(pairs.estimates, pairs.estimates**2 / (outward - beyond).clamp(min=1e-300))
    if bool((least > allowed).any()):
        return False
    return bool((error_bounds(pairs.values, pairs.estimates, beyond, end) <= allowed).all())


def chance_of_missing(dimension: int, products: int, share: float) -> float:
    """Probability that the outermost Ritz value of a random start lies further in than so much of the whole range.

    Kuczyński & Woźniakowski 1992, Thm 4.2: ``1.648 √n exp(−√ε (2q − 1))``.

    Parameters
    ----------
    dimension : int
        n, of the space that is left to search.
    products : int
        q, that the search takes.
    share : float
        ε, of the distance between the two ends of the spectrum.
    """
    if dimension <= products:
        return 0.0
    if share <= 0:
        return 1.0
    return min(1.0, 1.648 * math.sqrt(dimension) * math.exp(-math.sqrt(share) * (2 * products - 1)))
