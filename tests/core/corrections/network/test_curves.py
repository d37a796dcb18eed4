"""Activations that bend everywhere: what torch makes of them, how fast they turn, and networks that hold them."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.corrections.network.curves import CURVES
from core.corrections.network.lowering import lower
from core.errors import UnsupportedNetwork
from core.networks.card import InputCard
from tests.core.corrections.examples import as_network
from tests.core.corrections.modules import MEAN, STD, Written, in_float64, lively

OF_TORCH: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu,
    "gelu_tanh": lambda z: functional.gelu(z, approximate="tanh"),
    "silu": functional.silu,
    "mish": functional.mish,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": functional.softplus,
    "log_sigmoid": functional.logsigmoid,
    "elu": functional.elu,
}


def around(value: nn.Module) -> nn.Module:
    """With a residual sum around a curve, so that it is exported."""
    first, inner, last = nn.Linear(5, 8), nn.Linear(8, 8), nn.Linear(8, 3)
    return lively(Written(lambda x, a, b, c, v: c(v(a(x)) + b(v(a(x)))), first, inner, last, value))


def convolved(value: nn.Module) -> nn.Module:
    layers = (nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), value, nn.AvgPool2d(2), nn.Flatten(), nn.Linear(12, 3))
    return lively(nn.Sequential(*layers))


NETWORKS: dict[str, tuple[nn.Module, tuple[int, ...]]] = {
    "GELU": (lively(nn.Sequential(nn.Linear(5, 8), nn.GELU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))), (5,)),
    "tanh inside and at the end": (
        lively(nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 2), nn.Tanh())),
        (5,),
    ),
    "SiLU in a residual sum": (around(nn.SiLU()), (5,)),
    "sigmoid in a residual sum": (around(nn.Sigmoid()), (5,)),
    "Mish after a convolution": (convolved(nn.Mish()), (1, 4, 4)),
    "tanh before a flattening": (
        lively(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Flatten(), nn.Linear(8, 2))),
        (1, 4, 4),
    ),
    "a flattening of tanh in a program": (
        lively(Written(lambda x, a, b: b(torch.tanh(a(x)).flatten(1)), nn.Conv2d(1, 2, 3), nn.Linear(8, 2))),
        (1, 4, 4),
    ),
    "softplus of another steepness": (
        lively(nn.Sequential(nn.Linear(5, 8), nn.Softplus(2.0, 40.0), nn.Linear(8, 1))),
        (5,),
    ),
    "a leaky ReLU of tanh": (
        lively(nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.LeakyReLU(0.1), nn.Linear(6, 2))),
        (5,),
    ),
}


@pytest.mark.parametrize("name", OF_TORCH)
def test_a_curve_is_what_torch_has_and_its_slope_is_the_derivative(name: str) -> None:
    z = torch.linspace(-19.9, 19.9, 4001, dtype=torch.float64, requires_grad=True)
    truth = OF_TORCH[name](z)
    (slopes,) = torch.autograd.grad(truth.sum(), z)
    curve, places = CURVES[name], z.detach().numpy()
    assert curve.value(places) == pytest.approx(truth.detach().numpy(), abs=1e-14, rel=1e-13)
    assert curve.slope(places) == pytest.approx(slopes.numpy(), abs=1e-12)
    assert curve.value(places.astype(np.float32)).dtype == curve.slope(places.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_turns_no_faster_than_it_says_and_is_nearly_straight_far_out(name: str) -> None:
    curve = CURVES[name]
    z = np.linspace(-40, 40, 800_001)
    slopes = curve.slope(z)
    assert np.abs(np.diff(slopes) / np.diff(z)).max() <= curve.bend * (1 + 1e-6)
    assert np.abs(slopes).max() <= curve.steepest
    for far in (z[z >= curve.reach], z[z <= -curve.reach]):
        values, end = curve.value(far), float(curve.slope(far[np.abs(far).argmax()][None])[0])
        offsets = values - round(end) * far
        assert np.ptp(offsets) <= curve.rest


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_with_a_curve_is_lowered_to_what_it_gives_in_float64(name: str) -> None:
    module, shape = NETWORKS[name]
    network = as_network(module, InputCard(shape=shape, mean=(MEAN,), std=(STD,)))
    lowered = lower(network, curved=True)
    assert not lowered.has_pieces
    x = np.random.default_rng(1).normal(size=(60, int(np.prod(shape)))) * 3
    truth = in_float64(module, shape, x)
    assert np.abs(lowered.head.applied(lowered.forward(x)) - truth).max() <= 1e-8 * np.abs(truth).max()
    with pytest.raises(UnsupportedNetwork, match="A search in several features"):
        lower(network)


def test_a_tanh_at_the_end_is_still_a_head_and_a_network_of_relus_has_pieces() -> None:
    module, _ = NETWORKS["tanh inside and at the end"]
    lowered = lower(as_network(module, InputCard(shape=(5,))), curved=True)
    assert (lowered.head.kind, lowered.curves) == ("tanh", ("tanh",))
    plain = lively(nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 2), nn.Sigmoid()))
    lowered = lower(as_network(plain, InputCard(shape=(5,))), curved=True)
    assert (lowered.head.kind, lowered.curves, lowered.has_pieces) == ("sigmoid", (), True)
