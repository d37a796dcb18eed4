"""Whatever is asked for gives a result of its kind, and a partial result of another kind is no beginning."""

import pytest

from core.analysis import compute
from core.companions import Companions
from core.job import JobContext
from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.surface import SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest
from core.naming import Request, kind_of
from core.robustness.robustness import RobustnessRequest
from core.spectrum.spectrum import SpectrumRequest
from tests.core.landscape.directions.oracles import way
from tests.core.landscape.small import small_data, small_network

REQUESTS: tuple[Request, ...] = (
    SurfaceRequest(columns=2, rows=2),
    CurveRequest(points=3),
    TrajectoryRequest(),
    ConvexityRequest(columns=2, rows=2, max_products=8),
    InitialisationRequest(count=1),
    SpectrumRequest(top=1),
    RobustnessRequest(epsilon=(0.1,)),
)


@pytest.mark.parametrize("request_", REQUESTS, ids=kind_of)
def test_each_request_gives_a_result_of_its_kind(request_: Request) -> None:
    network = small_network("mlp")
    data, companions = small_data(network, 12), Companions(waypoints=way(network, 4))
    result = compute(request_, network, data, JobContext(), None, companions)
    assert kind_of(result) == kind_of(request_)
    assert result.request == request_
    assert result.status == "complete"


def test_a_partial_result_of_another_kind_is_no_beginning() -> None:
    network = small_network("mlp")
    data = small_data(network, 12)
    curve = compute(CurveRequest(points=3), network, data, JobContext())
    surface = compute(SurfaceRequest(columns=2, rows=2), network, data, JobContext(), curve)
    assert kind_of(surface) == "surface"
