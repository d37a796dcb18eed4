"""How far float64 can lead us astray: bounds on the error of a slice, layer by layer.

A sum of n products, computed in any order, is within ``γ_n Σ|w||h|`` of the truth, with ``γ_n = n u / (1 − n u)`` and
``u = 2⁻⁵³`` (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., §3.1). On top of that come the neurons
whose sign is taken to be the same all over a cell although, within the tolerance of the cuts, it is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.corrections.network.matrices import product, terms_in_a_row
from core.corrections.network.piecewise import Layer
from core.corrections.records.subspace import Subspace

FloatArray = npt.NDArray[np.float64]
UNIT = 2.0**-53
# Below this share of Σ|w||h| + |b| a value counts as zero: 64 units in the last place. Interpolation along an edge
# costs about four of them; tests/core/corrections/slices/test_rounding.py measures how many are used up.
TOLERANCE = 128 * UNIT
# Below 2⁻¹⁰²² products lose their digits, and the relative bounds above do not hold. Sizes that rounding is relative to
# are never taken to be less than this: times a rounding it is still far more than all that can vanish in a sum.
VANISHING = 1e-280


def gamma(terms: int) -> float:
    """Relative error of a sum of so many products, upper bound."""
    return terms * UNIT / (1 - terms * UNIT)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """What a source of a network, the input or a layer after its ReLU, amounts to anywhere in the slice."""

    largest: FloatArray  # (width,), |computed| is no larger
    error: FloatArray  # (width,), |computed − exact| is no larger

    @classmethod
    def of_input(cls, subspace: Subspace, centre: FloatArray, half: FloatArray) -> "Reach":
        """Of the input, where the handles are within `half` of `centre`."""
        largest = np.abs(subspace.base) + np.abs(subspace.directions) @ (np.abs(centre) + half)
        return cls(largest=largest, error=gamma(subspace.handles + 2) * largest)

    def carried(self) -> "Reach":
        """After a further layer has cut cells: values at new vertices were interpolated once more."""
        return Reach(largest=self.largest, error=self.error + TOLERANCE * self.largest)


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerError:
    """Error of the pre-activations of a layer, anywhere in the slice."""

    scale: FloatArray  # (width,), at least Σ|w||h| + |b| at every point: what rounding is relative to
    bound: FloatArray  # (width,), |computed − exact| is no larger

    @classmethod
    def of_layer(cls, layer: Layer, sources: Mapping[int, Reach]) -> "LayerError":
        """From what its sources amount to."""
        scale, inherited = np.abs(layer.bias), np.zeros(len(layer.bias))
        for term in layer.terms:
            source = sources[term.source]
            scale = scale + product(term.magnitude, source.largest + source.error)
            inherited = inherited + product(term.magnitude, source.error)
        # The affine map of a cell is three sums of this length; their errors add up in a value.
        length = sum(terms_in_a_row(term.matrix) + 1 for term in layer.terms) + 6
        return cls(scale=scale, bound=inherited + gamma(length) * scale)

    def after_relu(self, highest: FloatArray, slack: FloatArray) -> Reach:
        """Of the activations, where `slack` is by how much a neuron may have the wrong sign in a cell."""
        wrong = self.bound + slack
        off = highest + wrong < 0  # everywhere, so they are zero without any error
        return Reach(largest=np.maximum(highest, 0.0), error=np.where(off, 0.0, wrong))


def slack_of(tolerance: FloatArray, corners: int) -> FloatArray:
    """By how much a neuron may have the wrong sign in a cell of so many corners, all within tolerance of one side.

    Notes
    -----
    The sign is that of the affine map at the mean of the corners. If it is not positive there, the values at the n
    corners add up to no more than n times the tolerance that interpolation is given; if all but one of them are as low
    as the cut allows, the last one is at most ``n + (n − 1)`` tolerances.
    """
    return 2 * corners * tolerance


def placement_error(affine: FloatArray, ranges: tuple[tuple[float, float], tuple[float, float]]) -> FloatArray:
    """How much a logit may change (classes,) because a vertex is kept in the user's units, in 53 bits.

    Parameters
    ----------
    affine : (p, classes, 3) array
        Change of the logits per unit of x and of y, and a constant.
    """
    slopes = np.abs(affine[..., :2]).max(axis=0)
    largest = np.array([max(abs(low), abs(high), high - low) for low, high in ranges])
    error: FloatArray = 8 * UNIT * slopes @ largest
    return error
