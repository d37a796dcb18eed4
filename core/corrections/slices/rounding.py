"""How far float64 can lead us astray: bounds on the error of a slice, layer by layer.

What is bounded is this: at every point ``Σ λ_i v_i`` of a cell, λ ≥ 0 with sum 1, how far ``Σ λ_i h_i`` of the computed
values at its corners is from what the network gives there without rounding. Four things add to it.

- A sum of n products, computed in any order, is within ``γ_n Σ|w||h|`` of the truth, with ``γ_n = n u / (1 − n u)`` and
  ``u = 2⁻⁵³`` (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., §3.1); at every corner, so also
  between them. What the h themselves are off by goes on times |w|.
- Values at new corners are interpolated along an edge: ``a + s (b − a)`` is rounded by 5 u times the largest of them at
  most, and takes over what a and b are off by. With so many cuts one upon another that adds up; see `interpolated`.
- A neuron may have both signs in a cell within the tolerance of the cuts: then ``Σ λ_i max(z_i, 0)`` and
  ``max(Σ λ_i z_i, 0)`` differ, by no more than the smaller of what it is above zero and below.
- Corners are rounded themselves, when they arise and once more in the user's units. That is as if the input were off.
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
TOLERANCE = 128 * UNIT  # below this share of Σ|w||h| + |b| a value counts as zero: 64 units in the last place
USUAL_CUTS = 64  # one upon another: networks of a hundred neurons a layer have twenty to forty
# Below 2⁻¹⁰²² products lose their digits, and the relative bounds above do not hold. Sizes that rounding is relative to
# are never taken to be less than this: times a rounding it is still far more than all that can vanish in a sum.
VANISHING = 1e-280


def gamma(terms: int) -> float:
    """Relative error of a sum of so many products, upper bound."""
    return terms * UNIT / (1 - terms * UNIT)


def interpolated(cuts: int) -> float:
    """Error of what was interpolated at corners that so many cuts one upon another made, relative to the largest."""
    return 6 * cuts * UNIT


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """What a source of a network, the input or a layer after its ReLU, amounts to anywhere in the slice."""

    largest: FloatArray  # (width,), |computed| is no larger at a vertex
    error: FloatArray  # (width,), |computed − exact| is no larger

    @classmethod
    def of_input(cls, subspace: Subspace, centre: FloatArray, half: FloatArray, cuts: int) -> "Reach":
        """Of the input, where the handles are within `half` of `centre`."""
        directions = np.abs(subspace.directions)
        largest = np.abs(subspace.base) + directions @ (np.abs(centre) + half)
        # Where a corner arose, and in the user's units.
        placed = interpolated(cuts) * half + 8 * UNIT * (np.abs(centre) + half)
        return cls(largest=largest, error=gamma(subspace.handles + 2) * largest + directions @ placed)

    def carried(self, cuts: int) -> "Reach":
        """After a further layer has cut cells: values at new vertices were interpolated once more."""
        return Reach(largest=self.largest, error=self.error + interpolated(cuts) * self.largest)


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerError:
    """Error of the pre-activations of a layer, anywhere in the slice."""

    scale: FloatArray  # (width,), at least Σ|w||h| + |b| of the computed h: what rounding is relative to
    bound: FloatArray  # (width,), |computed − exact| is no larger

    @classmethod
    def of_layer(cls, layer: Layer, sources: Mapping[int, Reach]) -> "LayerError":
        """From what its sources amount to."""
        scale, inherited = np.abs(layer.bias), np.zeros(len(layer.bias))
        for term in layer.terms:
            source = sources[term.source]
            scale = scale + product(term.magnitude, source.largest)
            inherited = inherited + product(term.magnitude, source.error)
        # The input is two products and a sum of its own at a vertex.
        length = sum(terms_in_a_row(term.matrix) + 1 for term in layer.terms) + 6
        return cls(scale=scale, bound=inherited + gamma(length) * scale)

    def after_relu(self, highest: FloatArray, slack: FloatArray, cuts: int) -> Reach:
        """Of the activations, where `slack` is by how much a neuron may have the wrong sign in a cell."""
        wrong = self.bound + slack + interpolated(cuts) * self.scale
        off = highest + wrong < 0  # everywhere, so they are zero without any error
        return Reach(largest=np.maximum(highest, 0.0), error=np.where(off, 0.0, wrong))


def slack_of(tolerance: FloatArray, cuts: int) -> FloatArray:
    """By how much a neuron may have the wrong sign in a cell whose corners were all within tolerance of one side.

    Once by how the cells were cut, and once by what is interpolated when other neurons cut them further.
    """
    return tolerance * (1 + interpolated(cuts) / TOLERANCE)
