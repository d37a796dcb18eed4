"""Eigenvectors as axes, against the whole Hessian, differentiated entry by entry in float64."""

import copy
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor, nn

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, NumericalFailure
from core.job import ControlledJob, JobContext
from core.landscape.directions import eigen
from core.landscape.directions.finding import find_directions
from core.landscape.plane import Directions, EigenDirections, Norm
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from tests.core.landscape.directions.oracles import axis_vector, bits
from tests.core.landscape.small import plain_loss, small_data, small_network

FloatArray = npt.NDArray[np.float64]


def found(
    network: Network, data: Dataset, asked: EigenDirections | None = None, job: JobContext | None = None
) -> Directions:
    inputs, labels = network.prepare(data)
    return find_directions(asked or EigenDirections(), network, inputs, labels, Companions(), job or JobContext())


def whole_hessian(network: Network, data: Dataset) -> FloatArray:
    """Every second derivative of the mean loss, one row of the matrix after the other, in float64."""
    module = copy.deepcopy(network.module).double().eval()
    inputs, labels = network.prepare(data)
    loss = nn.functional.cross_entropy(module(inputs.double()), labels)
    parameters = list(module.parameters())
    gradient = torch.autograd.grad(loss, parameters, create_graph=True)
    rows = [row for part in gradient for row in _rows(part, parameters)]
    return torch.stack(rows).numpy()


def _rows(part: Tensor, parameters: list[nn.Parameter]) -> Iterator[Tensor]:
    for entry in part.reshape(-1):
        row = torch.autograd.grad(entry, parameters, retain_graph=True, allow_unused=True, materialize_grads=True)
        yield torch.cat([r.reshape(-1) for r in row])


def by_magnitude(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    values, vectors = np.linalg.eigh(matrix)
    order = np.argsort(-np.abs(values))
    return values[order], vectors[:, order].T


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1), (3, 5)])
def test_axes_are_the_eigenvectors_of_those_ranks(first: int, second: int) -> None:
    network = small_network("mlp")
    data = small_data(network)
    values, vectors = by_magnitude(whole_hessian(network, data))
    directions = found(network, data, EigenDirections(first=first, second=second, tolerance=1e-5))
    for axis, value, rank in zip((directions.x, directions.y), directions.eigenvalues, (first, second), strict=True):
        vector = axis_vector(axis, network)
        assert value == pytest.approx(values[rank - 1], rel=1e-5)
        assert np.linalg.norm(vector) == pytest.approx(1, rel=1e-6)
        assert abs(vector @ vectors[rank - 1]) == pytest.approx(1, abs=1e-5)
    assert abs(directions.cosine) < 1e-4


@pytest.mark.parametrize("kind", ["resnet", "program"])
def test_the_curvature_along_an_axis_is_its_eigenvalue(kind: str) -> None:
    """By second differences of the loss in float64: an oracle that knows no derivative."""
    network = small_network(kind)
    data = small_data(network, 12)
    directions = found(network, data)
    for index, value in enumerate(directions.eigenvalues):
        step = 1e-4
        losses = [
            plain_loss(network, data, directions, *((amount, 0.0) if index == 0 else (0.0, amount)))[0]
            for amount in (-step, 0.0, step)
        ]
        assert (losses[0] - 2 * losses[1] + losses[2]) / step**2 == pytest.approx(value, rel=2e-3)


def test_the_sign_is_settled_and_one_seed_gives_the_same_bits() -> None:
    network = small_network("resnet")
    data = small_data(network, 12)
    one, other = found(network, data), found(network, data)
    assert one.fingerprint == other.fingerprint
    elsewhere = found(network, data, EigenDirections(seed=7, tolerance=1e-5))
    for axis, again in ((one.x, elsewhere.x), (one.y, elsewhere.y)):
        vector, same = axis_vector(axis, network), axis_vector(again, network)
        assert vector[np.abs(vector).argmax()] > 0
        assert vector @ same > 0.99  # not its negative


@pytest.mark.parametrize("norm", ["filter", "layer"])
def test_scaled_eigenvectors_have_the_norms_of_the_weights_and_claim_no_eigenvalue(norm: Norm) -> None:
    network = small_network("resnet")
    data = small_data(network, 12)
    plain, directions = found(network, data), found(network, data, EigenDirections(norm=norm))
    assert directions.eigenvalues == ()
    for name, parameter in network.module.named_parameters():
        weight = parameter.detach().double().numpy()
        part = np.asarray(directions.x[name], dtype=np.float64)
        if weight.ndim == 1:
            assert not part.any()
            continue
        alive = np.linalg.norm(plain.x[name].reshape(len(weight), -1), axis=1) > 1e-6
        assert not part[~alive].any()  # filters that the loss ignores are not scaled up from nothing
        if norm == "filter":
            weight, part = weight[alive], part[alive]
        lengths = [
            np.linalg.norm(rows.reshape(len(rows), -1), axis=1) if norm == "filter" else np.linalg.norm(rows)
            for rows in (weight, part)
        ]
        assert np.allclose(lengths[1], lengths[0], rtol=1e-5)
        same = plain.x[name][alive] if norm == "filter" else plain.x[name]
        assert (same * part).sum() > 0


def test_the_network_is_bit_for_bit_the_same_afterwards() -> None:
    network = small_network("resnet")
    before, modes = bits(network), [part.training for part in network.module.modules()]
    found(network, small_data(network, 12))
    assert bits(network) == before
    assert [part.training for part in network.module.modules()] == modes
    assert all(parameter.grad is None for parameter in network.module.parameters())


@pytest.mark.parametrize("checks", [0, 1, 5, 12, 20])
def test_a_search_can_be_stopped_anywhere(checks: int) -> None:
    network = small_network("resnet")
    before = bits(network)

    class Stopping(JobContext):
        left = checks

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        found(network, small_data(network, 12), job=Stopping())
    assert bits(network) == before


def test_every_product_is_told() -> None:
    network = small_network("mlp")
    told: list[tuple[int, int, str]] = []
    found(network, small_data(network), job=ControlledJob(on_progress=lambda *what: told.append(what)))
    assert len(told) > 5
    assert all(0 < done < total for done, total, _ in told)
    assert "eigenvectors of the Hessian" in told[0][2]


def network_of(module: nn.Module, columns: int) -> Network:
    card = NetworkCard(name="attack", input=InputCard(shape=(columns,)), architecture="attack")
    return Network(card=card, module=module.eval(), sha256="0")


def three_columns(count: int = 30) -> Dataset:
    generator = np.random.default_rng(0)
    return Dataset(name="noise", x=generator.normal(size=(count, 3)), y=generator.integers(0, 3, count))


def test_more_eigenvectors_than_parameters_are_refused() -> None:
    network = network_of(nn.Linear(3, 3), 3)
    with pytest.raises(InvalidRequest, match="has 12 parameters, so there is no eigenvector of rank 13"):
        found(network, three_columns(), EigenDirections(second=13))
    values, _ = by_magnitude(whole_hessian(network, three_columns()))
    last = found(network, three_columns(), EigenDirections(first=1, second=8))
    assert last.eigenvalues[1] == pytest.approx(values[7], rel=1e-3)


def test_more_parameters_than_memory_holds_vectors_of_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small_network("resnet")
    monkeypatch.setattr(eigen, "BASIS_BYTES", 4 * 5 * sum(p.numel() for p in network.module.parameters()))
    with pytest.raises(InvalidRequest, match=r"of memory\. Ask for a lower rank"):
        found(network, small_data(network, 5))


def test_a_search_that_does_not_end_is_given_up_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eigen, "MOST_PRODUCTS", 4)
    network = small_network("resnet")
    with pytest.raises(InvalidRequest, match=r"not found after \d+ products"):
        found(network, small_data(network, 5), EigenDirections(tolerance=1e-6))


def test_a_repeated_eigenvalue_is_found_as_often_as_it_is_there() -> None:
    """Lanczos from one start finds one vector of each eigenspace; the look from another start finds the rest."""
    matrix = torch.diag(torch.tensor([3.0, 3.0, 3.0, 1.0, *[0.5] * 30]))
    asked = EigenDirections(first=1, second=3)
    pairs = eigen._largest_pairs(lambda v: matrix @ v, len(matrix), 3, 34, asked)
    assert np.allclose(pairs.values.numpy(), [3, 3, 3], rtol=1e-5)
    assert np.allclose((pairs.vectors @ pairs.vectors.T).numpy(), np.eye(3), atol=1e-5)


def test_weights_of_nan_are_refused_in_words() -> None:
    module = nn.Linear(3, 3)
    with torch.no_grad():
        module.weight[0, 0] = float("nan")
    with pytest.raises(NumericalFailure, match="not finite"):
        found(network_of(module, 3), three_columns())


def test_where_the_loss_is_flat_the_eigenvalue_is_zero() -> None:
    """No unit is ever active: only the last biases curve the loss, and they in two directions."""
    module = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3))
    nn.init.constant_(module[0].bias, -100.0)  # type: ignore[arg-type]
    directions = found(network_of(module, 3), three_columns(), EigenDirections(first=2, second=9))
    assert directions.eigenvalues[0] > 0.1
    assert directions.eigenvalues[1] == pytest.approx(0, abs=1e-6)
