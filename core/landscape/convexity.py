"""The curvature over a plane: what is asked, and what is answered."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.landscape.plane import (
    AnyDirections,
    Directions,
    FloatArray,
    RandomDirections,
    Range,
    checked_range,
    checked_samples,
    checked_seed,
)
from core.landscape.surface import Status
from core.provenance import Provenance

Parameters = Literal["all", "filters"]  # filters: only what has two axes or more, as the original tool differentiates


@dataclass(frozen=True, kw_only=True)
class ConvexityRequest:
    """The smallest and the largest eigenvalue of the Hessian at points of a plane (Li et al. 2018, §6)."""

    columns: int = 13
    rows: int = 13
    x_range: Range | None = (-1.0, 1.0)
    y_range: Range | None = (-1.0, 1.0)
    directions: AnyDirections = field(default_factory=RandomDirections)
    samples: int | None = None
    tolerance: float = 0.01  # relative to the eigenvalue of larger magnitude; the original tool's
    max_products: int = 120  # Hessian-vector products at one point before it is given up
    seed: int = 0
    parameters: Parameters = "all"

    def __post_init__(self) -> None:
        if self.columns < 2 or self.rows < 2:
            raise InvalidRequest(f"A map of {self.columns} × {self.rows} points is none. Ask for at least 2 × 2.")
        for axis, extent in (("x", self.x_range), ("y", self.y_range)):
            checked_range(axis, extent)
        checked_samples(self.samples)
        if not 0 < self.tolerance < 1:
            raise InvalidRequest(f"The tolerance {self.tolerance:g} is not between 0 and 1, such as 0.01.")
        checked_seed(self.seed)
        if self.max_products < 4:
            raise InvalidRequest("Two eigenvalues take at least four products.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Convexity:
    """Extreme eigenvalues of the Hessian of the mean loss over a plane; NaN where nothing is computed yet."""

    request: ConvexityRequest
    status: Status
    x: FloatArray = field(repr=False)  # (nx,)
    y: FloatArray = field(repr=False)  # (ny,)
    min_eigenvalue: FloatArray = field(repr=False)  # (ny, nx)
    max_eigenvalue: FloatArray = field(repr=False)  # (ny, nx)
    residual: FloatArray = field(repr=False)  # (ny, nx), the larger of the two ‖Hv − λv‖
    products: npt.NDArray[np.int32] = field(repr=False)  # (ny, nx), Hessian-vector products spent
    directions: Directions
    provenance: Provenance

    @property
    def ratio(self) -> FloatArray:
        """|λmin/λmax|, 0 where no eigenvalue is negative: the map of Li et al. 2018, Figure 7. (ny, nx)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio: FloatArray = np.abs(np.minimum(self.min_eigenvalue, 0.0)) / np.abs(self.max_eigenvalue)
        return ratio

    @property
    def computed(self) -> npt.NDArray[np.bool_]:
        """Which points were computed, finite or not. (ny, nx)."""
        return self.products > 0

    @property
    def holes(self) -> int:
        """How many computed points have no finite Hessian."""
        return int(np.count_nonzero(self.computed & ~np.isfinite(self.max_eigenvalue)))

    @property
    def unconverged(self) -> int:
        """How many points were given up before the residual was below the tolerance."""
        scale = np.maximum(np.abs(self.min_eigenvalue), np.abs(self.max_eigenvalue))
        return int(np.count_nonzero(self.residual > self.request.tolerance * scale * (1 + 1e-6)))
