"""Adaptive batches, and the curvature they live on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import InvalidRequest
from core.job import JobContext
from core.training.adaptive import BatchSchedule
from core.training.engine import network_at, train_run
from core.training.measuring import measure_curvature, measure_quality
from core.training.recipe import AdaptiveBatch, RobustTraining
from core.training.samples import Samples
from core.training.schedule import scheduled_rate
from tests.core.training.problems import TABLE, clouds, line


def schedule(samples: int = 10_000, epochs: int = 100, **options: int) -> BatchSchedule:
    request = replace(
        TABLE, epochs=epochs, batch_size=10, adaptive=AdaptiveBatch(**options), robust=RobustTraining(share=0.4)
    )
    return BatchSchedule(request, samples)


def test_the_batch_grows_when_the_curvature_has_halved() -> None:
    plan = schedule()
    sizes = []
    for value in (8.0, 10.0, 5.0, 4.0, 3.0, -2.0, -1.5):  # the first counts, not the largest; the sign does not
        plan.observe(value)
        sizes.append(plan.batch_size)
    assert sizes == [10, 10, 10, 20, 20, 40, 40]
    assert plan.growth == 4


def test_the_batch_grows_when_patience_ends() -> None:
    plan = schedule(patience=3)
    sizes = []
    for _ in range(7):
        plan.observe(5.0)
        sizes.append(plan.batch_size)
    assert sizes == [10, 10, 20, 20, 20, 40, 40]


def test_a_growth_for_patience_leaves_the_reference() -> None:
    plan = schedule(patience=2)
    sizes = []
    for value in (8.0, 6.0, 5.0, 4.0):
        plan.observe(value)
        sizes.append(plan.batch_size)
    assert sizes == [10, 20, 20, 40]


def published(eigenvalues: list[float], epochs: int, limit: int) -> list[tuple[int, float]]:
    """Growth and attacked share in every epoch, written after the description of the published loop: what is changed
    after an epoch holds from the next one on.
    """
    growth, share, reference, waited, searching = 1, 0.2, None, 0, True
    rows = []
    for epoch in range(1, epochs + 1):
        rows.append((growth, share))
        larger = False
        if searching:
            waited += 1
            if reference is None:
                reference = eigenvalues[epoch - 1]
            elif eigenvalues[epoch - 1] <= reference / 2:
                reference, larger = eigenvalues[epoch - 1], True
        if larger or waited >= 10:
            growth, share, waited = 2 * growth, share / 2, 0
            if growth >= limit:
                growth, share, searching = limit, 0.0, False
        if epoch >= epochs // 2:
            share = 0.0
    return rows


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("epochs", "limit"), [(90, 128), (61, 4), (1, 2)])
def test_the_schedule_is_the_published_one(seed: int, epochs: int, limit: int) -> None:
    eigenvalues = (30 * np.exp(np.random.default_rng(seed).normal(-0.02, 0.25, epochs).cumsum())).tolist()
    request = replace(TABLE, epochs=epochs, adaptive=AdaptiveBatch(limit=limit), robust=RobustTraining(share=0.2))
    plan = BatchSchedule(request, 100_000)
    rows = []
    for epoch in range(1, epochs + 1):
        rows.append((plan.growth, plan.share(epoch)))
        plan.observe(eigenvalues[epoch - 1])
    assert rows == published(eigenvalues, epochs, limit)


def test_the_batch_stops_growing_at_the_limit_and_at_the_whole_set() -> None:
    for plan in (schedule(patience=1, limit=8), schedule(patience=1, samples=90)):
        for _ in range(9):
            plan.observe(5.0)
        assert plan.batch_size == 80


def test_an_unknown_curvature_leaves_only_patience() -> None:
    plan = schedule(patience=2)
    plan.observe(float("nan"))
    assert plan.growth == 1
    plan.observe(float("nan"))
    assert plan.growth == 2


def test_fewer_samples_are_attacked_as_the_batch_grows_and_none_at_the_limit_or_half_way() -> None:
    plan = schedule(patience=1, limit=4)
    assert plan.share(1) == 0.4
    plan.observe(5.0)
    assert plan.share(2) == 0.2
    assert plan.share(50) == 0.2
    assert plan.share(51) == 0.0
    plan.observe(5.0)
    assert plan.share(3) == 0.0


def test_without_adaptive_batches_everything_is_the_recipes_own() -> None:
    plan = BatchSchedule(replace(TABLE, robust=RobustTraining(share=0.3)), 1000)
    plan.observe(0.0)
    assert (plan.batch_size, plan.growth, plan.share(99)) == (16, 1, 0.3)


def test_a_run_records_the_batch_and_the_rate_of_every_epoch() -> None:
    request = replace(TABLE, learning_rate=0.01, epochs=6, milestones=(), adaptive=AdaptiveBatch(patience=2, limit=4))
    run = train_run(request, clouds(), None, JobContext())
    growth = run.batch_size / 16
    assert set(growth) <= {1, 2, 4}
    assert growth[-1] == 4
    assert run.learning_rate.tolist() == pytest.approx((0.01 * growth).tolist())
    assert (np.diff(run.step) == np.ceil(120 / run.batch_size[1:])).all()
    assert np.isfinite(run.top_eigenvalue).all()  # what it went by


def test_an_impossible_adaptive_batch_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="ratio of 2 or more"):
        AdaptiveBatch(ratio=1)


def test_the_rate_falls_after_the_milestone_and_never_in_the_first_epoch() -> None:
    request = replace(TABLE, epochs=10, milestones=(0.01, 0.5))
    assert [scheduled_rate(request, epoch) for epoch in (1, 2, 5, 6)] == pytest.approx([0.1, 0.01, 0.01, 0.001])


@pytest.mark.parametrize("numbers", [False, True])
def test_gradient_norm_and_top_eigenvalue_are_those_of_the_dense_hessian(*, numbers: bool) -> None:
    data = line() if numbers else clouds()
    request = replace(TABLE, architecture="mlp:4-6-2" if numbers else "mlp:4-6-3", epochs=1, curvature_samples=50)
    run = train_run(request, data, None, JobContext())
    network = network_at(run, data, 1)
    inputs, labels = network.prepare(data.first(50))
    named = dict(network.module.double().named_parameters())
    start = torch.cat([weight.detach().reshape(-1) for weight in named.values()])

    def loss(vector: torch.Tensor) -> torch.Tensor:
        pieces = torch.split(vector, [weight.numel() for weight in named.values()])
        moved = {name: piece.reshape(named[name].shape) for name, piece in zip(named, pieces, strict=True)}
        outputs = torch.func.functional_call(network.module, moved, (inputs.double(),))
        return (outputs - labels).square().mean() if numbers else torch.nn.functional.cross_entropy(outputs, labels)

    values = torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss, start))
    assert run.top_eigenvalue[1] == pytest.approx(float(values[values.abs().argmax()]), rel=1e-3)
    gradient = torch.autograd.functional.jacobian(loss, start)
    assert run.gradient_norm[1] == pytest.approx(float(gradient.norm()), rel=1e-4)


def test_measuring_a_network_changes_nothing_of_it() -> None:
    network = network_at(train_run(TABLE, clouds(), None, JobContext()), clouds(), 0)
    network.module.train()
    kept = {name: value.clone() for name, value in network.module.state_dict().items()}
    samples = Samples(network, clouds(), JobContext())
    measure_quality(network.module, samples, JobContext())
    measure_curvature(network.module, samples, 500, JobContext(), seed=0)
    assert all(part.training for part in network.module.modules())
    assert all(parameter.grad is None for parameter in network.module.parameters())
    assert all(torch.equal(value, kept[name]) for name, value in network.module.state_dict().items())
