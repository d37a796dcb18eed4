"""Hessian, Gauss–Newton and Fisher matrix as products over a batch, against matrices that are written out."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.curvature.forms import FORMS, Form
from core.curvature.hessian import MatrixProduct
from core.data.dataset import Dataset
from core.job import JobContext
from core.networks.network import Network
from core.networks.parameters import evaluation_mode
from tests.core.spectrum import dense


def written_out(form: Form, network: Network, data: Dataset) -> np.ndarray:
    """The matrix of a form in float64, column by column."""
    _, labels = network.prepare(data)
    module = network.module.double()
    parameters = list(module.parameters())
    labels = labels.double() if labels.is_floating_point() else labels
    product = form(module, torch.from_numpy(np.asarray(data.x, dtype=np.float64)), labels, len(data), parameters)
    size = sum(parameter.numel() for parameter in parameters)
    columns = [product(unit, keep=True).numpy() for unit in torch.eye(size, dtype=torch.float64)]
    module.float()
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("kind", ["relu", "tanh", "batchnorm"])
@pytest.mark.parametrize("matrix", sorted(FORMS))
def test_every_matrix_is_the_one_that_is_written_out(matrix: str, kind: str) -> None:
    network, data = dense.network(kind), dense.data(31)
    found, truth = written_out(FORMS[matrix], network, data), dense.DENSE[matrix](network, data)
    assert np.abs(found - truth).max() <= 1e-12 * np.abs(truth).max()


@pytest.mark.parametrize("matrix", sorted(FORMS))
def test_matrices_of_a_squared_error_are_those_that_are_written_out(matrix: str) -> None:
    network, noise = dense.network("tanh"), dense.data(31)
    data = Dataset(name="numbers", x=noise.x, y=np.float32(noise.x[:, :3]).astype(np.float64))
    found, truth = written_out(FORMS[matrix], network, data), dense.DENSE[matrix](network, data)
    assert np.abs(found - truth).max() <= 1e-12 * np.abs(truth).max()


def test_a_network_linear_in_its_weights_has_one_matrix_for_both() -> None:
    torch.manual_seed(0)
    network, data = dense.named(nn.Linear(6, 3)), dense.data(31)
    both = [written_out(FORMS[matrix], network, data) for matrix in ("hessian", "gauss_newton")]
    assert np.abs(both[0] - both[1]).max() <= 1e-14


def test_the_hessian_differs_by_what_the_outputs_own_curvature_gives() -> None:
    network, data = dense.network("relu"), dense.data(31)
    flat = dense.weights(network)
    labels = torch.from_numpy(data.y)
    outputs = dense.logits(network, data, flat).detach()
    slope = torch.softmax(outputs, dim=1) - functional.one_hot(labels, 3)  # ∂ℓ/∂z
    term = torch.autograd.functional.hessian(lambda w: (slope * dense.logits(network, data, w)).sum() / len(data), flat)
    difference = written_out(FORMS["hessian"], network, data) - written_out(FORMS["gauss_newton"], network, data)
    assert np.abs(term.numpy()).max() > 1e-2
    assert np.abs(difference - term.numpy()).max() <= 1e-13


@pytest.mark.parametrize("matrix", ["gauss_newton", "fisher"])
def test_products_of_squares_are_never_negative(matrix: str) -> None:
    found = written_out(FORMS[matrix], dense.network("tanh"), dense.data(31))
    values = np.linalg.eigvalsh((found + found.T) / 2)
    assert values.min() >= -1e-14 * values.max()


@pytest.mark.parametrize("batch", [1, 7, 64])
@pytest.mark.parametrize("matrix", sorted(FORMS))
def test_the_size_of_the_micro_batches_does_not_matter(
    matrix: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, data = dense.network("batchnorm"), dense.data(70)
    inputs, labels = network.prepare(data)
    truth = dense.DENSE[matrix](network, data)
    vector = torch.randn(len(truth), generator=torch.Generator().manual_seed(3))
    monkeypatch.setattr("core.curvature.hessian.MAX_MICRO_BATCH", batch)
    with evaluation_mode(network.module):
        product = MatrixProduct(network.module, inputs, labels, JobContext(), form=FORMS[matrix])
        images = [product(vector).numpy() for _ in range(2)]  # with a graph that is formed, and with one that is kept
    for image in images:
        assert np.allclose(image, truth @ vector.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("matrix", sorted(FORMS))
def test_some_of_the_parameters_give_a_block_of_the_matrix(matrix: str) -> None:
    network, data = dense.network("tanh"), dense.data(40)
    inputs, labels = network.prepare(data)
    chosen = [parameter for name, parameter in network.module.named_parameters() if name.startswith("2.")]
    block = dense.DENSE[matrix](network, data)[63:, 63:]
    vector = torch.randn(len(block), generator=torch.Generator().manual_seed(3))
    with evaluation_mode(network.module):
        product = MatrixProduct(network.module, inputs, labels, JobContext(), chosen, FORMS[matrix])
        assert product.size == len(block) == 30
        assert np.allclose(product(vector).numpy(), block @ vector.numpy(), rtol=1e-5, atol=1e-6)


def test_weights_that_nothing_depends_on_have_no_curvature() -> None:
    class Idle(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Linear(6, 3), nn.Linear(4, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.used(x)

    network, data = dense.named(Idle()), dense.data(20)
    for form in FORMS.values():
        matrix = written_out(form, network, data)
        assert np.abs(matrix[:21, :21]).max() > 0
        assert not matrix[21:].any()
        assert not matrix[:, 21:].any()


class Bent(nn.Module):
    """Looks at its input, taken as a small picture, where its first layer says."""

    def __init__(self) -> None:
        super().__init__()
        self.where, self.judge = nn.Linear(6, 8), nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        places = torch.tanh(self.where(x)).reshape(-1, 2, 2, 2)
        seen = functional.grid_sample(x.reshape(-1, 1, 2, 3), places, align_corners=True)
        return self.judge(seen.flatten(1))


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # torch's own, when it first looks for rules
@pytest.mark.parametrize("matrix", sorted(FORMS))
def test_an_operation_without_a_derivative_of_forward_mode_has_every_matrix(matrix: str) -> None:
    torch.manual_seed(0)
    network, data = dense.named(Bent()), dense.data(31)
    inputs, _ = network.prepare(data)
    weights = dict(network.module.named_parameters())
    with pytest.raises(NotImplementedError, match="forward AD"):
        torch.func.jvp(lambda moved: torch.func.functional_call(network.module, moved, inputs), (weights,), (weights,))
    found, truth = written_out(FORMS[matrix], network, data), dense.DENSE[matrix](network, data)
    assert np.abs(truth[:56, :56]).max() > 1e-4  # what comes before that operation has curvature too
    assert np.abs(found - truth).max() <= 1e-12 * np.abs(truth).max()
