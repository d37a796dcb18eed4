"""From any request to its result: the one call that the window, the command line and the example share."""

from collections.abc import Callable

from core.companions import Companions
from core.corrections.engines.cases.engine import compute_cases
from core.corrections.engines.joint.engine import compute_joint
from core.corrections.engines.pairs.engine import compute_pairs
from core.corrections.engines.slice import compute_correction
from core.corrections.records.cases import Cases, CasesRequest
from core.corrections.records.correction import CorrectionRequest
from core.corrections.records.joint import JointCorrection, JointRequest
from core.corrections.records.pairs import Pairs, PairsRequest
from core.data.dataset import Dataset
from core.generalisation.complexity import Complexity, ComplexityRequest
from core.generalisation.measuring import compute_complexity
from core.job import JobContext
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.convexity_map import compute_convexity
from core.landscape.curve import Curve, CurveRequest
from core.landscape.curves import compute_curve
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.initialisations import compute_initialisations
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.landscape.trajectories import compute_trajectory
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.naming import Request
from core.networks.network import Network
from core.robustness.engine import compute_robustness
from core.robustness.robustness import Robustness, RobustnessRequest
from core.session.document import Result
from core.spectrum.engine import compute_spectrum
from core.spectrum.histories import compute_history
from core.spectrum.history import History, HistoryRequest
from core.spectrum.spectrum import Spectrum, SpectrumRequest


def _history(
    request: HistoryRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: History | None,
    companions: Companions,
) -> History:
    """Waypoints and test set one by one: the companions know of landscapes, of which the spectra know nothing."""
    waypoints, test = companions.waypoints, companions.test
    return compute_history(request, network, data, job, resume, waypoints=waypoints, test=test)


def _complexity(
    request: ComplexityRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Complexity | None,
    companions: Companions,
) -> Complexity:
    """The test set alone, for the same reason."""
    return compute_complexity(request, network, data, job, resume, companions.test)


def _cases(
    request: CasesRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Cases | None,
    companions: Companions,
) -> Cases:
    """The other networks alone, for the same reason."""
    return compute_cases(request, network, data, job, resume, companions.networks)


ENGINES: dict[type, tuple[Callable[..., Result], type]] = {  # of each request that can be gone on with, and its result
    SurfaceRequest: (compute_surface, Surface),
    CurveRequest: (compute_curve, Curve),
    TrajectoryRequest: (compute_trajectory, Trajectory),
    ConvexityRequest: (compute_convexity, Convexity),
    InitialisationRequest: (compute_initialisations, Initialisations),
    RobustnessRequest: (compute_robustness, Robustness),
    ComplexityRequest: (_complexity, Complexity),
    HistoryRequest: (_history, History),
    CasesRequest: (_cases, Cases),
}


def compute(
    request: Request,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Result | None = None,
    companions: Companions = Companions(),  # noqa: B008  immutable
) -> Result:
    """Compute what is asked for. Partial results are of the same kind as the result.

    Parameters
    ----------
    resume : Result, optional
        A partial result of the same request to go on from; of a spectrum also another of the same matrix, whose pairs
        are not searched again. Corrections in two features start anew.
    companions : Companions, optional
        Other networks, the test set, checkpoints and directions that the request refers to.
    """
    if isinstance(request, SpectrumRequest):
        return compute_spectrum(request, network, data, job, resume if isinstance(resume, Spectrum) else None)
    if isinstance(request, CorrectionRequest):
        return compute_correction(request, network, data.sha256, job)
    if isinstance(request, JointRequest):
        best = resume if isinstance(resume, JointCorrection) else None
        return compute_joint(request, network, data.sha256, job, best)
    if isinstance(request, PairsRequest):
        return compute_pairs(request, network, data.sha256, job, resume if isinstance(resume, Pairs) else None)
    engine, kind = ENGINES[type(request)]
    return engine(request, network, data, job, resume if isinstance(resume, kind) else None, companions)
