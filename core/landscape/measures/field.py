"""A surface as the measures see it: heights on a grid, what is known of them, and how far apart they are."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.landscape.plane import AnyDirections, FloatArray, RandomDirections
from core.landscape.surface import EVALUATED, INTERPOLATED, LOG_OFFSET, Surface

DEFAULT_ERROR = 0.02  # of log(loss + 0.1), where no certificate says more: the tolerance surfaces have by default
_SCALED = ("filter", "layer", "weight")  # norms that tie the length of a direction to the weights


@dataclass(frozen=True, eq=False)
class Field:
    """Losses over a rectangle, without what cannot be compared.

    NaN marks a hole or a point that is not known yet; positive infinity is higher than everything.
    """

    x: FloatArray = field(repr=False)  # (nx,)
    y: FloatArray = field(repr=False)  # (ny,)
    loss: FloatArray = field(repr=False)  # (ny, nx)
    limit: float  # loss above which pictures are clipped
    centre_loss: float
    unit: str  # of the loss
    error: float  # of log(loss + 0.1): what differs by less is not told apart
    whole: bool  # every point was computed or interpolated: gaps are holes, not ignorance

    @property
    def height(self) -> FloatArray:
        """log(loss + 0.1), what one sees. (ny, nx)."""
        return log_height(self.loss)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Where there is a loss, be it infinite. (ny, nx)."""
        return ~np.isnan(self.loss)

    @property
    def areas(self) -> FloatArray:
        """What every point stands for: the rectangle half-way to its neighbours, within the plane. (ny, nx)."""
        return np.outer(_stretches(self.y), _stretches(self.x))

    def nearest(self, a: float, b: float) -> tuple[int, int] | None:
        """Row and column of the grid point nearest to (a, b); None if (a, b) lies outside."""
        if not (self.x[0] <= a <= self.x[-1] and self.y[0] <= b <= self.y[-1]):
            return None
        return int(np.abs(self.y - b).argmin()), int(np.abs(self.x - a).argmin())

    @property
    def reach(self) -> float:
        """How far the plane goes from the network in every direction; 0 if the network lies outside."""
        return max(0.0, float(min(-self.x[0], self.x[-1], -self.y[0], self.y[-1])))


def field_of(surface: Surface) -> Field:
    """The losses of a surface, ready to be measured."""
    loss = np.where(np.isneginf(surface.loss), np.nan, surface.loss)  # no loss of ours is minus infinity: a hole
    certificate = surface.certificate
    if certificate is not None:
        error = max(certificate.tolerance, certificate.max_seen)
    else:
        error = max(DEFAULT_ERROR, surface.request.tolerance) if surface.request.method == "adaptive" else DEFAULT_ERROR
    return Field(
        x=surface.x,
        y=surface.y,
        loss=loss,
        limit=surface.request.display_limit,
        centre_loss=surface.centre_loss,
        unit=surface.loss_unit,
        error=error,
        whole=not (np.isnan(surface.loss) & (surface.evaluated == INTERPOLATED)).any(),
    )


def log_height(loss: FloatArray) -> FloatArray:
    """log(loss + 0.1); NaN stays NaN, and so does a loss below −0.1, which has no such height."""
    with np.errstate(invalid="ignore", divide="ignore"):
        height: FloatArray = np.log(loss + LOG_OFFSET)
    return height


def unit_length(asked: AnyDirections, reach: float) -> float:
    """The distance that a measure's radius is a share of.

    One multiple of the directions where these are tied to the weights, so that networks can be compared; else, for
    directions of unit length or of any, as far as the plane goes.
    """
    if isinstance(asked, RandomDirections):
        return 1.0 if asked.norm in _SCALED else reach
    return 1.0 if asked.kind in ("networks", "bezier", "file") else reach


def surface_caveat(surface: Surface) -> str:
    """What a reader of a figure must know of the surface it was measured on; "" for a complete and exact one."""
    parts = []
    unknown = int(np.count_nonzero(np.isnan(surface.loss) & (surface.evaluated == INTERPOLATED)))
    if surface.status == "partial":
        parts.append("The surface is not complete" + (f": {unknown} points are not known yet." if unknown else "."))
    estimated = int(np.count_nonzero((surface.evaluated != EVALUATED) & np.isfinite(surface.loss)))
    if estimated:
        share = estimated / surface.loss.size
        parts.append(f"{100 * share:.0f} % of the points are interpolated or computed on some of the samples.")
        if surface.certificate is not None:
            sure = surface.certificate
            parts.append(
                f"With {100 * sure.confidence:.0f} % confidence {100 * sure.coverage:.0f} % of the plane shown is "
                f"within {sure.tolerance:.2g} in log(loss + 0.1). Finer structure between computed points is not seen."
            )
        else:
            parts.append("Their error is not certified.")
    if surface.holes:
        parts.append(
            f"{surface.holes} points have no finite loss: NaN is left out, infinity counts as above everything."
        )
    return " ".join(parts)


def _stretches(axis: FloatArray) -> FloatArray:
    edges = np.concatenate([axis[:1], (axis[:-1] + axis[1:]) / 2, axis[-1:]])
    stretches: FloatArray = np.diff(edges)
    return stretches
