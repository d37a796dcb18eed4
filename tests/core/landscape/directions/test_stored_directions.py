"""Directions from files are held against the network before anything moves along them."""

from dataclasses import replace

import numpy as np
import pytest

from core.companions import Companions
from core.errors import InvalidRequest, WeightsMismatch
from core.job import JobContext
from core.landscape.directions.finding import find_directions
from core.landscape.directions.random import random_directions
from core.landscape.plane import Directions, FileDirections, RandomDirections
from core.networks.network import Network
from tests.core.landscape.small import small_data, small_network


def found(network: Network, given: Directions | None, asked: FileDirections | None = None) -> Directions:
    inputs, labels = network.prepare(small_data(network, 5))
    companions = Companions(directions=given)
    return find_directions(asked or FileDirections(origin="d.h5"), network, inputs, labels, companions, JobContext())


def drawn(network: Network) -> Directions:
    return random_directions(network.module, RandomDirections())


def test_directions_that_fit_are_taken_as_they_are() -> None:
    network = small_network("resnet")
    given = drawn(network)
    taken = found(network, given, FileDirections(origin="d.h5", sha256=given.fingerprint))
    assert taken.fingerprint == given.fingerprint
    assert taken.cosine == pytest.approx(given.cosine, abs=1e-9)


def test_a_line_and_a_direction_of_some_tensors_are_enough() -> None:
    network = small_network("resnet")
    given = drawn(network)
    taken = found(network, replace(given, x={"linear.weight": given.x["linear.weight"]}, y={}))
    assert list(taken.x) == ["linear.weight"]
    assert taken.y == {}
    assert taken.cosine == 0


def test_the_cosine_is_that_of_the_directions_and_not_what_a_file_says() -> None:
    network = small_network("mlp")
    given = drawn(network)
    assert found(network, replace(given, y=given.x, cosine=0.0)).cosine == pytest.approx(1)


def test_numbers_of_double_precision_become_single() -> None:
    network = small_network("mlp")
    given = drawn(network)
    wide = replace(given, x={name: part.astype(np.float64) for name, part in given.x.items()})
    assert all(part.dtype == np.float32 for part in found(network, wide).x.values())


def test_statistics_may_move_and_counters_are_left_out() -> None:
    """A file of states of the original tool holds a direction for every entry of the state dict."""
    network = small_network("resnet")
    given = drawn(network)
    states = {
        name: np.ones(tuple(value.shape), dtype=np.float32) for name, value in network.module.state_dict().items()
    }
    taken = found(network, replace(given, x=states))
    assert "bn1.running_mean" in taken.x
    assert "bn1.num_batches_tracked" in states
    assert "bn1.num_batches_tracked" not in taken.x


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        (lambda d: replace(d, x={**d.x, "strange": np.ones(3)}), WeightsMismatch, "first direction.*moves strange"),
        (lambda d: replace(d, y={**d.y, "strange": np.ones(3)}), WeightsMismatch, "second direction.*moves strange"),
        (
            lambda d: replace(d, x={**d.x, "1.weight": np.ones((9, 5))}),
            WeightsMismatch,
            r"9×5 numbers for 1\.weight, but .* has 9×6",
        ),
        (lambda d: replace(d, x={**d.x, "1.weight": np.full((9, 6), np.nan)}), InvalidRequest, r'NaN.*"1\.weight"'),
        (lambda d: replace(d, x={**d.x, "1.weight": np.full((9, 6), np.inf)}), InvalidRequest, r'NaN.*"1\.weight"'),
        (lambda d: replace(d, x={}), InvalidRequest, "first direction.*is zero"),
        (lambda d: replace(d, x={n: 0 * p for n, p in d.x.items()}), InvalidRequest, "first direction.*is zero"),
        (lambda d: replace(d, y={n: 0 * p for n, p in d.y.items()}), InvalidRequest, "second direction.*is zero"),
        (lambda _: None, InvalidRequest, r'from "d\.h5" are not at hand'),
    ],
)
def test_directions_that_do_not_fit_are_refused_with_what_is_wrong(
    change: object, error: type[Exception], text: str
) -> None:
    network = small_network("mlp")
    with pytest.raises(error, match=text):
        found(network, change(drawn(network)))  # type: ignore[operator]


def test_directions_of_another_fingerprint_are_refused() -> None:
    network = small_network("mlp")
    with pytest.raises(InvalidRequest, match=r"not those that were meant.*not abababababab"):
        found(network, drawn(network), FileDirections(sha256="ab" * 32))
