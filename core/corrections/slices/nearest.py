"""The nearest stable correction in a slice whose accepted region is known from both sides."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.records.correction import Norm, Proof
from core.corrections.slices.regions import AcceptedRegion
from core.corrections.slices.stability import ALLOWANCE, Bounds, stable_centres
from core.corrections.slices.steps import nearest_on_steps

Pair = tuple[float, float]
FloatArray = npt.NDArray[np.float64]


class Side(Protocol):
    """One side of a slice: a number that may change, as a feature of a request or as a handle of a question."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def half_width(self) -> float: ...
    @property
    def weight(self) -> float: ...
    @property
    def step(self) -> float: ...


@dataclass(frozen=True, kw_only=True, eq=False)
class NearestInSlice:
    """The stable set, the cheapest point of it, and the cost below which there is none."""

    stable: shapely.MultiPolygon = field(repr=False)
    centre: Pair | None  # None: none was found
    distance: float | None
    lower_bound: float | None  # None: nothing is known, or provably nothing is stable
    proof: Proof  # "none_exists" if not even the region with the margin on the other side has a stable point


def nearest_between(region: AcceptedRegion, x: Side, y: Side, start: FloatArray, norm: Norm) -> NearestInSlice:
    """`nearest_in_slice` of two numbers, from where they are in the input: `start` (2,)."""
    own_x, own_y = start.tolist()
    return nearest_in_slice(
        region,
        (x.low, y.low, x.high, y.high),
        (x.half_width, y.half_width),
        (own_x, own_y),
        (x.weight, y.weight),
        norm,
        (x.step, y.step),
    )


def nearest_in_slice(
    region: AcceptedRegion,
    bounds: Bounds,
    half_width: Pair,
    point: Pair,
    weights: Pair,
    norm: Norm,
    steps: Pair = (0.0, 0.0),
) -> NearestInSlice:
    """Look for it in the region from both sides.

    Parameters
    ----------
    bounds : x low, y low, x high, y high
        Of the slice, in the user's units.
    half_width, point, weights : pair of float
        Of the stability box; where the input is; what a unit of change costs.
    steps : pair of float
        The centre has whole multiples of them for values, or the input's own; 0: any number.
    """
    stable = stable_centres(region.inner, bounds, half_width)
    possible = stable_centres(region.outer, bounds, half_width, -ALLOWANCE)
    limit = nearest_on_steps(possible, point, weights, norm, steps)
    nearest = nearest_on_steps(stable, point, weights, norm, steps)
    if nearest is None:
        return NearestInSlice(
            stable=stable,
            centre=None,
            distance=None,
            lower_bound=None if limit is None else limit[1],
            proof="none_exists" if limit is None else "unknown",
        )
    centre, distance = nearest
    lower_bound = 0.0 if limit is None else min(limit[1], distance)
    return NearestInSlice(stable=stable, centre=centre, distance=distance, lower_bound=lower_bound, proof="unknown")
