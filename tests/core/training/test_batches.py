"""Batches of any size, in micro-batches where memory asks for it; crops, mirror images, shares that are attacked."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.job import JobContext
from core.networks.card import InputCard
from core.robustness.box import data_box
from core.training import loop, samples
from core.training.augmentation import Augmenter
from core.training.engine import train_run
from core.training.preparing import micro_batch_for, untrained_network
from core.training.recipe import AdaptiveBatch, RobustTraining, TrainingRequest
from core.training.run import Run
from core.training.samples import Samples
from tests.core.training.problems import IMAGES, TABLE, clouds, stripes, weights_of


def train(request: TrainingRequest, data: Dataset) -> Run:
    return train_run(request, data, None, JobContext())


def close(one: Run, other: Run, tolerance: float = 1e-4) -> bool:
    first, second = weights_of(one), weights_of(other)
    return all(torch.allclose(first[name], second[name], atol=tolerance) for name in first)


@pytest.mark.parametrize("micro", [1, 7, 50, 119])
def test_a_batch_means_the_same_in_micro_batches(micro: int) -> None:
    request = replace(TABLE, batch_size=120, epochs=3)
    assert close(train(request, clouds()), train(replace(request, micro_batch=micro), clouds()))


def test_a_ragged_last_batch_is_a_batch_of_its_own_mean() -> None:
    """120 samples in batches of 50: the last 20 count as much as a batch, each of them two and a half times as much."""
    request = replace(TABLE, batch_size=50, epochs=1)
    run = train(request, clouds())
    assert run.step[-1] == 3
    assert close(run, train(replace(request, micro_batch=30), clouds()))
    assert run.batch_loss[0] == pytest.approx(run.train_loss[0], rel=0.5)


@pytest.mark.parametrize("batch", [1, 7, 120, 5000])
def test_a_batch_may_be_one_sample_or_the_whole_set(batch: int) -> None:
    run = train(replace(TABLE, batch_size=batch, epochs=2, learning_rate=0.01), clouds())
    assert run.step[-1] == 2 * -(-120 // batch)
    assert run.batch_size[-1] == min(batch, 120)
    assert run.train_loss[-1] < run.train_loss[0]


def test_a_single_last_sample_goes_with_the_batch_before_where_the_network_normalises() -> None:
    run = train(replace(IMAGES, batch_size=30), stripes(samples=61))
    assert run.step.tolist() == [0, 2, 4]
    assert train(replace(TABLE, batch_size=30), clouds(samples=121)).step[1] == 5


@pytest.mark.parametrize(("batch", "micro", "samples"), [(2, 0, 61), (5, 2, 60), (3, 2, 61)])
def test_no_micro_batch_of_a_network_that_normalises_is_a_single_sample(batch: int, micro: int, samples: int) -> None:
    request = replace(IMAGES, architecture="vgg9_w4", batch_size=batch, micro_batch=micro, epochs=1)
    run = train(request, stripes(samples))
    assert run.status == "complete"
    assert run.step[-1] == samples // batch + (samples % batch > 1)


def test_one_sample_a_batch_is_refused_where_nothing_is_left_to_normalise_over() -> None:
    data = Dataset(name="tiny", x=stripes().x[:, :4, :4], y=stripes().y, classes=("a", "b"))
    request = replace(IMAGES, architecture="resnet8_w4", input=InputCard(shape=(1, 4, 4)), batch_size=1)
    with pytest.raises(InvalidRequest, match="two samples or more"):
        train(request, data)


def test_the_micro_batch_follows_from_the_recipe_and_not_from_the_memory_of_the_day() -> None:
    request = replace(IMAGES, batch_size=60)
    assert micro_batch_for(request, stripes()) == 60
    assert micro_batch_for(replace(request, micro_batch=7), stripes()) == 7
    assert micro_batch_for(replace(request, batch_size=8), stripes()) == 8
    assert micro_batch_for(replace(request, batch_size=8, adaptive=AdaptiveBatch(limit=4)), stripes()) == 32
    large = replace(IMAGES, architecture="resnet56", input=InputCard(shape=(3, 32, 32)), batch_size=4096)
    many = Dataset(name="many", x=np.zeros((4096, 3, 32, 32), dtype=np.uint8), y=np.arange(4096) % 10)
    assert 20 < micro_batch_for(large, many) < 500


def test_samples_that_do_not_fit_into_memory_are_prepared_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = train(IMAGES, stripes())
    monkeypatch.setattr(samples, "available_memory", lambda: 0)
    assert train(IMAGES, stripes()).provenance.network_sha256 == whole.provenance.network_sha256


def test_a_mapped_array_gives_the_same_batches(tmp_path) -> None:
    data = stripes()
    np.save(tmp_path / "x.npy", data.x)
    mapped = replace(data, x=np.load(tmp_path / "x.npy", mmap_mode="r"))
    network = untrained_network(IMAGES, data)
    one, other = Samples(network, data, JobContext()), Samples(network, mapped, JobContext(), budget=0)
    assert one.prepared
    assert not other.prepared
    chosen = torch.tensor([5, 59, 0, 17])
    assert torch.equal(one.inputs(chosen), other.inputs(chosen))
    assert torch.equal(one.inputs(slice(10, 20)), other.inputs(slice(10, 20)))
    assert torch.equal(one.labels, other.labels)


CARD = InputCard(shape=(2, 16, 24), mean=(3.0, 5.0), std=(2.0, 4.0))


def pictures() -> Tensor:
    return torch.rand(200, 2, 16, 24, generator=torch.Generator().manual_seed(0)) + 1


def test_a_crop_is_a_shifted_picture_with_a_black_rim() -> None:
    batch = pictures()
    cropped = Augmenter("crop", CARD)(batch, torch.Generator().manual_seed(0))
    black = torch.tensor([-1.5, -1.25])[:, None, None]
    shifts = set()
    for before, after in zip(batch, cropped, strict=True):
        framed = black.expand(2, 20, 30).clone()
        framed[:, 2:18, 3:27] = before
        fits = [
            (row, column)
            for row in range(5)
            for column in range(7)
            if torch.allclose(framed[:, row : row + 16, column : column + 24], after, atol=1e-5)
        ]
        assert len(fits) == 1
        shifts.update(fits)
    assert len(shifts) == 35  # every place occurs


def test_half_of_the_pictures_are_mirrored() -> None:
    batch = pictures()[:, :, :1].expand(-1, -1, 16, -1)
    wide = torch.zeros(200, 2, 16, 24)
    wide[:, :, :, :12] = 1.0
    changed = Augmenter("crop_flip", CARD)(wide, torch.Generator().manual_seed(0))
    mirrored = (changed[:, 0, 8, 16] == 1.0).float().mean()
    assert 0.35 < mirrored < 0.65
    assert changed.shape == batch.shape


def test_augmentation_changes_what_is_learnt_and_is_reproducible() -> None:
    request = replace(IMAGES, augmentation="crop_flip")
    one, other = (train(request, stripes()).provenance.network_sha256 for _ in range(2))
    assert one == other
    assert one != train(IMAGES, stripes()).provenance.network_sha256


@pytest.mark.parametrize(("batch", "micro"), [(1, 1), (7, 0), (60, 11), (20, 0)])
def test_exactly_the_share_of_the_samples_is_attacked(batch, micro, monkeypatch) -> None:
    attacked = []

    def counted(module, inputs, labels, **options):
        attacked.append(len(inputs))
        return loop_attack(module, inputs, labels, **options)

    loop_attack = loop.attack
    monkeypatch.setattr(loop, "attack", counted)
    robust = RobustTraining(attack="fgsm", epsilon=0.05, share=0.3)
    train(replace(TABLE, epochs=1, batch_size=batch, micro_batch=micro, robust=robust, learning_rate=0.01), clouds())
    assert sum(attacked) == 36  # of 120


@pytest.mark.parametrize("kind", ["fgsm", "fgsm10", "l2grad", "pgd", "fhsm", "l2hess"])
def test_robust_training_learns_and_is_reproducible(kind) -> None:
    request = replace(IMAGES, epochs=5, robust=RobustTraining(attack=kind, epsilon=0.05))
    one, other = train(request, stripes()), train(request, stripes())
    assert one.provenance.network_sha256 == other.provenance.network_sha256
    assert one.provenance.network_sha256 != train(replace(request, robust=None), stripes()).provenance.network_sha256
    assert one.train_accuracy[-1] > 0.9


def test_the_box_is_the_range_of_the_data_as_the_network_sees_it() -> None:
    images = Dataset(name="images", x=np.arange(48, dtype=np.uint8).reshape(2, 4, 6), y=np.array([0, 1]))
    card = InputCard(shape=(1, 4, 6), mean=(10.0,), std=(2.0,))
    box = data_box(
        untrained_network(replace(TABLE, architecture="mlp:24-5-2", input=card), images), images, JobContext()
    )
    assert box.low.unique().tolist() == [-5.0]
    assert box.high.unique().tolist() == [18.5]
    box = data_box(untrained_network(TABLE, clouds()), clouds(), JobContext())
    assert box.scale.flatten().tolist() == pytest.approx((clouds().x.max(axis=0) - clouds().x.min(axis=0)).tolist())
