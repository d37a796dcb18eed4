"""What a network probably gives: in float32, and by those of its neurons alone that were seen to do anything.

Deep in a trained network most neurons stay off over all of the ranges that a search looks at. No bound can know that,
for it holds only as far as it was tried; but a guess may leave them out, and takes a tenth of the time.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.restriction import NUMBERS_AT_A_TIME, Restriction
from core.corrections.network.curves import RELU

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
FEWEST_POINTS = 64
LEARNT_FROM = 20_000  # points, before neurons are left out
LOOKED_AGAIN = 32  # calls, of which one asks all neurons, for others may be on by now
WORTH_IT = 0.5  # share of the neurons up to which the others are left out


class Guesses:
    """Outputs and slopes of a network, and which of its neurons were on at the points that were asked about."""

    def __init__(self, network: Restriction) -> None:
        self._whole = network.coarse
        self._on: list[Mask] = [np.full(stage.width, stage.curve != RELU) for stage in network.stages[:-1]]
        self._points = 0
        self._calls = 0
        self._thin: Restriction | None = None

    def outputs(self, points: FloatArray, lanes: IntArray) -> FloatArray:
        """(n, outputs) at points (n, k), about."""
        self._calls += 1
        coarse: npt.NDArray[Any] = points.astype(np.float32)
        if self._points >= LEARNT_FROM and self._calls % LOOKED_AGAIN:
            return self._thinned().at(coarse, lanes)
        self._points += len(points)
        size = max(FEWEST_POINTS, NUMBERS_AT_A_TIME // self._whole.widest)
        return np.concatenate(
            [
                self._learnt(coarse[begin : begin + size], lanes[begin : begin + size])
                for begin in range(0, max(1, len(points)), size)
            ]
        )

    def gradients(self, points: FloatArray, lanes: IntArray, rows: FloatArray) -> FloatArray:
        """Derivatives (n, k) of ``rows[i] @ outputs`` by the handles, for rows (n, outputs)."""
        network = self._whole if self._points < LEARNT_FROM else self._thinned()
        _, patterns = network.patterns(points.astype(np.float32), lanes)
        return network.gradients(patterns, rows.astype(np.float32))

    def _learnt(self, points: FloatArray, lanes: IntArray) -> FloatArray:
        """Outputs by all neurons; those that are on here are not left out again."""
        outputs, patterns = self._whole.patterns(points, lanes)
        for known, pattern in zip(self._on, patterns, strict=True):
            new = pattern.any(axis=0) & ~known
            if new.any():
                np.logical_or(known, new, out=known)
                self._thin = None
        return outputs

    def _thinned(self) -> Restriction:
        if self._thin is None:
            few = sum(int(known.sum()) for known in self._on) <= WORTH_IT * sum(len(known) for known in self._on)
            self._thin = self._whole.thinned(self._on) if few else self._whole
        return self._thin
