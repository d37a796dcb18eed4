"""A part of the samples that stands for all of them, calibrated where all of them were computed.

On chaotic planes the fine structure is common to all samples: what a part of them says differs from the whole by
little, once the part's weights are fitted to the points computed in full (survey calibration, Deville & Särndal 1992).
The fit is least squares in relative errors, drawn towards equal weights. Where a point's losses look like none that
were calibrated on, its estimate is not to be trusted: the same fit, taken as a Gaussian process, says by how much.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET

PULLS = tuple(10.0**power for power in range(-6, 3))
IntArray = npt.NDArray[np.int64]
Losses = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Weights of a part of the samples, and what is needed to tell how far to trust them."""

    weights: FloatArray = field(repr=False)  # (k,)
    errors: FloatArray = field(repr=False)  # (p,), display error at each point when it is left out of the fit
    _part: FloatArray = field(repr=False)  # (p, k), relative losses
    _inverse: FloatArray = field(repr=False)  # (p, p)
    _noise: float
    _size: float  # of the weights' differences from equal ones

    def estimate(self, losses: Losses) -> tuple[FloatArray, FloatArray]:
        """The whole's mean loss at some points, and the size of the display error to be expected of it.

        Parameters
        ----------
        losses : (m, k)
            Of the part's samples.
        """
        means = np.maximum(losses.astype(np.float64) @ self.weights, 0.0)
        relative = losses / (means + LOG_OFFSET)[:, None]
        across = relative @ self._part.T
        unexplained = np.square(relative).sum(axis=1) - np.einsum("ij,ij->i", across @ self._inverse, across)
        return means, self._size * np.sqrt(np.maximum(unexplained, 0.0) + self._noise)


def calibrate(losses: Losses, whole: FloatArray, usual: int | None = None) -> Calibration:
    """Fit the weights of a part of the samples.

    Parameters
    ----------
    losses : (p, k)
        Of the part's samples at points that were computed in full; finite.
    whole : (p,)
        The mean over all samples there.
    usual : int, optional
        Only the first so many points speak for the size of errors: the others were chosen for being unlike the rest.
    """
    scale = whole + LOG_OFFSET  # an error relative to this is the error that one sees
    part = losses.astype(np.float64) / scale[:, None]
    even = np.full(part.shape[1], 1 / part.shape[1])
    missing = whole / scale - part @ even
    products = part @ part.T
    mean = max(float(np.trace(products)) / len(products), 1e-30)
    values, vectors = np.linalg.eigh(products)  # once for all pulls: nine inverses took a second on a busy machine
    best: Calibration | None = None
    for pull in PULLS:
        inverse: FloatArray = np.asarray(
            (vectors / (np.maximum(values, 0.0) + pull * mean)) @ vectors.T, dtype=np.float64
        )
        coefficients, own = inverse @ missing, np.diag(inverse)
        left_out = np.maximum(1 - coefficients / own, LOG_OFFSET / scale)  # (estimate + 0.1) / (whole + 0.1)
        errors = np.abs(np.log(left_out))
        if best is None or np.square(errors).mean() < np.square(best.errors).mean():
            ordinary = (np.square(coefficients) / own)[:usual]
            size = float(np.sqrt(ordinary.mean()))
            best = Calibration(even + part.T @ coefficients, errors, part, inverse, pull * mean, size)
    assert best is not None  # noqa: S101  there are several pulls
    return best


def stratified(losses: Losses, whole: FloatArray, count: int, numbers: np.random.Generator) -> IntArray:
    """(count,) samples drawn so that easy and hard ones are among them in their proportion.

    Samples are ordered by their mean relative loss over the points; one is drawn from each of `count` equal parts.

    Parameters
    ----------
    losses : (p, n)
    whole : (p,)
    """
    order = np.argsort((losses / (whole + LOG_OFFSET)[:, None]).mean(axis=0), kind="stable")
    ends = np.linspace(0, len(order), count + 1).astype(np.int64)
    return np.sort(order[[int(numbers.integers(low, high)) for low, high in pairwise(ends)]])
