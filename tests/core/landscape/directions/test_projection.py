"""Checkpoints in a plane, against numpy's least squares on whole vectors."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import WeightsMismatch
from core.job import JobContext
from core.landscape.directions import projection
from core.landscape.directions.pca import pca_directions
from core.landscape.directions.projection import places
from core.landscape.directions.random import random_directions
from core.landscape.plane import Directions, PcaDirections, RandomDirections
from core.networks.network import Network
from core.networks.waypoint import Waypoint
from tests.core.landscape.directions.oracles import axis_vector, flat, moved, parameter_names, state_arrays, way
from tests.core.landscape.small import small_network

FloatArray = npt.NDArray[np.float64]


def steps(network: Network, waypoints: tuple[Waypoint, ...]) -> FloatArray:
    names = parameter_names(network)
    return np.stack([flat(w.weights, names) - flat(state_arrays(network), names) for w in waypoints])


def skewed(network: Network) -> Directions:
    """Two directions of very different length, at an angle of about 45 degrees."""
    drawn = random_directions(network.module, RandomDirections())
    x = {name: 30 * part for name, part in drawn.x.items()}
    y = {name: 0.02 * (drawn.x[name] + drawn.y[name]) for name in drawn.x}
    return replace(drawn, x=x, y=y, cosine=0.7)


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
def test_places_are_those_of_least_squares_whatever_the_directions(kind: str) -> None:
    network = small_network(kind)
    waypoints = way(network, 6)
    for directions in (random_directions(network.module, RandomDirections()), skewed(network)):
        matrix = np.stack([axis_vector(directions.x, network), axis_vector(directions.y, network)], axis=1)
        truth = steps(network, waypoints)
        expected = np.linalg.lstsq(matrix, truth.T, rcond=None)[0]
        found = places(network.module, directions, waypoints, JobContext())
        assert np.allclose(found.x, expected[0], rtol=1e-6, atol=1e-9 * abs(expected[0]).max())
        assert np.allclose(found.y, expected[1], rtol=1e-6, atol=1e-9 * abs(expected[1]).max())
        assert np.allclose(found.off_plane, np.linalg.norm(truth.T - matrix @ expected, axis=0), rtol=1e-9)
        assert np.allclose(found.distance, np.linalg.norm(truth, axis=1), rtol=1e-12)


def test_weights_in_the_plane_are_found_where_they_were_put() -> None:
    """The defect of the original tool: 31.22 instead of 2.00 for directions that are not of unit length."""
    network = small_network("resnet")
    directions = skewed(network)
    put = [(2.0, 0.0), (0.0, 2.0), (-0.5, 70.0), (0.0, 0.0)]
    waypoints = tuple(
        Waypoint(epoch=float(index), weights=moved(state_arrays(network), directions, *place))
        for index, place in enumerate(put)
    )
    found = places(network.module, directions, waypoints, JobContext())
    assert np.allclose(np.stack([found.x, found.y], axis=1), put, atol=1e-6)
    assert (found.off_plane < 1e-6 * (1 + found.distance)).all()
    assert found.distance[3] == 0


def test_a_line_has_no_second_coordinate() -> None:
    network = small_network("mlp")
    waypoints = way(network, 4)
    directions = replace(random_directions(network.module, RandomDirections()), y={})
    found = places(network.module, directions, waypoints, JobContext())
    x = axis_vector(directions.x, network)
    assert (found.y == 0).all()
    assert np.allclose(found.x, steps(network, waypoints) @ x / (x @ x))
    assert found.explained_variance[1] == 0


def test_parallel_axes_are_one_axis_and_no_division_by_zero() -> None:
    network = small_network("mlp")
    drawn = random_directions(network.module, RandomDirections())
    directions = replace(drawn, y={name: 2 * part for name, part in drawn.x.items()})
    waypoints = way(network, 4)
    found = places(network.module, directions, waypoints, JobContext())
    single = places(network.module, replace(drawn, y={}), waypoints, JobContext())
    assert np.allclose(found.x + 2 * found.y, single.x)
    assert np.allclose(found.off_plane, single.off_plane)


def test_principal_axes_hold_the_shares_that_they_were_chosen_by() -> None:
    network = small_network("resnet")
    waypoints = way(network, 7)
    directions = pca_directions(PcaDirections(), network, waypoints, JobContext())
    found = places(network.module, directions, waypoints, JobContext())
    assert np.allclose(found.explained_variance, directions.explained_variance, rtol=1e-6)


def test_shares_of_skewed_axes_add_up_to_that_of_their_plane() -> None:
    network = small_network("mlp")
    waypoints = way(network, 7)
    found = places(network.module, skewed(network), waypoints, JobContext())
    rows = steps(network, waypoints)
    rows = rows - rows.mean(axis=0)
    directions = skewed(network)
    basis, _ = np.linalg.qr(np.stack([axis_vector(directions.x, network), axis_vector(directions.y, network)], axis=1))
    shares = np.square(rows @ basis).sum(axis=0) / np.square(rows).sum()
    assert np.allclose(found.explained_variance, shares, rtol=1e-6)


def test_distances_hold_what_the_directions_leave_still() -> None:
    network = small_network("resnet")
    state = state_arrays(network)
    bias = {**state, "linear.bias": state["linear.bias"].astype(np.float64) + 3.0}
    directions = random_directions(network.module, RandomDirections())
    found = places(network.module, directions, (Waypoint(epoch=0.0, weights=bias),), JobContext())
    expected = 3.0 * np.sqrt(state["linear.bias"].size)
    assert found.distance[0] == found.off_plane[0] == pytest.approx(expected)


def test_statistics_count_only_where_the_directions_move_them() -> None:
    network = small_network("resnet")
    state = state_arrays(network)
    shifted = {**state, "bn1.running_mean": state["bn1.running_mean"].astype(np.float64) + 1.0}
    waypoints = (Waypoint(epoch=0.0, weights=shifted),)
    drawn = random_directions(network.module, RandomDirections())
    assert places(network.module, drawn, waypoints, JobContext()).distance[0] == 0
    with_states = replace(drawn, x={**drawn.x, "bn1.running_mean": np.zeros(3, dtype=np.float32)})
    found = places(network.module, with_states, waypoints, JobContext())
    assert found.distance[0] == pytest.approx(np.sqrt(state["bn1.running_mean"].size))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_checkpoint_that_is_not_finite_has_no_place_and_spoils_no_other(value: float) -> None:
    network = small_network("mlp")
    waypoints = way(network, 4)
    broken = {name: part.copy() for name, part in waypoints[1].weights.items()}
    broken["1.weight"][0, 0] = value
    directions = random_directions(network.module, RandomDirections())
    with_broken = (waypoints[0], replace(waypoints[1], weights=broken), *waypoints[2:])
    found = places(network.module, directions, with_broken, JobContext())
    clean = places(network.module, directions, (waypoints[0], *waypoints[2:]), JobContext())
    assert not np.isfinite([found.x[1], found.off_plane[1], found.distance[1]]).any()
    assert np.allclose(found.x[[0, 2, 3]], clean.x)
    assert np.allclose(found.off_plane[[0, 2, 3]], clean.off_plane)
    assert np.allclose(found.explained_variance, clean.explained_variance)


def test_pieces_of_a_few_numbers_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small_network("resnet")
    waypoints = way(network, 4)
    directions = random_directions(network.module, RandomDirections())
    whole = places(network.module, directions, waypoints, JobContext())
    monkeypatch.setattr(projection, "PIECE_BYTES", 8 * 7 * 5)
    parts = places(network.module, directions, waypoints, JobContext())
    for name in ("x", "y", "off_plane", "distance", "explained_variance"):
        assert np.allclose(getattr(whole, name), getattr(parts, name), rtol=1e-10), name


def test_one_checkpoint_alone_has_no_variance() -> None:
    network = small_network("mlp")
    directions = random_directions(network.module, RandomDirections())
    found = places(network.module, directions, way(network, 3)[:1], JobContext())
    assert np.isnan(found.explained_variance).all()


def test_a_checkpoint_of_another_architecture_is_refused() -> None:
    network = small_network("resnet")
    directions = random_directions(network.module, RandomDirections())
    with pytest.raises(WeightsMismatch, match="epoch 0"):
        places(network.module, directions, way(small_network("noshort"), 3), JobContext())
