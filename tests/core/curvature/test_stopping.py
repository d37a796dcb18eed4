"""Products with the Hessian and the algebra between them stop in their middle: of a deep network they take seconds."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from core.curvature.extremes import extreme_pairs
from core.curvature.hessian import hessian_vector_product
from core.curvature.lanczos import ritz_pairs
from core.curvature.precise import precise_residuals
from core.curvature.reductions import CHUNK
from core.errors import Cancelled
from core.job import JobContext
from core.networks.network import Network
from tests.core.landscape.small import small_data, small_network

LAYERS = 7  # with weights, of the smallest residual network
LONG = 3 * CHUNK


class Asked(JobContext):
    """Counts how often it is asked, and says stop at one of the times."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.times, self._stop_at = 0, stop_at

    def check(self) -> None:
        self.times += 1
        if self.times == self._stop_at:
            raise Cancelled("Enough.")


def product_of(network: Network, job: JobContext, count: int) -> Tensor:
    """H v for as many products as are asked for; the last of them."""
    inputs, labels = network.prepare(small_data(network))
    with hessian_vector_product(network.module, inputs, labels, job) as product:
        vector = torch.randn(product.size, generator=torch.Generator().manual_seed(0))
        return [product(vector) for _ in range(count)][-1]


@pytest.mark.parametrize("kind", ["resnet", "program"])
def test_one_product_asks_more_often_than_there_are_layers(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forwards, backwards, and backwards again; also where the layers of a program are no modules."""
    monkeypatch.setattr("core.curvature.hessian.QUICK_BYTES", 0)
    first, both = Asked(), Asked()
    product_of(small_network(kind), first, 1)
    product_of(small_network(kind), both, 2)
    assert first.times > 3 * LAYERS
    assert both.times - first.times > 2 * LAYERS  # of a product with the graph that is there


def test_of_a_quick_product_with_the_graph_that_is_there_nobody_asks() -> None:
    first, both = Asked(), Asked()
    found = product_of(small_network("resnet"), first, 1)
    assert torch.equal(product_of(small_network("resnet"), both, 2), found)
    assert both.times - first.times < LAYERS


@pytest.mark.parametrize("kind", ["resnet", "program"])
def test_a_product_stops_wherever_it_is_and_leaves_the_network_as_it_was(kind: str) -> None:
    network = small_network(kind)
    before = {name: value.clone() for name, value in network.module.state_dict().items()}
    whole = Asked()
    expected = product_of(network, whole, 2)
    for stop_at in range(1, whole.times + 1, max(1, whole.times // 40)):
        with pytest.raises(Cancelled):
            product_of(network, Asked(stop_at), 2)
    assert all(torch.equal(value, before[name]) for name, value in network.module.state_dict().items())
    assert torch.equal(product_of(network, JobContext(), 2), expected)


def test_a_product_in_float64_stops_in_its_middle() -> None:
    network = small_network("resnet")
    inputs, labels = network.prepare(small_data(network))
    vectors = torch.ones(2, sum(parameter.numel() for parameter in network.module.parameters()))
    whole = Asked()
    assert precise_residuals(network.module, inputs, labels, vectors, whole.check) is not None
    assert whole.times > 3 * LAYERS
    for stop_at in range(1, whole.times + 1, max(1, whole.times // 40)):
        with pytest.raises(Cancelled):
            precise_residuals(network.module, inputs, labels, vectors, Asked(stop_at).check)


def both_ends(product: Callable[[Tensor], Tensor], check: Callable[[], None]) -> None:
    extreme_pairs(product, LONG, 1e-9, 34, 0, check=check)  # more than there is room for


def largest(product: Callable[[Tensor], Tensor], check: Callable[[], None]) -> None:
    for _ in ritz_pairs(product, LONG, 2, 6, torch.empty(0, LONG), 0, check):
        pass


@pytest.mark.parametrize(("search", "products"), [(both_ends, 34), (largest, 6)])
def test_long_vectors_are_asked_about_between_the_products_too(
    search: Callable[[Callable[[Tensor], Tensor], Callable[[], None]], None], products: int
) -> None:
    diagonal = torch.randn(LONG, generator=torch.Generator().manual_seed(0))
    job = Asked()
    search(lambda vector: diagonal * vector, job.check)
    assert job.times > 4 * LONG // CHUNK * (products - 1)
    with pytest.raises(Cancelled):
        search(lambda vector: diagonal * vector, Asked(job.times - 1).check)
