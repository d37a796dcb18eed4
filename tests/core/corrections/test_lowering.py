"""Networks of several makes against their own forward pass, and refusals that name the layer."""

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.lowering import lower
from core.corrections.piecewise import PiecewiseLinear
from core.errors import InvalidRequest, UnsupportedNetwork
from core.networks.card import InputCard
from core.networks.network import Network
from core.networks.program import export_program, load_program
from tests.core.corrections.examples import as_network

COLUMNS = InputCard(shape=(6,), mean=(1.0, -2.0, 0.0, 30.0, 5e3, 0.1), std=(2.0, 0.5, 1.0, 12.0, 700.0, 0.01))


def trained_batch_norm(width: int) -> nn.BatchNorm1d:
    layer = nn.BatchNorm1d(width)
    nn.init.normal_(layer.running_mean)
    nn.init.uniform_(layer.running_var, 0.2, 3.0)
    nn.init.normal_(layer.weight)
    nn.init.normal_(layer.bias)
    return layer


def nested() -> nn.Sequential:
    torch.manual_seed(0)
    inner = nn.Sequential(nn.Linear(7, 5), nn.ReLU(inplace=True), nn.Dropout(0.3))
    last = nn.Linear(5, 3, bias=False)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(6, 7), trained_batch_norm(7), nn.ReLU(), inner, nn.Identity(), last
    ).eval()


class Handmade(nn.Module):
    """Branches between two ReLUs, constants, and a ReLU by another name."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.first = nn.Linear(6, 5)
        self.matrix = nn.Parameter(torch.randn(5, 3))
        self.register_buffer("offset", torch.randn(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.first(x.view(x.shape[0], -1)).clamp(min=0)
        doubled = torch.addmm(self.offset, h, self.matrix) + h @ self.matrix
        return torch.relu(3.0 - doubled) / 2.0 + torch.tensor([0.0, 1.0, -1.0])


def agrees(network: Network, lowered: PiecewiseLinear) -> None:
    card = network.card.input
    spread = np.random.default_rng(7).normal(size=(200, *card.shape)) * 2
    trailing = (1,) * (len(card.shape) - 1)
    raw = (np.reshape(card.mean, (-1, *trailing)) + np.reshape(card.std, (-1, *trailing)) * spread).astype(np.float32)
    with torch.inference_mode():
        truth = network.module(network.normalise(raw)).numpy()
    ours = lowered.forward(raw.reshape(200, -1).astype(np.float64))
    assert np.allclose(ours, truth, rtol=1e-4, atol=1e-5 * np.abs(truth).max())


@pytest.mark.parametrize("make", [nested, Handmade])
@pytest.mark.parametrize("form", ["module", "program"])
def test_a_lowered_network_gives_what_the_module_gives(make: type[nn.Module], form: str) -> None:
    module = make().eval()
    if form == "program":
        module = load_program(export_program(module, (6,)), "example.pt2")
    network = as_network(module, COLUMNS)
    lowered = lower(network)
    agrees(network, lowered)
    assert lowered.weights[0].dtype == np.float64


def test_affine_layers_in_a_row_become_one() -> None:
    lowered = lower(as_network(nested(), COLUMNS))
    assert [weight.shape for weight in lowered.weights] == [(7, 6), (5, 7), (3, 5)]
    assert (lowered.inputs, lowered.widths, lowered.classes) == (6, (7, 5), 3)


def test_an_image_is_normalised_by_channel() -> None:
    torch.manual_seed(2)
    module = nn.Sequential(nn.Flatten(), nn.Linear(12, 4), nn.ReLU(), nn.Linear(4, 2)).eval()
    network = as_network(module, InputCard(shape=(3, 2, 2), mean=(125.0, 100.0, 3.0), std=(60.0, 2.0, 9.0)))
    agrees(network, lower(network))


def test_a_relu_at_the_end_is_kept() -> None:
    network = as_network(nn.Sequential(nn.Linear(6, 3), nn.ReLU()).eval(), COLUMNS)
    agrees(network, lower(network))


@pytest.mark.parametrize("form", ["module", "program"])
def test_a_gelu_is_refused_by_name_and_place(form: str) -> None:
    module: nn.Module = nn.Sequential(
        nn.Linear(6, 4), nn.Sequential(nn.Linear(4, 4), nn.GELU()), nn.Linear(4, 2)
    ).eval()
    if form == "program":
        module = load_program(export_program(module, (6,)), "example.pt2")
    with pytest.raises(UnsupportedNetwork, match=r"gelu" if form == "program" else r'gelu.* in "1\.1" \(GELU\)'):
        lower(as_network(module, COLUMNS))


class Square(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * x


class AcrossSamples(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x - x.mean(0)


class Rounded(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.int().float()


class Choosing(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x > 0, x, torch.zeros_like(x))


@pytest.mark.parametrize(
    ("module", "word"),
    [
        (Square(), "multiplied"),
        (AcrossSamples(), "joins the samples"),
        (Rounded(), "rounds"),
        (Choosing(), "gt"),
        (nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3, track_running_stats=False)), "running mean"),
        (nn.Sequential(nn.Linear(6, 3), nn.Linear(4, 3)), "takes 4 inputs but gets 3"),
        (nn.Sequential(nn.Linear(5, 3)), "takes 5 inputs but gets 6"),
        (nn.Sequential(nn.Linear(6, 3), nn.Sigmoid(), nn.Linear(3, 2)), '"2" (Linear) of "example" follows a softmax'),
        (nn.Sequential(nn.Linear(6, 3), nn.LayerNorm(3)), '"1" (LayerNorm)'),
        (nn.Sequential(nn.Linear(6, 3), nn.SiLU(), nn.Linear(3, 2)), '"1" (SiLU)'),
    ],
)
def test_what_is_not_piecewise_linear_is_refused_with_its_place(module: nn.Module, word: str) -> None:
    with pytest.raises(UnsupportedNetwork) as refusal:
        lower(as_network(module.eval(), COLUMNS))
    assert word in str(refusal.value)


def test_a_module_in_training_mode_gives_itself_away() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(6, 50), nn.ReLU(), nn.Dropout(0.5), nn.Linear(50, 2)).train()
    with pytest.raises(UnsupportedNetwork, match="evaluation mode"):
        lower(as_network(module, COLUMNS))


def test_matrices_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="Layer 2"):
        PiecewiseLinear(weights=(np.ones((3, 2)), np.ones((2, 4))), biases=(np.zeros(3), np.zeros(2)))
    with pytest.raises(InvalidRequest, match="one bias per weight"):
        PiecewiseLinear(weights=(), biases=())
