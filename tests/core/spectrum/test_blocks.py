"""Either end of the spectrum, and blocks of it, against parts of dense Hessians."""

import numpy as np
import pytest

from core.errors import InvalidRequest
from core.job import JobContext
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import Spectrum, SpectrumRequest
from tests.core.spectrum.test_spectrum_engine import dense_hessian, samples, small_network

KINDS = ["tanh", "relu", "batchnorm"]


def spectrum(kind: str, count: int = 71, **asked: object) -> Spectrum:
    """Of 71 samples: whatever a micro-batch takes, the last one is smaller."""
    return compute_spectrum(SpectrumRequest(**asked), small_network(kind), samples(count), JobContext())  # type: ignore[arg-type]


def part(kind: str, *chosen: str) -> np.ndarray:
    """The eigenvalues of the block of the dense Hessian that belongs to some parameters, ascending."""
    network = small_network(kind)
    whole = dense_hessian(network, samples(71))
    rows = np.concatenate(
        [np.full(parameter.numel(), name in chosen) for name, parameter in network.module.named_parameters()]
    )
    return np.linalg.eigvalsh(whole[np.ix_(rows, rows)])


def assert_close(found: Spectrum, truth: np.ndarray) -> None:
    assert np.allclose(found.eigenvalues, truth, rtol=1e-4, atol=1e-6 * np.abs(truth).max())
    assert found.verified.all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_are_the_largest_with_their_signs(kind: str) -> None:
    truth = np.linalg.eigvalsh(dense_hessian(small_network(kind), samples(71)))
    assert_close(spectrum(kind, top=8, end="largest"), truth[::-1][:8])


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_are_the_most_negative_first(kind: str) -> None:
    truth = np.linalg.eigvalsh(dense_hessian(small_network(kind), samples(71)))
    found = spectrum(kind, top=4, end="smallest")
    assert truth[3] < 0
    assert_close(found, truth[:4])
    assert found.audit is not None
    assert found.audit.miss_probability < 0.05


@pytest.mark.parametrize(
    ("kind", "layer", "names"),
    [
        ("tanh", "0", ("0.weight", "0.bias")),
        ("relu", "2", ("2.weight", "2.bias")),
        ("batchnorm", "1", ("1.weight", "1.bias")),
    ],
)
def test_a_layer_has_the_spectrum_of_its_block(kind: str, layer: str, names: tuple[str, ...]) -> None:
    found = spectrum(kind, top=5, layers=(layer,))
    truth = part(kind, *names)
    assert_close(found, truth[np.argsort(-np.abs(truth))][:5])
    assert found.parameters == names
    assert found.eigenvectors is not None
    assert found.eigenvectors.shape == (5, len(truth))


def test_weights_alone_have_the_spectrum_of_their_block() -> None:
    truth = part("batchnorm", "0.weight", "3.weight")
    found = spectrum("batchnorm", top=6, weights_only=True)
    assert_close(found, truth[np.argsort(-np.abs(truth))][:6])
    assert found.parameters == ("0.weight", "3.weight")


def test_all_layers_together_are_the_whole() -> None:
    every = spectrum("tanh", top=5, layers=("0", "2"))
    assert np.allclose(every.eigenvalues, spectrum("tanh", top=5).eigenvalues, rtol=1e-5)


def test_more_eigenvalues_than_a_layer_has_parameters_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="24 of these parameters, so 25 eigenvalues do not exist"):
        spectrum("batchnorm", top=25, layers=("1",))


def test_a_layer_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(InvalidRequest, match=r'layer "layer3".*are 0, 2;'):
        spectrum("tanh", layers=("layer3",))
