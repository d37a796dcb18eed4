"""Stopping and going on: nothing is lost but the epoch of the moment, and the weights are those of an unbroken run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.training.checkpoints import CheckpointFolder
from core.training.engine import train_run
from core.training.recipe import AdaptiveBatch, RobustTraining, TrainingRequest
from core.training.run import Run
from tests.core.training.problems import IMAGES, TABLE, Collecting, clouds, line, stripes

IMAGE_RUN = replace(IMAGES, epochs=4, checkpoint_every=3)
RECIPES = {
    "sgd": (TABLE, clouds()),
    "plain sgd": (replace(TABLE, momentum=0.0), clouds()),
    "adam": (replace(TABLE, optimizer="adam"), clouds()),
    "batch normalisation and augmentation": (replace(IMAGE_RUN, augmentation="crop_flip"), stripes()),
    "robust": (replace(IMAGE_RUN, robust=RobustTraining(attack="pgd")), stripes()),
    "second order": (replace(TABLE, robust=RobustTraining(attack="fhsm")), clouds()),
    "adaptive": (replace(TABLE, adaptive=AdaptiveBatch(patience=2), curvature_samples=20), clouds()),
    "micro-batches": (replace(TABLE, micro_batch=5), clouds()),
    "numbers": (replace(TABLE, architecture="mlp:4-8-2", learning_rate=0.01), line()),
}


def same(one: Run, other: Run) -> bool:
    """Whether two runs have the same weights and the same curves, but for the seconds."""
    curves = ("epoch", "step", "train_loss", "test_loss", "top_eigenvalue", "learning_rate", "batch_size", "batch_loss")
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in curves)
        and one.provenance.network_sha256 == other.provenance.network_sha256
        and [c.epoch for c in one.checkpoints] == [c.epoch for c in other.checkpoints]
        and all(
            np.array_equal(a.weights[name], b.weights[name])
            for a, b in zip(one.checkpoints, other.checkpoints, strict=True)
            for name in a.weights
        )
    )


@pytest.mark.parametrize("kind", RECIPES)
def test_a_stopped_run_goes_on_as_if_it_had_never_stopped(kind: str, tmp_path: Path) -> None:
    request, data = RECIPES[kind]
    test = data.first(30)
    whole = train_run(request, data, test, JobContext())
    for epoch, check in ((0, 2), (1, 1), (request.epochs - 1, 3)):
        job, folder = Collecting(stop_at=check, epoch=epoch), CheckpointFolder(tmp_path / str(epoch))
        with pytest.raises(Cancelled):
            train_run(request, data, test, job, keeper=folder)
        torch.rand(3)
        for stopped in (job.runs[-1], folder.read()):
            assert stopped is not None
            assert stopped.status == "partial"
            assert stopped.epochs_done == epoch
            assert same(train_run(request, data, test, JobContext(), resume=stopped), whole)


def test_a_run_can_be_stopped_again_and_again() -> None:
    whole = train_run(IMAGE_RUN, stripes(), None, JobContext())
    run: Run | None = None
    for epoch in range(IMAGE_RUN.epochs):
        job = Collecting(stop_at=2, epoch=epoch)
        with pytest.raises(Cancelled):
            train_run(IMAGE_RUN, stripes(), None, job, resume=run)
        run = job.runs[-1]
    final = train_run(IMAGE_RUN, stripes(), None, JobContext(), resume=run)
    assert same(final, whole)


def test_a_stop_before_the_first_checkpoint_leaves_nothing() -> None:
    job = Collecting(stop_at=1)
    with pytest.raises(Cancelled):
        train_run(TABLE, clouds(), None, job)
    assert job.runs == []


def test_a_stop_is_heeded_within_a_large_batch() -> None:
    """One batch of everything, in one piece: the layers ask."""
    request = replace(IMAGES, batch_size=60, epochs=1)
    job = Collecting(stop_at=20, epoch=0)
    with pytest.raises(Cancelled):
        train_run(request, stripes(), None, job)
    assert same(
        train_run(request, stripes(), None, JobContext(), resume=job.runs[-1]),
        train_run(request, stripes(), None, JobContext()),
    )


def test_a_deadline_stops_training() -> None:
    with pytest.raises(Cancelled, match="time limit"):
        train_run(replace(TABLE, epochs=100000), clouds(), None, ControlledJob(deadline=0.3))


def test_seconds_go_on_where_they_stopped() -> None:
    job = Collecting(stop_at=2, epoch=3)
    with pytest.raises(Cancelled):
        train_run(TABLE, clouds(), None, job)
    stopped = replace(job.runs[-1], seconds=job.runs[-1].seconds + 1000)
    run = train_run(TABLE, clouds(), None, JobContext(), resume=stopped)
    assert run.seconds[-1] > 1000
    assert run.provenance.seconds > 1000


def test_a_complete_run_is_given_back() -> None:
    run = train_run(TABLE, clouds(), None, JobContext())
    assert train_run(TABLE, clouds(), None, JobContext(), resume=run) is run


@pytest.mark.parametrize(
    ("request_", "data", "test", "words"),
    [
        (replace(TABLE, epochs=7), clouds(), None, "another recipe"),
        (TABLE, clouds(samples=60), None, "other data"),
        (TABLE, clouds(), clouds(), "other data"),
    ],
)
def test_a_run_of_something_else_is_not_resumed(
    request_: TrainingRequest, data: Dataset, test: Dataset | None, words: str
) -> None:
    job = Collecting(stop_at=2, epoch=3)
    with pytest.raises(Cancelled):
        train_run(TABLE, clouds(), None, job)
    with pytest.raises(InvalidRequest, match=words):
        train_run(request_, data, test, JobContext(), resume=job.runs[-1])
