"""How much memory a search takes is foretold from the graph of a few samples."""

import numpy as np
import pytest
import torch
from torch import nn

from core.curvature import hessian
from core.curvature.footprint import graph_bytes, search_bytes
from core.curvature.forms import hessian_form
from core.curvature.hessian import BATCH_BYTES, MAX_MICRO_BATCH, fitting, matrix_product, micro_batch
from core.job import JobContext
from core.networks.architectures.registry import build_architecture


def images(samples: int) -> tuple[torch.Tensor, torch.Tensor]:
    numbers = np.random.default_rng(0)
    inputs = torch.from_numpy(numbers.normal(size=(samples, 3, 16, 16)).astype(np.float32))
    return inputs, torch.arange(samples) % 10


@pytest.mark.parametrize("architecture", ["c1_w8", "m1", "resnet20_w4"])
def test_graphs_keep_as_much_as_a_few_samples_foretell(architecture: str) -> None:
    module = build_architecture(architecture, (3, 16, 16), 10)
    inputs, labels = images(40)
    with matrix_product(module, inputs, labels, JobContext(), list(module.parameters()), hessian_form) as product:
        product(torch.ones(product.size))
        kept = product._bytes - 4 * product.size  # the weights themselves are saved, too
    foretold = 40 * graph_bytes(module, *images(4))
    assert 0.8 * kept <= foretold <= 1.25 * (kept + 4 * product.size)


def test_more_samples_pairs_and_products_take_more() -> None:
    module, (inputs, labels) = build_architecture("c1_w8", (3, 16, 16), 10), images(4)
    least = search_bytes(module, inputs, labels, 16, pairs=1, products=20)
    assert search_bytes(module, inputs, labels, 64, pairs=1, products=20) > 2 * least / 1.5
    assert search_bytes(module, inputs, labels, 16, pairs=20, products=60) > least
    assert search_bytes(module, inputs, labels, 1, pairs=1, products=20) < least


def test_a_single_sample_says_enough_and_the_network_stays_as_it_was() -> None:
    module, (inputs, labels) = build_architecture("resnet20_w4", (3, 16, 16), 10).train(), images(1)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    assert graph_bytes(module, inputs, labels) >= graph_bytes(module, *images(4)) > 0
    assert module.training
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())


def test_what_keeps_little_comes_in_larger_batches_of_the_same_size() -> None:
    assert fitting(24, BATCH_BYTES, 500) == 24
    assert fitting(24, BATCH_BYTES // 100, 500) == 100
    assert fitting(24, BATCH_BYTES // 100, 501) == 84  # six times, the last one nearly as large
    assert fitting(24, 1, 400) == 400
    assert fitting(24, 1, 5000) == 1000 <= MAX_MICRO_BATCH
    assert fitting(24, 1, 7) == 7


def test_weights_that_no_graph_keeps_do_not_hide_what_a_sample_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hessian, "BATCH_BYTES", 2 * 2**20)
    module = nn.Sequential(
        *(nn.Flatten(), nn.Linear(768, 1024), nn.Unflatten(1, (1, 32, 32)), nn.Tanh(), nn.Conv2d(1, 2, 3), nn.Tanh()),
        *(nn.AvgPool2d(5), nn.Flatten(), nn.Linear(72, 10)),
    )
    inputs, labels = images(200)
    with matrix_product(module, inputs, labels, JobContext(), list(module.parameters()), hessian_form) as product:
        product(torch.ones(product.size))
        assert product._batch_size == fitting(micro_batch(inputs), graph_bytes(module, *images(4)), 200) < 200
