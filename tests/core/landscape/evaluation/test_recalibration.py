"""Statistics of batch normalisation that are computed anew are those of the samples, and of nothing before."""

import numpy as np
import pytest
import torch
from torch import nn

from core.errors import Cancelled, UnsupportedNetwork
from core.job import JobContext
from core.landscape.evaluation.copying import independent_copy
from core.landscape.evaluation.plane import plane_evaluator
from core.landscape.evaluation.recalibration import Recalibration
from core.landscape.plane import Directions
from tests.core.landscape.evaluation.networks import Plane, plane, samples, settled

JOB = JobContext()


def recalibrated(subject: Plane, a: float, b: float) -> float:
    arguments = (subject.module, subject.directions, subject.inputs, subject.labels, JOB)
    with plane_evaluator(*arguments, batch_norm="recalibrated") as evaluator:
        assert "computed anew" in evaluator.description
        assert evaluator.engine_error < 1e-5
        evaluator.at(-2.0, 1.0, JOB)  # whatever was there before does not count
        return evaluator.at(a, b, JOB).loss


@pytest.mark.parametrize("form", ["module", "program"])
def test_one_batch_is_normalised_with_its_own_statistics(form: str) -> None:
    """Up to the factor n/(n − 1) of an unbiased variance, evaluation then is what training mode computes."""
    subject = plane("resnet8_w3", count=100, program=form == "program")
    plain = plane("resnet8_w3", count=100)
    with torch.no_grad():
        for name, parameter in plain.module.named_parameters():
            parameter.add_(torch.tensor(plain.directions.x[name]), alpha=0.3)
        trained = nn.functional.cross_entropy(plain.module.train()(plain.inputs), plain.labels)
    assert recalibrated(subject, 0.3, 0.0) == pytest.approx(float(trained), rel=0.02)
    frozen = (subject.module, subject.directions, subject.inputs, subject.labels, JOB)
    with plane_evaluator(*frozen) as evaluator:  # farther away than the two ways of taking the variance are
        off = abs(evaluator.at(0.3, 0.0, JOB).loss - float(trained))
    assert off > 3 * abs(recalibrated(subject, 0.3, 0.0) - float(trained))


def test_batches_count_by_their_size_as_in_update_bn() -> None:
    """Against torch's own function of that name, which takes its batches from a loader."""
    subject = plane("resnet8_w3", count=300)
    loader = [(batch,) for batch in torch.split(subject.inputs, [128, 128, 44])]
    expected = plane("resnet8_w3").module
    seen = 0
    for layer in expected.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
    with torch.no_grad():
        expected.train()
        for (batch,) in loader:
            seen += len(batch)
            for layer in expected.modules():
                if isinstance(layer, nn.BatchNorm2d):
                    layer.momentum = len(batch) / seen
            expected(batch)
    with torch.inference_mode():
        work = Recalibration(plane("resnet8_w3").module)
        work.run(subject.inputs, JOB)
    wanted = expected.state_dict()
    for name, value in work.module.named_buffers():
        if name.endswith("num_batches_tracked"):
            continue
        assert torch.allclose(value.double(), wanted[name].double(), rtol=1e-5), name


def test_dropout_stays_off_and_the_momentum_is_put_back() -> None:
    module = settled(nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5, momentum=0.3), nn.Dropout(0.9)), (6,))
    inputs, _ = samples((6,), 50)
    work = Recalibration(module)
    with torch.inference_mode():
        work.run(inputs, JOB)
        first = module[1].running_mean.clone()
        assert torch.equal(module(inputs), module(inputs))
    assert torch.allclose(first, nn.functional.linear(inputs, module[0].weight, module[0].bias).mean(0), atol=1e-6)
    assert module[1].momentum == 0.3
    assert not any(child.training for child in module.modules())


def test_statistics_that_were_not_finite_are_replaced() -> None:
    module = settled(nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5)), (6,))
    module[1].running_mean.fill_(torch.nan)
    module[1].running_var.fill_(torch.inf)
    with torch.inference_mode():
        Recalibration(module).run(samples((6,), 129)[0], JOB)  # one sample is left over
    assert module[1].running_mean.isfinite().all()
    assert module[1].running_var.isfinite().all()


def test_a_network_without_normalisation_is_the_same_as_frozen() -> None:
    subject = plane("mlp:6-9-7-3")
    with plane_evaluator(subject.module, subject.directions, subject.inputs, subject.labels, JOB) as evaluator:
        frozen = evaluator.at(0.3, 0.2, JOB).loss
    assert recalibrated(subject, 0.3, 0.2) == frozen


class Unrolled(nn.Module):
    """Normalisation written out, so that no layer of it can be seen in a program."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 3)
        self.register_buffer("running_mean", torch.zeros(3))
        self.register_buffer("running_var", torch.ones(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.layer(x) - self.running_mean) / (self.running_var + 1e-5).sqrt()


def test_statistics_frozen_into_a_program_are_refused_in_words() -> None:
    inputs, labels = samples((6,), 20)
    program = torch.export.export(
        Unrolled().eval(), (inputs,), dynamic_shapes=({0: torch.export.Dim("batch", min=1)},)
    ).module()
    axis = Directions(x={"layer.weight": np.ones((3, 6), np.float32)}, y={}, cosine=0.0)
    with (
        pytest.raises(UnsupportedNetwork, match='uses "running_mean" in a form that was frozen'),
        plane_evaluator(program, axis, inputs, labels, JOB, batch_norm="recalibrated"),
    ):
        pass
    with plane_evaluator(program, axis, inputs, labels, JOB) as evaluator:
        assert np.isfinite(evaluator.at(0.1, 0.0, JOB).loss)


@pytest.mark.parametrize("form", ["module", "program"])
def test_statistics_stop_being_computed_at_any_layer(form: str) -> None:
    """A batch of a deep network takes longer than anybody waits who pressed Stop."""

    class Asked(JobContext):
        def __init__(self, stop_at: int = 0) -> None:
            self.times, self._stop_at = 0, stop_at

        def check(self) -> None:
            self.times += 1
            if self.times == self._stop_at:
                raise Cancelled("Enough.")

    subject = plane("resnet8_w3", count=100, program=form == "program")
    recalibration, whole = Recalibration(independent_copy(subject.module)), Asked()
    with torch.inference_mode():
        recalibration.run(subject.inputs, whole)
        assert whole.times >= 7  # layers of normalisation
        for stop_at in range(1, whole.times + 1):
            with pytest.raises(Cancelled):
                recalibration.run(subject.inputs, Asked(stop_at))
        recalibration.run(subject.inputs, last := Asked())
    assert last.times == whole.times  # nobody is asked twice because of a run that was stopped
