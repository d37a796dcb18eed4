"""Products with the Hessian of a chain of linear layers, against what automatic differentiation makes of it."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.curvature.chains import ChainProduct, chain_product
from core.curvature.forms import hessian_form
from core.curvature.hessian import MatrixProduct, hessian_vector_product, still
from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from core.networks.architectures.registry import build_architecture


class _Scaled(nn.Module):
    """Normalises what comes in by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(6, 5), nn.Linear(5, 3)
        self.register_buffer("mean", torch.full((6,), 0.3))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.last(functional.relu(self.first((x - self.mean) / 2.0)))
        return out


CHAINS: dict[str, Callable[[], nn.Module]] = {
    "MLP": lambda: build_architecture("mlp:6-9-7-3", (6,), 3),
    "tanh": lambda: nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4), nn.Sigmoid(), nn.Linear(4, 3)),
    "bends": lambda: nn.Sequential(nn.Linear(6, 5), nn.GELU(), nn.Linear(5, 4), nn.SiLU(), nn.Linear(4, 3)),
    "options": lambda: nn.Sequential(
        nn.Linear(6, 5), nn.LeakyReLU(0.2), nn.Linear(5, 4), nn.ELU(0.7), nn.Linear(4, 3), nn.Softplus(beta=2.0)
    ),
    "no biases": lambda: nn.Sequential(nn.Linear(6, 5, bias=False), nn.Tanh(), nn.Linear(5, 3, bias=False)),
    "nothing between": lambda: nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 3)),
    "one layer": lambda: nn.Linear(6, 3),
    "dropout": lambda: nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.Tanh(), nn.Dropout(0.5), nn.Linear(5, 3)),
    "in place": lambda: nn.Sequential(nn.Linear(6, 5), nn.ReLU(inplace=True), nn.Linear(5, 3)),
    "scaled": _Scaled,
}


class _Residual(_Scaled):
    def forward(self, x: Tensor) -> Tensor:
        inner = self.first(x)
        out: Tensor = self.last(torch.tanh(inner) + inner)
        return out


class _Twice(nn.Module):
    """One layer that is applied two times."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.last = nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.last(torch.tanh(self.inner(torch.tanh(self.inner(x)))))
        return out


class _Steered(_Scaled):
    """The weight of a layer depends on what the layer before it gave."""

    def forward(self, x: Tensor) -> Tensor:
        inner = self.first(x)
        return functional.linear(torch.tanh(inner), self.last.weight * inner.mean(), self.last.bias)


class _Bypassed(_Scaled):
    """A layer takes something else than what the layer before it gave."""

    def forward(self, x: Tensor) -> Tensor:
        self.first(x)
        out: Tensor = self.last(x[:, :5])
        return out


class _Tied(_Scaled):
    """What a layer gives is weighed with a parameter that is no layer's."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) * self.weight


OTHERS: dict[str, Callable[[], nn.Module]] = {
    "convolutions": lambda: build_architecture("c1_w4", (3, 16, 16), 3),
    "normalisation": lambda: nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3)),
    "written over": lambda: nn.Sequential(nn.Linear(6, 5), nn.LeakyReLU(inplace=True), nn.Linear(5, 3)),
    "two in a row": lambda: nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Sigmoid(), nn.Linear(5, 3)),
    "slopes that are learnt": lambda: nn.Sequential(nn.Linear(6, 5), nn.PReLU(), nn.Linear(5, 3)),
    "softmax": lambda: nn.Sequential(nn.Linear(6, 5), nn.Softmax(dim=1), nn.Linear(5, 3)),
    "residual": _Residual,
    "twice": _Twice,
    "steered": _Steered,
    "bypassed": _Bypassed,
    "tied": _Tied,
}


def prepared(module: nn.Module, dtype: torch.dtype = torch.float64) -> tuple[nn.Module, Tensor, Tensor]:
    numbers = torch.Generator().manual_seed(0)
    shape = (3, 16, 16) if any(parameter.ndim == 4 for parameter in module.parameters()) else (6,)
    return module.eval().to(dtype), torch.randn(11, *shape, generator=numbers, dtype=dtype), torch.arange(11) % 3


def built(network: Callable[[], nn.Module]) -> nn.Module:
    torch.manual_seed(1)
    return network()


def never() -> None:
    """Not asked to stop."""


def both(
    module: nn.Module, inputs: Tensor, labels: Tensor, parameters: list[nn.Parameter]
) -> tuple[ChainProduct | None, Tensor, Tensor | None]:
    """The chain, and products of two directions by automatic differentiation and by the chain."""
    directions = torch.randn(2, sum(one.numel() for one in parameters), dtype=inputs.dtype)
    with still(module, parameters):
        chain = chain_product(module, inputs, labels, 20, parameters, never)
        plain = hessian_form(module, inputs, labels, 20, parameters)
        truth = torch.stack([plain(direction, keep=True) for direction in directions])
        found = None if chain is None else torch.stack([chain(direction, keep=True) for direction in directions])
    return chain, truth, found


@pytest.mark.parametrize("name", CHAINS)
def test_products_are_those_of_automatic_differentiation(name: str) -> None:
    module, inputs, labels = prepared(built(CHAINS[name]))
    _, truth, found = both(module, inputs, labels, list(module.parameters()))
    assert found is not None
    torch.testing.assert_close(found, truth, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", ["MLP", "bends"])
def test_targets_that_are_numbers_have_their_own_curvature(name: str) -> None:
    module, inputs, _ = prepared(built(CHAINS[name]))
    targets = torch.randn(11, 3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    _, truth, found = both(module, inputs, targets, list(module.parameters()))
    assert found is not None
    torch.testing.assert_close(found, truth, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("places", [(0,), (1,), (2, 3), (3,), (0, 5), (4, 5), (1, 2, 5)])
def test_some_parameters_may_stand_still(places: tuple[int, ...]) -> None:
    module, inputs, labels = prepared(built(CHAINS["bends"]))
    every = list(module.parameters())
    _, truth, found = both(module, inputs, labels, [every[place] for place in places])
    assert found is not None
    torch.testing.assert_close(found, truth, rtol=1e-11, atol=1e-13)


def test_an_exported_chain_is_one_too() -> None:
    module, inputs, labels = prepared(built(CHAINS["MLP"]))
    program = torch.export.export(module, (inputs,), dynamic_shapes=({0: torch.export.Dim("samples")},)).module()
    _, truth, found = both(program, inputs, labels, list(program.parameters()))
    assert found is not None
    torch.testing.assert_close(found, truth, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_chain_is_left_to_automatic_differentiation(name: str) -> None:
    module, inputs, labels = prepared(built(OTHERS[name]), torch.float32)
    chain, truth, _ = both(module, inputs, labels, list(module.parameters()))
    assert chain is None
    direction = torch.randn(truth.shape[1], generator=torch.Generator().manual_seed(3))
    with hessian_vector_product(module, inputs, labels, JobContext()) as product:
        found = product(direction)
    with still(module, list(module.parameters())):
        plain = hessian_form(module, inputs, labels, len(labels), list(module.parameters()))(direction, keep=False)
    torch.testing.assert_close(found, plain, rtol=1e-4, atol=1e-6)


def test_a_network_is_left_at_its_first_step_that_is_no_chain() -> None:
    module, inputs, labels = prepared(built(OTHERS["convolutions"]), torch.float32)
    reached: list[str] = []
    for name, layer in module.named_modules():
        layer.register_forward_hook(lambda *_, name=name: reached.append(name))
    assert chain_product(module, inputs, labels, len(labels), list(module.parameters()), never) is None
    assert not reached


def test_micro_batches_of_any_size_add_up_to_the_same_product() -> None:
    module, inputs, labels = prepared(built(CHAINS["MLP"]), torch.float32)
    direction = torch.randn(sum(one.numel() for one in module.parameters()), generator=torch.Generator().manual_seed(4))
    with hessian_vector_product(module, inputs, labels, JobContext()) as product:
        whole = product(direction)
        for size in (1, 4, 10):
            product._divide(size)
            torch.testing.assert_close(product(direction), whole, rtol=1e-5, atol=1e-6)
        assert all(isinstance(one, ChainProduct) for one in product._graphs)
    assert all(parameter.grad is None for parameter in module.parameters())


def test_what_a_chain_keeps_is_counted() -> None:
    module = nn.Sequential(nn.Linear(100, 50), nn.Tanh(), nn.Linear(50, 3)).eval()
    inputs, labels = torch.randn(40, 100), torch.arange(40) % 3
    with still(module, list(module.parameters())):
        product = MatrixProduct(module, inputs, labels, JobContext())
        product(torch.randn(product.size))
    # samples; z, a, δ, f' and f'' e of the middle, z and δ of the outputs; and twice z that comes and goes
    assert product._own_bytes == 4 * 40 * (100 + (5 + 2) * 50 + (2 + 2) * 3)


def test_a_product_stops_in_its_middle() -> None:
    module, inputs, labels = prepared(built(CHAINS["MLP"]), torch.float32)
    job = ControlledJob()
    with hessian_vector_product(module, inputs, labels, job) as product:
        product(torch.randn(product.size))
        job.cancel()
        with pytest.raises(Cancelled):
            product._graphs[0](torch.randn(product.size), keep=True)
