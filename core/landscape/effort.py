"""How much work a request is, in numbers of each kind of work: what an estimate of its time rests on."""

from dataclasses import dataclass, fields, replace

from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import AnyDirections, BezierDirections, EigenDirections
from core.landscape.surface import SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest

SMALL_GRID = 225  # points of an adaptive surface: so few are all computed, as a certificate alone takes 69
FEWEST_POINTS = 90  # of a larger one where the plane is smoothest: the 25 it begins with, and those of the certificate
GRADIENT = 3.0  # times the cost of a forward pass
RECALIBRATING = 1.3  # a pass that computes statistics, in the same unit
PRODUCTS_TO_SPAN = (30, 150)  # for two eigenvectors
PRODUCTS_AT_A_POINT = 20  # of a map of convexity, where the eigenvalues are easy

LandscapeRequest = SurfaceRequest | CurveRequest | TrajectoryRequest | ConvexityRequest | InitialisationRequest


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a computation does, in numbers of each kind of work; how long each takes is measured (`pacing.py`)."""

    setups: float = 0.0  # searches for the fastest way of evaluating
    points: float = 0.0  # that weights are put to
    samples: float = 0.0  # that are evaluated there, all points together
    passes: float = 0.0  # samples that go through the network as it is
    graphs: float = 0.0  # samples whose gradient is formed so that it can be differentiated again
    products: float = 0.0  # samples in products with the Hessian, all products together
    searches: float = 0.0  # products, whose vectors are worked on between them
    differentiated: int = 0  # samples of one product: graphs of more than memory has room for are formed each time

    def __add__(self, other: "Work") -> "Work":
        both = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return Work(**both | {"differentiated": max(self.differentiated, other.differentiated)})

    def times(self, count: float) -> "Work":
        """So much work so many times."""
        scaled = {f.name: count * getattr(self, f.name) for f in fields(self)}
        return Work(**scaled | {"differentiated": self.differentiated})


@dataclass(frozen=True, kw_only=True)
class Effort:
    """The least and the most work that may be needed."""

    units: int  # points, checkpoints or initialisations, if all of them are computed
    unit: str  # what these are called, in the plural
    each: Work  # for one of them, on average, if all are computed
    least: Work
    most: Work
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
        each = Work(passes=(2 + RECALIBRATING) * samples)  # as initialised, calibrating, and calibrated
        return _even(request.count, "initialisations", each)
    before = _to_find(request.directions, samples)
    if isinstance(request, TrajectoryRequest):
        return _after(before, _even(checkpoints, "checkpoints", Work(passes=samples)))
    if isinstance(request, ConvexityRequest):
        points, few = request.columns * request.rows, min(PRODUCTS_AT_A_POINT, request.max_products)
        each, least = _search(request.max_products, samples), _search(few, samples).times(points)
        less_if = "at most, less where the eigenvalues are found sooner"
        effort = Effort(units=points, unit="points", each=each, least=least, most=each.times(points), less_if=less_if)
        return _after(before, effort)
    again = RECALIBRATING * samples if request.batch_norm == "recalibrated" else 0.0
    tests = int(test_samples > 0)
    each = Work(points=1 + tests, samples=samples + test_samples, passes=(1 + tests) * again)
    setup = Work(setups=1 + tests)
    if isinstance(request, CurveRequest):
        return _after((setup, setup), _after(before, _even(request.points * request.draws, "points", each)))
    points = request.columns * request.rows
    fewest = FEWEST_POINTS if request.method == "adaptive" and points > SMALL_GRID else points
    least, most, less_if = each.times(fewest), each.times(points), "if all are needed, fewer where the plane is smooth"
    effort = Effort(units=points, unit="points", each=each, least=least, most=most, less_if=less_if)
    return _after((setup, setup), _after(before, effort))


def _even(units: int, unit: str, each: Work) -> Effort:
    return Effort(units=units, unit=unit, each=each, least=each.times(units), most=each.times(units))


def _after(before: tuple[Work, Work], rest: Effort) -> Effort:
    return replace(rest, least=before[0] + rest.least, most=before[1] + rest.most)


def _search(products: int, samples: int) -> Work:
    """Eigenvalues from so many products at one point."""
    return Work(graphs=samples, products=products * samples, searches=products, differentiated=samples)


def _to_find(directions: AnyDirections, samples: int) -> tuple[Work, Work]:
    """The work before the first point: most directions cost nothing."""
    if isinstance(directions, EigenDirections):
        least, most = PRODUCTS_TO_SPAN
        return _search(least, samples), _search(most, samples)
    if isinstance(directions, BezierDirections):
        passes = Work(passes=GRADIENT * directions.steps * min(directions.batch_size, samples))
        return passes, passes
    return Work(), Work()
