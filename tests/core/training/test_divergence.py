"""A loss or weights that become NaN or infinite end the run with the reason, and leave the last good checkpoint."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext
from core.training.checkpoints import CheckpointFolder
from core.training.engine import train_run, trained_network
from core.training.recipe import TrainingRequest
from core.training.run import Run
from tests.core.training.problems import TABLE, Collecting, clouds, line


def diverged(request: TrainingRequest, test: Dataset | None = None) -> Run:
    job = Collecting()
    run = train_run(request, clouds(), test, job)
    assert job.runs[-1].ended == run.ended
    return run


@pytest.mark.parametrize("rate", [1e30, 1e38])
def test_a_loss_that_overflows_ends_the_run_with_the_remedy(rate: float) -> None:
    run = diverged(replace(TABLE, learning_rate=rate))
    assert run.status == "partial"
    assert run.state is None
    assert "in epoch 1, after" in run.ended
    assert "the untrained network is kept" in run.ended
    assert "smaller learning rate" in run.ended
    assert [checkpoint.epoch for checkpoint in run.checkpoints] == [0]
    assert all(np.isfinite(array).all() for array in run.last.weights.values())
    assert np.isfinite(run.batch_loss).all()
    trained_network(run, clouds())


def test_weights_that_overflow_in_the_last_step_are_not_kept() -> None:
    """The loss before that step was finite: only the weights show it."""
    run = diverged(replace(TABLE, epochs=1, batch_size=120, learning_rate=3e38, weight_decay=100.0))
    assert "The weights became infinite in epoch 1, after 1 steps" in run.ended
    assert run.last.epoch == 0


def test_the_last_good_epoch_is_kept_when_the_loss_overflows_later() -> None:
    """Every step multiplies the weights by about −3."""
    run = diverged(replace(TABLE, epochs=20, learning_rate=1.0, momentum=0.0, weight_decay=4.0))
    last = run.last.epoch
    assert 1 <= last < 10
    assert run.epochs_done == last
    assert f"the network of epoch {last} is kept" in run.ended
    assert len(run.batch_loss) >= run.last.step
    assert np.isfinite(run.train_loss).all()


def test_a_diverged_run_is_not_resumed_but_explained(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "run")
    request = replace(TABLE, learning_rate=1e30)
    train_run(request, clouds(), None, JobContext(), keeper=folder)
    run = folder.read()
    assert run is not None
    with pytest.raises(InvalidRequest, match=r"cannot go on from where it is .*in epoch 1.* smaller learning rate"):
        train_run(request, clouds(), None, JobContext(), resume=run)


def test_a_test_set_that_overflows_ends_the_run_too() -> None:
    huge = replace(line(), y=line().y * 1e30)
    with pytest.raises(NumericalFailure, match=r"test set became inf before training\. Correct the data"):
        train_run(replace(TABLE, architecture="mlp:4-8-2"), line(), huge, JobContext())
