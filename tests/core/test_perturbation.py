"""Eigenvectors of a spectrum as directions of curves: names, shapes, lengths, and a loss that bends as promised."""

from dataclasses import replace

import numpy as np
import pytest

from core.analysis import compute
from core.companions import Companions
from core.errors import InvalidRequest
from core.exchange.plane_words import directions_words
from core.job import JobContext
from core.landscape.curve import Curve
from core.landscape.plane import FileDirections
from core.naming import result_name
from core.networks.network import Network
from core.perturbation import Perturbation, Shapes, perturbations
from core.spectrum.spectrum import Spectrum, SpectrumRequest
from tests.core.landscape.directions.oracles import loss_in_float64, moved, state_arrays
from tests.core.landscape.small import small_data, small_network
from tests.core.spectrum.dense import network as smooth

pytestmark = pytest.mark.usefixtures("one_thread")


def shapes(network: Network) -> Shapes:
    return {name: tuple(value.shape) for name, value in network.module.named_parameters()}


def spectrum_of(network: Network, **asked: object) -> Spectrum:
    request = SpectrumRequest(top=3, **asked)  # type: ignore[arg-type]
    found = compute(request, network, small_data(network, 20), JobContext())
    assert isinstance(found, Spectrum)
    return found


def along(network: Network, one: Perturbation) -> Curve:
    companions = Companions(directions=one.directions)
    found = compute(one.request, network, small_data(network, 20), JobContext(), None, companions)
    assert isinstance(found, Curve)
    return found


def test_the_loss_along_an_eigenvector_is_that_of_the_moved_network() -> None:
    network = small_network("mlp")
    spectrum = spectrum_of(network)
    curves = perturbations(spectrum, shapes(network), (1, 3), x_range=(-0.1, 0.1), points=11)
    assert [one.rank for one in curves] == [1, 3]
    for one in curves:
        vector = np.concatenate([part.ravel() for part in one.directions.x.values()])
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
        assert vector[np.abs(vector).argmax()] > 0
        found = along(network, one)
        for place, loss in zip(found.x, found.loss[0], strict=True):
            weights = moved(state_arrays(network), one.directions, float(place))
            assert loss == pytest.approx(loss_in_float64(network, weights, small_data(network, 20))[0], rel=1e-5)


def test_a_smooth_loss_bends_as_the_eigenvalue_says_and_touches_its_parabola() -> None:
    network = smooth("tanh")
    spectrum = spectrum_of(network)
    for one in perturbations(spectrum, shapes(network), (1, 3), x_range=(-0.25, 0.25), points=11):
        found = along(network, one)
        bend = (found.loss[0, 4] + found.loss[0, 6] - 2 * found.loss[0, 5]) / (found.x[6] - found.x[5]) ** 2
        assert bend == pytest.approx(spectrum.eigenvalues[one.rank - 1], rel=0.02)
        assert found.parabola is not None
        assert found.parabola[5] == found.centre_loss
        even = 0.5 * (found.loss[0] + found.loss[0][::-1])  # without the slope, which the parabola leaves out
        assert found.parabola[3:8] - found.centre_loss == pytest.approx(even[3:8] - even[5], rel=0.1, abs=1e-6)


def test_a_curve_is_named_by_its_rank_and_eigenvalue_and_lies_on_the_samples_of_the_spectrum() -> None:
    network = small_network("mlp")
    spectrum = spectrum_of(network, samples=15)
    (one,) = perturbations(spectrum, shapes(network), (2,), test=True, test_samples=9)
    value = f"{spectrum.eigenvalues[1]:.4g}"
    assert result_name(one.request, "Net") == f"Loss along eigenvector 2 of Net (λ = {value})"
    assert directions_words(one.request.directions) == f"eigenvector 2 of the Hessian, unit length, λ = {value}"
    assert (one.request.samples, one.request.test, one.request.test_samples) == (15, True, 9)
    assert isinstance(one.request.directions, FileDirections)
    assert one.request.directions.sha256 == one.directions.fingerprint
    assert one.request.x_range == (-0.5, 0.5)
    assert one.request.points % 2 == 1


@pytest.mark.parametrize(
    ("asked", "words", "bends"),
    [
        ({"matrix": "gauss_newton"}, "the Gauss–Newton matrix, Net", False),
        ({"layers": ("1",)}, "the Hessian of 1, Net", True),
        ({"weights_only": True}, "the Hessian without biases, Net", True),
    ],
)
def test_other_matrices_are_said_and_promise_no_parabola(asked: dict[str, object], words: str, bends: bool) -> None:  # noqa: FBT001
    network = small_network("mlp")
    spectrum = spectrum_of(network, **asked)
    (one,) = perturbations(spectrum, shapes(network), (1,), points=3)
    assert f"eigenvector 1 of {words} (λ" in result_name(one.request, "Net")
    assert set(one.directions.x) == set(spectrum.parameters)
    assert (along(network, one).parabola is not None) is bends


def test_eigenvectors_that_are_not_there_are_refused() -> None:
    network = small_network("mlp")
    spectrum = spectrum_of(network)
    with pytest.raises(InvalidRequest, match="no eigenvector 4: the spectrum has 3"):
        perturbations(spectrum, shapes(network), (4,))
    with pytest.raises(InvalidRequest, match="not known"):
        perturbations(replace(spectrum, eigenvectors=None), shapes(network), (1,))
    with pytest.raises(InvalidRequest, match="another network"):
        perturbations(spectrum, {**shapes(network), "1.weight": (2, 2)}, (1,))
    with pytest.raises(InvalidRequest, match="another network"):
        perturbations(spectrum, {"other": (3,)}, (1,))
