"""Lines and planes through networks: the others lie where the axes say, running statistics included."""

import numpy as np
import pytest
import torch

from core.companions import Companions
from core.errors import InvalidRequest, WeightsMismatch
from core.job import JobContext
from core.landscape.directions.finding import find_directions
from core.landscape.plane import Directions, NetworkDirections
from core.networks.network import Network
from tests.core.landscape.directions.oracles import (
    bits,
    flat,
    moved,
    parameter_names,
    renamed,
    state_arrays,
    statistics_names,
)
from tests.core.landscape.small import KINDS, small_data, small_network

KEPT = Companions()


def named(kind: str, seed: int) -> Network:
    return renamed(small_network(kind, seed), f"{kind} {seed}")


def found(network: Network, *others: Network, moving: str = "states") -> Directions:
    asked = NetworkDirections(
        first=others[0].sha256,
        second=others[1].sha256 if len(others) > 1 else "",
        moving=moving,  # type: ignore[arg-type]
    )
    companions = Companions(networks={other.sha256: other for other in others})
    inputs, labels = network.prepare(small_data(network, 5))
    return find_directions(asked, network, inputs, labels, companions, JobContext())


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_along_a_line_is_the_other_network(kind: str) -> None:
    network, other = named(kind, 0), named(kind, 1)
    before = bits(network), bits(other)
    directions = found(network, other)
    assert directions.y == {}
    assert [(a.name, a.sha256, a.x, a.y) for a in directions.anchors] == [(other.name, other.sha256, 1.0, 0.0)]
    arrived, target = moved(state_arrays(network), directions, 1.0), state_arrays(other)
    for name in [*parameter_names(network), *statistics_names(network)]:
        assert directions.x[name].dtype == np.float32
        assert directions.x[name].shape == target[name].shape
        assert np.allclose(arrived[name], target[name], rtol=0, atol=3e-7), name
    assert (bits(network), bits(other)) == before


def test_with_states_the_running_statistics_move_and_with_weights_they_stay() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    statistics = set(statistics_names(network))
    assert statistics
    assert set(found(network, other, moving="states").x) == set(parameter_names(network)) | statistics
    assert set(found(network, other, moving="weights").x) == set(parameter_names(network))


def test_the_counters_of_normalisation_never_move() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    with torch.no_grad():
        for name, buffer in other.module.named_buffers():
            if name.endswith("num_batches_tracked"):
                buffer.fill_(10**9)
    assert not [name for name in found(network, other).x if name.endswith("num_batches_tracked")]


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
def test_a_plane_through_three_networks_meets_all_of_them(kind: str) -> None:
    network, first, second = (named(kind, seed) for seed in range(3))
    directions = found(network, first, second)
    assert [a.name for a in directions.anchors] == [first.name, second.name]
    assert (directions.anchors[0].x, directions.anchors[0].y) == (1.0, 0.0)
    for anchor, other in zip(directions.anchors, (first, second), strict=True):
        arrived, target = moved(state_arrays(network), directions, anchor.x, anchor.y), state_arrays(other)
        for name in [*parameter_names(network), *statistics_names(network)]:
            assert np.allclose(arrived[name], target[name], rtol=0, atol=1e-6), name


def test_distances_in_the_plane_are_true_in_every_direction() -> None:
    network, first, second = (named("resnet", seed) for seed in range(3))
    directions = found(network, first, second)
    names = [*parameter_names(network), *statistics_names(network)]
    x, y = flat(directions.x, names), flat(directions.y, names)
    assert np.linalg.norm(y) == pytest.approx(np.linalg.norm(x), rel=1e-6)
    assert abs(directions.cosine) < 1e-6
    assert abs(x @ y) < 1e-6 * (x @ x)
    here, far = directions.anchors
    true = np.linalg.norm(flat(state_arrays(second), names) - flat(state_arrays(first), names))
    seen = np.hypot(far.x - here.x, far.y - here.y) * np.linalg.norm(x)
    assert seen == pytest.approx(true, rel=1e-6)


def test_networks_of_different_architectures_are_refused_with_what_differs() -> None:
    network = named("resnet", 0)
    with pytest.raises(WeightsMismatch, match=r"missing: layer2\.0\.downsample|missing: layer2"):
        found(network, named("noshort", 1))
    with pytest.raises(WeightsMismatch, match="more: "):
        found(named("noshort", 1), network)
    with pytest.raises(WeightsMismatch, match=r"fc|missing"):
        found(network, named("mlp", 1))


def test_a_tensor_of_another_shape_is_named_with_both_shapes() -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    other.module[1].weight = torch.nn.Parameter(torch.randn(9, 5))  # type: ignore[index]
    with pytest.raises(WeightsMismatch, match=r"1\.weight \(9×5 instead of 9×6\)"):
        found(network, other)


def test_identical_networks_are_refused() -> None:
    network = named("resnet", 0)
    with pytest.raises(InvalidRequest, match="the same weights"):
        found(network, named("resnet", 0))


def test_networks_that_differ_only_in_their_statistics_have_a_line_with_states_alone() -> None:
    network, other = named("resnet", 0), named("resnet", 0)
    with torch.no_grad():
        dict(other.module.named_buffers())["bn1.running_mean"].add_(1.0)
    other = renamed(other, "other")
    assert found(network, other, moving="states").x["bn1.running_mean"].any()
    with pytest.raises(InvalidRequest, match="the same weights"):
        found(network, other, moving="weights")


def test_three_networks_on_one_line_are_refused() -> None:
    network, first = named("mlp", 0), named("mlp", 1)
    between = named("mlp", 2)
    with torch.no_grad():
        pairs = zip(between.module.parameters(), network.module.parameters(), first.module.parameters(), strict=True)
        for parameter, a, b in pairs:
            parameter.copy_(a + 0.25 * (b - a))
    with pytest.raises(InvalidRequest, match="on one line"):
        found(network, first, renamed(between, "between"))


def test_a_network_of_nan_is_refused_by_name() -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    with torch.no_grad():
        next(other.module.parameters())[0, 0] = float("nan")
    with pytest.raises(InvalidRequest, match=r'"mlp 1" holds NaN or infinity, first in "1\.weight"'):
        found(network, renamed(other, "mlp 1"))


def test_weights_too_far_apart_for_float32_are_refused() -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    with torch.no_grad():
        next(network.module.parameters())[0, 0] = -3e38
        next(other.module.parameters())[0, 0] = 3e38
    with pytest.raises(InvalidRequest, match="NaN or infinity"):
        found(network, renamed(other, "far"))


def test_a_network_that_is_not_at_hand_is_asked_for() -> None:
    network = named("mlp", 0)
    inputs, labels = network.prepare(small_data(network, 5))
    with pytest.raises(InvalidRequest, match="not at hand"):
        find_directions(NetworkDirections(first="ab" * 32), network, inputs, labels, KEPT, JobContext())
