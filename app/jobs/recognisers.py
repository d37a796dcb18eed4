"""Recognisers of one drawing: trained, opened, and asked for a lesson, in whatever thread is not the window's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.engines import import_analyses, import_training
from core.corrections.tutor.examples import ExamplesRequest
from core.corrections.tutor.lesson import Lesson, LessonRequest
from core.data.drawings.reading import is_drawings, read_drawings, strokes_on_paper
from core.data.drawings.strokes import Strokes, strokes_of
from core.data.storing import restore_dataset
from core.job import JobContext, Relay
from core.session.document import DatasetItem, NetworkItem
from core.training.recipe import TrainingRequest

if TYPE_CHECKING:  # this module is imported by the window, before torch
    from core.corrections.tutor.tutor import Tutor

MOST_READ = 2000  # drawings of a file that are read again for the sake of their strokes


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainedRecogniser:
    """A network for the session, and how well it does on drawings that it has not seen."""

    network: NetworkItem
    accuracy: float  # 0 to 1
    kinds: tuple[tuple[str, float], ...]  # of drawings, and the share it is right about


def train(request: ExamplesRequest, job: JobContext, recipe: TrainingRequest | None = None) -> TrainedRecogniser:
    """Train a recogniser of one drawing, by the usual recipe if none is given. Raises what the engines raise."""
    import_training()
    from core.corrections.tutor.recogniser import train_recogniser  # noqa: PLC0415  imports torch
    from core.networks.storing import store_network  # noqa: PLC0415

    made = train_recogniser(request, job, recipe)
    told = f"{made.network.card.description} {made.accuracy:.1%} of held-out drawings are judged rightly."
    network = replace(made.network, card=replace(made.network.card, description=told))
    return TrainedRecogniser(network=store_network(network), accuracy=made.accuracy, kinds=made.kinds)


def open_tutor(item: NetworkItem, job: JobContext) -> "Tutor":
    """The tutor of a network of the session. Raises what the engines raise."""
    job.check()
    import_analyses()
    from core.corrections.tutor.tutor import Tutor  # noqa: PLC0415  imports torch
    from core.networks.storing import restore_network  # noqa: PLC0415

    return Tutor(restore_network(item))


def teach(tutor: "Tutor", request: LessonRequest, job: JobContext, told: Callable[[Lesson], object]) -> Lesson:
    """A lesson; `told` gets each snapshot of it, in the thread of this call."""
    return tutor.lesson(request, _Telling(job, told))


def drawings_of(item: DatasetItem, job: JobContext, rows: Sequence[int]) -> tuple[Strokes, ...]:
    """Some drawings of a data set, with the strokes of its file, or with lines that meet joined into strokes.

    Raises
    ------
    DataError, UnreadableFile
        If the drawings are not in the session, and their file is not what it was.
    """
    job.progress(0, 0, "opening the drawings")
    data, origin = restore_dataset(item), Path(item.origin)
    if item.samples <= MOST_READ and item.origin and origin.exists() and is_drawings(origin):
        drawn = read_drawings(origin, job=job)
        if len(drawn) == len(data):
            return tuple(strokes_on_paper(drawn[row]) for row in rows)
    return tuple(strokes_of(data.x[row]) for row in rows)


class _Telling(Relay):
    """Passes everything on, and snapshots to whoever wants them."""

    def __init__(self, job: JobContext, told: Callable[[Lesson], object]) -> None:
        super().__init__(job)
        self._told = told

    def partial(self, snapshot: object) -> None:
        if isinstance(snapshot, Lesson):
            self._told(snapshot)
