"""Weights under two names: an exported program forgets that they are one."""

import numpy as np
import torch
from torch import nn

from core.data.dataset import Dataset
from core.job import JobContext
from core.landscape.surface import SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.card import InputCard, NetworkCard
from core.networks.checking import checked
from core.networks.network import Network
from core.networks.parameters import parameter_names
from core.networks.program import export_program, load_program
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import SpectrumRequest


class Tied(nn.Module):
    """Two layers with the same weights."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 3)
        self.b.weight = self.a.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.c(torch.tanh(self.b(torch.tanh(self.a(x)))))


def pair() -> tuple[Network, Network]:
    torch.manual_seed(1)
    module = Tied().eval()
    content = export_program(module, (6,))
    card = NetworkCard(name="tied", input=InputCard(shape=(6,)), architecture="tied")
    exported = Network(card=card, module=load_program(content, "p.pt2"), sha256="0", program=content)
    return checked(Network(card=card, module=module, sha256="0")), checked(exported)


def data() -> Dataset:
    generator = np.random.default_rng(0)
    return Dataset(name="noise", x=generator.normal(size=(40, 6)), y=generator.integers(0, 3, 40), classes=tuple("abc"))


def test_shared_weights_are_one_parameter_in_a_program_too() -> None:
    plain, exported = pair()
    assert parameter_names(exported.module) == parameter_names(plain.module)
    assert "b.weight" in exported.module.state_dict()  # all names stay in the file


def test_a_program_with_shared_weights_has_the_surface_of_its_network() -> None:
    """Moved once under each name, the shared matrix would go twice as far as its norm allows."""
    plain, exported = pair()
    before = {name: value.clone() for name, value in exported.module.state_dict().items()}
    surfaces = [compute_surface(SurfaceRequest(columns=5, rows=5), n, data(), JobContext()) for n in (plain, exported)]
    assert np.allclose(surfaces[0].loss, surfaces[1].loss, rtol=1e-6)
    assert np.ptp(surfaces[0].loss) > 0.01
    assert all(torch.equal(before[name], value) for name, value in exported.module.state_dict().items())


def test_a_program_with_shared_weights_has_the_spectrum_of_its_network() -> None:
    found = [compute_spectrum(SpectrumRequest(top=4), network, data(), JobContext()) for network in pair()]
    assert np.allclose(found[0].eigenvalues, found[1].eigenvalues, rtol=1e-9)
    assert found[1].eigenvectors is not None
    assert found[1].eigenvectors.shape == (4, 6 * 6 + 6 + 6 + 21)


def test_equal_weights_that_are_not_shared_stay_two_parameters() -> None:
    first, second = nn.Linear(3, 3), nn.Linear(3, 3)
    second.load_state_dict(first.state_dict())
    card = NetworkCard(name="equal", input=InputCard(shape=(3,)), architecture="equal")
    network = checked(Network(card=card, module=nn.Sequential(first, nn.Tanh(), second), sha256="0"))
    assert parameter_names(network.module) == ("0.weight", "0.bias", "2.weight", "2.bias")
