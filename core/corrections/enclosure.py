"""Two linear functions that enclose a neuron over a box of two features, for many boxes and all neurons of a layer.

A box has coordinates ξ, η from −1 to 1 of its own. A neuron lies in ``middle(ξ, η) ± (radius(ξ, η) + error)``, where
middle and radius are linear functions, three coefficients each, and error is a number that holds what rounding did.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.corrections.piecewise import PiecewiseLinear
from core.corrections.rounding import UNIT, gamma

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Enclosure:
    """Bounds of the pre-activations of a layer over b boxes."""

    middle: FloatArray  # (b, 3, width): coefficients of ξ and η, and the constant
    radius: FloatArray  # (b, 3, width), not negative anywhere in the box
    error: FloatArray  # (b, width)

    @classmethod
    def of_input(
        cls,
        network: PiecewiseLinear,
        base: FloatArray,
        columns: tuple[int, int],
        centres: FloatArray,
        half: FloatArray,
    ) -> "Enclosure":
        """Of the first layer, over boxes with these centres (b, 2) and one half-width (2,), in the user's units."""
        weight, bias = network.weights[0], network.biases[0]
        free = weight[:, columns].T
        rest = base.astype(np.float64)
        rest[list(columns)] = 0.0
        middle = np.empty((len(centres), 3, len(bias)))
        middle[:, :2] = half[:, None] * free
        middle[:, 2] = weight @ rest + bias + centres @ free
        reach = np.abs(weight) @ np.abs(rest) + np.abs(bias) + (np.abs(centres) + half) @ np.abs(free)
        return cls(middle=middle, radius=np.zeros_like(middle), error=gamma(len(rest) + 8) * reach)

    def limits(self) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest value (b, width) in the box, rounded outward."""
        low, high = self.middle - self.radius, self.middle + self.radius
        doubt = self.error + gamma(16) * self.size()
        return (
            low[:, 2] - np.abs(low[:, 0]) - np.abs(low[:, 1]) - doubt,
            high[:, 2] + np.abs(high[:, 0]) + np.abs(high[:, 1]) + doubt,
        )

    def size(self) -> FloatArray:
        """(b, width), at least every number that the bounds of a neuron pass through in the box."""
        total: FloatArray = (np.abs(self.middle) + np.abs(self.radius)).sum(axis=1) + self.error
        return total

    def relu(self) -> "Enclosure":
        """Of the activations.

        Notes
        -----
        Where the sign may change, with limits l < 0 < u, ``relu(z) ≤ s (z − l)`` with ``s = u / (u − l)``, and
        ``relu(z) ≥ z`` or ``≥ 0``, whichever is the closer (Zhang et al. 2018, §3.3).
        """
        lowest, highest = self.limits()
        on, off = lowest >= 0, highest <= 0
        unstable = ~(on | off)
        span = np.where(unstable, highest - lowest, 1.0)
        slope = np.where(unstable, highest / span, on.astype(np.float64))
        below = np.where(unstable, (highest > -lowest).astype(np.float64), slope)
        upper = (self.middle + self.radius) * slope[:, None]
        upper[:, 2] -= np.where(unstable, slope * lowest, 0.0)
        lower = (self.middle - self.radius) * below[:, None]
        # A slope below one shrinks the error; the new roundings are of numbers no larger than size or the limits.
        error = np.where(off, 0.0, self.error + gamma(24) * (self.size() + np.maximum(highest, -lowest)))
        return Enclosure(middle=(upper + lower) / 2, radius=(upper - lower) / 2, error=error)

    def affine(self, rows: FloatArray, bias: FloatArray) -> "Enclosure":
        """Of ``W h + b``, with the weights transposed: (inputs, outputs)."""
        count, _, width = self.middle.shape
        magnitude = np.abs(rows)
        middle = (self.middle.reshape(-1, width) @ rows).reshape(count, 3, -1)
        middle[:, 2] += bias
        spread = np.concatenate([self.radius, self.error[:, None], self.size()[:, None]], axis=1)
        spread = (spread.reshape(-1, width) @ magnitude).reshape(count, 5, -1)
        # Twice, for the sums that measure the rounding are themselves rounded.
        error = spread[:, 3] + 2 * gamma(width + 6) * (spread[:, 3] + spread[:, 4] + np.abs(bias))
        return Enclosure(middle=middle, radius=spread[:, :3], error=error)

    def lowest_lead(self, network: PiecewiseLinear, target: int) -> FloatArray:
        """Lower bound (b,) of the target's logit minus the best other one, from the first layer's enclosure."""
        bounds = self
        last = len(network.rows) - 1
        for layer in range(1, last):
            bounds = bounds.relu().affine(network.rows[layer], network.biases[layer])
        others = np.arange(network.classes) != target
        if last == 0:
            rows, bias = np.eye(network.classes), np.zeros(network.classes)
        else:
            bounds, rows, bias = bounds.relu(), network.rows[last], network.biases[last]
        # The differences first: what the two logits have in common does not loosen the bound.
        lead = bounds.affine(rows[:, [target]] - rows[:, others], bias[target] - bias[others])
        lowest: FloatArray = lead.limits()[0].min(axis=1)
        return lowest * (1 - 4 * UNIT * np.sign(lowest))
