"""The difference of two surfaces over the same rectangle of plane coordinates: which one is higher, and where."""

from dataclasses import dataclass, field

import numpy as np

from core.errors import InvalidRequest
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.landscape.surfaces.heights import height

ALIKE = 1e-9  # relative difference of coordinates that are the same


@dataclass(frozen=True, kw_only=True, eq=False)
class Difference:
    """The first surface less the second at every grid point; NaN where one of the two has no finite loss."""

    x: FloatArray = field(repr=False)  # (nx,)
    y: FloatArray = field(repr=False)  # (ny,)
    values: FloatArray = field(repr=False)  # (ny, nx)
    logarithmic: bool  # of ln(loss + 0.1), else of the loss itself
    limit: float  # loss at which both were clipped; infinity: at none
    loss_unit: str = "nats"

    @property
    def known(self) -> FloatArray:
        """The finite values, (k,)."""
        found: FloatArray = self.values[np.isfinite(self.values)]
        return found


def same_grid(first: Surface, second: Surface) -> bool:
    """Whether both have the same grid points in the coordinates of their planes."""
    return all(
        len(one) == len(other) and np.allclose(one, other, rtol=ALIKE, atol=ALIKE * float(np.ptp(one)))
        for one, other in ((first.x, second.x), (first.y, second.y))
    )


def difference(first: Surface, second: Surface, *, logarithmic: bool = True, limit: float = float("inf")) -> Difference:
    """The first surface less the second.

    Parameters
    ----------
    first, second : Surface
        Over the same grid. They may belong to different networks: then the same coordinates are as far from each
        network in units of its own directions, not the same weights.
    logarithmic : bool
        Compare ln(loss + 0.1), in which a picture is drawn (Li et al. 2018); False: the loss itself.
    limit : float
        Loss at which both are clipped, as in their pictures: above it a difference cannot be seen.

    Raises
    ------
    InvalidRequest
        If the grids differ, or the losses are in different units.
    """
    if not same_grid(first, second):
        raise InvalidRequest(
            "The two surfaces have different grids, so there is no point at which both are known. "
            "Compute one of them again with the range and the number of points of the other."
        )
    if first.loss_unit != second.loss_unit:
        raise InvalidRequest(
            f"One loss is in {first.loss_unit}, the other in {second.loss_unit}. Compare networks of one task."
        )
    one, other = (_compared(surface.loss, limit, logarithmic=logarithmic) for surface in (first, second))
    return Difference(
        x=first.x,
        y=first.y,
        values=one - other,
        logarithmic=logarithmic,
        limit=limit,
        loss_unit=first.loss_unit,
    )


def _compared(loss: FloatArray, limit: float, *, logarithmic: bool) -> FloatArray:
    finite = np.minimum(np.where(np.isfinite(loss), loss, np.nan), limit)
    return height(finite) if logarithmic else finite
