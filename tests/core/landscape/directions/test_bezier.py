"""A Bézier curve: its bend goes down the gradient of the loss along it, and it meets both networks."""

import copy
import io
import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, NumericalFailure, UnsupportedNetwork, WeightsMismatch
from core.job import JobContext
from core.landscape.curve import CurveRequest
from core.landscape.curves import compute_curve
from core.landscape.directions import bezier
from core.landscape.directions.finding import find_directions
from core.landscape.plane import BezierDirections, Directions
from core.networks.mean_loss import mean_loss
from core.networks.network import Network
from core.networks.program import load_program
from tests.core.landscape.directions.oracles import (
    bits,
    loss_in_float64,
    moved,
    parameter_names,
    renamed,
    state_arrays,
    statistics_names,
)
from tests.core.landscape.small import small_data, small_network
from tests.core.landscape.stopping import StoppingJob


def named(kind: str, seed: int) -> Network:
    return renamed(small_network(kind, seed), f"{kind} {seed}")


def found(
    network: Network, other: Network, data: Dataset, job: JobContext | None = None, **options: object
) -> Directions:
    asked = replace(BezierDirections(other=other.sha256, steps=10, batch_size=16), **options)  # type: ignore[arg-type]
    inputs, labels = network.prepare(data)
    companions = Companions(networks={other.sha256: other})
    return find_directions(asked, network, inputs, labels, companions, job or JobContext())


def plainly_trained(
    network: Network, other: Network, data: Dataset, steps: int, rate: float, seed: int
) -> dict[str, torch.Tensor]:
    """The bend by full batches of torch's own SGD on the middle point of control, in float64."""
    inputs, labels = network.prepare(data)
    module = copy.deepcopy(network.module).double().train()
    names = parameter_names(network)
    start, end = (
        {name: value.detach().double().clone() for name, value in one.module.named_parameters()}
        for one in (network, other)
    )
    control = {name: ((start[name] + end[name]) / 2).requires_grad_() for name in names}
    optimiser = torch.optim.SGD(control.values(), lr=rate, momentum=0.9)
    generator = torch.Generator().manual_seed(seed)
    for step in range(steps):
        order = torch.randperm(len(labels), generator=generator)
        t = float(torch.rand((), generator=generator))
        point = {n: (1 - t) ** 2 * start[n] + 2 * t * (1 - t) * control[n] + t**2 * end[n] for n in names}
        logits = torch.func.functional_call(module, point, (inputs.double()[order],))
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(logits, labels[order]).backward()  # type: ignore[no-untyped-call]
        for group in optimiser.param_groups:
            group["lr"] = rate * (1 - 0.99 * min(1.0, max(0.0, (step / steps - 0.5) / 0.4)))
        optimiser.step()
    return {name: (control[name] - (start[name] + end[name]) / 2).detach() for name in names}


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
def test_the_bend_is_that_of_plain_gradient_descent_on_the_middle_point(kind: str) -> None:
    """With the whole set as the batch; batch normalisation with the statistics of the batch."""
    network, other = named(kind, 0), named(kind, 1)
    data = small_data(network, 24)
    directions = found(network, other, data, batch_size=24, steps=10, learning_rate=0.05, seed=3)
    twin = "resnet" if kind == "program" else kind
    truth = plainly_trained(named(twin, 0), named(twin, 1), data, steps=10, rate=0.05, seed=3)
    assert list(directions.y) == parameter_names(network)
    for name, offset in truth.items():
        assert directions.y[name].dtype == np.float32
        largest = float(offset.abs().max())
        assert np.allclose(directions.y[name], offset.numpy(), atol=2e-3 * largest + 1e-7), name


def test_the_curve_meets_both_networks_and_bends_between_them() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    data = small_data(network, 24)
    companions = Companions(networks={other.sha256: other})
    asked = BezierDirections(other=other.sha256, steps=20, batch_size=24)
    curve = compute_curve(
        CurveRequest(points=5, x_range=None, directions=asked), network, data, JobContext(), None, companions
    )
    assert curve.x.tolist() == [0, 0.25, 0.5, 0.75, 1]
    for index, end in ((0, network), (4, other)):
        own, _ = mean_loss(end.module, *end.prepare(data), JobContext())
        assert curve.loss[0, index] == pytest.approx(own, rel=1e-6)
    for index in (1, 2, 3):
        t = float(curve.x[index])
        state = moved(state_arrays(network), curve.directions, t, 2 * t * (1 - t))
        assert curve.loss[0, index] == pytest.approx(loss_in_float64(network, state, data)[0], rel=1e-5)
    assert [(a.name, a.sha256, a.x, a.y) for a in curve.directions.anchors] == [(other.name, other.sha256, 1.0, 0.0)]
    assert set(curve.directions.x) == {*parameter_names(network), *statistics_names(network)}


def test_more_steps_lower_the_loss_along_the_curve() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    data = small_data(network, 24)
    companions = Companions(networks={other.sha256: other})
    middle = []
    for steps in (1, 60):
        asked = BezierDirections(other=other.sha256, steps=steps, batch_size=24, learning_rate=0.02)
        request = CurveRequest(points=7, x_range=None, directions=asked, batch_norm="recalibrated")
        middle.append(compute_curve(request, network, data, JobContext(), None, companions).loss[0, 1:-1].max())
    assert middle[1] < 0.7 * middle[0]


def test_one_seed_gives_one_bend_and_two_seeds_give_two() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    data = small_data(network, 24)
    one, again, elsewhere = (found(network, other, data, seed=seed) for seed in (0, 0, 1))
    assert one.fingerprint == again.fingerprint
    assert one.fingerprint != elsewhere.fingerprint


@pytest.mark.parametrize("kind", ["resnet", "program"])
def test_neither_network_moves_whatever_happens(kind: str) -> None:
    network, other = named(kind, 0), named(kind, 1)
    data = small_data(network, 24)
    before, modes = (bits(network), bits(other)), [part.training for part in network.module.modules()]
    state = torch.get_rng_state()
    found(network, other, data)
    for checks in (0, 1, 7, 33):
        with pytest.raises(Cancelled):
            found(network, other, data, StoppingJob(checks), steps=1000)
    assert (bits(network), bits(other)) == before
    assert [part.training for part in network.module.modules()] == modes
    assert torch.equal(torch.get_rng_state(), state)


def test_every_step_is_told_with_its_loss() -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    job = StoppingJob()
    found(network, other, small_data(network), job, steps=6)
    assert [(done, total) for done, total, _ in job.told] == [(step, 6) for step in range(1, 7)]
    assert all(text.startswith("bend of the curve, loss ") for *_, text in job.told)


def test_a_rate_that_throws_the_bend_away_is_told() -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    with pytest.raises(NumericalFailure, match=r"loss along the curve became .*, even with a learning rate of 1e\+28"):
        found(network, other, small_data(network), learning_rate=1e30)


def test_a_rate_that_is_too_large_is_followed_by_a_tenth_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    data = small_data(network)

    def ends(rate: float) -> bool:
        try:
            found(network, other, data, learning_rate=rate)
        except NumericalFailure:
            return False
        return True

    with monkeypatch.context() as once:
        once.setattr(bezier, "RETRIES", 0)
        too_large = next(10.0**power for power in range(30) if not ends(10.0**power))
        expected = found(network, other, data, learning_rate=too_large / 10)
    assert found(network, other, data, learning_rate=too_large).fingerprint == expected.fingerprint


def test_one_sample_cannot_train_a_bend_through_normalisation() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    with pytest.raises(InvalidRequest, match="at least two samples"):
        found(network, other, small_data(network, 1))
    one = found(named("mlp", 0), named("mlp", 1), small_data(named("mlp", 0), 1))
    assert any(part.any() for part in one.y.values())


def test_a_batch_of_one_sample_is_refused_where_normalisation_is_trained() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    with pytest.raises(InvalidRequest, match="at least two samples"):
        found(network, other, small_data(network, 8), batch_size=1)


def test_other_architectures_and_the_network_itself_are_refused() -> None:
    network = named("resnet", 0)
    with pytest.raises(WeightsMismatch, match="another architecture"):
        found(network, named("noshort", 1), small_data(network))
    with pytest.raises(InvalidRequest, match="the same weights"):
        found(network, named("resnet", 0), small_data(network))


def decomposed_program(seed: int) -> Network:
    """A program in which every layer is taken apart into operations for inference, normalisation too."""
    network = small_network("resnet", seed)
    batch, content = torch.export.Dim("batch", min=1), io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(network.module, (torch.zeros(2, 3, 8, 8),), dynamic_shapes=({0: batch},))
        torch.export.save(program.run_decompositions(), content)
    module = load_program(content.getvalue(), "decomposed.pt2")
    return renamed(replace(network, module=module, program=content.getvalue()), f"decomposed {seed}")


def test_a_program_of_frozen_normalisation_is_trained_with_the_interpolated_statistics() -> None:
    network, other = decomposed_program(0), decomposed_program(1)
    data, before = small_data(network, 24), (bits(network), bits(other))
    companions = Companions(networks={other.sha256: other})
    largest = []
    for steps in (1, 60):
        asked = BezierDirections(other=other.sha256, steps=steps, batch_size=24, learning_rate=0.02)
        request = CurveRequest(points=7, x_range=None, directions=asked)
        curve = compute_curve(request, network, data, JobContext(), None, companions)
        largest.append(curve.loss[0, 1:-1].max())
    assert largest[1] < 0.7 * largest[0]
    assert curve.loss[0, -1] == pytest.approx(mean_loss(other.module, *other.prepare(data), JobContext())[0], rel=1e-6)
    assert (bits(network), bits(other)) == before
    with pytest.raises(UnsupportedNetwork, match="cannot be computed anew"):
        compute_curve(replace(request, batch_norm="recalibrated"), network, data, JobContext(), None, companions)
