"""A first look at a network on data: wrong preprocessing and wrong data are noticed, right ones let pass."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.errors import Cancelled, DataError
from core.job import ControlledJob
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from core.networks.preprocessing import scale_of, statistics_of, usual_preprocessings
from core.networks.preview import preview_network
from core.networks.trial import try_network
from tests.realdata import realdata_path

MNIST = InputCard(shape=(1, 28, 28), mean=(0.1307 * 255,), std=(0.3081 * 255,))


class Brightness(nn.Module):
    """Tells dark, middle and bright pictures by thresholds in normalised units: fed otherwise, it is wrong."""

    def __init__(self, below: float = 0.3, above: float = 0.7) -> None:
        super().__init__()
        low, high = ((edge - 0.1307) / 0.3081 for edge in (below, above))
        self.linear = nn.Linear(1, 3)
        with torch.no_grad():
            self.linear.weight.copy_(torch.tensor([[0.0], [20.0], [40.0]]))
            self.linear.bias.copy_(torch.tensor([0.0, -20 * low, -20 * (low + high)]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x.flatten(1).mean(dim=1, keepdim=True))


def network(module: nn.Module, inputs: InputCard) -> Network:
    card = NetworkCard(name="Reader", input=inputs, file="reader.pt2")
    return Network(card=card, module=module.eval(), sha256="")


def pictures(samples: int = 300) -> Dataset:
    generator = np.random.default_rng(0)
    brightness = generator.uniform(0, 1, samples)
    x = np.clip(brightness[:, None, None] * 255 + generator.normal(0, 3, (samples, 28, 28)), 0, 255).astype(np.uint8)
    mean = x.reshape(samples, -1).mean(axis=1) / 255
    return Dataset(name="pictures", x=x, y=np.digitize(mean, [0.3, 0.7]).astype(np.int64))


def test_a_network_that_is_fed_as_in_training_gets_no_warning() -> None:
    trial = try_network(network(Brightness(), MNIST), pictures())
    assert trial.accuracy == 1.0
    assert (trial.warning, trial.better) == ("", ())
    assert np.array_equal(trial.verdicts, trial.labels)
    assert trial.samples == len(trial.confidences) == 300
    assert np.all((trial.confidences > 0.33) & (trial.confidences <= 1))


@pytest.mark.parametrize("wrong", [InputCard(shape=(1, 28, 28)), InputCard(shape=(1, 28, 28), mean=(127.5,))])
def test_wrong_preprocessing_is_noticed_and_the_right_one_named(wrong: InputCard) -> None:
    trial = try_network(network(Brightness(), wrong), pictures())
    name, card, accuracy = trial.better[0]
    assert name == "MNIST mean and std"
    assert accuracy == pytest.approx(1.0, abs=0.02)
    assert card.mean == pytest.approx(MNIST.mean)
    assert "probably not that of training" in trial.warning
    assert f"{trial.accuracy:.1%}" in trial.warning
    repaired = network(Brightness(), card)
    assert try_network(repaired, pictures()).accuracy == accuracy


def test_loss_and_chance_are_those_of_a_plain_evaluation() -> None:
    data = pictures()
    reader = network(Brightness(), MNIST)
    inputs, labels = reader.prepare(data)
    trial = try_network(reader, data)
    with torch.no_grad():
        assert trial.loss == pytest.approx(float(nn.functional.cross_entropy(reader.module(inputs), labels)), rel=1e-5)
    assert trial.chance == np.bincount(data.y).max() / len(data)


def test_only_as_many_samples_as_asked_for_are_taken() -> None:
    assert try_network(network(Brightness(), MNIST), pictures(), samples=40).samples == 40


def test_other_data_than_those_of_training_are_noticed() -> None:
    data = pictures()
    shuffled = replace(data, y=np.random.default_rng(1).permutation(data.y))
    trial = try_network(network(Brightness(), MNIST), shuffled)
    assert trial.better == ()
    assert "are these the data" in trial.warning


def test_one_verdict_for_everything_is_noticed() -> None:
    constant = Brightness()
    with torch.no_grad():
        constant.linear.weight.zero_()
    trial = try_network(network(constant, MNIST), pictures())
    assert trial.warning.startswith("It says the same class to all 300 samples")


def test_labels_without_an_output_are_noticed_with_their_sample() -> None:
    data = pictures()
    labels = data.y.copy()
    labels[7] = 9
    trial = try_network(network(Brightness(), MNIST), replace(data, y=labels))
    assert "Sample 7" in trial.warning
    assert "label 9" in trial.warning
    assert math.isfinite(trial.loss)
    assert trial.accuracy < 1


def test_the_sample_without_an_output_is_named_by_its_row_in_the_data() -> None:
    data = pictures()
    labels = data.y.copy()
    labels[200:] = 9
    trial = try_network(network(Brightness(), MNIST), replace(data, y=labels), samples=30)
    first = trial.rows[trial.labels == 9][0]
    assert 200 <= first < 212
    assert f"Sample {first} of" in trial.warning


class BrightOrDark(nn.Module):
    """Knows the first two of ten classes, by the brightness of the whole picture, whatever the order of its colours."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        brightness = 100 * (x.mean(dim=(1, 2, 3)) - 0.5)
        outputs = torch.zeros(len(x), 10)
        outputs[:, 0], outputs[:, 1] = brightness, -brightness
        return outputs


def test_other_ways_are_tried_on_all_classes_where_the_file_is_sorted_by_class() -> None:
    """Of the first samples alone, which are the easy ones, many more are right."""
    generator = np.random.default_rng(0)
    labels = np.sort(np.arange(1000) % 10)
    x = generator.uniform(0, 64, (1000, 3, 4, 4)) + np.where(labels == 0, 190, 0)[:, None, None, None]
    data = Dataset(name="sorted", x=x.astype(np.uint8), y=labels.astype(np.int64))
    trial = try_network(network(BrightOrDark(), InputCard(shape=(3, 4, 4), std=(255.0,))), data)
    assert trial.accuracy == pytest.approx(0.2, abs=0.02)
    assert trial.better == ()
    assert "colours" not in trial.warning


def test_outputs_that_are_not_finite_are_noticed() -> None:
    broken = Brightness()
    with torch.no_grad():
        broken.linear.bias[1] = math.nan
    trial = try_network(network(broken, MNIST), pictures())
    assert "NaN or infinity for 300 of 300" in trial.warning
    assert set(trial.verdicts) == {-1}
    assert np.isnan(trial.confidences).all()


def test_samples_of_one_class_say_little() -> None:
    data = pictures()
    dark = data.y == 0
    trial = try_network(network(Brightness(), MNIST), replace(data, x=data.x[dark], y=data.y[dark]))
    assert "all of one class" in trial.warning


class Redness(nn.Module):
    """Whether red is stronger than blue."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3, 2)
        with torch.no_grad():
            self.linear.weight.copy_(torch.tensor([[-1.0, 0.0, 1.0], [1.0, 0.0, -1.0]]))
            self.linear.bias.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x.mean(dim=(2, 3)))


def test_colours_in_another_order_are_noticed() -> None:
    x = np.random.default_rng(0).integers(0, 256, (200, 8, 8, 3), dtype=np.uint8)
    y = (x[..., 0].mean(axis=(1, 2)) > x[..., 2].mean(axis=(1, 2))).astype(np.int64)
    reader = network(Redness(), InputCard(shape=(3, 8, 8)))
    assert try_network(reader, Dataset(name="rgb", x=x, y=y)).warning == ""
    turned = Dataset(name="bgr", x=np.ascontiguousarray(x[..., ::-1]), y=y)
    assert "blue, green, red" in try_network(reader, turned).warning


def test_numbers_to_be_predicted_are_measured_against_their_mean() -> None:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(100, 2))
    module = nn.Linear(2, 1)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[2.0, -1.0]]))
        module.bias.zero_()
    data = Dataset(name="numbers", x=x, y=(x @ [2.0, -1.0]).astype(np.float64), targets=("t",))
    good = try_network(network(module, InputCard(shape=(2,))), data)
    assert good.warning == ""
    assert good.loss == pytest.approx(0, abs=1e-9)
    assert math.isnan(good.accuracy)
    assert "mean squared error" in try_network(network(module, InputCard(shape=(2,), std=(0.1,))), data).warning


def test_samples_of_another_shape_are_refused_with_both() -> None:
    with pytest.raises(DataError, match=r"28 × 28.*1 × 8 × 8"):
        try_network(network(Brightness(), InputCard(shape=(1, 8, 8))), pictures())


def test_a_trial_can_be_stopped() -> None:
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        try_network(network(Brightness(), MNIST), pictures(), job)


def test_statistics_are_by_channel_and_survive_a_constant_one() -> None:
    x = np.stack([np.arange(8.0).reshape(4, 2), np.full((4, 2), 5.0)], axis=1)
    assert statistics_of(x) == ((3.5, 5.0), (pytest.approx(np.arange(8.0).std(), rel=1e-5), 1.0))
    assert statistics_of(np.array([[1.0, 2.0], [3.0, 2.0]])) == ((2.0, 2.0), (1.0, 1.0))


@pytest.mark.parametrize(("largest", "scale"), [(0.9, 1.0), (15.0, 16.0), (200.0, 255.0), (4000.0, 4000.0)])
def test_the_scale_of_data_is_told_by_their_largest_value(largest: float, scale: float) -> None:
    x = np.full((2, 3, 4, 4), largest)
    assert scale_of(x) == scale
    ways = dict(usual_preprocessings((3, 4, 4), x))
    assert ways["ImageNet mean and std"].mean[0] == pytest.approx(0.485 * scale, rel=1e-5)


@pytest.mark.realdata
@pytest.mark.slow
@pytest.mark.usefixtures("one_thread")
def test_the_papers_network_fed_wrongly_is_noticed_on_the_papers_images() -> None:
    path = realdata_path("lossland_resnet56/resnet56_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7")
    data = open_dataset(realdata_path("cifar10_lossless/cifar10_train_first4000.npz"))
    right = preview_network(path)
    assert (right.kind, right.parameters, right.outputs) == ("weights", 855_770, 10)
    assert try_network(right.network, data, samples=256).accuracy >= 0.99
    wrong = preview_network(path, input_card=InputCard(shape=(3, 32, 32)))
    trial = try_network(wrong.network, data, samples=256)
    assert trial.accuracy < 0.2
    assert trial.better[0][0] == "CIFAR-10 mean and std"
    assert trial.better[0][2] >= 0.99
    assert "100.0%" in trial.warning
