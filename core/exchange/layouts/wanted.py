"""What to compute for what a layout lacks: the same requests as those of the others, so that they can be compared."""

from core.deferred import array_shapes
from core.errors import InvalidRequest
from core.exchange.layouts.members import Member, data_of, samples_of, test_of
from core.exchange.layouts.picture import Missing
from core.landscape.curve import Curve, CurveRequest
from core.landscape.plane import EigenDirections
from core.landscape.surface import Surface, SurfaceRequest
from core.perturbation import POINTS, REACH, perturbations
from core.robustness.robustness import Robustness, RobustnessRequest
from core.session.document import DatasetItem, Document, ResultItem
from core.spectrum.history import HistoryRequest
from core.spectrum.spectrum import Spectrum, SpectrumRequest

_ATTACKED = 1000  # samples, where nothing else says how many


def missing_spectrum(member: Member, document: Document, like: ResultItem | None) -> Missing:
    """Of the whole Hessian, as asked for elsewhere."""
    asked = like.result.request if like is not None and isinstance(like.result, Spectrum) else None
    request = asked or SpectrumRequest(samples=samples_of(member, document))
    return _of(member, document, f"no spectrum of {member.label} yet", request)


def missing_curve(member: Member, document: Document, spectrum: ResultItem | None, like: ResultItem | None) -> Missing:
    """Along the first eigenvector of the spectrum that is there, or along one that is found on the way."""
    words, test_id = f"no loss along v₁ of {member.label} yet", test_of(member, document)
    other = like.result.request if like is not None and isinstance(like.result, Curve) else None
    extent = other.x_range if other is not None and other.x_range is not None else REACH
    points = other.points if other is not None else POINTS
    network = member.network
    if spectrum is not None and isinstance(spectrum.result, Spectrum) and network is not None:
        shapes = array_shapes(network.weights)
        try:
            made = perturbations(spectrum.result, shapes, (1,), test=bool(test_id), x_range=extent, points=points)[0]
        except InvalidRequest:
            pass  # its eigenvectors were not kept: found anew below
        else:
            return Missing(
                words=words,
                network_id=network.id,
                request=made.request,
                dataset_id=spectrum.dataset_id,
                test_id=test_id,
                directions=made.directions,
            )
    request = CurveRequest(
        directions=EigenDirections(),
        points=points,
        x_range=extent,
        samples=samples_of(member, document),
        test=bool(test_id),
    )
    return _of(member, document, words, request, test_id=test_id)


def missing_history(member: Member, document: Document) -> Missing:
    """Curvature at the checkpoints of a run that did not measure it while it learnt."""
    words, run = f"no curvature through training of {member.label} yet", member.run
    if run is None or not run.network_id:
        return Missing(words=f"{words}, and no network to compute it with", network_id="")
    request = HistoryRequest(samples=samples_of(member, document), test=bool(run.test_id))
    return Missing(
        words=words,
        network_id=run.network_id,
        request=request,
        dataset_id=run.dataset_id,
        test_id=run.test_id,
        run_id=run.id,
    )


def missing_surface(member: Member, document: Document, like: ResultItem | None) -> Missing:
    """Over random directions, on as fine a grid as that of the other."""
    asked = like.result.request if like is not None and isinstance(like.result, Surface) else None
    request = asked or SurfaceRequest(columns=25, rows=25, samples=samples_of(member, document))
    return _of(member, document, f"no surface of {member.label} yet", request, test_id=like.test_id if like else "")


def missing_robustness(member: Member, document: Document, like: ResultItem | None) -> Missing:
    """Attacks on the test data, where there are any, as asked for of the other."""
    words = f"no attacks on {member.label} yet"
    if like is not None and isinstance(like.result, Robustness) and not like.result.request.made_on:
        return _of(member, document, words, like.result.request, dataset_id=like.dataset_id)
    dataset_id = test_of(member, document) or data_of(member, document)
    data = document.items.get(dataset_id)
    samples = min(_ATTACKED, data.samples) if isinstance(data, DatasetItem) else None
    return _of(member, document, words, RobustnessRequest(samples=samples), dataset_id=dataset_id)


def _of(
    member: Member,
    document: Document,
    words: str,
    request: SpectrumRequest | CurveRequest | SurfaceRequest | RobustnessRequest,
    *,
    dataset_id: str = "",
    test_id: str = "",
) -> Missing:
    dataset_id = dataset_id or data_of(member, document)
    if member.network is None or not dataset_id:
        return Missing(words=f"{words}, and no data of the session to compute it on", network_id=member.id)
    return Missing(words=words, network_id=member.network.id, request=request, dataset_id=dataset_id, test_id=test_id)
