"""The claim of Li et al. 2018 on their own networks: without shortcuts the loss grows faster and further."""

import numpy as np
import pytest
import torch

from core.data.loading import open_dataset
from core.job import JobContext
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.loading import open_network
from tests.realdata import realdata_path
from tests.threads import one_torch_thread

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.usefixtures("one_thread")]
FILE = "lossland_resnet56/{}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7"


@pytest.fixture(scope="module")
def surfaces() -> dict[str, Surface]:
    data = open_dataset(realdata_path("cifar10_lossless/cifar10_train_first4000.npz"))
    request = SurfaceRequest(columns=5, rows=5, samples=64)
    with one_torch_thread():
        return {
            name: compute_surface(request, open_network(realdata_path(FILE.format(name)), name), data, JobContext())
            for name in ("resnet56", "resnet56_noshort")
        }


def test_without_shortcuts_the_loss_grows_more(surfaces: dict[str, Surface]) -> None:
    short, without = surfaces["resnet56"], surfaces["resnet56_noshort"]
    assert short.centre_loss < 0.01
    assert without.centre_loss < 0.5
    growth, growth_without = (s.loss - s.centre_loss for s in (short, without))
    assert np.median(growth_without) > 2 * np.median(growth)
    assert (short.loss <= short.request.display_limit).mean() > (without.loss <= without.request.display_limit).mean()
    assert short.holes == without.holes == 0


def test_single_points_agree_with_a_plain_evaluation_in_float64(surfaces: dict[str, Surface]) -> None:
    data = open_dataset(realdata_path("cifar10_lossless/cifar10_train_first4000.npz")).first(64)
    for name, surface in surfaces.items():
        network = open_network(realdata_path(FILE.format(name)), name)
        images = type(data)(name="d", x=data.x.transpose(0, 3, 1, 2), y=data.y)
        shaped = np.array(network.card.input.mean).reshape(3, 1, 1), np.array(network.card.input.std).reshape(3, 1, 1)
        inputs = torch.tensor((images.x - shaped[0]) / shaped[1])
        state = {key: value.double() for key, value in network.module.state_dict().items()}
        for key, _ in network.module.named_parameters():
            state[key] = state[key] + 0.5 * torch.tensor(surface.directions.x[key]).double()
            state[key] = state[key] - 1.0 * torch.tensor(surface.directions.y[key]).double()
        module = network.module.double()
        module.load_state_dict(state)
        with torch.no_grad():
            truth = float(torch.nn.functional.cross_entropy(module(inputs), torch.tensor(images.y)))
        assert surface.loss[0, 3] == pytest.approx(truth, rel=1e-5)
