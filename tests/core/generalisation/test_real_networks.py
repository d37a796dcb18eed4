"""The published ResNet-56, with and without shortcuts: against the same networks in a few lines, and against scipy."""

import math
from collections.abc import Mapping

import numpy as np
import pytest
import torch
from scipy.sparse.linalg import LinearOperator, svds
from torch import Tensor
from torch.nn import functional

from core.generalisation.linear_maps import linear_maps
from core.generalisation.norms import spectral_norm
from core.generalisation.path_norm import path_norm
from core.job import JobContext
from core.networks.architectures.registry import build_architecture
from tests.plain_networks import resnet56_logits
from tests.realdata import realdata_path

FILES = {
    "resnet56": "resnet56_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7",
    "resnet56_noshort": "resnet56_noshort_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7",
}
EPSILON = 1e-5  # of batch normalisation


def published(name: str) -> tuple[torch.nn.Module, Mapping[str, Tensor]]:
    path = realdata_path(f"lossland_resnet56/{FILES[name]}")
    state = torch.load(path, weights_only=True, map_location="cpu")["state_dict"]  # noqa: TID251  a test's own truth
    state = {key.removeprefix("module."): value for key, value in state.items()}
    module = build_architecture(name, (3, 32, 32), 10)
    module.load_state_dict(state, strict=False)
    return module.eval(), state


def squared(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A state with which the plain network forms sums of squared weights: normalisation folded, its mean over 8 × 8."""
    weights: dict[str, Tensor] = {}
    for name, value in state.items():
        layer, _, kind = name.rpartition(".")
        if f"{layer}.running_var" not in state:
            weights[name] = value.double().square()
        elif kind == "weight":
            mean, variance = state[f"{layer}.running_mean"].double(), state[f"{layer}.running_var"].double()
            factors = value.double() / (variance + EPSILON).sqrt()
            weights[name] = factors.square()
            weights[f"{layer}.bias"] = (state[f"{layer}.bias"].double() - factors * mean).square()
            weights[f"{layer}.running_mean"] = torch.zeros_like(mean)
            weights[f"{layer}.running_var"] = torch.ones_like(mean) - EPSILON
    weights["linear.weight"] = weights["linear.weight"] / 64
    return weights


@pytest.mark.realdata
@pytest.mark.parametrize("name", FILES)
def test_the_path_norm_is_that_of_the_plain_network_with_squared_weights(name: str) -> None:
    module, state = published(name)
    ones = torch.ones(1, 3, 32, 32, dtype=torch.float64)
    truth = resnet56_logits(squared(state), ones, shortcuts=name == "resnet56").sum()
    found = path_norm(module, torch.randn(1, 3, 32, 32), JobContext())
    assert found == pytest.approx(math.sqrt(float(truth)), rel=1e-9)


@pytest.mark.realdata
def test_spectral_norms_of_its_convolutions_are_those_that_scipy_finds() -> None:
    module, _ = published("resnet56")
    maps, unlisted = linear_maps(module, torch.randn(1, 3, 32, 32), JobContext())
    assert unlisted == ()
    chosen = [one for one in maps if one.layer in ("conv1", "layer1.4.conv1", "layer2.0.conv1", "layer3.8.conv2")]
    assert len(chosen) == 4
    for one in chosen:
        how, weight = one.convolving, one.weight.double()
        assert how is not None
        sizes = (math.prod(one.input_shape),)
        outputs = functional.conv2d(torch.zeros(1, *one.input_shape).double(), weight, None, how.stride, how.padding)

        def forward(vector: np.ndarray, one=one, weight=weight, how=how) -> np.ndarray:
            image = torch.from_numpy(vector.copy()).reshape(1, *one.input_shape)
            return functional.conv2d(image, weight, None, how.stride, how.padding).numpy().ravel()

        def backward(vector: np.ndarray, one=one, weight=weight, how=how, shape=outputs.shape) -> np.ndarray:
            image = torch.from_numpy(vector.copy()).reshape(shape)
            size = (1, *one.input_shape)
            return torch.nn.grad.conv2d_input(size, weight, image, how.stride, how.padding).numpy().ravel()

        operator = LinearOperator((outputs.numel(), *sizes), matvec=forward, rmatvec=backward, dtype=np.float64)
        (truth,) = svds(operator, k=1, return_singular_vectors=False, tol=1e-7)
        found, bound = spectral_norm(one, 0, JobContext())
        assert abs(found - truth) <= bound
        assert found == pytest.approx(truth, rel=1e-4)
