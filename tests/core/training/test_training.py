"""Training: the same call gives the same weights, it learns, and it stops when asked or when nothing can be learnt."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, NumericalFailure
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard
from core.networks.network import Network, fingerprint
from core.networks.storing import restore_network, store_network
from core.training.trainer import TrainingRequest, train

TABLE = TrainingRequest(
    name="three clouds", architecture="mlp:4-16-3", input=InputCard(shape=(4,)), epochs=6, batch_size=16
)
IMAGES = TrainingRequest(
    name="stripes", architecture="resnet8_w4", input=InputCard(shape=(1, 8, 8)), epochs=2, batch_size=20
)


def clouds(classes: tuple[str, ...] = ("a", "b", "c")) -> Dataset:
    numbers = np.random.default_rng(0)
    y = np.arange(120) % 3
    return Dataset(name="clouds", x=numbers.normal(size=(120, 4)) + 4 * np.eye(3, 4)[y], y=y, classes=classes)


def stripes() -> Dataset:
    numbers = np.random.default_rng(0)
    y = np.arange(60) % 2
    x = numbers.normal(size=(60, 8, 8)) * 0.3
    x[y == 0, ::2, :] += 1
    x[y == 1, :, ::2] += 1
    return Dataset(name="stripes", x=x, y=y, classes=("flat", "upright"))


def loss_and_accuracy(network: Network, data: Dataset) -> tuple[float, float]:
    inputs, labels = network.prepare(data)
    with torch.no_grad():
        logits = network.module(inputs)
    return float(torch.nn.functional.cross_entropy(logits, labels)), float((logits.argmax(1) == labels).float().mean())


@pytest.mark.parametrize(("request_", "data"), [(TABLE, clouds()), (IMAGES, stripes())])
def test_the_same_call_gives_the_same_weights_to_the_last_bit(request_: TrainingRequest, data: Dataset) -> None:
    torch.manual_seed(1)
    one = train(request_, data, JobContext())
    torch.manual_seed(2)  # whatever happened in the process before
    torch.rand(5)
    assert fingerprint(train(request_, data, JobContext()).module.state_dict()) == one.sha256
    assert train(replace(request_, seed=1), data, JobContext()).sha256 != one.sha256
    assert train(replace(request_, learning_rate=0.05), data, JobContext()).sha256 != one.sha256


def test_training_uses_up_nobody_elses_random_numbers() -> None:
    torch.manual_seed(5)
    state = torch.get_rng_state()
    train(replace(TABLE, epochs=1), clouds(), JobContext())
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(("request_", "data"), [(TABLE, clouds()), (replace(IMAGES, epochs=6), stripes())])
def test_a_simple_problem_is_learnt(request_: TrainingRequest, data: Dataset) -> None:
    told: list[str] = []
    network = train(request_, data, ControlledJob(on_progress=lambda *news: told.append(news[2])))
    loss, accuracy = loss_and_accuracy(network, data)
    assert accuracy >= 0.95
    losses = [float(text.removeprefix("loss ")) for text in told]
    assert len(losses) == request_.epochs
    assert losses[-1] < 0.5 * losses[0]
    assert loss < losses[0]


def test_the_network_ends_in_evaluation_mode_and_can_be_stored() -> None:
    network = train(IMAGES, stripes(), JobContext())
    assert not any(part.training for part in network.module.modules())
    assert all(parameter.grad is None for parameter in network.module.parameters())
    assert network.sha256 == fingerprint(network.module.state_dict())
    assert network.card.classes == ("flat", "upright")
    restored = restore_network(store_network(network))
    assert restored.sha256 == network.sha256
    assert loss_and_accuracy(restored, stripes()) == loss_and_accuracy(network, stripes())


def test_labels_without_names_count_from_zero() -> None:
    network = train(replace(TABLE, epochs=1), clouds(classes=()), JobContext())
    assert network.card.classes == ("0", "1", "2")


@pytest.mark.parametrize("rate", [1e30, 1e38])
def test_a_loss_that_overflows_ends_training_with_the_remedy(rate: float) -> None:
    with pytest.raises(NumericalFailure, match=r"became .* in epoch 1\. Try a smaller learning rate"):
        train(replace(TABLE, learning_rate=rate), clouds(), JobContext())


def test_weights_that_overflow_in_the_last_step_are_not_given_back() -> None:
    """The loss before that step was finite: only the weights show it."""
    request = replace(TABLE, epochs=1, batch_size=120, learning_rate=3e38, weight_decay=100.0)
    with pytest.raises(NumericalFailure, match="weights became infinite in epoch 1"):
        train(request, clouds(), JobContext())


def test_training_stops_when_asked() -> None:
    job = ControlledJob(on_progress=lambda done, *_: job.cancel() if done == 2 else None)
    with pytest.raises(Cancelled):
        train(replace(TABLE, epochs=1000), clouds(), job)


def test_training_stops_within_an_epoch() -> None:
    checks: list[int] = []

    class Impatient(JobContext):
        def check(self) -> None:
            checks.append(1)
            if len(checks) == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        train(TABLE, clouds(), Impatient())
    assert len(checks) == 3


def one_step(request: TrainingRequest, data: Dataset) -> dict[str, Tensor]:
    return train(request, data, JobContext()).module.state_dict()


def test_a_step_is_that_of_nesterov_with_weight_decay() -> None:
    """One epoch of one batch, against the update written out: v = g + w·decay, step = v + momentum·v."""
    data = clouds()
    request = replace(TABLE, epochs=1, batch_size=120, learning_rate=0.1, momentum=0.9, weight_decay=0.01)
    after = one_step(request, data)
    almost_still = train(replace(request, learning_rate=1e-30), data, JobContext())  # the initial weights
    module = almost_still.module
    inputs, labels = almost_still.prepare(data)
    torch.nn.functional.cross_entropy(module(inputs), labels).backward()
    for name, weight in module.named_parameters():
        velocity = weight.grad + 0.01 * weight.detach()
        expected = weight.detach() - 0.1 * (velocity + 0.9 * velocity)
        assert torch.allclose(after[name], expected, rtol=1e-4, atol=1e-6), name


def test_a_single_epoch_runs_at_the_full_learning_rate() -> None:
    """Half of one epoch would round to zero, and the rate would be divided before the first step."""
    request = replace(TABLE, epochs=1, batch_size=120)
    with_milestones, without = one_step(request, clouds()), one_step(replace(request, milestones=()), clouds())
    assert all(torch.equal(with_milestones[name], without[name]) for name in without)


def test_the_learning_rate_falls_at_the_milestones() -> None:
    """After a division by ten, three times over, the second half of the training moves a thousandth as far."""
    request = replace(TABLE, epochs=2, batch_size=120, momentum=0.0, weight_decay=0.0)
    first = one_step(replace(request, epochs=1, milestones=()), clouds())
    whole = one_step(replace(request, milestones=()), clouds())
    slowed = one_step(replace(request, milestones=(0.5,)), clouds())
    for name in first:
        assert torch.allclose(slowed[name] - first[name], (whole[name] - first[name]) / 10, rtol=1e-2, atol=1e-7)


def test_augmented_batches_are_what_is_learnt_from_and_reproducible() -> None:
    def shift(batch: Tensor, generator: torch.Generator) -> Tensor:
        return batch + torch.randn(batch.shape, generator=generator)

    request = replace(TABLE, epochs=2)
    one, other = (train(request, clouds(), JobContext(), shift).sha256 for _ in range(2))
    assert one == other
    assert one != train(request, clouds(), JobContext()).sha256


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 0}, "at least one epoch"),
        ({"batch_size": 0}, "one sample a batch"),
        ({"learning_rate": 0.0}, "learning rate above zero"),
        ({"learning_rate": float("nan")}, "learning rate above zero"),
        ({"momentum": 1.0}, "momentum"),
        ({"momentum": -0.1}, "momentum"),
        ({"weight_decay": -1.0}, "weight decay"),
        ({"weight_decay": float("nan")}, "weight decay"),
        ({"milestones": (0.0, 0.5)}, "milestone"),
    ],
)
def test_an_impossible_recipe_is_refused_at_once(options: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        replace(TABLE, **options)  # type: ignore[arg-type]


def test_an_architecture_that_does_not_fit_the_data_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="4 outputs, but there are 3 classes"):
        train(replace(TABLE, architecture="mlp:4-16-4"), clouds(), JobContext())
