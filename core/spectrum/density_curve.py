"""A spectral density as a curve: its nodes broadened by a Gaussian, on a linear axis or one of decades of both signs.

Nodes are where they were computed and weigh what they weigh; the width is a choice of whoever draws, and belongs beside
the picture. Needs no torch, so that windows and files draw what the engine found.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.spectrum.spectrum import Density, FloatArray

RELATIVE_WIDTH = 0.01  # standard deviation over the largest magnitude, where nobody says otherwise
DECADES = 0.1  # standard deviation on an axis of decades, where nobody says otherwise
REACH = 4.0  # standard deviations that a curve goes on beyond the outermost nodes
_POINTS_A_WIDTH = 4
_MOST_POINTS = 4001
_CHUNK = 1 << 20  # entries of a table of points and nodes that are held at once


def density_width(density: Density, relative: float = RELATIVE_WIDTH) -> float:
    """The usual width of the Gaussian in the unit of eigenvalues: this share of the largest magnitude; never 0."""
    largest = float(np.abs(density.nodes).max(initial=0.0))
    return relative * largest if largest > 0 else relative


def density_axis(density: Density, width: float) -> FloatArray:
    """(n,) equidistant eigenvalues, fine enough for that width, from before the first node to behind the last."""
    low, high = _ends(density.nodes)
    low, high = low - REACH * width, high + REACH * width
    points = int(np.clip(np.ceil(_POINTS_A_WIDTH * (high - low) / width) + 1, 2, _MOST_POINTS))
    return np.linspace(low, high, points)


def density_curve(density: Density, x: npt.ArrayLike, width: float) -> FloatArray:
    """Share of the eigenvalues per unit of them, with every node broadened to a Gaussian; its integral is 1.

    Parameters
    ----------
    x : (n,) array
        Eigenvalues at which the curve is wanted, in any order; see `density_axis`.
    width : float
        Standard deviation of the Gaussian, in the unit of eigenvalues; more than 0.
    """
    return _broadened(density.nodes, density.weights, np.asarray(x, dtype=np.float64), width)


@dataclass(frozen=True, kw_only=True)
class SymmetricLog:
    """An axis of decades for both signs: ``position = sign(λ) log10(1 + |λ| / threshold)``.

    Far beyond the threshold every unit of position is a decade; within it the axis is linear.
    """

    threshold: float  # eigenvalue, more than 0

    def position(self, value: npt.ArrayLike) -> FloatArray:
        """Where eigenvalues lie on the axis."""
        values = np.asarray(value, dtype=np.float64)
        return np.asarray(np.copysign(np.log1p(np.abs(values) / self.threshold) / np.log(10.0), values))

    def value(self, position: npt.ArrayLike) -> FloatArray:
        """The eigenvalues at positions."""
        positions = np.asarray(position, dtype=np.float64)
        return np.asarray(np.copysign(self.threshold * np.expm1(np.abs(positions) * np.log(10.0)), positions))


def symmetric_log_of(density: Density, decades: float = 6.0) -> SymmetricLog:
    """The axis on which the largest magnitude lies that many decades beyond the threshold."""
    largest = float(np.abs(density.nodes).max(initial=0.0))
    return SymmetricLog(threshold=(largest or 1.0) * 10.0**-decades)


def symmetric_log_grid(density: Density, axis: SymmetricLog, width: float = DECADES) -> FloatArray:
    """(n,) equidistant positions on the axis, fine enough for that width in positions, across all nodes."""
    low, high = _ends(axis.position(density.nodes))
    low, high = low - REACH * width, high + REACH * width
    points = int(np.clip(np.ceil(_POINTS_A_WIDTH * (high - low) / width) + 1, 2, _MOST_POINTS))
    return np.linspace(low, high, points)


def density_on_decades(
    density: Density, axis: SymmetricLog, position: npt.ArrayLike, width: float = DECADES
) -> FloatArray:
    """Share of the eigenvalues per unit of position (a decade), broadened along the axis; its integral over it is 1.

    Parameters
    ----------
    position : (n,) array
        On the axis; see `symmetric_log_grid`.
    width : float
        Standard deviation of the Gaussian in units of position: everywhere the same share of an eigenvalue.
    """
    nodes = axis.position(density.nodes)
    return _broadened(nodes, density.weights, np.asarray(position, dtype=np.float64), width)


def _ends(nodes: FloatArray) -> tuple[float, float]:
    return (float(nodes.min()), float(nodes.max())) if nodes.size else (0.0, 0.0)


def _broadened(nodes: FloatArray, weights: FloatArray, x: FloatArray, width: float) -> FloatArray:
    """Σ weights · Gaussian(x; nodes, width), piece by piece."""
    flat, rows = x.reshape(-1), max(1, _CHUNK // max(1, nodes.size))
    curve = np.empty(flat.shape)
    for start in range(0, len(flat), rows):
        distance = (flat[start : start + rows, None] - nodes) / width
        curve[start : start + rows] = np.exp(-0.5 * distance**2) @ weights
    return np.asarray(curve.reshape(x.shape) / (np.sqrt(2 * np.pi) * width))
