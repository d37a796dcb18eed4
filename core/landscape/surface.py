"""What is asked of the landscape engine, and what it answers: plain records of numpy arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
Norm = Literal["filter", "layer", "weight", "dfilter", "dlayer", "none"]
Ignore = Literal["biasbn", "none"]
Status = Literal["complete", "partial"]

INTERPOLATED = 0  # not computed: bilinear between its evaluated neighbours
EVALUATED = 1  # computed at that very point on all samples


@dataclass(frozen=True, kw_only=True)
class RandomDirections:
    """Two independent Gaussian directions, scaled to the network (Li et al. 2018, §4)."""

    norm: Norm = "filter"
    ignore: Ignore = "biasbn"  # biases and normalisation layers do not move
    seed: int = 123  # Li et al.: the seed of the original tool


@dataclass(frozen=True, kw_only=True)
class SurfaceRequest:
    """The loss over a rectangle of the plane through the network's weights.

    The point (a, b) stands for the weights ``θ + a·δ + b·η`` with δ, η the two directions.
    """

    columns: int = 51  # Li et al. 2018: 51 × 51
    rows: int = 51
    x_range: tuple[float, float] = (-1.0, 1.0)
    y_range: tuple[float, float] = (-1.0, 1.0)
    directions: RandomDirections = field(default_factory=RandomDirections)
    samples: int | None = None  # the first so many of the data set; None: all
    display_limit: float = 10.0  # loss above this is clipped in pictures (Li et al.: vmax 10)

    def __post_init__(self) -> None:
        if self.columns < 2 or self.rows < 2:
            raise InvalidRequest(
                f"A surface of {self.columns} × {self.rows} points is no surface. Ask for at least 2 × 2."
            )
        for axis, (low, high) in (("x", self.x_range), ("y", self.y_range)):
            if not (np.isfinite(low) and np.isfinite(high) and low < high):
                raise InvalidRequest(
                    f"The {axis} range {low:g} to {high:g} is empty. Give two finite numbers, the smaller first."
                )
        if self.samples is not None and self.samples < 1:
            raise InvalidRequest(f"{self.samples} samples have no mean loss. Ask for at least one.")
        if not self.display_limit > 0:
            raise InvalidRequest(f"The loss shown must be limited above zero, not at {self.display_limit:g}.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Directions:
    """The axes of a plane in weight space, in units of the network's own weights."""

    x: Mapping[str, npt.NDArray[np.float32]] = field(repr=False)  # by parameter name, shape of the parameter
    y: Mapping[str, npt.NDArray[np.float32]] = field(repr=False)
    cosine: float  # of the angle between the two; random directions are almost, never exactly, orthogonal


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """Mean loss and accuracy over a rectangle of a plane; every cell says how it was obtained.

    A cell that was evaluated and is not finite keeps its NaN or infinity: it is drawn as a hole and counted.
    """

    request: SurfaceRequest
    status: Status
    x: FloatArray = field(repr=False)  # (nx,), multiples of the first direction
    y: FloatArray = field(repr=False)  # (ny,), multiples of the second
    loss: FloatArray = field(repr=False)  # (ny, nx), mean per sample; NaN where nothing is known yet
    accuracy: FloatArray = field(repr=False)  # (ny, nx), share classified right, 0 to 1; NaN where there are no classes
    evaluated: npt.NDArray[np.uint8] = field(repr=False)  # (ny, nx), EVALUATED or INTERPOLATED
    directions: Directions
    centre_loss: float  # of the network itself, at (0, 0), computed apart from the grid
    provenance: Provenance
    loss_unit: str = "nats"  # or the square of the unit of the numbers that are predicted

    @property
    def holes(self) -> int:
        """How many evaluated points have no finite loss."""
        return int(np.count_nonzero((self.evaluated == EVALUATED) & ~np.isfinite(self.loss)))

    @property
    def evaluated_count(self) -> int:
        """How many points were computed, finite or not."""
        return int(np.count_nonzero(self.evaluated == EVALUATED))
