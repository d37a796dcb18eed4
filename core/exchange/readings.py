"""What a session says about a picture: its measures, and what such a slice can and cannot show."""

from collections.abc import Sequence
from typing import TypeVar

from core.exchange.beside import same_plane
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.measures.catalogue import curve_measures, surface_measures
from core.landscape.measures.limits import CURVATURE_LIMITS, LINE_LIMITS, WAY_LIMITS, slice_limits
from core.landscape.measures.measure import Measure
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.document import Document, ResultItem
from core.spectrum.spectrum import Spectrum

T = TypeVar("T", Convexity, Trajectory, Initialisations)


def measures_of(item: ResultItem, document: Document) -> tuple[Measure, ...]:
    """The measures of a result; none for kinds that have none.

    Maps of convexity and trajectories of the same plane, and initialisations of the same network and data, are taken
    into account.
    """
    result = item.result
    if isinstance(result, Curve):
        return curve_measures(result)
    if not isinstance(result, Surface):
        return ()
    in_plane = [other for other in document.results if other.id != item.id and same_plane(item, other)]
    origin = (item.network_id, item.dataset_id)
    of_network = [other for other in document.results if (other.network_id, other.dataset_id) == origin]
    return surface_measures(
        result, _newest(in_plane, Convexity), _newest(of_network, Initialisations), _newest(in_plane, Trajectory)
    )


def limits_of(item: ResultItem, document: Document) -> tuple[str, ...]:
    """Sentences on what the picture of a result can and cannot show; none where it is no slice."""
    result = item.result
    if isinstance(result, Surface):
        return slice_limits(result, top_eigenvalues(item, document))
    if isinstance(result, Curve):
        return (LINE_LIMITS,)
    if isinstance(result, Trajectory):
        return (WAY_LIMITS,)
    return (CURVATURE_LIMITS,) if isinstance(result, Convexity) else ()


def heard_of(item: ResultItem, document: Document) -> tuple[tuple[str, str], ...]:
    """Ids and states of the results that measures and limits may take into account: other ones, other words."""
    if not isinstance(item.result, Surface | Curve):
        return ()
    return tuple(
        (other.id, other.result.status)
        for other in document.results
        if other.id != item.id
        and (
            (isinstance(other.result, Convexity | Trajectory) and same_plane(item, other))
            or (isinstance(other.result, Initialisations | Spectrum) and other.network_id == item.network_id)
        )
    )


def top_eigenvalues(item: ResultItem, document: Document) -> tuple[float, ...]:
    """Of the Hessian at the network of a result, on the same samples, by decreasing magnitude; empty if not known."""
    made = item.result.provenance
    for other in reversed(document.results):
        spectrum = other.result
        if not isinstance(spectrum, Spectrum) or spectrum.status == "partial":
            continue
        same = (spectrum.provenance.network_sha256, spectrum.provenance.data_sha256, spectrum.provenance.samples)
        if same == (made.network_sha256, made.data_sha256, made.samples):
            return tuple(float(value) for value in sorted(spectrum.eigenvalues, key=abs, reverse=True))
    return ()


def _newest(items: Sequence[ResultItem], kind: type[T]) -> T | None:
    return next((item.result for item in reversed(items) if isinstance(item.result, kind)), None)
