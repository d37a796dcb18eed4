"""Many runs, one after another: a stop costs only what the run of the moment had not kept."""

from collections.abc import Callable, Sequence

from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.job import JobContext, Relay
from core.networks.architectures.registry import blueprint
from core.training.checkpoints import CheckpointFolder
from core.training.engine import train_run
from core.training.inputs import output_count
from core.training.recipe import TrainingRequest
from core.training.run import Run

OnRun = Callable[[int, Run], None]
KeeperOf = Callable[[int], CheckpointFolder | None]


def train_sweep(
    requests: Sequence[TrainingRequest],
    data: Dataset,
    test: Dataset | None,
    job: JobContext,
    runs_so_far: Sequence[Run | None] = (),
    on_run: OnRun | None = None,
    keeper_of: KeeperOf | None = None,
) -> tuple[Run, ...]:
    """Train one network per recipe, in order.

    Parameters
    ----------
    requests : sequence of TrainingRequest
        As `SweepRequest.requests` gives them.
    data, test : Dataset
        The same for all.
    job : JobContext
        Receives ``(index, Run)`` as partial results; progress is in samples of the whole sweep.
    runs_so_far : sequence of Run or None
        Of an earlier, stopped sweep, by index; may be shorter. Complete and diverged runs are taken as they are,
        partial ones are resumed.
    on_run : callable, optional
        Told the index and the run as soon as each is finished, those of `runs_so_far` not.
    keeper_of : callable, optional
        Gives the folder of each run by its index.

    Returns
    -------
    tuple of Run
        Complete, or diverged: a run whose loss became infinite does not keep the others from being trained.

    Raises
    ------
    InvalidRequest
        If a recipe does not fit the data, before anything is trained; the text names the run.
    Cancelled
        After the partial run of the moment was given to `job.partial`.
    """
    _check(requests, data)
    lengths = [request.epochs * len(data.first(request.samples)) for request in requests]
    runs: list[Run] = []
    for index, request in enumerate(requests):
        earlier = runs_so_far[index] if index < len(runs_so_far) else None
        if earlier is not None and (earlier.status == "complete" or earlier.ended):
            runs.append(earlier)
            continue
        job.check()
        part = _Part(job, index, f"{index + 1} of {len(requests)}, {request.name}", sum(lengths[:index]), sum(lengths))
        keeper = keeper_of(index) if keeper_of is not None else None
        run = train_run(request, data, test, part, resume=earlier, keeper=keeper)
        runs.append(run)
        if on_run is not None:
            on_run(index, run)
    return tuple(runs)


def _check(requests: Sequence[TrainingRequest], data: Dataset) -> None:
    for request in requests:
        try:
            blueprint(request.architecture, request.input.shape, output_count(data))
        except InvalidRequest as error:
            raise InvalidRequest(f'The run "{request.name}" cannot be trained: {error}') from error


class _Part(Relay):
    """One run of the sweep: its progress is a part of the whole, its partial results carry its index."""

    def __init__(self, parent: JobContext, index: int, name: str, before: int, total: int) -> None:
        super().__init__(parent)
        self._index, self._name, self._before, self._total = index, name, before, total

    def progress(self, done: int, total: int, text: str = "") -> None:  # noqa: ARG002  the whole sweep's counts
        super().progress(self._before + done, self._total, f"{self._name}: {text}")

    def partial(self, snapshot: object) -> None:
        super().partial((self._index, snapshot))
