"""A surface can be stopped at any moment: what was computed is kept, the network is untouched, and it goes on later."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.landscape.evaluation.plane import PlaneEvaluator, PointValues
from core.landscape.plane import RandomDirections
from core.landscape.surface import EVALUATED, INTERPOLATED, Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.network import Network, fingerprint
from tests.core.landscape.small import small_data, small_network

REQUEST = SurfaceRequest(columns=9, rows=7)


def bits(module: nn.Module) -> dict[str, bytes]:
    return {name: value.contiguous().numpy().tobytes() for name, value in module.state_dict().items()}


class CountingJob(JobContext):
    """Stops at the check of that number; keeps every snapshot."""

    def __init__(self, checks: int) -> None:
        self.left = checks
        self.snapshots: list[Surface] = []

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("Enough.")

    def partial(self, snapshot: object) -> None:
        assert isinstance(snapshot, Surface)
        self.snapshots.append(snapshot)


def stopped(network: Network, data: Dataset, checks: int, request: SurfaceRequest = REQUEST) -> Surface:
    job = CountingJob(checks)
    with pytest.raises(Cancelled):
        compute_surface(request, network, data, job)
    return job.snapshots[-1]


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """The points that are evaluated, in order."""
    points: list[tuple[float, float]] = []
    evaluate = PlaneEvaluator.at

    def counted(self: PlaneEvaluator, a: float, b: float, *rest: object) -> PointValues:
        points.append((a, b))
        return evaluate(self, a, b, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(PlaneEvaluator, "at", counted)
    return points


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
def test_the_network_is_bit_for_bit_the_same_after_a_whole_surface(kind: str) -> None:
    """Running statistics of batch normalisation included."""
    network = small_network(kind)
    before, modes = bits(network.module), [part.training for part in network.module.modules()]
    request = replace(REQUEST, directions=RandomDirections(ignore="none"))
    compute_surface(request, network, small_data(network), JobContext())
    assert bits(network.module) == before
    assert fingerprint(network.module.state_dict()) == fingerprint(small_network(kind).module.state_dict())
    assert [part.training for part in network.module.modules()] == modes


def test_a_network_in_training_mode_is_evaluated_and_stays_in_training_mode() -> None:
    """The defect of a tool that never called eval(): the points would move the running statistics."""
    network, truth = small_network("resnet"), small_network("resnet")
    data = small_data(network)
    network.module.train()
    before = bits(network.module)
    surface = compute_surface(REQUEST, network, data, JobContext())
    assert (surface.loss == compute_surface(REQUEST, truth, data, JobContext()).loss).all()
    assert bits(network.module) == before
    assert network.module.training


@pytest.mark.parametrize("kind", ["resnet", "program"])
@pytest.mark.parametrize("checks", [0, 1, 2, 13, 40])
def test_the_network_is_bit_for_bit_the_same_after_a_stop(kind: str, checks: int) -> None:
    network = small_network(kind)
    before = bits(network.module)
    with pytest.raises(Cancelled):
        compute_surface(REQUEST, network, small_data(network), CountingJob(checks))
    assert bits(network.module) == before


def test_the_network_is_bit_for_bit_the_same_after_a_failure() -> None:
    network = small_network("resnet")
    before = bits(network.module)

    def fail(done: int, *_: object) -> None:
        if done == 5:
            raise MemoryError

    with pytest.raises(MemoryError):
        compute_surface(REQUEST, network, small_data(network), ControlledJob(on_progress=fail))
    assert bits(network.module) == before


def test_a_stop_within_a_point_keeps_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.networks.mean_loss.BATCH_POSITIONS", 64 * 10)  # four batches a point
    network = small_network("resnet")
    data = small_data(network)
    partial = stopped(network, data, checks=4 + 5 * 4 + 2)  # centre, five points, half of the sixth
    whole = compute_surface(REQUEST, network, data, JobContext())
    done = partial.evaluated == EVALUATED
    assert partial.status == "partial"
    assert partial.evaluated_count == 5
    assert (partial.loss[done] == whole.loss[done]).all()
    assert (partial.accuracy[done] == whole.accuracy[done]).all()
    assert np.isnan(partial.loss[~done]).all()  # before the first whole level nothing is known between
    assert partial.centre_loss == whole.centre_loss


def test_a_partial_surface_is_exact_where_computed_and_between_its_neighbours_elsewhere() -> None:
    network = small_network("resnet")
    data = small_data(network)
    partial = stopped(network, data, checks=1 + 9 + 6)  # centre, the first level of 3 × 3, six points more
    whole = compute_surface(REQUEST, network, data, JobContext())
    done = partial.evaluated == EVALUATED
    assert done.sum() == 15
    assert (partial.loss[done] == whole.loss[done]).all()
    assert (partial.evaluated[~done] == INTERPOLATED).all()
    assert np.isfinite(partial.loss).all()
    coarse = whole.loss[::3, ::4]
    for row, column in np.argwhere(~done):
        near = coarse[row // 3 : -(-row // 3) + 1, column // 4 : -(-column // 4) + 1]
        assert near.min() - 1e-9 <= partial.loss[row, column] <= near.max() + 1e-9


@pytest.mark.parametrize("checks", [1 + 1, 1 + 9, 1 + 20, 1 + 62])
def test_a_stopped_surface_goes_on_without_computing_a_point_twice(
    checks: int, evaluations: list[tuple[float, float]]
) -> None:
    network = small_network("resnet")
    data = small_data(network)
    whole = compute_surface(REQUEST, network, data, JobContext())
    partial = stopped(network, data, checks)
    evaluations.clear()
    resumed = compute_surface(REQUEST, network, data, JobContext(), resume=partial)
    assert len(evaluations) == 63 - partial.evaluated_count
    assert len(set(evaluations)) == len(evaluations)
    for name in ("loss", "accuracy", "evaluated", "x", "y"):
        assert (getattr(resumed, name) == getattr(whole, name)).all()
    assert resumed.centre_loss == whole.centre_loss
    assert resumed.status == "complete"
    assert resumed.provenance.seconds > partial.provenance.seconds


def test_every_point_of_a_whole_surface_is_computed_once(evaluations: list[tuple[float, float]]) -> None:
    network = small_network("mlp")
    compute_surface(REQUEST, network, small_data(network), JobContext())
    assert evaluations[0] == (0.0, 0.0)  # the centre, apart from the grid
    assert len(set(evaluations[1:])) == len(evaluations[1:]) == 63


def test_a_point_of_loss_zero_is_not_computed_again(evaluations: list[tuple[float, float]]) -> None:
    """The defect of the original tool: a point with value zero was computed for ever."""
    network = small_network("mlp")
    data = small_data(network)
    whole = compute_surface(REQUEST, network, data, JobContext())
    zero = replace(whole, loss=np.zeros_like(whole.loss))
    evaluations.clear()
    assert (compute_surface(REQUEST, network, data, JobContext(), resume=zero).loss == 0).all()
    assert not evaluations


def test_a_surface_stopped_twice_keeps_both_parts() -> None:
    network = small_network("mlp")
    data = small_data(network)
    first = stopped(network, data, checks=11)
    job = CountingJob(7)
    with pytest.raises(Cancelled):
        compute_surface(REQUEST, network, data, job, resume=first)
    second = job.snapshots[-1]
    assert second.evaluated_count == first.evaluated_count + 7
    assert compute_surface(REQUEST, network, data, JobContext(), resume=second).status == "complete"


def test_a_stop_before_the_first_new_point_still_gives_what_was_there() -> None:
    network = small_network("mlp")
    data = small_data(network)
    first = stopped(network, data, checks=11)
    job = CountingJob(0)
    with pytest.raises(Cancelled):
        compute_surface(REQUEST, network, data, job, resume=first)
    assert (job.snapshots[-1].evaluated == first.evaluated).all()
    assert np.array_equal(job.snapshots[-1].loss, first.loss, equal_nan=True)


Change = Callable[[Network, Dataset], tuple[SurfaceRequest, Network, Dataset]]


@pytest.mark.parametrize(
    "change",
    [
        lambda n, d: (replace(REQUEST, columns=11), n, d),
        lambda n, d: (replace(REQUEST, x_range=(-1.0, 1.5)), n, d),
        lambda n, d: (replace(REQUEST, directions=RandomDirections(seed=1)), n, d),
        lambda n, d: (replace(REQUEST, directions=RandomDirections(norm="layer")), n, d),
        lambda n, d: (replace(REQUEST, samples=20), n, d),
        lambda _, d: (REQUEST, small_network("mlp", seed=1), d),
        lambda n, _: (REQUEST, n, small_data(n, seed=2)),
        lambda n, _: (REQUEST, n, small_data(n, count=36)),
    ],
)
def test_a_partial_surface_of_something_else_is_refused(change: Change) -> None:
    network = small_network("mlp")
    data = small_data(network)
    partial = stopped(network, data, checks=11)
    request, other_network, other_data = change(network, data)
    with pytest.raises(InvalidRequest, match="belongs to another request, network or data set"):
        compute_surface(request, other_network, other_data, JobContext(), resume=partial)


def test_progress_counts_every_point_and_snapshots_are_never_changed_afterwards() -> None:
    network = small_network("resnet")
    told: list[tuple[int, int]] = []
    kept: list[tuple[Surface, bytes, bytes]] = []

    def keep(snapshot: object) -> None:
        assert isinstance(snapshot, Surface)
        kept.append((snapshot, snapshot.loss.tobytes(), snapshot.evaluated.tobytes()))

    job = ControlledJob(on_progress=lambda done, total, _: told.append((done, total)), on_partial=keep)
    compute_surface(REQUEST, network, small_data(network), job)
    assert told == [(done, 63) for done in range(1, 64)]
    assert kept
    assert all(s.loss.tobytes() == loss and s.evaluated.tobytes() == done for s, loss, done in kept)
    assert all(not s.loss.flags.writeable for s, *_ in kept)


def test_stopping_is_noticed_within_a_batch() -> None:
    """`check` is reached for every batch, and a batch is at most 64 × 32 × 32 positions."""
    network = small_network("mlp")
    data = small_data(network, count=5000)
    seen: list[int] = []

    class Watched(JobContext):
        def check(self) -> None:
            seen.append(1)

    torch.manual_seed(0)
    compute_surface(SurfaceRequest(columns=2, rows=2), network, data, Watched())
    assert len(seen) == 5 * -(-5000 // 1024)
