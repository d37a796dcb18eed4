"""Principal axes of checkpoints, against numpy's singular value decomposition of all of them at once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from core.companions import Companions
from core.errors import Cancelled, InvalidRequest, WeightsMismatch
from core.job import JobContext
from core.landscape.directions import pca
from core.landscape.directions.finding import find_directions
from core.landscape.plane import Directions, PcaDirections
from core.networks.network import Network
from core.networks.waypoint import Waypoint
from tests.core.landscape.directions.oracles import bits, flat, parameter_names, state_arrays, statistics_names, way
from tests.core.landscape.small import small_data, small_network


def found(
    network: Network, waypoints: Sequence[Waypoint], asked: PcaDirections | None = None, job: JobContext | None = None
) -> Directions:
    inputs, labels = network.prepare(small_data(network, 5))
    companions = Companions(waypoints=tuple(waypoints))
    return find_directions(asked or PcaDirections(), network, inputs, labels, companions, job or JobContext())


def decomposed(
    waypoints: Sequence[Waypoint], names: list[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Axes as rows and shares of the variance, as scikit-learn's PCA gives them for the rows θᵢ − θₙ."""
    last = flat(waypoints[-1].weights, names)
    rows = np.stack([flat(waypoint.weights, names) - last for waypoint in waypoints])
    rows -= rows.mean(axis=0)
    _, singular, axes = np.linalg.svd(rows, full_matrices=False)
    return axes[:2], singular[:2] ** 2 / (singular**2).sum()


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
@pytest.mark.parametrize("count", [3, 4, 11])
def test_axes_and_shares_are_those_of_a_singular_value_decomposition(kind: str, count: int) -> None:
    network = small_network(kind)
    waypoints, names = way(network, count), parameter_names(network)
    directions = found(network, waypoints)
    axes, shares = decomposed(waypoints, names)
    assert np.allclose(directions.explained_variance, shares, rtol=1e-9)
    for found_axis, axis in zip((directions.x, directions.y), axes, strict=True):
        vector = flat(found_axis, names)
        assert abs(vector @ axis) == pytest.approx(1, abs=1e-6)
        assert np.linalg.norm(vector) == pytest.approx(1, rel=1e-6)
        assert all(part.dtype == np.float32 for part in found_axis.values())
        assert all(found_axis[name].shape == waypoints[0].weights[name].shape for name in names)
    assert abs(directions.cosine) < 1e-6


def test_pieces_of_a_few_numbers_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small_network("resnet")
    waypoints = way(network, 6)
    whole = found(network, waypoints)
    monkeypatch.setattr(pca, "PIECE_BYTES", 6 * 8 * 7)  # seven numbers of six checkpoints
    parts = found(network, waypoints)
    for one, other in ((whole.x, parts.x), (whole.y, parts.y)):
        assert all(np.allclose(one[name], other[name], atol=1e-7) for name in one)
    assert parts.explained_variance == pytest.approx(whole.explained_variance, rel=1e-12)


def test_statistics_move_only_where_asked() -> None:
    network = small_network("resnet")
    waypoints = way(network, 5)
    names = [*parameter_names(network), *statistics_names(network)]
    assert set(found(network, waypoints).x) == set(parameter_names(network))
    states = found(network, waypoints, PcaDirections(moving="states"))
    assert set(states.x) == set(names)
    axes, shares = decomposed(waypoints, names)
    assert np.allclose(states.explained_variance, shares, rtol=1e-9)
    assert abs(flat(states.x, names) @ axes[0]) == pytest.approx(1, abs=1e-6)


def test_biases_and_normalisation_can_be_left_out() -> None:
    network = small_network("resnet")
    waypoints = way(network, 5)
    names = [name for name, parameter in network.module.named_parameters() if parameter.ndim > 1]
    directions = found(network, waypoints, PcaDirections(ignore="biasbn"))
    assert set(directions.x) == set(names)
    _, shares = decomposed(waypoints, names)
    assert np.allclose(directions.explained_variance, shares, rtol=1e-9)


def test_the_way_begins_on_the_left_and_its_largest_excursion_is_upwards() -> None:
    network = small_network("mlp")
    for seed in range(6):
        waypoints, names = way(network, 9, seed), parameter_names(network)
        directions = found(network, waypoints)
        last = flat(waypoints[-1].weights, names)
        steps = [flat(waypoint.weights, names) - last for waypoint in waypoints]
        assert steps[0] @ flat(directions.x, names) < 0
        heights = np.array([step @ flat(directions.y, names) for step in steps])
        assert heights[np.abs(heights).argmax()] > 0


def test_the_axes_do_not_depend_on_where_the_origin_is() -> None:
    """Their mean is taken away; so another last checkpoint as the origin gives the same plane."""
    network, waypoints = small_network("mlp"), way(small_network("mlp"), 6)
    names = parameter_names(network)
    shuffled = found(network, (*waypoints[1:], waypoints[0]))
    straight = found(network, waypoints)
    assert abs(flat(shuffled.x, names) @ flat(straight.x, names)) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_checkpoints_are_refused(count: int) -> None:
    network = small_network("mlp")
    with pytest.raises(InvalidRequest, match=rf"at least 3 checkpoints of a training, and there are {count}"):
        found(network, way(network, 5)[:count])


def test_equal_checkpoints_are_refused() -> None:
    network = small_network("resnet")
    same = [Waypoint(epoch=float(index), weights=state_arrays(network)) for index in range(5)]
    with pytest.raises(InvalidRequest, match="did not move the weights"):
        found(network, same)


def test_two_different_checkpoints_however_often_are_a_line_and_no_plane() -> None:
    network = small_network("resnet")
    first, *_, last = way(network, 5)
    with pytest.raises(InvalidRequest, match="on one line"):
        found(network, [first, last, first, last, last])


def test_three_checkpoints_on_a_line_up_to_rounding_are_refused() -> None:
    network = small_network("resnet")
    first, *_, last = way(network, 5)
    between = {
        name: (0.3 * first.weights[name].astype(np.float64) + 0.7 * value.astype(np.float64)).astype(value.dtype)
        for name, value in last.weights.items()
    }
    with pytest.raises(InvalidRequest, match="on one line"):
        found(network, [first, Waypoint(epoch=1.0, weights=between), last])


def test_checkpoints_of_another_architecture_are_refused_by_epoch() -> None:
    network, other = small_network("resnet"), small_network("noshort")
    waypoints = [*way(network, 4)[:3], replace(way(other, 3)[2], epoch=7.0)]
    with pytest.raises(WeightsMismatch, match="epoch 7 has another architecture"):
        found(network, waypoints)


def test_a_checkpoint_of_nan_is_refused_by_epoch_and_tensor() -> None:
    network = small_network("mlp")
    waypoints = list(way(network, 4))
    broken = {name: value.copy() for name, value in waypoints[2].weights.items()}
    broken["3.bias"][1] = np.nan
    waypoints[2] = replace(waypoints[2], weights=broken)
    with pytest.raises(InvalidRequest, match=r'epoch 2 holds NaN or infinity, first in "3\.bias"'):
        found(network, waypoints)


@pytest.mark.parametrize("checks", [0, 1, 9])
def test_it_can_be_stopped_and_nothing_moves(checks: int) -> None:
    network = small_network("resnet")
    before = bits(network)

    class Stopping(JobContext):
        left = checks

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        found(network, way(network, 4), job=Stopping())
    assert bits(network) == before
