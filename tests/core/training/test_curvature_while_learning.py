"""Gradient and top eigenvalue while a network learns: after every epoch, and those of its checkpoints."""

from dataclasses import replace

import numpy as np
import pytest

from core.job import JobContext
from core.landscape.trajectories import waypoints_of
from core.spectrum.histories import compute_history
from core.spectrum.history import HistoryRequest
from core.training.engine import train_run, trained_network
from tests.core.training.problems import TABLE, Collecting, clouds

pytestmark = pytest.mark.usefixtures("one_thread")
SAMPLES = 50


def test_curvature_is_known_after_every_epoch_and_is_that_of_the_checkpoints() -> None:
    request = replace(TABLE, epochs=4, curvature_samples=SAMPLES, checkpoint_every=1)
    job, data = Collecting(), clouds()
    run = train_run(request, data, None, job)
    for done in range(1, 4):
        growing = [part for part in job.runs if part.status == "partial" and part.epochs_done == done]
        assert growing, done
        assert np.isfinite(growing[0].top_eigenvalue).all()
        assert np.array_equal(growing[0].gradient_norm, run.gradient_norm[: done + 1])
    found = compute_history(
        HistoryRequest(samples=SAMPLES), trained_network(run, data), data, JobContext(), waypoints=waypoints_of(run)
    )
    assert found.epoch.tolist() == run.epoch.tolist()
    assert found.gradient_norm == pytest.approx(run.gradient_norm, rel=1e-5)
    assert found.eigenvalues[:, 0] == pytest.approx(run.top_eigenvalue, rel=1e-3)
