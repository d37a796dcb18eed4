"""How far float64 can lead us astray: bounds on the error of a slice, layer by layer.

A sum of n products, computed in any order, is within ``γ_n Σ|w||h|`` of the truth, with ``γ_n = n u / (1 − n u)`` and
``u = 2⁻⁵³`` (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., §3.1). On top of that come the neurons
whose sign is taken to be the same all over a cell although, within the tolerance of the cuts, it is not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
UNIT = 2.0**-53
# Below this share of Σ|w||h| + |b| a value counts as zero: 64 units in the last place. Interpolation along an edge
# costs about four of them; tests/core/corrections/test_rounding.py measures how many are used up.
TOLERANCE = 128 * UNIT


def gamma(terms: int) -> float:
    """Relative error of a sum of so many products, upper bound."""
    return terms * UNIT / (1 - terms * UNIT)


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerError:
    """Error of the pre-activations of a layer, anywhere in the slice."""

    scale: FloatArray  # (width,), at least Σ|w||h| + |b| at every point: what rounding is relative to
    bound: FloatArray  # (width,), |computed − exact| is no larger

    @classmethod
    def of_input(
        cls, weight: FloatArray, bias: FloatArray, centre: FloatArray, columns: tuple[int, int], half: FloatArray
    ) -> "LayerError":
        """Of the first layer, on the rectangle with this centre and these half-sides."""
        reach = np.abs(centre)
        reach[list(columns)] += half
        scale = np.abs(weight) @ reach + np.abs(bias)
        return cls(scale=scale, bound=gamma(weight.shape[1] + 6) * scale)

    def after_relu(self, highest: FloatArray, slack: FloatArray) -> FloatArray:
        """Error of the activations, where `slack` is by how much a neuron may have the wrong sign in a cell."""
        wrong = self.bound + slack
        return np.where(highest + wrong < 0, 0.0, wrong)  # neurons that are off everywhere stay exactly zero

    @classmethod
    def of_layer(cls, weight: FloatArray, bias: FloatArray, highest: FloatArray, error: FloatArray) -> "LayerError":
        """Of a later layer, whose inputs are at most `highest` and have that `error`."""
        size = np.abs(weight)
        scale = size @ (np.maximum(highest, 0.0) + error) + np.abs(bias)
        # The affine map of a cell is three sums of this length; their errors add up in a value.
        return cls(scale=scale, bound=size @ error + gamma(weight.shape[1] + 6) * scale)


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
