"""Sweeps: every run is that of its own recipe, and a stop keeps what is there."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.training.checkpoints import CheckpointFolder
from core.training.engine import train_run
from core.training.run import Run
from core.training.sweep import SweepRequest
from core.training.sweeping import train_sweep
from tests.core.training.problems import TABLE, clouds

REQUESTS = SweepRequest(recipe=replace(TABLE, epochs=3), batch_sizes=(16, 60), seeds=(0, 1)).requests()


class Watching(JobContext):
    """Keeps partial runs by index; stops when a run of that index has come so far."""

    def __init__(self, stop: tuple[int, int] | None = None) -> None:
        self.runs: dict[int, Run] = {}
        self._stop = stop

    def check(self) -> None:
        if self._stop is not None and self._stop[0] in self.runs:
            run = self.runs[self._stop[0]]
            if run.status == "partial" and run.epochs_done == self._stop[1]:
                raise Cancelled

    def partial(self, snapshot: object) -> None:
        assert isinstance(snapshot, tuple)
        index, run = snapshot
        self.runs[index] = run


def test_every_run_of_a_sweep_is_that_of_its_own_recipe() -> None:
    told: list[tuple[int, int, str]] = []
    finished: list[int] = []
    job = ControlledJob(on_progress=lambda *news: told.append(news))
    runs = train_sweep(REQUESTS, clouds(), clouds(), job, on_run=lambda index, _run: finished.append(index))
    assert finished == [0, 1, 2, 3]
    for request, run in zip(REQUESTS, runs, strict=True):
        alone = train_run(request, clouds(), clouds(), JobContext())
        assert run.provenance.network_sha256 == alone.provenance.network_sha256
    assert told[-1][:2] == (4 * 360, 4 * 360)
    assert all(earlier[0] <= later[0] for earlier, later in pairwise(told))
    assert "4 of 4, three clouds · batch 60 · seed 1: epoch 3 of 3" in told[-1][2]


def test_a_stopped_sweep_goes_on_where_it_was(tmp_path: Path) -> None:
    whole = train_sweep(REQUESTS, clouds(), None, JobContext())
    job, finished = Watching(stop=(1, 2)), {}
    folders = {index: CheckpointFolder(tmp_path / str(index)) for index in range(4)}
    with pytest.raises(Cancelled):
        train_sweep(
            REQUESTS, clouds(), None, job, on_run=lambda i, run: finished.update({i: run}), keeper_of=folders.get
        )
    assert list(finished) == [0]
    on_disk = [folders[index].read() for index in range(4)]
    assert [run and run.status for run in on_disk] == ["complete", "partial", None, None]
    for so_far in ([finished[0], job.runs[1]], on_disk):
        runs = train_sweep(REQUESTS, clouds(), None, JobContext(), runs_so_far=so_far)
        assert runs[0] is so_far[0]
        assert [r.provenance.network_sha256 for r in runs] == [r.provenance.network_sha256 for r in whole]


def test_a_run_that_diverges_does_not_keep_the_others_from_being_trained() -> None:
    requests = (replace(TABLE, learning_rate=1e30, name="wild"), replace(TABLE, name="tame"))
    runs = train_sweep(requests, clouds(), None, JobContext())
    assert [(run.status, bool(run.ended)) for run in runs] == [("partial", True), ("complete", False)]
    assert train_sweep(requests, clouds(), None, JobContext(), runs_so_far=runs) == runs


def test_a_recipe_that_does_not_fit_is_named_before_anything_is_trained() -> None:
    job = Watching()
    with pytest.raises(InvalidRequest, match=r'The run "second" cannot be trained: .*5 outputs'):
        train_sweep((TABLE, replace(TABLE, name="second", architecture="mlp:4-8-5")), clouds(), None, job)
    assert job.runs == {}
