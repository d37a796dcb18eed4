"""Networks of several makes against their own forward pass, and refusals that name the layer."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.errors import InvalidRequest, UnsupportedNetwork
from core.networks.card import InputCard
from core.networks.network import Network
from core.networks.program import export_program, load_program
from tests.core.corrections.examples import as_network
from tests.core.corrections.modules import (
    Written,
    architecture,
    bent,
    in_float64,
    lively,
    lowered,
    pooled,
    residual,
)

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
    named = r"gelu" if form == "program" else r'"1\.1" \(GELU\)'
    with pytest.raises(UnsupportedNetwork, match=rf"{named}.* bends everywhere.* A search in several features"):
        lower(as_network(module, COLUMNS))


def tokens(x: torch.Tensor, one: nn.Module, two: nn.Module, last: nn.Module) -> torch.Tensor:
    h = functional.relu(two(functional.relu(one(x)).transpose(1, 2)))
    return last(torch.cat([h[:, :, 0], h[:, 1:, 2].flip(1), x.mean(2)], dim=1))


def split(x: torch.Tensor, one: nn.Module, last: nn.Module) -> torch.Tensor:
    first, second = one(x).chunk(2, dim=1)
    return last(torch.stack([functional.relu(first) - second, torch.minimum(first, second)], dim=2).sum(2) / 3)


def padded(x: torch.Tensor, one: nn.Module, last: nn.Module) -> torch.Tensor:
    return last(functional.relu(one(functional.pad(x, (1, 2, 0, 1), value=1.5))).amax((2, 3)))


def limited(x: torch.Tensor, one: nn.Module) -> torch.Tensor:
    z = one(x)
    return torch.clamp(z, max=0.3) - z.clamp(-0.2, 0.1) + functional.hardsigmoid(z) + functional.softshrink(z)


def in_place(x: torch.Tensor, one: nn.Module) -> torch.Tensor:
    z = one(x)
    functional.relu(z, inplace=True)
    return z


MANY: dict[str, tuple[nn.Module, tuple[int, ...]]] = {
    "residual": (residual(), (6,)),
    "pooled": (pooled(), (1, 7, 7)),
    "bent": (bent(), (6,)),
    "slopes": (nn.Sequential(nn.Linear(6, 8), nn.PReLU(8, init=-0.3), nn.Linear(8, 8), nn.PReLU()), (6,)),
    "same": (nn.Sequential(nn.Conv1d(3, 4, 4, padding="same", dilation=2), nn.ReLU(), nn.MaxPool1d(2)), (3, 9)),
    "circular": (nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular"), nn.ReLU()), (3, 5, 4)),
    "transposed": (
        nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.ReLU(), nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2)),
        (3, 7, 8),
    ),
    "adaptive": (nn.Sequential(nn.AdaptiveMaxPool2d((2, 3)), nn.AdaptiveAvgPool2d(2), nn.Flatten()), (2, 5, 7)),
    "enlarged": (nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Upsample(scale_factor=2, mode="bilinear")), (1, 5, 5)),
    "tokens": (Written(tokens, nn.Linear(6, 5), nn.Linear(3, 4), nn.Linear(12, 2)), (3, 6)),
    "split": (Written(split, nn.Linear(6, 8), nn.Linear(4, 2)), (6,)),
    "padded": (Written(padded, nn.Conv2d(2, 3, 3), nn.Linear(3, 2)), (2, 4, 5)),
    "limited": (Written(limited, nn.Linear(6, 6)), (6,)),
    "in place": (Written(in_place, nn.Linear(6, 6)), (6,)),
    "one value": (Written(lambda x, one: torch.tanh(one(x)).squeeze(-1), nn.Linear(6, 1)), (6,)),
    "shares": (nn.Sequential(nn.Linear(6, 8), nn.ReLU6(), nn.Linear(8, 3), nn.LogSoftmax(dim=1)), (6,)),
}


@pytest.mark.parametrize("name", MANY)
def test_whatever_is_piecewise_linear_is_lowered_to_what_the_module_gives_in_float64(name: str) -> None:
    module, shape = lively(MANY[name][0]), MANY[name][1]
    network = lowered(module, shape)
    x = np.random.default_rng(1).normal(size=(60, *shape)).reshape(60, -1) * 3
    truth = in_float64(module, shape, x)
    assert np.abs(network.head.applied(network.forward(x)) - truth).max() <= 1e-12 * np.abs(truth).max()


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("resnet20_w2", (3, 8, 8), 10),
        ("resnet8_w2_pad", (3, 8, 8), 10),
        ("c1_w4", (3, 16, 16), 10),
        ("drawing", (4, 128), 2),
    ],
)
def test_built_in_architectures_are_lowered(name: str, shape: tuple[int, ...], classes: int) -> None:
    module = architecture(name, shape, classes)
    x = np.random.default_rng(2).normal(size=(20, int(np.prod(shape))))
    truth = in_float64(module, shape, x)
    assert np.abs(lowered(module, shape).forward(x) - truth).max() <= 1e-12 * np.abs(truth).max()


def test_heads_are_named_and_left_out() -> None:
    for layer, kind in [(nn.Softmax(dim=1), "softmax"), (nn.Sigmoid(), "sigmoid"), (nn.Tanh(), "tanh")]:
        module = lively(nn.Sequential(nn.Linear(6, 3), layer))
        network = lowered(module, (6,))
        assert network.head.kind == kind
        x = np.random.default_rng(3).normal(size=(30, 6))
        assert (network.forward(x).argmax(1) == in_float64(module, (6,), x).argmax(1)).all()


def test_units_that_cannot_bend_need_no_neurons() -> None:
    twice = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.ReLU(), nn.LeakyReLU(), nn.Linear(5, 2))
    assert lowered(lively(twice), (6,)).widths == (5,)
    leaky = nn.Sequential(nn.Linear(6, 5), nn.LeakyReLU(0.0), nn.Linear(5, 2))
    assert lowered(lively(leaky), (6,)).widths == (5,)


def test_windows_of_a_pooling_share_the_pairs_they_have_in_common() -> None:
    pool = nn.Sequential(nn.MaxPool1d(3, stride=1), nn.Flatten(), nn.Linear(8, 2))
    # Pairs (0, 1), (1, 2), … of the first two of each window, then one more neuron for the third.
    assert lowered(lively(pool), (1, 10)).widths == (8, 8)
    assert lowered(lively(nn.Sequential(nn.MaxPool1d(4, stride=2), nn.Flatten())), (1, 10)).widths == (5, 4)


def test_a_network_whose_matrices_would_fill_the_memory_is_refused() -> None:
    wide = nn.Sequential(nn.Conv2d(64, 64, 5, padding=2), nn.ReLU())
    with pytest.raises(UnsupportedNetwork, match="too large for exact regions"):
        lowered(wide.eval(), (64, 64, 64))


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
