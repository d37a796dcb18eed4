"""What has no spectrum is refused in a sentence that says why."""

import numpy as np
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.errors import DataError, InvalidRequest, NumericalFailure, UnsupportedNetwork
from core.job import JobContext
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import Spectrum, SpectrumRequest
from tests.core.spectrum.test_spectrum_engine import samples, small_network


def spectrum(network: Network, data: Dataset, **asked: object) -> Spectrum:
    return compute_spectrum(SpectrumRequest(**asked), network, data, JobContext())  # type: ignore[arg-type]


def network_of(module: nn.Module) -> Network:
    card = NetworkCard(name="odd", input=InputCard(shape=(6,)), architecture="test")
    return Network(card=card, module=module.eval(), sha256="0")


class Distances(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.centres = nn.Parameter(torch.randn(3, 6, generator=torch.Generator().manual_seed(0)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return -torch.cdist(x, self.centres, compute_mode="donot_use_mm_for_euclid_dist")


def test_a_network_without_second_derivatives_is_told_which_operation_lacks_them() -> None:
    with pytest.raises(UnsupportedNetwork, match=r'cannot be differentiated twice: the operation "cdist"'):
        spectrum(network_of(Distances()), samples(), top=2)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_says_of_how_many_samples_and_which(bad: float) -> None:
    network = small_network("relu")
    with torch.no_grad():
        network.module[0].bias[0] = bad  # type: ignore[index, union-attr]
        network.module[2].weight[0, 0] = 1.0  # type: ignore[index, union-attr]
    with pytest.raises(NumericalFailure, match=r"not finite for 70 of 70 samples, the first of them sample 0"):
        spectrum(network, samples(), top=2)


class Explosive(nn.Module):
    """Overflows for the inputs that are large."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x) * torch.exp(x[:, :1])


def test_one_sample_whose_loss_is_not_finite_is_named() -> None:
    data = samples()
    data.x[41, 0] = 1000.0
    with pytest.raises(NumericalFailure, match="not finite for 1 of 70 samples, the first of them sample 41"):
        spectrum(network_of(Explosive()), data, top=2)


def test_a_network_that_knows_one_class_has_no_curvature() -> None:
    data = Dataset(name="one", x=samples().x, y=np.zeros(70, dtype=np.int64), classes=("a", "b"))
    with pytest.raises(InvalidRequest, match="knows one class alone: the cross-entropy is zero whatever the weights"):
        spectrum(network_of(nn.Linear(6, 1)), data, top=2)


def test_data_of_one_class_have_a_spectrum_like_any_other() -> None:
    data = Dataset(name="ones", x=samples().x, y=np.ones(70, dtype=np.int64))
    assert spectrum(small_network("tanh"), data, top=3).verified.all()


@pytest.mark.parametrize("count", [1, 3])
def test_fewer_samples_than_a_micro_batch_takes_are_enough(count: int) -> None:
    found = spectrum(small_network("tanh"), samples(count), top=3)
    assert found.provenance.samples == count
    assert found.eigenvalues[0] > 0


def test_more_samples_than_there_are_cannot_be_asked_for() -> None:
    with pytest.raises(DataError, match="has only 70 samples, not 500"):
        spectrum(small_network("tanh"), samples(), top=3, samples=500)


def test_more_eigenvalues_than_parameters_are_refused_with_their_number() -> None:
    with pytest.raises(InvalidRequest, match=r"has 123 parameters, so 200 eigenvalues do not exist\. Ask for 123"):
        spectrum(small_network("tanh"), samples(), top=200, max_products=500)


@pytest.mark.parametrize(("kind", "name"), [(torch.float16, "float16"), (torch.bfloat16, "bfloat16")])
def test_weights_in_half_precision_are_refused_with_the_tensor(kind: torch.dtype, name: str) -> None:
    network = small_network("tanh")
    network.module.to(kind)
    with pytest.raises(UnsupportedNetwork, match=rf'holds weights in {name} \("0\.weight"\).* need float32'):
        spectrum(network, samples(), top=2)


def test_a_product_limit_below_the_number_of_pairs_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="at least one product each"):
        SpectrumRequest(top=20, max_products=10)
