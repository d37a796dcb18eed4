"""How long a command will take, said before it begins."""

from collections.abc import Sequence

from app.cli.company import Company
from app.cli.streams import say
from app.jobs.foretelling import estimate_words
from core.data.dataset import Dataset
from core.errors import CorrieError
from core.job import JobContext
from core.landscape.curve import CurveRequest
from core.landscape.effort import Effort, LandscapeRequest, effort_of
from core.landscape.pacing import measure_pace
from core.landscape.surface import SurfaceRequest
from core.networks.network import Network

WORTH_SAYING = 7.5  # seconds: what takes less is done before it is read


def foretell(requests: Sequence[object], network: Network, data: Dataset, company: Company) -> None:
    """Say how long each request will take, if that is long. What cannot be measured will be explained by computing."""
    asked = [request for request in requests if isinstance(request, LandscapeRequest)]
    try:
        efforts = [_effort(request, data, company) for request in asked]
        curvature = any(effort.most.products > 0 for effort in efforts)
        pace = measure_pace(network, data, JobContext(), curvature=curvature)
    except CorrieError:
        return
    for effort in efforts:
        if pace.seconds(effort.most) > WORTH_SAYING:
            say(estimate_words(effort, pace))


def _effort(request: LandscapeRequest, data: Dataset, company: Company) -> Effort:
    test = company.companions.test
    tests = 0
    if isinstance(request, SurfaceRequest | CurveRequest) and request.test and test is not None:
        tests = len(test.first(request.test_samples))
    return effort_of(request, len(data.first(request.samples)), tests, len(company.companions.waypoints))
