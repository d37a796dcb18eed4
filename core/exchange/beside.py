"""Other results of the session that belong into the figure of one: those of the same plane, or the same network."""

from dataclasses import dataclass
from typing import TypeVar

from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.document import Document, ResultItem

T = TypeVar("T", Surface, Trajectory, Initialisations)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What may be drawn with a result, if the session has it; the newest of each kind."""

    surface: Surface | None = None
    trajectory: Trajectory | None = None
    initialisations: Initialisations | None = None


NOTHING_BESIDE = Beside()


def beside(item: ResultItem, document: Document) -> Beside:
    """Look up a surface and a trajectory in the plane of a result, and the initialisations of its network."""
    others = [other for other in document.results if other.id != item.id]
    in_plane = [other for other in others if same_plane(item, other)]
    if isinstance(item.result, Initialisations):  # it lies in no plane: any surface of the network has barriers
        in_plane = [other for other in others if other.network_id == item.network_id]
    of_network = [other for other in others if other.network_id == item.network_id]
    return Beside(
        surface=_newest(in_plane, Surface),
        trajectory=_newest(in_plane, Trajectory) if not isinstance(item.result, Initialisations) else None,
        initialisations=_newest(of_network, Initialisations) if isinstance(item.result, Surface) else None,
    )


def same_plane(first: ResultItem, second: ResultItem) -> bool:
    """Whether two results lie in one plane through the same network; what was read without directions never does."""
    one, other = (getattr(item.result, "directions", None) for item in (first, second))
    if one is None or other is None or not one.x or not one.y:
        return False
    return first.network_id == second.network_id and one.fingerprint == other.fingerprint


def _newest(items: list[ResultItem], kind: type[T]) -> T | None:
    return next((item.result for item in reversed(items) if isinstance(item.result, kind)), None)
