"""A fully connected ReLU network in its plainest form: float64 matrices, and a ReLU between each two of them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PiecewiseLinear:
    """``W_k relu(… relu(W_1 x + b_1) …) + b_k``, of an input in the user's units.

    What is proved in this room is proved of this function, evaluated without rounding.
    """

    weights: tuple[FloatArray, ...] = field(repr=False)  # each (outputs, inputs)
    biases: tuple[FloatArray, ...] = field(repr=False)  # each (outputs,)

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.biases) or not self.weights:
            raise InvalidRequest("A piecewise-linear network needs one bias per weight matrix, and at least one layer.")
        for place, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            before = weight.shape[1] if place == 0 else self.weights[place - 1].shape[0]
            if weight.shape != (len(bias), before):
                raise InvalidRequest(
                    f"Layer {place + 1} has weights of shape {weight.shape} and {len(bias)} biases after {before} "
                    "inputs. They do not fit together."
                )

    @property
    def inputs(self) -> int:
        """How many columns the input has."""
        return int(self.weights[0].shape[1])

    @property
    def classes(self) -> int:
        """How many logits there are."""
        return len(self.biases[-1])

    @property
    def widths(self) -> tuple[int, ...]:
        """Neurons per hidden layer."""
        return tuple(len(bias) for bias in self.biases[:-1])

    @cached_property
    def rows(self) -> tuple[FloatArray, ...]:
        """The weights transposed and contiguous, for samples that are rows."""
        return tuple(np.ascontiguousarray(weight.T) for weight in self.weights)

    def forward(self, x: FloatArray) -> FloatArray:
        """Logits (n, classes) of inputs (n, columns) in the user's units."""
        h = x
        for rows, bias in zip(self.rows[:-1], self.biases[:-1], strict=True):
            h = np.maximum(h @ rows + bias, 0.0)
        return h @ self.rows[-1] + self.biases[-1]

    def on_slice(self, base: FloatArray, columns: tuple[int, int], points: FloatArray) -> FloatArray:
        """Logits (n, classes) at points (n, 2) of the slice through `base` in which two columns are free."""
        x = np.tile(base, (len(points), 1))
        x[:, columns] = points
        return self.forward(x)
