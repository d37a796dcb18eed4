"""Which results of a session belong beside another: in the same plane, of the same network, between the same two."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.plane import BezierDirections, Directions, FileDirections, NetworkDirections
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.document import Result

R_co = TypeVar("R_co", bound=Result, covariant=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside(Generic[R_co]):
    """A result with the items that it belongs to, in the document or still growing."""

    id: str
    name: str
    network_id: str
    dataset_id: str
    result: R_co


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbours:
    """What belongs beside a result, the best match first; never the result itself."""

    surfaces: tuple[Beside[Surface], ...] = ()  # of the same plane
    trajectories: tuple[Beside[Trajectory], ...] = ()  # in the same plane
    convexities: tuple[Beside[Convexity], ...] = ()  # of the same plane
    initialisations: tuple[Beside[Initialisations], ...] = ()  # of the same network
    network_surfaces: tuple[Beside[Surface], ...] = ()  # of the same network, in any plane
    partners: tuple[Beside[Curve], ...] = ()  # lines and curves between the same two networks
    curves: tuple[Beside[Curve], ...] = ()  # all others of the session


ALONE = Neighbours()


def neighbours_of(one: Beside[Result], others: Iterable[Beside[Result]]) -> Neighbours:
    """Look through the other results of a session."""
    rest = [other for other in others if other.id != one.id]
    of_network = sorted((other for other in rest if other.network_id == one.network_id), key=lambda o: _rank(one, o))
    plane = _fingerprint(one.result)
    in_plane = [other for other in of_network if plane and _fingerprint(other.result) == plane]
    return Neighbours(
        surfaces=_of_kind(in_plane, Surface),
        trajectories=_of_kind(in_plane, Trajectory),
        convexities=_of_kind(in_plane, Convexity),
        initialisations=_of_kind(of_network, Initialisations),
        network_surfaces=_of_kind(of_network, Surface),
        partners=tuple(other for other in _of_kind(of_network, Curve) if _between_the_same(one.result, other.result)),
        curves=_of_kind(rest, Curve),
    )


def _of_kind(found: Iterable[Beside[Result]], kind: type[R_co]) -> tuple[Beside[R_co], ...]:
    return tuple(cast("Beside[R_co]", other) for other in found if isinstance(other.result, kind))


def _fingerprint(result: Result) -> str:
    """That of the plane; "" for what lies in none."""
    held = getattr(result, "directions", None)
    return held.fingerprint if isinstance(held, Directions) and held.x and held.y else ""


def _rank(one: Beside[Result], other: Beside[Result]) -> tuple[bool, bool, int]:
    """On the same data first, complete ones first, those with more points first."""
    points = getattr(other.result, "loss", None)
    size = int(points.size) if points is not None else 0
    return other.dataset_id != one.dataset_id, other.result.status != "complete", -size


def _between_the_same(one: Result, other: Result) -> bool:
    if not (isinstance(one, Curve) and isinstance(other, Curve)):
        return False
    ends = [_other_end(curve) for curve in (one, other)]
    return bool(ends[0]) and ends[0] == ends[1]


def _other_end(curve: Curve) -> str:
    asked = curve.request.directions
    if isinstance(asked, BezierDirections):
        return asked.other
    if isinstance(asked, FileDirections) and asked.eigenvector:
        return f"{asked.origin} {curve.request.samples}"  # curves along its other eigenvectors belong beside
    return asked.first if isinstance(asked, NetworkDirections) else ""
