"""How much work a request is, in samples that go through the network: what an estimate of its time rests on."""

from dataclasses import dataclass, replace

from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import AnyDirections, BezierDirections, EigenDirections
from core.landscape.surface import SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest

FEWEST_POINTS = 230  # of an adaptive surface where the plane is smooth: 13 × 13, and those of the certificate
GRADIENT = 3.0  # times the cost of a forward pass
PRODUCT = 4.5  # a Hessian-vector product by double backward, in the same unit
PRODUCTS_TO_SPAN = (30, 150)  # for two eigenvectors
PRODUCTS_AT_A_POINT = 20  # of a map of convexity, where the eigenvalues are easy

LandscapeRequest = SurfaceRequest | CurveRequest | TrajectoryRequest | ConvexityRequest | InitialisationRequest


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Forward passes of single samples, from the least to the most that may be needed."""

    units: int  # points, checkpoints or initialisations, if all of them are computed
    unit: str  # what these are called, in the plural
    each: float  # passes of one of them, on average, if all are computed
    least: float
    most: float
    less_if: str = ""  # when it is less than the most, in words behind the units


def effort_of(request: LandscapeRequest, samples: int, test_samples: int = 0, checkpoints: int = 0) -> Effort:
    """What a request takes.

    Parameters
    ----------
    samples, test_samples : int
        That it is computed on.
    checkpoints : int
        Of the run that a trajectory is about.
    """
    if isinstance(request, InitialisationRequest):
        return _even(request.count, "initialisations", 3.0 * samples)  # as initialised, calibrating, and calibrated
    before = _to_find(request.directions, samples)
    if isinstance(request, TrajectoryRequest):
        return _after(before, _even(checkpoints, "checkpoints", samples))
    if isinstance(request, ConvexityRequest):
        points = request.columns * request.rows
        each = PRODUCT * request.max_products * samples
        least = points * PRODUCT * min(PRODUCTS_AT_A_POINT, request.max_products) * samples
        most, less_if = points * each, "at most, less where the eigenvalues are found sooner"
        return _after(before, Effort(units=points, unit="points", each=each, least=least, most=most, less_if=less_if))
    twice = 2.0 if request.batch_norm == "recalibrated" else 1.0
    each = twice * samples + test_samples
    if isinstance(request, CurveRequest):
        return _after(before, _even(request.points * request.draws, "points", each))
    points = request.columns * request.rows
    fewest = min(points, FEWEST_POINTS) if request.method == "adaptive" else points
    least, most, less_if = fewest * each, points * each, "if all are needed, fewer where the plane is smooth"
    return _after(before, Effort(units=points, unit="points", each=each, least=least, most=most, less_if=less_if))


def _even(units: int, unit: str, each: float) -> Effort:
    return Effort(units=units, unit=unit, each=each, least=units * each, most=units * each)


def _after(before: tuple[float, float], rest: Effort) -> Effort:
    return replace(rest, least=before[0] + rest.least, most=before[1] + rest.most)


def _to_find(directions: AnyDirections, samples: int) -> tuple[float, float]:
    """Passes before the first point: most directions cost nothing."""
    if isinstance(directions, EigenDirections):
        least, most = PRODUCTS_TO_SPAN
        return least * PRODUCT * samples, most * PRODUCT * samples
    if isinstance(directions, BezierDirections):
        passes = GRADIENT * directions.steps * min(directions.batch_size, samples)
        return passes, passes
    return 0.0, 0.0
