"""Every way of evaluating gives the numbers of a plain evaluation in float64, sample by sample."""

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn

from core.job import JobContext
from core.landscape.evaluation.replica import Replica
from core.landscape.evaluation.ways import Way
from core.landscape.plane import Directions
from core.networks.architectures.registry import build_architecture
from tests.core.landscape.evaluation.networks import FAMILIES, Plane, plain_losses, plane, settled

JOB = JobContext()
FUSED = Way(fused=True, channels_last=True, batch=8)
WAYS = [Way(channels_last=True, batch=5), FUSED, Way(fused=True, batch=1000)]
POINTS = [(0.0, 0.0), (-0.7, 0.4)]


def losses(plane: Plane, way: Way, point: tuple[float, float]) -> npt.NDArray[np.float64]:
    replica = Replica(plane.module, plane.directions, "frozen")
    assert not way.fused or replica.fuse()
    for _ in range(1 + way.fused):  # the second time the weights are laid out in advance
        replica.move(*point, plane.inputs, way, JOB)
        values = replica.values(plane.inputs, plane.labels, way, JOB)
    return values.losses.astype(np.float64)


def agree_with_plain_float64(subject: Plane, name: str) -> None:
    architecture = build_architecture(name, FAMILIES[name], 3)
    for point in POINTS:
        truth = plain_losses(architecture, subject, *point)
        scale = np.maximum(truth, 1e-3 * truth.max())
        for way in WAYS:
            values = losses(subject, way, point)
            assert (np.abs(values - truth) <= 2e-5 * scale).all(), (way, point)
            assert values.mean() == pytest.approx(truth.mean(), rel=2e-6), (way, point)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_way_agrees_with_plain_float64(name: str) -> None:
    agree_with_plain_float64(plane(name, count=11), name)


@pytest.mark.parametrize("name", ["mlp:6-9-7-3", "resnet8_w3", "resnet8_w3_pad", "c2_w4", "drawing_w2"])
def test_every_way_of_an_exported_program_agrees_with_plain_float64(name: str) -> None:
    agree_with_plain_float64(plane(name, program=True), name)


@pytest.mark.parametrize("name", ["resnet8_w3", "vgg9_w2"])
@pytest.mark.parametrize("way", [Way(), FUSED])
def test_moved_running_statistics_count(name: str, way: Way) -> None:
    """A direction to another network moves its buffers: the multiplied weights must be those of the moved ones."""
    other, subject = settled(build_architecture(name, FAMILIES[name], 3), FAMILIES[name]), plane(name)
    for buffer_name, buffer in other.named_buffers():
        if buffer_name.endswith("running_var"):
            buffer.mul_(0.2)
        if buffer_name.endswith("running_mean"):
            buffer.sub_(0.3)
    own = subject.module.state_dict()
    step = {key: (value - own[key]).numpy() for key, value in other.state_dict().items()}
    line = Plane(subject.module, Directions(x=step, y={}, cosine=0.0), subject.inputs, subject.labels)
    with torch.no_grad():
        met = nn.functional.cross_entropy(other.double()(line.inputs.double()), line.labels, reduction="none").numpy()
    assert np.allclose(losses(line, way, (1.0, 0.0)), met, rtol=1e-4, atol=1e-6)
    assert not np.allclose(losses(line, way, (0.0, 0.0)), met, rtol=1e-3)


@pytest.mark.parametrize("way", [Way(), FUSED])
def test_nan_and_infinity_stay_what_they_are(way: Way) -> None:
    subject = plane("resnet8_w3", ignore="biasbn")
    replica = Replica(subject.module, subject.directions, "frozen")
    assert replica.fuse()
    plain = Replica(subject.module, subject.directions, "frozen")
    for distance in (1e10, 1e25, 1e38):
        for one in (replica, plain):
            one.move(distance, 0.0, subject.inputs, way if one is replica else Way(), JOB)
        got = replica.values(subject.inputs, subject.labels, way, JOB)
        truth = plain.values(subject.inputs, subject.labels, Way(), JOB)
        assert (np.isnan(got.losses) == np.isnan(truth.losses)).all()
        assert (np.isposinf(got.losses) == np.isposinf(truth.losses)).all()
        assert (got.right[np.isnan(got.losses)] == 0).all()
    assert np.isnan(got.losses).any()


@pytest.mark.parametrize("way", [Way(), FUSED])
def test_one_sample_that_is_nan_leaves_the_others_alone(way: Way) -> None:
    subject = plane("resnet8_w3")
    whole = losses(subject, way, (0.1, 0.1))
    subject.inputs[3] = torch.nan
    broken = losses(subject, way, (0.1, 0.1))
    assert np.isnan(broken[3])
    assert np.allclose(np.delete(broken, 3), np.delete(whole, 3), rtol=1e-5)


def test_verdicts_are_those_of_the_outputs() -> None:
    subject = plane("resnet8_w3")
    replica = Replica(subject.module, subject.directions, "frozen")
    replica.fuse()
    replica.move(0.0, 0.0, subject.inputs, FUSED, JOB)
    with torch.no_grad():
        right = (subject.module(subject.inputs).argmax(1) == subject.labels).float().numpy()
    values = replica.values(subject.inputs, subject.labels, FUSED, JOB)
    assert (values.right == right).all()
    assert 0 < values.accuracy < 1


def test_numbers_that_are_predicted_have_a_squared_error_and_no_verdict() -> None:
    subject = plane("mlp:6-9-7-3")
    targets = torch.randn(21, 3)
    replica = Replica(subject.module, subject.directions, "frozen")
    replica.fuse()
    replica.move(0.0, 0.0, subject.inputs, Way(fused=True), JOB)
    values = replica.values(subject.inputs, targets, Way(fused=True), JOB)
    with torch.no_grad():
        assert np.allclose(values.losses, (subject.module(subject.inputs) - targets).square().mean(1), rtol=1e-5)
    assert np.isnan(values.right).all()


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_inputs_of_two_to_five_dimensions_and_modules_in_float64_are_evaluated(
    dimensions: int, dtype: torch.dtype
) -> None:
    convolution, norm = [
        (nn.Conv1d, nn.BatchNorm1d),
        (nn.Conv2d, nn.BatchNorm2d),
        (nn.Conv3d, nn.BatchNorm3d),
    ][dimensions - 1]
    shape = (2, *[5] * dimensions)
    layers = [convolution(2, 4, 3, padding=1, bias=False), norm(4), nn.ReLU(), nn.Flatten()]
    module = settled(nn.Sequential(*layers, nn.Linear(4 * 5**dimensions, 3)), shape)
    step = {name: np.full(p.shape, 0.1, dtype=np.float32) for name, p in module.named_parameters()}
    inputs, labels = torch.randn(7, *shape), torch.randint(0, 3, (7,))
    subject = Plane(module, Directions(x=step, y={}, cosine=0.0), inputs, labels)
    truth = plain_losses(module, subject, 0.5, 0.0)
    moving = Plane(module.to(dtype), subject.directions, inputs.to(dtype), labels)
    for way in (Way(), FUSED):
        assert np.allclose(losses(moving, way, (0.5, 0.0)), truth, rtol=1e-5)


def test_the_network_itself_is_never_touched() -> None:
    for program in (False, True):
        subject = plane("resnet8_w3", program=program)
        before = {name: value.clone() for name, value in subject.module.state_dict().items()}
        pointers = [p.data_ptr() for p in subject.module.parameters()]
        replica = Replica(subject.module, subject.directions, "recalibrated")
        replica.fuse()
        replica.move(3.0, 1.0, subject.inputs, FUSED, JOB)
        assert all(torch.equal(before[name], value) for name, value in subject.module.state_dict().items())
        assert [p.data_ptr() for p in subject.module.parameters()] == pointers
        assert all(p.requires_grad for p in subject.module.parameters())
        assert replica.dtype == torch.float32
