"""The curvature over a plane: against dense Hessians and the original's scheme, stopped, resumed, with holes."""

import copy
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.sparse.linalg import LinearOperator, eigsh

from core.companions import Companions
from core.curvature.hessian import HessianVectorProduct
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.convexity_map import compute_convexity
from core.landscape.evaluation.movement import Movement
from core.landscape.plane import NetworkDirections, RandomDirections
from core.landscape.surfaces.extent import plane_extent
from core.networks.network import Network
from core.networks.parameters import movable
from tests.core.landscape.small import small_data, small_network

REQUEST = ConvexityRequest(columns=4, rows=3, tolerance=0.002)


def hessian_at(network: Network, convexity: Convexity, row: int, column: int) -> npt.NDArray[np.float64]:
    """The dense Hessian at a point of the map, column by column."""
    inputs, labels = network.prepare(small_data(network))
    with movable(network.module):
        Movement(network.module, convexity.directions).to(convexity.x[column], convexity.y[row])
        chosen = [p for p in network.module.parameters() if p.ndim > 1 or convexity.request.parameters == "all"]
        product = HessianVectorProduct(network.module, inputs, labels, JobContext(), chosen)
        dense = torch.stack([product(unit) for unit in torch.eye(product.size)])
    return dense.double().numpy()


@pytest.mark.parametrize("parameters", ["all", "filters"])
def test_both_eigenvalues_are_those_of_the_dense_hessian_at_every_point(parameters: str) -> None:
    network = small_network("mlp")
    request = replace(REQUEST, parameters=parameters)
    convexity = compute_convexity(request, network, small_data(network), JobContext())
    assert convexity.status == "complete"
    for row in range(3):
        for column in range(4):
            truth = np.linalg.eigvalsh(hessian_at(network, convexity, row, column))
            scale = np.abs(truth).max()
            assert convexity.max_eigenvalue[row, column] == pytest.approx(truth[-1], abs=0.005 * scale)
            assert convexity.min_eigenvalue[row, column] == pytest.approx(truth[0], abs=0.005 * scale)
            assert convexity.residual[row, column] <= 0.002 * scale * 1.01
    assert convexity.holes == convexity.unconverged == 0
    assert convexity.min_eigenvalue.min() < 0  # else the negative end was not tried


def test_the_values_agree_with_the_scheme_of_the_original_tool() -> None:
    network = small_network("mlp")
    convexity = compute_convexity(replace(REQUEST, parameters="filters"), network, small_data(network), JobContext())
    dense = hessian_at(network, convexity, 1, 2)
    operator = LinearOperator(dense.shape, matvec=lambda v: dense @ v, dtype=float)
    first = eigsh(operator, k=1, which="LM", tol=1e-2)[0][0]
    shifted = LinearOperator(dense.shape, matvec=lambda v: dense @ v - 0.51 * first * v.ravel(), dtype=float)
    second = eigsh(shifted, k=1, which="LM", tol=1e-2)[0][0] + 0.51 * first
    ends = sorted([first, second])
    assert convexity.min_eigenvalue[1, 2] == pytest.approx(ends[0], abs=0.01 * np.abs(ends).max())
    assert convexity.max_eigenvalue[1, 2] == pytest.approx(ends[1], abs=0.01 * np.abs(ends).max())


@pytest.mark.parametrize("kind", ["resnet", "noshort", "program"])
def test_the_network_is_left_bit_for_bit(kind: str) -> None:
    network = small_network(kind)
    before = copy.deepcopy(network.module.state_dict())
    compute_convexity(replace(REQUEST, columns=2, rows=2, max_products=4), network, small_data(network), JobContext())
    for name, value in network.module.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert all(parameter.grad is None for parameter in network.module.parameters())


def stopped_after(points: int, network: Network, request: ConvexityRequest = REQUEST) -> Convexity:
    """A partial map that was stopped when so many points were known."""
    snapshots: list[Convexity] = []

    def keep(snapshot: object) -> None:
        assert isinstance(snapshot, Convexity)
        snapshots.append(snapshot)
        if np.count_nonzero(snapshot.computed) == points:
            job.cancel()

    job = ControlledJob(on_partial=keep)
    with pytest.raises(Cancelled):
        compute_convexity(request, network, small_data(network), job)
    return snapshots[-1]


def test_a_stopped_map_keeps_its_points_and_goes_on_from_them() -> None:
    network = small_network("mlp")
    partial = stopped_after(5, network)
    assert partial.status == "partial"
    assert np.count_nonzero(np.isfinite(partial.min_eigenvalue)) == 5
    whole = compute_convexity(REQUEST, network, small_data(network), JobContext(), partial)
    done = partial.computed
    assert np.array_equal(whole.min_eigenvalue[done], partial.min_eigenvalue[done])
    assert np.array_equal(whole.products[done], partial.products[done])
    straight = compute_convexity(REQUEST, network, small_data(network), JobContext())
    assert whole.status == "complete"
    assert whole.max_eigenvalue == pytest.approx(straight.max_eigenvalue, rel=0.01)
    assert whole.provenance.seconds > partial.provenance.seconds


def test_a_partial_map_of_something_else_is_refused() -> None:
    network = small_network("mlp")
    partial = stopped_after(2, network)
    with pytest.raises(InvalidRequest, match="another request"):
        compute_convexity(replace(REQUEST, seed=1), network, small_data(network), JobContext(), partial)
    with pytest.raises(InvalidRequest, match="another request"):
        compute_convexity(REQUEST, network, small_data(network, seed=9), JobContext(), partial)


def test_points_without_a_finite_hessian_stay_holes_and_the_map_goes_on() -> None:
    network = small_network("mlp")
    request = ConvexityRequest(
        columns=3, rows=3, x_range=(-1e30, 1e30), directions=RandomDirections(norm="none"), tolerance=0.01
    )
    told: list[str] = []
    job = ControlledJob(on_progress=lambda _done, _total, text: told.append(text))
    convexity = compute_convexity(request, network, small_data(network), job)
    assert convexity.holes == 6  # both outer columns
    assert np.isfinite(convexity.max_eigenvalue[:, 1]).all()
    assert convexity.computed.all()
    assert told[-1].startswith("9 of 9 points")
    resumed = compute_convexity(
        request, network, small_data(network), JobContext(), replace(convexity, status="partial")
    )
    assert np.array_equal(resumed.products, convexity.products)  # holes are not tried again


def test_a_point_is_given_up_after_the_products_that_were_allowed() -> None:
    network = small_network("mlp")
    request = ConvexityRequest(columns=2, rows=2, tolerance=1e-6, max_products=4)
    convexity = compute_convexity(request, network, small_data(network), JobContext())
    assert (convexity.products == 4).all()
    assert convexity.unconverged == 4


def test_the_ratio_is_that_of_the_papers_map() -> None:
    network = small_network("mlp")
    convexity = compute_convexity(REQUEST, network, small_data(network), JobContext())
    negative = convexity.min_eigenvalue < 0
    expected = np.abs(convexity.min_eigenvalue / convexity.max_eigenvalue)
    assert np.array_equal(convexity.ratio[negative], expected[negative])
    assert (convexity.ratio[~negative] == 0).all()


def test_a_plane_through_other_networks_is_mapped_as_far_as_its_surface() -> None:
    network, one, other = (small_network("mlp", seed=seed) for seed in (0, 5, 6))
    directions = NetworkDirections(first=one.sha256, second=other.sha256)
    request = ConvexityRequest(columns=2, rows=2, x_range=None, y_range=None, max_products=4, directions=directions)
    companions = Companions(networks={one.sha256: one, other.sha256: other})
    convexity = compute_convexity(request, network, small_data(network), JobContext(), companions=companions)
    x, y = plane_extent(None, None, convexity.directions.anchors)
    assert convexity.x.tolist() == pytest.approx(x)
    assert convexity.y.tolist() == pytest.approx(y)
    assert x[0] < 0
    assert x[1] > 1
