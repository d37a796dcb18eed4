"""What a search for the nearest stable correction knows at a moment."""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bracket:
    """No stable correction costs less than `lower`, and one costs `distance`."""

    lower: float  # proved; infinite if nothing stable exists
    distance: float | None  # of `point`; None while none is known
    point: FloatArray | None = field(repr=False)  # (k,), whose whole box is proved to be accepted
    levels: tuple[int, ...]  # of the categories, at `point`
    boxes: int  # that were bounded so far
    closed: bool  # lower and distance agree up to the tolerance, or nothing exists
    proof: Literal["proved", "none_exists", "unknown"]  # of `point`; that there is none; or neither so far
    place: int = 0  # of the question that `point` answers, where there are several

    def raised(self, lower: float, tolerance: float) -> "Bracket":
        """With a lower bound that is proved elsewhere, as far as it is the larger one; closed if that is enough."""
        lower = max(lower, self.lower)
        if self.distance is None:
            return replace(self, lower=lower)
        closed = self.closed or lower >= self.distance * (1 - tolerance)
        return replace(self, lower=min(lower, self.distance), closed=closed)

    @property
    def gap(self) -> float:
        """Relative: 0 when closed exactly, 1 when nothing is known."""
        if self.distance is None:
            return 0.0 if self.closed else 1.0
        return 0.0 if self.distance == 0 else max(0.0, 1.0 - self.lower / self.distance)
