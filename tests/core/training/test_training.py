"""Training: the same call gives the same weights, it learns, and its steps are those that the recipe says."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from core.data.dataset import Dataset
from core.errors import DataError, InvalidRequest
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard
from core.networks.storing import restore_network, store_network
from core.training.engine import network_at, train_run, trained_network
from core.training.recipe import RobustTraining, TrainingRequest
from core.training.run import Run
from tests.core.training.problems import (
    IMAGES,
    TABLE,
    Collecting,
    clouds,
    line,
    loss_and_accuracy,
    stripes,
    weights_of,
)


def train(request: TrainingRequest, data: Dataset) -> Run:
    return train_run(request, data, None, JobContext())


@pytest.mark.parametrize(("request_", "data"), [(TABLE, clouds()), (IMAGES, stripes())])
def test_the_same_call_gives_the_same_weights_to_the_last_bit(request_: TrainingRequest, data: Dataset) -> None:
    torch.manual_seed(1)
    one = train(request_, data)
    torch.manual_seed(2)  # whatever happened in the process before
    torch.rand(5)
    assert train(request_, data).provenance.network_sha256 == one.provenance.network_sha256
    assert train(replace(request_, seed=1), data).provenance.network_sha256 != one.provenance.network_sha256
    assert trained_network(one, data).sha256 == one.provenance.network_sha256


def test_evaluations_and_snapshots_change_no_weight() -> None:
    plain = train(replace(TABLE, evaluate_every=6), clouds())
    watched = train_run(
        replace(TABLE, curvature_samples=30, checkpoint_every=2), clouds(), clouds(samples=30), Collecting()
    )
    assert plain.provenance.network_sha256 == watched.provenance.network_sha256


def test_training_uses_up_nobody_elses_random_numbers() -> None:
    torch.manual_seed(5)
    state = torch.get_rng_state()
    train(replace(TABLE, epochs=1, robust=RobustTraining(attack="pgd")), clouds())
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("request_", "data"),
    [
        (TABLE, clouds()),
        (replace(IMAGES, epochs=6), stripes()),
        (replace(TABLE, optimizer="adam", learning_rate=0.01, epochs=12), clouds()),
        (replace(IMAGES, epochs=10, augmentation="crop"), stripes()),
    ],
)
def test_a_simple_problem_is_learnt(request_: TrainingRequest, data: Dataset) -> None:
    run = train(request_, data)
    loss, accuracy = loss_and_accuracy(trained_network(run, data), data)
    assert run.train_accuracy[-1] == pytest.approx(accuracy)
    assert run.train_loss[-1] == pytest.approx(loss, rel=1e-4)
    assert accuracy >= 0.95
    assert loss < 0.5 * run.train_loss[0]


def test_numbers_are_learnt_with_their_squared_error_and_have_no_accuracy() -> None:
    request = replace(TABLE, architecture="mlp:4-16-2", learning_rate=0.01, epochs=30)
    run = train_run(request, line(), line(), JobContext())
    assert run.train_loss[-1] < 0.1 * run.train_loss[0]
    assert np.isnan(run.test_accuracy).all()
    network = trained_network(run, line())
    inputs, targets = network.prepare(line())
    error = (network.module(inputs) - targets).square().mean()
    assert run.test_loss[-1] == pytest.approx(error.item(), rel=1e-4)


def test_a_run_records_every_epoch_from_the_untrained_network_on() -> None:
    job = Collecting()
    run = train_run(replace(TABLE, epochs=5, checkpoint_every=2), clouds(), clouds(samples=33), job)
    assert run.status == "complete"
    assert run.state is None
    assert run.epoch.tolist() == [0, 1, 2, 3, 4, 5]
    assert run.step.tolist() == [0, 8, 16, 24, 32, 40]
    assert [checkpoint.epoch for checkpoint in run.checkpoints] == [0, 2, 4, 5]
    assert len(run.batch_loss) == 40
    assert np.isfinite(run.test_loss).all()
    assert all(earlier <= later for earlier, later in pairwise(run.seconds))
    assert [partial.epochs_done for partial in job.runs][:2] == [0, 1]
    assert all(partial.status == "partial" and partial.state is not None for partial in job.runs)
    for epoch, loss in ((0, run.train_loss[0]), (4, run.train_loss[4])):
        assert loss_and_accuracy(network_at(run, clouds(), epoch), clouds())[0] == pytest.approx(loss, rel=1e-5)
    with pytest.raises(InvalidRequest, match="There are those of epochs 0, 2, 4, 5"):
        network_at(run, clouds(), 3)


def test_what_is_not_measured_is_not_a_number() -> None:
    run = train(replace(TABLE, epochs=5, evaluate_every=2), clouds())
    assert np.isfinite(run.train_loss).tolist() == [True, False, True, False, True, True]
    assert np.isnan(run.test_loss).all()
    assert np.isnan(run.top_eigenvalue).all()


def test_progress_counts_samples_and_says_the_loss() -> None:
    told: list[tuple[int, int, str]] = []
    train_run(TABLE, clouds(), None, ControlledJob(on_progress=lambda *news: told.append(news)))
    assert told[-1][:2] == (720, 720)
    assert "epoch 6 of 6, loss 0." in told[-1][2]


def test_the_network_ends_in_evaluation_mode_and_can_be_stored() -> None:
    network = trained_network(train(IMAGES, stripes()), stripes())
    assert not any(part.training for part in network.module.modules())
    assert network.card.classes == ("flat", "upright")
    restored = restore_network(store_network(network))
    assert restored.sha256 == network.sha256
    assert loss_and_accuracy(restored, stripes()) == loss_and_accuracy(network, stripes())


def test_labels_without_names_count_from_zero() -> None:
    run = train(replace(TABLE, epochs=1), clouds(classes=()))
    assert trained_network(run, clouds(classes=())).card.classes == ("0", "1", "2")


def step_of(
    request: TrainingRequest,
) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Weights before, gradient there, and weights after the first update with all of the clouds."""
    data = clouds()
    run = train(replace(request, epochs=1, batch_size=120), data)
    before = network_at(run, data, 0)
    inputs, labels = before.prepare(data)
    torch.nn.functional.cross_entropy(before.module(inputs), labels).backward()
    named = dict(before.module.named_parameters())
    gradients = {name: weight.grad for name, weight in named.items() if weight.grad is not None}
    return {name: weight.detach() for name, weight in named.items()}, gradients, weights_of(run)


@pytest.mark.parametrize(("nesterov", "moved"), [(True, 1.9), (False, 1.0)])
def test_a_step_is_that_of_momentum_with_weight_decay(*, nesterov: bool, moved: float) -> None:
    """v = g + w·decay; the first step is v, of Nesterov's momentum v + momentum·v."""
    before, gradient, after = step_of(replace(TABLE, nesterov=nesterov, weight_decay=0.01))
    for name, weight in before.items():
        expected = weight - 0.1 * moved * (gradient[name] + 0.01 * weight)
        assert torch.allclose(after[name], expected, rtol=1e-4, atol=1e-6), name


def test_the_first_step_of_adam_goes_by_the_sign_with_the_decay_in_the_gradient() -> None:
    before, gradient, after = step_of(replace(TABLE, optimizer="adam", learning_rate=0.01, weight_decay=0.5))
    for name, weight in before.items():
        slope = gradient[name] + 0.5 * weight
        assert torch.allclose(after[name], weight - 0.01 * slope / (slope.abs() + 1e-8), rtol=1e-4, atol=1e-6), name


def test_a_single_epoch_runs_at_the_full_learning_rate() -> None:
    """Half of one epoch would round to zero, and the rate would be divided before the first step."""
    assert train(replace(TABLE, epochs=1), clouds()).learning_rate[-1] == 0.1


def test_the_learning_rate_is_decayed_at_the_milestones() -> None:
    run = train(replace(TABLE, epochs=4, milestones=(0.5, 0.75), decay=0.2), clouds())
    assert run.learning_rate.tolist() == pytest.approx([0.1, 0.1, 0.1, 0.02, 0.004])


def test_only_the_first_samples_are_learnt_from_if_so_asked() -> None:
    run = train(replace(TABLE, samples=60), clouds())
    assert run.provenance.network_sha256 == train(TABLE, clouds().first(60)).provenance.network_sha256
    with pytest.raises(DataError, match="has only 120 samples"):
        train(replace(TABLE, samples=121), clouds())


def test_every_seed_that_is_accepted_can_be_trained_with() -> None:
    run = train_run(replace(TABLE, epochs=1, seed=2**63 - 1, curvature_samples=10), clouds(), None, JobContext())
    assert run.status == "complete"
    with pytest.raises(InvalidRequest, match="seed must be below"):
        replace(TABLE, seed=2**63)


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
        ({"decay": 0.0}, "decay"),
        ({"micro_batch": -1}, "negative"),
        ({"evaluate_every": 0}, "evaluation"),
    ],
)
def test_an_impossible_recipe_is_refused_at_once(options: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        replace(TABLE, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (replace(TABLE, architecture="mlp:4-16-4"), "4 outputs, but there are 3 classes"),
        (replace(TABLE, architecture="resnet9"), "3 dimensions|images"),
        (replace(TABLE, augmentation="crop"), "Crops and mirror images are for images"),
    ],
)
def test_a_recipe_that_does_not_fit_the_data_is_refused(request_: TrainingRequest, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        train(request_, clouds())


def test_data_of_another_shape_are_refused() -> None:
    with pytest.raises(DataError, match="samples have shape 8 × 8"):
        train_run(TABLE, clouds(), stripes(), JobContext())
    with pytest.raises(DataError, match="has label 2"):
        train_run(replace(IMAGES, input=InputCard(shape=(1, 2, 2)), architecture="mlp:4-5-2"), *odd(), JobContext())


def odd() -> tuple[Dataset, Dataset]:
    """Two classes to learn from, three to test on."""
    x = clouds().x.reshape(-1, 2, 2)
    return Dataset(name="two", x=x, y=clouds().y % 2), Dataset(name="three", x=x, y=clouds().y)


def test_the_first_samples_of_a_file_that_is_sorted_by_class_are_refused() -> None:
    data = clouds()
    order = np.argsort(data.y, kind="stable")
    ordered = replace(data, x=data.x[order], y=data.y[order])
    with pytest.raises(InvalidRequest, match="sorted by class, and its first 40 samples lack 2"):
        train_run(replace(TABLE, samples=40, epochs=1), ordered, None, JobContext())
    run = train_run(replace(TABLE, samples=90, epochs=1), replace(data, classes=()), None, JobContext())
    assert trained_network(run, replace(data, classes=())).card.classes == ("0", "1", "2")
