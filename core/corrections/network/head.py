"""What a network does to its outputs at the very end, where that changes no order: softmax, sigmoid, tanh.

Such a head says the same class as the outputs before it. A limit of the value that comes out is a limit of the value
that goes in, so that everything piecewise linear can be done before the head.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.corrections.records.goal import Goal
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
Kind = Literal["none", "softmax", "log_softmax", "sigmoid", "log_sigmoid", "tanh"]
ROUNDINGS = 8  # units in the last place of what a limit is made of
RANGES: dict[Kind, tuple[float, float]] = {
    "none": (-np.inf, np.inf),
    "softmax": (0.0, 1.0),
    "log_softmax": (-np.inf, 0.0),
    "sigmoid": (0.0, 1.0),
    "log_sigmoid": (-np.inf, 0.0),
    "tanh": (-1.0, 1.0),
}


@dataclass(frozen=True)
class Head:
    """The last operation of a network, increasing in every output or, as softmax, keeping their order."""

    kind: Kind = "none"

    def applied(self, outputs: FloatArray) -> FloatArray:
        """What the user sees (n, classes) of the outputs (n, classes) before the head."""
        if self.kind in ("softmax", "log_softmax"):
            shifted = outputs - outputs.max(axis=1, keepdims=True)
            logarithm: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            return np.exp(logarithm) if self.kind == "softmax" else logarithm
        if self.kind == "tanh":
            return np.tanh(outputs)
        if self.kind == "none":
            return outputs
        logarithm = -np.logaddexp(0.0, -outputs)
        return np.exp(logarithm) if self.kind == "sigmoid" else logarithm

    def limit(self, value: float) -> float:
        """The number before the head that it turns into `value`.

        Raises
        ------
        InvalidRequest
            If no number does, or the head is a softmax, in which every output depends on all.
        """
        low, high = RANGES[self.kind]
        if self.kind in ("softmax", "log_softmax"):
            raise InvalidRequest("The network ends in a softmax, so its outputs are shares. Ask for a class.")
        if not low < value < high:
            raise InvalidRequest(
                f"The network ends in a {self.kind}, which gives numbers between {low:g} and {high:g}. "
                f"{value:g} is not among them; choose another limit."
            )
        if self.kind == "tanh":
            return float(np.arctanh(value))
        if self.kind == "sigmoid":
            return float(np.log(value) - np.log1p(-value))
        return float(value - np.log(-np.expm1(value))) if self.kind == "log_sigmoid" else value

    def before(self, goal: Goal) -> Goal:
        """The same goal for the outputs before the head. Raises `InvalidRequest` as `limit` does."""
        if not goal.by_value or self.kind == "none":
            return goal
        limits = (None if value is None else self.limit(value) for value in (goal.at_least, goal.at_most))
        given = [value for value in (goal.at_least, goal.at_most) if value is not None]
        doubt = max(self._doubt(value) for value in given)
        return replace(goal, at_least=next(limits), at_most=next(limits), doubt=doubt)

    def _doubt(self, value: float) -> float:
        """By how much `limit` may be off: logarithms are right up to some units in the last place."""
        size = abs(self.limit(value))
        if self.kind == "sigmoid":
            size = float(abs(np.log(value)) + abs(np.log1p(-value)))
        if self.kind == "log_sigmoid":
            size = float(abs(value) + abs(np.log(-np.expm1(value))) + 1.0)
        return ROUNDINGS * float(np.finfo(np.float64).eps) * size


NO_HEAD = Head()
