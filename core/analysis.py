"""From any request to its result: the one call that the window, the command line and the example share."""

from core.corrections.correction import CorrectionRequest
from core.corrections.engine import compute_correction
from core.data.dataset import Dataset
from core.job import JobContext
from core.landscape.engine import compute_surface
from core.landscape.surface import Surface, SurfaceRequest
from core.networks.network import Network
from core.session.document import Result
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import SpectrumRequest

Request = SurfaceRequest | SpectrumRequest | CorrectionRequest


def compute(request: Request, network: Network, data: Dataset, job: JobContext, resume: Result | None = None) -> Result:
    """Compute what is asked for. Partial results are of the same kind as the result.

    Parameters
    ----------
    resume : Surface, optional
        A partial result of the same request to go on from; only surfaces keep enough to do so, others start anew.
    """
    if isinstance(request, SurfaceRequest):
        return compute_surface(request, network, data, job, resume if isinstance(resume, Surface) else None)
    if isinstance(request, SpectrumRequest):
        return compute_spectrum(request, network, data, job)
    return compute_correction(request, network, data.sha256, job)
