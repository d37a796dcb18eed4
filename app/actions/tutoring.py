"""What the drawing tutor does: trains recognisers, judges what is drawn, gives lessons."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.commands.history import History
from app.commands.items import AddItems, quoted
from app.jobs.failure import JobFailure
from app.jobs.job import Job, JobSpec
from app.jobs.latest import LatestWork
from app.jobs.manager import PULL_MILLISECONDS, JobManager
from app.jobs.recognisers import TrainedRecogniser, drawings_of, open_tutor, teach, train
from app.state.document_state import DocumentState
from core.corrections.tutor.examples import ExamplesRequest
from core.corrections.tutor.lesson import Lesson, LessonRequest
from core.data.drawings.strokes import FIELDS, SLOTS, Strokes, line_count, line_slots
from core.job import JobContext
from core.session.document import DatasetItem, NetworkItem
from core.training.recipe import TrainingRequest

if TYPE_CHECKING:
    from core.corrections.tutor.tutor import Tutor

SHAPE = (FIELDS, SLOTS)
MOST_OTHERS = 400  # drawings of each data set that a recogniser learns to tell from the canonical one


class Tutoring(QObject):
    """One recogniser at a time, chosen by `choose`; judging with it takes about a millisecond once it is open."""

    opened = Signal()  # the chosen recogniser can judge now
    trained = Signal(object)  # TrainedRecogniser, whose network is in the session now
    training_told = Signal(int, int, str)  # done, total, text
    training_changed = Signal()  # see `training`
    lesson_told = Signal(object)  # Lesson, growing or complete; at most 15 times a second
    teaching_changed = Signal()  # see `teaching`
    drawing_read = Signal(object)  # Strokes, of a data set
    failed = Signal(str)  # a sentence

    def __init__(self, state: DocumentState, history: History, jobs: JobManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._history, self._jobs = state, history, jobs
        self.recipe: TrainingRequest | None = None  # by which recognisers are trained; None: the usual one
        self.samples = ExamplesRequest.samples  # drawings that they learn from
        self._job: Job[TrainedRecogniser] | None = None
        self._tutor: Tutor | None = None
        self._chosen = ""  # id of a network
        self._newest: Lesson | None = None  # not told yet
        self._opening, self._lessons, self._reading = LatestWork(self), LatestWork(self), LatestWork(self)
        self._lessons.busy_changed.connect(self.teaching_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(PULL_MILLISECONDS)
        self._timer.timeout.connect(self._tell)
        jobs.job_progressed.connect(self._on_progress)
        jobs.job_finished.connect(self._on_finished)
        state.opened.connect(self._on_opened_document)

    @property
    def training(self) -> bool:
        """Whether a recogniser is being trained, or waits for it."""
        return self._job is not None

    @property
    def teaching(self) -> bool:
        """Whether a lesson is under way."""
        return self._lessons.busy

    @property
    def opening(self) -> bool:
        """Whether the chosen recogniser is still being opened."""
        return self._opening.busy

    def recognisers(self) -> tuple[NetworkItem, ...]:
        """The networks of the session that judge drawings with two classes."""
        networks = self._state.document.networks
        return tuple(item for item in networks if item.card.input.shape == SHAPE and len(item.card.classes) == 2)

    def drawing_sets(self) -> tuple[DatasetItem, ...]:
        """The data sets of the session that hold drawings."""
        return tuple(item for item in self._state.document.datasets if item.shape == SHAPE)

    def train(self, canonical: Strokes) -> None:
        """Train a recogniser; its network joins the session by a step that can be undone.

        Other drawings of the session are what it tells the canonical one from. Raises `InvalidRequest` if there is
        too little to recognise.
        """
        request = ExamplesRequest(canonical=canonical, samples=self.samples)
        sets, recipe = self.drawing_sets(), self.recipe
        self.stop_training()

        def work(job: JobContext) -> TrainedRecogniser:
            others = [one for item in sets for one in drawings_of(item, job, _some_rows(item.samples))]
            different = tuple(one for one in others if not _same(one, canonical))
            return train(replace(request, others=different), job, recipe)

        self._job = self._jobs.submit(JobSpec("Recogniser of a drawing", work))
        self.training_changed.emit()

    def stop_training(self) -> None:
        """Nothing comes of a recogniser whose training is stopped."""
        if self._job is not None:
            self._jobs.stop(self._job)

    def choose(self, network_id: str) -> None:
        """Judge with this network from now on; `opened` tells when."""
        if network_id == self._chosen and (self._tutor is not None or self._opening.busy):
            return
        self._tutor, self._chosen = None, network_id
        self.stop_teaching()
        item = self._state.document.items.get(network_id)
        if not isinstance(item, NetworkItem):
            self._opening.stop()
            return

        def work(job: JobContext) -> "Tutor":
            return open_tutor(item, job)

        self._opening.start(item.name, work, self._on_tutor, self._on_failed)

    def lead(self, drawing: Strokes) -> float | None:
        """By how much a drawing is recognised, in logits; None while there is no recogniser, or there are no lines."""
        lines = line_count(drawing)
        if self._tutor is None or not 0 < lines <= SLOTS:
            return None
        return float(self._tutor.leads([drawing])[0])

    def teach(self, request: LessonRequest) -> None:
        """Give a lesson; `lesson_told` tells it while it grows. Another one that is under way is left."""
        tutor = self._tutor
        if tutor is None:
            return

        def told(lesson: Lesson) -> None:
            self._newest = lesson  # in the other thread; the window looks for it 15 times a second

        def work(job: JobContext) -> Lesson:
            return teach(tutor, request, job, told)

        self._newest = None
        self._timer.start()
        self._lessons.start("the lesson", work, self._on_lesson, self._on_failed)

    def stop_teaching(self) -> None:
        """What is proved by now stays."""
        self._tell()
        self._timer.stop()
        self._lessons.stop()

    def read(self, item: DatasetItem, row: int) -> None:
        """Read a drawing of a data set; `drawing_read` brings it."""

        def work(job: JobContext) -> Strokes:
            return drawings_of(item, job, (row,))[0]

        self._reading.start(item.name, work, self.drawing_read.emit, self._on_failed)

    def _tell(self) -> None:
        lesson, self._newest = self._newest, None
        if lesson is not None:
            self.lesson_told.emit(lesson)

    def _on_tutor(self, tutor: "Tutor") -> None:
        self._tutor = tutor
        self.opened.emit()

    def _on_lesson(self, lesson: Lesson) -> None:
        self._newest = None
        self._timer.stop()
        self.lesson_told.emit(lesson)

    def _on_failed(self, failure: JobFailure) -> None:
        self._timer.stop()
        self.failed.emit(failure.message)

    def _on_progress(self, job: Job[object], done: int, total: int, text: str, _left: float | None) -> None:
        if job is self._job:
            self.training_told.emit(done, total, text)

    def _on_finished(self, job: Job[object]) -> None:
        if job is not self._job:
            return
        self._job = None
        if isinstance(made := job.result, TrainedRecogniser):
            self._history.receive(AddItems((made.network,), f"train {quoted(made.network.name)}"))
            self.trained.emit(made)
        elif job.failure is not None:
            self.failed.emit(job.failure.message)
        self.training_changed.emit()

    def _on_opened_document(self) -> None:
        self.stop_training()
        self._job = None
        self._tutor, self._chosen = None, ""
        self._opening.stop()
        self.stop_teaching()
        self.training_changed.emit()


def _some_rows(samples: int) -> list[int]:
    """From all over a data set, whose drawings may be sorted by word."""
    rows = np.unique(np.linspace(0, samples - 1, min(samples, MOST_OTHERS)).round().astype(int))
    return [int(row) for row in rows]


def _same(one: Strokes, other: Strokes) -> bool:
    """Whether two drawings have the same lines."""
    if not 0 < line_count(one) <= SLOTS:
        return True  # nothing to learn from
    return bool(np.array_equal(line_slots(one), line_slots(other)))
