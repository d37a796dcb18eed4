"""The trainings of one command, one after another: estimated, watched, kept however they end, and gone on with."""

from collections.abc import Sequence
from dataclasses import replace

from app.cli.progress import run_with_progress
from app.cli.training_folder import Material, TrainingFolder, finished
from app.cli.training_plan import TrainingPlan
from app.cli.training_words import newest_accuracy
from core.errors import CorrieError, InvalidRequest
from core.exchange.words import count, duration
from core.job import JobContext, Relay
from core.training.estimate import TrainingEstimate, estimate
from core.training.recipe import TrainingRequest
from core.training.run import Run
from core.training.sweeping import train_sweep


def expectation(requests: Sequence[TrainingRequest], so_far: Sequence[Run | None], material: Material) -> str:
    """What the runs that are left will take, in a sentence. Runs that differ only by their seed are timed once.

    Raises
    ------
    InvalidRequest
        If a recipe does not fit the data, or the memory does not suffice; the text names the run.
    """
    known: dict[TrainingRequest, TrainingEstimate] = {}
    seconds, runs = 0.0, 0
    for request, run in zip(requests, so_far, strict=True):
        if finished(run):
            continue
        alike = replace(request, name="", seed=0)
        try:
            if alike not in known:
                known[alike] = estimate(request, material.data, material.test, JobContext())
        except InvalidRequest as error:
            if len(requests) == 1:
                raise
            raise InvalidRequest(f'The run "{request.name}" cannot be trained: {error}') from error
        runs += 1
        seconds += known[alike].seconds * (1 - (run.last.epoch if run is not None else 0) / request.epochs)
    largest = max(known.values(), key=lambda each: each.memory)
    what = f"{count(runs, 'run')}, about {duration(seconds)} on this machine"
    return f"{what}. {'At most ' if len(known) > 1 else ''}{largest.words}"


def train_all(folder: TrainingFolder, plan: TrainingPlan, material: Material, so_far: Sequence[Run | None]) -> bool:
    """Train what is left of a plan. Every run goes into the session as soon as it ends.

    Returns
    -------
    bool
        False after Ctrl-C; the partial run is in the session.

    Raises
    ------
    Interrupted
        If it was stopped before there was anything to keep.
    CorrieError
        If a run cannot go on. Its last good state is kept where that is possible.
    """
    ended = [False] * len(so_far)

    def take(index: int, run: Run) -> None:
        ended[index] = True  # even if it cannot be saved: it is not to be replaced by what it was before
        folder.keep(plan, index, run, material)

    def keep(result: object, complete: bool) -> bool:
        if not complete and isinstance(result, tuple) and not ended[result[0]]:
            folder.keep(plan, result[0], result[1], material)
        return complete

    def work(job: JobContext) -> object:
        watched = _Watched(job, alone=len(plan.requests) == 1)
        for index, (run, saved) in enumerate(zip(so_far, folder.saved(plan), strict=True)):
            if finished(saved):
                folder.checkpoints(plan.stems[index]).remove()  # a kill may have come just before
            elif run is not None and finished(run):
                take(index, run)  # it ended, but was not saved any more
        try:
            return train_sweep(
                plan.requests,
                material.data,
                material.test,
                watched,
                so_far,
                on_run=take,
                keeper_of=lambda index: folder.checkpoints(plan.stems[index]),
            )
        except CorrieError as error:
            try:
                keep(watched.latest, complete=False)
            except CorrieError as second:
                raise CorrieError(f"{error} {second}") from error
            raise

    title = plan.sweep or plan.requests[0].name
    return run_with_progress(f"Training of {title}", work, keep, unit=" samples")


class _Watched(Relay):
    """Passes everything on, remembers the newest state, and puts its accuracy beside the loss."""

    def __init__(self, job: JobContext, *, alone: bool) -> None:
        super().__init__(job)
        self._alone = alone
        self.latest: tuple[int, Run] | None = None

    def progress(self, done: int, total: int, text: str = "") -> None:
        accuracy = "" if self.latest is None else newest_accuracy(self.latest[1])
        if self._alone:
            text = text.rpartition(": ")[2]  # which of how many need not be said of a single one
        super().progress(done, total, f"{text}, {accuracy}" if accuracy else text)

    def partial(self, snapshot: object) -> None:
        if isinstance(snapshot, tuple):
            self.latest = snapshot
        super().partial(snapshot)
