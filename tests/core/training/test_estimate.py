"""What a training will take is said before it starts, and refused where the memory would not suffice."""

import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.curvature.hessian import hessian_vector_product
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.networks.card import InputCard
from core.training import estimate as estimating
from core.training.engine import train_run
from core.training.estimate import estimate
from core.training.memory import available_memory, in_words
from core.training.preparing import untrained_network
from core.training.recipe import AdaptiveBatch, Attack, RobustTraining
from tests.core.training.problems import IMAGES, TABLE, Collecting, clouds, stripes


@pytest.mark.parametrize("robust", [None, RobustTraining(attack="l2hess")])
def test_the_time_is_about_what_training_takes(robust: RobustTraining | None) -> None:
    request = replace(IMAGES, epochs=8, robust=robust, curvature_samples=20)
    found = estimate(request, stripes(), stripes(), JobContext())
    began = time.perf_counter()
    train_run(request, stripes(), stripes(), JobContext())
    assert 0.03 < found.seconds / (time.perf_counter() - began) < 30  # other work on the machine comes and goes
    assert found.micro_batch == 20


def test_memory_grows_with_network_batch_optimiser_and_checkpoints() -> None:
    def memory(**options: object) -> int:
        return estimate(replace(TABLE, **options), clouds(), None, JobContext()).memory  # type: ignore[arg-type]

    plain = memory()
    assert memory(architecture="mlp:4-200x3-3") > plain
    assert memory(batch_size=120) > plain
    assert memory(optimizer="adam") > plain > memory(momentum=0.0)
    assert memory(checkpoint_every=1) > plain
    found = estimate(replace(TABLE, checkpoint_every=1), clouds(), None, JobContext())
    assert found.parameters == 4 * 16 + 16 + 16 * 3 + 3
    assert found.checkpoint_bytes == 8 * 4 * found.parameters
    assert "131 parameters" in found.words


@pytest.mark.parametrize("architecture", ["c1_w8", "resnet20_w4", "densenet121_w8", "m1"])
def test_the_curvature_is_expected_to_take_at_least_what_its_graphs_take(architecture: str) -> None:
    data = Dataset(name="noise", x=np.random.default_rng(0).normal(size=(32, 1, 16, 16)), y=np.arange(32) % 10)
    plain = replace(IMAGES, architecture=architecture, input=InputCard(shape=(1, 16, 16)), batch_size=2)
    network = untrained_network(plain, data)
    inputs, labels = network.prepare(data)
    with hessian_vector_product(network.module, inputs, labels, JobContext()) as product:
        product(torch.ones(product.size))
        kept = product._bytes
    expected = estimate(replace(plain, curvature_samples=32), data, None, JobContext()).memory
    vectors = 40 * 4 * product.size  # the directions of the search, and what a product takes besides
    assert kept < expected < 8 * kept + vectors + 2**23
    adaptive = replace(plain, adaptive=AdaptiveBatch(samples=32, limit=2))
    assert estimate(adaptive, data, None, JobContext()).memory == expected


def test_attacks_with_jacobians_are_expected_to_take_more_memory() -> None:
    def memory(attack: Attack) -> int:
        request = replace(IMAGES, robust=RobustTraining(attack=attack))
        return estimate(request, stripes(), None, JobContext()).memory

    assert memory("fhsm") == memory("l2hess") == memory("fgsm") + 5 * 4 * 20 * 64 * 2


def test_a_training_that_the_memory_could_not_hold_is_refused_before_it_starts(monkeypatch) -> None:
    monkeypatch.setattr(estimating, "available_memory", lambda: 1_000)
    with pytest.raises(InvalidRequest, match=r"about .* of memory, but only 1 kB are free\. Use a micro-batch below"):
        estimate(TABLE, clouds(), None, JobContext())


def test_a_large_network_on_much_data_is_estimated_without_preparing_all_of_it() -> None:
    data = Dataset(name="many", x=np.zeros((20_000, 1, 28, 28), dtype=np.uint8), y=np.arange(20_000) % 10)
    request = replace(
        TABLE, architecture="mlp:784-64-10", input=InputCard(shape=(784,)), batch_size=20_000, micro_batch=100
    )
    request = replace(request, architecture="m1", input=InputCard(shape=(1, 28, 28)))
    began = time.process_time()
    found = estimate(request, data, None, JobContext())
    assert time.process_time() - began < 30
    assert found.micro_batch == 100
    assert found.seconds > 1


def test_an_estimate_can_be_stopped_and_a_wrong_recipe_is_refused() -> None:
    with pytest.raises(Cancelled):
        estimate(IMAGES, stripes(), None, Collecting(stop_at=2))
    with pytest.raises(InvalidRequest, match="no architecture"):
        estimate(replace(TABLE, architecture="perceptron"), clouds(), None, JobContext())


def test_a_recipe_that_diverges_is_estimated_all_the_same() -> None:
    assert estimate(replace(TABLE, learning_rate=1e30), clouds(), None, JobContext()).seconds > 0


def test_memory_is_known_and_said_in_words() -> None:
    assert available_memory() > 2**20
    assert [in_words(count) for count in (512, 2_000, 3_500_000, 1.25e9, 4.2e12)] == [
        "512 bytes",
        "2 kB",
        "3.5 MB",
        "1.25 GB",
        "4,200 GB",
    ]
