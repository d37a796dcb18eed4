"""Comparing ways of evaluating costs little beside what it is for."""

import pytest
import torch

from core.job import JobContext
from core.landscape.evaluation import tuning
from core.landscape.evaluation.replica import Replica
from core.landscape.evaluation.tuning import AS_POINTS, Tuner
from core.landscape.evaluation.ways import Way
from tests.core.landscape.evaluation.networks import plane

SAMPLES = 2048


@pytest.mark.parametrize("limited", [True, False])
def test_ways_are_compared_no_longer_than_some_points_take(*, limited: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that counts samples: larger batches are faster without end, so only the time can stop it."""
    now = 0.0

    def values(self: Replica, inputs: torch.Tensor, labels: torch.Tensor, way: Way, job: JobContext) -> None:
        nonlocal now
        del self, labels, job
        now += len(inputs) * (1e-3 + 1e-2 / max(way.batch, 1) ** 0.5)

    monkeypatch.setattr(tuning, "_clock", lambda: lambda: now)
    monkeypatch.setattr(Replica, "values", values)
    monkeypatch.setattr(tuning, "BUDGET", 1e3)
    monkeypatch.setattr(tuning, "LONGEST_BATCH", 1e3)
    if not limited:
        monkeypatch.setattr(tuning, "AS_POINTS", 1e3)
    subject = plane("resnet8_w3", count=1)
    inputs, labels = subject.inputs.expand(SAMPLES, -1, -1, -1), subject.labels.expand(SAMPLES)
    replica = Replica(subject.module, subject.directions, "frozen")
    choice = Tuner(replica, inputs, labels, lambda _: True, JobContext()).choose()
    assert (now < (AS_POINTS + 3) * choice.seconds) == limited
