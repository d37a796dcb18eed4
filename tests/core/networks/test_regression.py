"""Networks that predict numbers: their loss, and both engines on it."""

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.requests.rows import Wanted, request_for_row
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard
from core.errors import DataError, InvalidRequest
from core.job import JobContext
from core.landscape.surface import SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.card import InputCard, NetworkCard
from core.networks.checking import checked
from core.networks.loss import correct, per_sample_loss
from core.networks.network import Network, fingerprint
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import SpectrumRequest


def predictor(outputs: int) -> Network:
    torch.manual_seed(outputs)
    module = nn.Sequential(nn.Linear(4, 7), nn.Tanh(), nn.Linear(7, outputs)).eval()
    card = NetworkCard(name="predictor", input=InputCard(shape=(4,), mean=(0.5,), std=(2.0,)), architecture="test")
    return checked(Network(card=card, module=module, sha256=fingerprint(module.state_dict())))


def values(outputs: int, samples: int = 40) -> Dataset:
    generator = np.random.default_rng(1)
    y = generator.normal(size=samples if outputs == 1 else (samples, outputs)) * 3
    return Dataset(name="values", x=generator.normal(size=(samples, 4)), y=y)


def predicted(network: Network, data: Dataset) -> np.ndarray:
    """(n, k) by plain matrix products in float64, as written on paper."""
    weights = [value.double().numpy() for value in network.module.state_dict().values()]
    hidden = np.tanh((data.x - 0.5) / 2 @ weights[0].T + weights[1])
    return hidden @ weights[2].T + weights[3]


def mean_squared_error(network: Network, data: Dataset) -> float:
    return float(((predicted(network, data) - data.y.reshape(len(data), -1)) ** 2).mean())


def test_the_loss_of_numbers_is_the_mean_of_the_squared_differences() -> None:
    outputs, targets = torch.tensor([[1.0, 2.0], [0.0, 0.0]]), torch.tensor([[1.0, 4.0], [3.0, -1.0]])
    assert per_sample_loss(outputs, targets).tolist() == [2.0, 5.0]
    assert correct(outputs, targets).isnan().all()


def test_the_loss_of_classes_is_the_cross_entropy_in_nats() -> None:
    outputs = torch.tensor([[0.0, 0.0], [100.0, 0.0], [float("nan"), 1.0]])
    losses = per_sample_loss(outputs, torch.tensor([0, 0, 1]))
    assert losses[:2].tolist() == pytest.approx([np.log(2), 0])
    assert losses[2].isnan()
    assert correct(outputs, torch.tensor([0, 0, 1])).tolist() == [1, 1, 0]


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_surface_of_a_regression_is_its_mean_squared_error_and_has_no_accuracy(outputs: int) -> None:
    network, data = predictor(outputs), values(outputs)
    surface = compute_surface(SurfaceRequest(columns=5, rows=5), network, data, JobContext())
    assert surface.centre_loss == pytest.approx(mean_squared_error(network, data), rel=1e-5)
    assert np.isnan(surface.accuracy).all()
    state = {name: value.clone() for name, value in network.module.state_dict().items()}
    with torch.no_grad():
        for name, parameter in network.module.named_parameters():
            step = surface.x[4] * surface.directions.x[name] + surface.y[1] * surface.directions.y[name]
            parameter.add_(torch.from_numpy(step))
    assert surface.loss[1, 4] == pytest.approx(mean_squared_error(network, data), rel=1e-4)
    network.module.load_state_dict(state)


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_spectrum_of_a_regression_is_that_of_the_dense_hessian(outputs: int) -> None:
    network, data = predictor(outputs), values(outputs)
    spectrum = compute_spectrum(SpectrumRequest(top=5), network, data, JobContext())
    inputs = torch.from_numpy((data.x - 0.5) / 2)
    targets = torch.from_numpy(data.y.reshape(len(data), -1))
    names = [name for name, _ in network.module.named_parameters()]
    shapes = [parameter.shape for parameter in network.module.parameters()]

    def loss(flat: torch.Tensor) -> torch.Tensor:
        pieces = flat.split([shape.numel() for shape in shapes])
        state = {name: piece.reshape(shape) for name, piece, shape in zip(names, pieces, shapes, strict=True)}
        return (torch.func.functional_call(network.module, state, inputs) - targets).square().mean()

    flat = torch.cat([parameter.detach().double().reshape(-1) for parameter in network.module.parameters()])
    truth = np.linalg.eigvalsh(torch.autograd.functional.hessian(loss, flat).numpy())
    truth = truth[np.argsort(-np.abs(truth))][:5]
    assert np.allclose(spectrum.eigenvalues, truth, rtol=1e-4, atol=1e-6 * abs(truth[0]))
    assert spectrum.verified.all()


def test_another_number_of_targets_than_outputs_is_refused_with_both() -> None:
    with pytest.raises(DataError, match=r"one number to be predicted \(target\).*3 outputs"):
        predictor(3).prepare(values(1))


def test_classes_for_a_network_of_one_output_are_refused_with_the_remedy() -> None:
    data = Dataset(name="classes", x=np.zeros((3, 4)), y=np.array([0, 1, 2]))
    with pytest.raises(DataError, match=r"predicts one number.*:regression"):
        predictor(1).prepare(data)


def test_a_target_beyond_float32_is_refused_with_its_sample() -> None:
    data = values(1)
    data.y[7] = 1e300
    with pytest.raises(DataError, match="target of sample 7"):
        predictor(1).prepare(data)


def test_a_correction_of_numbers_without_names_is_refused_with_a_word() -> None:
    with pytest.raises(InvalidRequest, match="has no feature card"):
        request_for_row(values(1), 0, ("a", "b"), Wanted(at_least=1.0), {})


def test_only_the_samples_asked_for_are_made_into_inputs() -> None:
    network, data = predictor(1), values(1)
    inputs, labels = network.prepare(data.first(5))
    assert inputs.shape == (5, 4)
    assert labels.shape == (5, 1)
    assert np.shares_memory(data.first(5).x, data.x)
    assert torch.allclose(inputs.double(), torch.from_numpy((data.x[:5] - 0.5) / 2), atol=1e-6)


def test_the_loss_of_a_surface_has_the_unit_of_what_is_predicted() -> None:
    card = FeatureCard(
        features=tuple(Feature(name=name) for name in "abcd"), target="price", classes=(), target_unit="€"
    )
    priced = Dataset(name="prices", x=values(1).x, y=values(1).y, targets=("price",), features=card)
    for data, unit in ((priced, "€²"), (values(1), "squared error")):
        assert data.loss_unit == unit
        surface = compute_surface(SurfaceRequest(columns=3, rows=3), predictor(1), data, JobContext())
        assert surface.loss_unit == unit
    assert Dataset(name="classes", x=priced.x, y=np.zeros(40, int)).loss_unit == "nats"
