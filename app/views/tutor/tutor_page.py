"""The page of the drawing tutor: the paper with the verdict above it, and three steps beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.actions.tutoring import Tutoring
from app.actions.wording import sized
from app.jobs.recognisers import TrainedRecogniser
from app.state.document_state import DocumentState
from app.views.pages.page import Page
from app.views.tutor.keeping import lesson_from_plain, lesson_to_plain
from app.views.tutor.paper import standing_of
from app.views.tutor.paper_panel import PaperPanel
from app.views.tutor.sketch import from_plain, strokes_by_key, to_plain
from app.views.tutor.steps_panel import StepsPanel
from app.views.tutor.words import (
    LEARNT_ANOTHER,
    MOVE_AN_END,
    NO_CANONICAL,
    NO_RECOGNISER,
    NOTHING,
    drawing_words,
    end_words,
    kinds_words,
    lesson_words,
)
from core.corrections.tutor.lesson import Lesson, LessonRequest
from core.data.drawings.strokes import Strokes, line_count
from core.errors import CorrieError
from core.session.document import DatasetItem, NetworkItem

PAGE_ID = "page:tutor"
SIDE_BY_SIDE = 640  # pixels of width from which the steps stand beside the paper
STEPS_WIDTH = 300  # pixels
UNLIMITED = (1 << 24) - 1  # pixels, as Qt says it


class TutorPage(Page):
    """Follows the session; what is drawn, and what is canonical, is kept with it."""

    export_wanted = Signal(object, str)  # Lesson, name of its network
    icon_name = "tutor"

    def __init__(self, state: DocumentState, tutoring: Tutoring) -> None:
        super().__init__(PAGE_ID)
        self._state, self._tutoring = state, tutoring
        self._canonical: Strokes = ()
        self._of_network: dict[str, Strokes] = {}  # the canonical drawing that each recogniser learnt
        self._trained_on: Strokes = ()  # while one is trained
        self._lesson_of = ""  # sha256 of the network that the lesson is about
        self._filling = False
        self.panel, self.steps = PaperPanel(), StepsPanel()
        self.paper, self.verdict, self.note = self.panel.paper, self.panel.verdict, self.panel.note
        self._lay_out()
        self._connect()
        self._set_canonical(())
        self.refresh()
        self._on_edited()

    def view_state(self) -> dict[str, object]:
        return {
            "canonical": to_plain(self._canonical),
            "drawing": to_plain(self.paper.sketch.strokes),
            "learnt": {key: to_plain(one) for key, one in self._of_network.items()},
            "network": self.steps.network.currentData(),
            "template": self.steps.template.isChecked(),
            "lesson": None if self.paper.lesson is None else lesson_to_plain(self.paper.lesson, self._lesson_of),
        }

    def restore_view(self, state: dict[str, object]) -> None:
        self._of_network = strokes_by_key(state.get("learnt"))
        self._set_canonical(from_plain(state.get("canonical")))
        if drawing := from_plain(state.get("drawing")):
            self.paper.put(drawing)
        self.steps.template.setChecked(state.get("template") is not False)
        if (index := self.steps.network.findData(state.get("network"))) >= 0:
            self.steps.network.setCurrentIndex(index)
        kept = lesson_from_plain(state.get("lesson"))
        if kept is not None and kept[1] == self._network_sha256():
            self._lesson_of = kept[1]
            self.paper.set_lesson(kept[0])
            self._show_lesson(kept[0])

    def refresh(self) -> None:
        """Offer what the session holds now."""
        self._filling = True
        steps, sets, networks = self.steps, self._tutoring.drawing_sets(), self._tutoring.recognisers()
        chosen, before = steps.data.currentData(), {steps.network.itemData(i) for i in range(steps.network.count())}
        steps.data.clear()
        for item in sets:
            steps.data.addItem(sized(item), item.id)
        steps.data.setCurrentIndex(max(0, steps.data.findData(chosen)) if sets else -1)
        steps.data.setVisible(bool(sets))
        steps.row.setVisible(bool(sets))
        steps.load.setVisible(bool(sets))
        wanted = steps.network.currentData()
        fresh = [item.id for item in networks if item.id not in before]
        wanted = fresh[-1] if fresh else wanted
        steps.network.clear()
        for network in networks:
            steps.network.addItem(network.name, network.id)
        steps.network.setCurrentIndex(max(0, steps.network.findData(wanted)) if networks else -1)
        steps.network.setVisible(len(networks) > 1)
        self._filling = False
        self._on_data()
        self._on_network()

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= SIDE_BY_SIDE
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._middle.direction() != wanted:
            self._middle.setDirection(wanted)
        self.steps.setMaximumWidth(STEPS_WIDTH if beside else UNLIMITED)
        self.paper.setMaximumHeight(UNLIMITED if beside else self.width())
        super().resizeEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.setSpacing(0)
        self._middle.addWidget(self.panel, 3)
        self._middle.addWidget(self.steps, 2)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _connect(self) -> None:
        steps, paper, tutoring = self.steps, self.paper, self._tutoring
        paper.edited.connect(self._on_edited)
        paper.chosen_changed.connect(self._show_buttons)
        paper.placed.connect(self._judge)
        steps.data.currentIndexChanged.connect(self._on_data)
        steps.load.clicked.connect(self._on_load)
        steps.use.clicked.connect(lambda: self._set_canonical(paper.sketch.strokes))
        steps.show_canonical.clicked.connect(lambda: paper.put(self._canonical))
        steps.template.toggled.connect(self._on_template)
        steps.train.clicked.connect(self._on_train)
        steps.network.currentIndexChanged.connect(self._on_network)
        steps.correct.clicked.connect(self._on_correct)
        steps.take.clicked.connect(self._on_take)
        steps.export.clicked.connect(self._on_export)
        tutoring.drawing_read.connect(paper.put)
        tutoring.opened.connect(self._on_opened)
        tutoring.trained.connect(self._on_trained)
        tutoring.training_told.connect(self._on_training_told)
        tutoring.training_changed.connect(self._show_training)
        tutoring.lesson_told.connect(self._on_lesson)
        tutoring.teaching_changed.connect(self._show_buttons)
        tutoring.failed.connect(self.note.setText)
        self._state.document_changed.connect(self.refresh)

    def _set_canonical(self, strokes: Strokes) -> None:
        self._canonical = strokes
        self.paper.template = strokes
        self.paper.update()
        words = f"Canonical: {drawing_words(strokes)}." if strokes else NO_CANONICAL
        self.steps.canonical_state.setText(words)
        self._show_training()
        self.view_changed.emit()

    def _on_template(self, shown: bool) -> None:  # noqa: FBT001  Qt's signal
        self.paper.show_template = shown
        self.paper.update()
        self.view_changed.emit()

    def _on_data(self) -> None:
        item = self._data()
        self.steps.row.setMaximum(0 if item is None else item.samples - 1)

    def _on_load(self) -> None:
        if (item := self._data()) is not None:
            self._tutoring.read(item, self.steps.row.value())

    def _on_train(self) -> None:
        if self._tutoring.training:
            self._tutoring.stop_training()
            return
        try:
            self._tutoring.train(self._canonical)
            self._trained_on = self._canonical
        except CorrieError as error:
            self.note.setText(str(error))

    def _on_training_told(self, done: int, total: int, text: str) -> None:
        self.steps.progress.show_progress(done, total)
        self.steps.recogniser_state.setText(f"Training: {text}" if text else "Training…")

    def _on_trained(self, made: TrainedRecogniser) -> None:
        self._of_network[made.network.id] = self._trained_on
        self.steps.network.setCurrentIndex(self.steps.network.findData(made.network.id))
        self._show_training()
        self.steps.recogniser_state.setToolTip(kinds_words(made.kinds))
        self.view_changed.emit()

    def _show_training(self) -> None:
        training = self._tutoring.training
        self.steps.train.setText("Stop training" if training else "Train a recogniser on this drawing")
        self.steps.progress.setVisible(training)
        if not training:
            item = self._network()
            learnt = self._of_network.get(self._network_id, self._canonical)
            words = NO_RECOGNISER if item is None else item.card.description
            if self._canonical and to_plain(learnt) != to_plain(self._canonical):
                words += LEARNT_ANOTHER
            self.steps.recogniser_state.setText(words)
        self._show_buttons()

    def _on_network(self) -> None:
        if self._filling:
            return
        self._tutoring.choose(self._network_id)
        if (learnt := self._of_network.get(self._network_id)) and not self._canonical:
            self._set_canonical(learnt)
        self._show_training()
        if self.paper.lesson is not None and self._lesson_of != self._network_sha256():
            self._on_edited()
        self._judge()

    def _on_opened(self) -> None:
        """The recogniser can judge now; what was kept of a lesson of it stays."""
        self._judge()
        self._show_buttons()

    def _data(self) -> DatasetItem | None:
        item = self._state.document.items.get(self.steps.data.currentData() or "")
        return item if isinstance(item, DatasetItem) else None

    @property
    def _network_id(self) -> str:
        return self.steps.network.currentData() or ""

    def _network(self) -> NetworkItem | None:
        item = self._state.document.items.get(self._network_id)
        return item if isinstance(item, NetworkItem) else None

    def _network_sha256(self) -> str:
        item = self._network()
        return "" if item is None else item.sha256

    def _on_edited(self) -> None:
        """Another drawing, or another recogniser: what was proved is about something else."""
        self._tutoring.stop_teaching()
        self.paper.set_lesson(None)
        self.steps.lesson_state.setText("")
        self.note.setText("")
        self._judge()
        self._show_buttons()
        self.view_changed.emit()

    def _judge(self) -> None:
        """Ask the network about the drawing, or about the suggestion where there is one with its ends as they are."""
        strokes = self.paper.suggested() if self.paper.lesson is not None else self.paper.sketch.strokes
        lead = self._tutoring.lead(strokes)
        self._show_verdict(strokes, lead)
        self._show_placement(lead)

    def _show_verdict(self, strokes: Strokes, lead: float | None) -> None:
        if lead is not None:
            said = "Recognised" if lead > 0 else "Not recognised"
            if self.paper.lesson is not None:
                said = f"Completed: {said.lower()}"
            self.verdict.show_lead(lead, f"{'✓' if lead > 0 else '✗'}  {said}")
        elif not line_count(strokes):
            self.verdict.show_lead(None, NOTHING)
        else:
            opening = self._tutoring.opening
            self.verdict.show_lead(None, "Opening the recogniser…" if opening else "No recogniser judges it yet.")

    def _on_correct(self) -> None:
        if self._tutoring.teaching:
            self._tutoring.stop_teaching()
            return
        canonical = self._of_network.get(self._network_id) or self._canonical
        try:
            request = LessonRequest(
                drawing=self.paper.sketch.strokes,
                canonical=canonical,
                stroke=self.paper.chosen,
                stability=self.steps.stability.value(),
                seconds=float(self.steps.seconds.value()),
            )
        except CorrieError as error:
            self.note.setText(str(error))
            return
        self.note.setText("")
        self._lesson_of = self._network_sha256()
        self._tutoring.teach(request)

    def _on_lesson(self, lesson: Lesson) -> None:
        self.paper.set_lesson(lesson)
        self._show_lesson(lesson)
        if lesson.status == "complete":
            self.view_changed.emit()

    def _show_lesson(self, lesson: Lesson) -> None:
        self.steps.lesson_state.setText(lesson_words(lesson))
        self.steps.lesson_progress.show_progress(round(lesson.seconds * 10), round(lesson.request.seconds * 10))
        if lesson.free and self.paper.end is None:
            self.note.setText(MOVE_AN_END)
        self._judge()
        self._show_buttons()

    def _show_placement(self, lead: float | None) -> None:
        """What is proved, or else what the network says, of the ends where they are now."""
        lesson, paper = self.paper.lesson, self.paper
        if lesson is None or not lesson.free:
            return
        proved = lesson.proves(paper.placement)  # needs no network: in a session it was proved long ago
        paper.set_standing("proved" if proved else standing_of(lead))
        if paper.end is not None:
            self.note.setText(end_words(lesson, paper.placement, paper.end, lead))

    def _on_take(self) -> None:
        if self.paper.lesson is not None:
            self.paper.put(self.paper.suggested())

    def _on_export(self) -> None:
        if self.paper.lesson is not None:
            self.export_wanted.emit(self.paper.lesson, self.steps.network.currentText())

    def _show_buttons(self) -> None:
        steps, paper, tutoring = self.steps, self.paper, self._tutoring
        drawn, teaching = line_count(paper.sketch.strokes) > 0, tutoring.teaching
        self.panel.show_state()
        steps.use.setEnabled(drawn)
        steps.show_canonical.setEnabled(bool(self._canonical))
        steps.template.setEnabled(bool(self._canonical))
        steps.train.setEnabled(bool(self._canonical) or tutoring.training)
        ready = steps.network.count() > 0 and not tutoring.opening and bool(self._canonical or self._of_network)
        steps.correct.setEnabled(teaching or ready)
        which = "Correct the chosen stroke" if paper.chosen is not None else "&Correct this drawing"
        steps.correct.setText("Stop, and keep what is proved" if teaching else which)
        steps.lesson_progress.setVisible(teaching)
        for button in (steps.take, steps.export):
            button.setEnabled(paper.lesson is not None)
