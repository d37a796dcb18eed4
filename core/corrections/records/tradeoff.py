"""Minimal against stable: how far the nearest stable correction is, for every stability that could be asked for."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
HUNDREDTH = 0.01  # of a range: the unit of stability where none was asked for


@dataclass(frozen=True, kw_only=True, eq=False)
class Tradeoff:
    """The distance of the nearest stable correction over the stability, which is `stability` times `unit`.

    The distance never falls as the stability grows, because a box that is accepted holds all smaller ones about its
    centre. It rises along straight pieces, and jumps where the nearest place becomes too narrow and another one takes
    over. Between two neighbouring places it lies between their distances, so that nothing is hidden between them.

    Zhang, Solar-Lezama, Singh 2018 ask for the nearest correction that is stable for one given half-width of each
    feature; this is that answer for all their multiples.
    """

    unit: tuple[float, float]  # half-widths at stability 1, in the user's units
    asked: bool  # whether `unit` is the stability that was asked for; else it is a hundredth of both ranges
    stability: FloatArray = field(repr=False)  # (n,) rising from 0 to the largest; empty where nothing is accepted
    distance: FloatArray = field(repr=False)  # (n,) weighted L1 distance of the nearest stable correction
    lower_bound: FloatArray = field(repr=False)  # (n,) provably no stable correction is nearer
    centres: FloatArray = field(repr=False)  # (n, 2) the nearest stable corrections themselves, in the user's units
    none_beyond: float  # provably no correction is stable for more than this; the bisection's other side of `largest`

    @property
    def largest(self) -> float | None:
        """The largest stability for which there is a correction; None where there is none at all."""
        return float(self.stability[-1]) if len(self.stability) else None

    def half_width(self, stability: float) -> tuple[float, float]:
        """What a stability means for the two features, in the user's units."""
        return stability * self.unit[0], stability * self.unit[1]

    def distance_at(self, stability: float) -> float | None:
        """The distance at any stability, along the straight pieces; None beyond the largest stability."""
        if self.largest is None or not 0 <= stability <= self.largest:
            return None
        return float(np.interp(stability, self.stability, self.distance))

    def centre_at(self, stability: float) -> tuple[float, float] | None:
        """The nearest stable correction at any stability, along the same pieces."""
        if self.largest is None or not 0 <= stability <= self.largest:
            return None
        x, y = (float(np.interp(stability, self.stability, self.centres[:, axis])) for axis in (0, 1))
        return x, y

    def stable_centre_at(self, stability: float) -> tuple[float, float] | None:
        """A place of the curve itself that is stable for as much at least: on whole steps, where features have them."""
        if self.largest is None or not 0 <= stability <= self.largest:
            return None
        x, y = self.centres[int(np.searchsorted(self.stability, stability, side="left"))].tolist()
        return x, y

    def stability_of(self, half_width: tuple[float, float]) -> float | None:
        """The inverse of `half_width`; None for one that is no multiple of the unit."""
        stability = max(half / unit for half, unit in zip(half_width, self.unit, strict=True) if unit > 0)
        same = all(
            abs(half - expected) <= 1e-9 * max(half, expected)
            for half, expected in zip(half_width, self.half_width(stability), strict=True)
        )
        return stability if same else None

    def bracket_at(self, stability: float) -> tuple[float, float] | None:
        """What is proved of the distance at any stability: it is not below the first, nor above the second number."""
        if self.largest is None or not 0 <= stability <= self.largest:
            return None
        before = int(np.searchsorted(self.stability, stability, side="right")) - 1
        after = int(np.searchsorted(self.stability, stability, side="left"))
        return float(self.lower_bound[before]), float(self.distance[after])
