"""The form of the training lab: from a recipe to runs, with what they would take and what is wrong beside the field."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.actions.holding_out import held_out_samples, hold_out
from app.actions.training import TrainingTask
from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.views.made import named, text_label, with_icon
from app.views.training import form_entries
from app.views.training.looking import Cost, Looked, Looker
from app.views.training.option_fields import AdaptiveFields, RobustFields
from app.views.training.preset_chooser import PresetChooser
from app.views.training.recipe_fields import MeasureFields, RecipeFields, connect_changes
from app.views.training.section import Section
from app.views.training.subject_fields import SubjectFields
from app.views.training.sweep_fields import SweepFields
from app.views.training.words import about
from core.errors import CorrieError
from core.networks.card import InputCard
from core.session.adding import known_dataset
from core.session.document import DatasetItem, Document
from core.training.presets import ANY_INPUT, Preset, presets
from core.training.recipe import TrainingRequest
from core.training.sweep import SweepRequest

PATIENCE = 250  # milliseconds without a change before the data and architectures are looked at
MEGABYTE = 2**20


class TrainingForm(QWidget):
    """Emits what is to be trained. Everything slow is found out behind the window, the newest wish only."""

    start_wanted = Signal(object)  # list of TrainingTask
    open_wanted = Signal(str)  # an action that opens data
    changed = Signal()  # a field has another value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_form")
        self._document = Document()
        self._looker, self._looked = Looker(), Looked(input=None)
        self._cost: Cost | None = None
        self._looking, self._timing = LatestWork(self), LatestWork(self)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self._look)
        self.presets = PresetChooser()
        self.subject, self.recipe, self.measures = SubjectFields(), RecipeFields(), MeasureFields()
        self.robust, self.adaptive, self.sweep = RobustFields(), AdaptiveFields(), SweepFields()
        self.start = named(with_icon(QPushButton("&Start training"), "compute"), "training.start")
        self.summary = text_label(name="training.summary")
        self.reason = text_label(name="training.reason")
        self._build()
        self.presets.chosen.connect(self.enter_preset)
        self.start.clicked.connect(self._on_start)
        for section in self._sections():
            connect_changes(section)
            section.changed.connect(self._on_changed)
        self.subject.open_wanted.connect(self.open_wanted)
        self._enter_quick_start()
        self._on_changed()

    @property
    def busy(self) -> bool:
        """Whether data, architectures or times are still being looked at."""
        return self._timer.isActive() or self._looking.busy or self._timing.busy

    def set_document(self, document: Document) -> None:
        """Offer the data of a document."""
        if self._document.datasets != document.datasets:
            self._document = document
            self.subject.set_document(document)
        self._document = document

    def enter_preset(self, preset: Preset) -> None:
        """Fill in a recipe of the papers, or a quick one."""
        self.enter_sweep(preset.sweep(ANY_INPUT))

    def enter_sweep(self, sweep: SweepRequest) -> None:
        """Fill in a recipe and its lists; the data stay as they are chosen."""
        self.subject.set_architecture(sweep.recipe.architecture)
        self.subject.propose_name(sweep.recipe.name)
        self._enter_recipe(sweep)

    def _enter_quick_start(self) -> None:
        """The first recipe, whose architecture follows the data: a first training is short."""
        preset = presets()[0]
        self.presets.show_preset(preset)
        self._enter_recipe(preset.sweep(ANY_INPUT))

    def _enter_recipe(self, sweep: SweepRequest) -> None:
        recipe = sweep.recipe
        for fields in (self.recipe, self.measures, self.adaptive):
            fields.enter(recipe)
        self.robust.enter(next((robust for robust in (recipe.robust, *sweep.robust) if robust is not None), None))
        self.sweep.enter(sweep)

    def entries(self) -> dict[str, object]:
        """What stands in the fields."""
        return form_entries.entries_of(self)

    def enter(self, entries: Mapping[str, object]) -> None:
        """Put back what stood in the fields."""
        form_entries.enter(self, entries)
        self.subject.keep_choices()

    def tasks(self) -> list[TrainingTask]:
        """One per run.

        Raises
        ------
        CorrieError
            If the fields contradict each other; the sentence stands beside the field, too.
        """
        item, card = self.subject.item, self._looked.input
        if item is None or card is None:
            return []
        requests = self._requests(card)
        test, expected = self._test_item(item), self._expected(requests)
        return [
            TrainingTask(request=request, data=item, test=test, expected=seconds)
            for request, seconds in zip(requests, expected, strict=True)
        ]

    def _requests(self, card: InputCard) -> tuple[TrainingRequest, ...]:
        values = {**self.recipe.values(), **self.measures.values()}
        item = self.subject.item
        if item is not None and self.subject.holds_out:
            left = item.samples - held_out_samples(item)
            values["samples"] = min(left, self.measures.samples.value() or left)
        recipe = TrainingRequest(
            name=self.subject.name.text().strip() or self.subject.architecture_name,
            architecture=self.subject.architecture_name,
            input=card,
            robust=self.robust.value(),
            adaptive=self.adaptive.value(),
            **values,  # type: ignore[arg-type]  # the sections give the fields that they are named after
        )
        return self.sweep.sweep(recipe).requests()

    def _test_item(self, item: DatasetItem) -> DatasetItem | None:
        return known_dataset(self._document, hold_out(item)) if self.subject.holds_out else self.subject.test_item

    def _expected(self, requests: tuple[TrainingRequest, ...]) -> tuple[float | None, ...]:
        if self._cost is None or len(self._cost.seconds) != len(requests):
            return (None,) * len(requests)
        return self._cost.seconds

    # ---- finding out what is wrong, and what it would take

    def _on_changed(self) -> None:
        self._cost = None
        self.presets.follow(self.subject.architecture_name)
        self._timing.stop()
        self._timer.start()
        self._show()
        self.changed.emit()

    def _problem(self) -> str:
        """The first thing that is wrong; each complaint stands under its field, too."""
        problem = self.subject.problem()
        try:
            self.recipe.parsed_milestones()
            self.recipe.milestones.complain("")
        except CorrieError as error:
            self.recipe.milestones.complain(str(error))
            problem = problem or str(error)
        item, samples = self.subject.item, self.measures.samples.value()
        if item is not None and samples > item.samples:
            problem = problem or f"There are only {item.samples:,} training samples. Ask for fewer."
        if not problem:
            try:
                problem = self._trouble_of(self._requests(self._looked.input or ANY_INPUT))
            except CorrieError as error:
                problem = str(error)
        return problem

    def _trouble_of(self, requests: tuple[TrainingRequest, ...]) -> str:
        troubles = self._looked.troubles
        wrong = next((troubles[one.architecture] for one in requests if one.architecture in troubles), "")
        swept = len({one.architecture for one in requests}) > 1
        (self.sweep.architectures if swept else self.subject.architecture).complain(wrong)
        if self._looked.data_trouble:
            self.subject.data.complain(self._looked.data_trouble)
        return self._looked.data_trouble or wrong or ("" if self._cost is None else self._cost.trouble)

    def _look(self) -> None:
        item = self.subject.item
        if item is None:
            self._looked = Looked(input=None)
            self._show()
            return
        try:
            names = tuple({request.architecture: None for request in self._requests(ANY_INPUT)})
        except CorrieError:
            names = (self.subject.architecture_name,)
        inputs = self.subject.inputs.currentText() if self.subject.inputs.currentIndex() > 0 else "own"
        self._looking.start(
            "the training data",
            lambda job: self._looker.look(item, inputs, names, job),
            self._on_looked,
            self._on_failed,
        )

    def _on_looked(self, looked: Looked) -> None:
        self._looked = looked
        self._show()
        item = self.subject.item
        if looked.input is None or item is None or self._problem():
            return
        requests, test = self._requests(looked.input), self._test_item(item)
        looker = self._looker
        self._timing.start(
            "the estimate", lambda job: looker.cost(requests, item, test, job), self._on_cost, self._on_refused
        )
        self._show()

    def _on_cost(self, cost: Cost) -> None:
        self._cost = cost
        self._show()

    def _on_refused(self, failure: JobFailure) -> None:
        """The engine says that it cannot be done here: too little memory, data that do not fit."""
        self._on_cost(Cost(seconds=(), memory=0, trouble=failure.message))

    def _on_failed(self, failure: JobFailure) -> None:
        self._looked = Looked(input=None, data_trouble=failure.message)
        self._show()

    def _show(self) -> None:
        problem = self._problem()
        self.subject.describe(self._looked.parameters.get(self.subject.architecture_name))
        looking = not problem and self._looked.input is None
        self.reason.setText(f"⚠ {problem}" if problem else "Looking at the data…" if looking else "")
        self.reason.setVisible(bool(self.reason.text()))
        self.start.setEnabled(not problem and not looking)
        self.start.setToolTip(self.reason.text())
        self.summary.setVisible(not problem and not looking)
        if not problem:
            self.summary.setText(self._summary(len(self._requests(ANY_INPUT))))

    def _summary(self, runs: int) -> str:
        word = "One run" if runs == 1 else f"{runs:,} runs, one after another"
        if self._cost is None:
            return f"{word}. The time is being estimated…" if self._timing.busy else f"{word}."
        memory = f"{max(1, round(self._cost.memory / MEGABYTE)):,} MB of memory"
        return f"{word}: {about(sum(self._cost.seconds))}, {memory}."

    def _on_start(self) -> None:
        try:
            tasks = self.tasks()
        except CorrieError as error:
            self.reason.setText(f"⚠ {error}")
            self.reason.show()
            return
        if tasks:
            self.start_wanted.emit(tasks)

    # ---- the widget itself

    def _sections(self) -> tuple[Section, ...]:
        return self.subject, self.recipe, self.measures, self.robust, self.adaptive, self.sweep

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.presets)
        for section in self._sections():
            column.addWidget(section)
        column.addStretch(1)
        area = named(QScrollArea(), "training.scroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        self.start.setMinimumHeight(32)
        footer = QVBoxLayout()
        footer.setContentsMargins(12, 6, 12, 10)
        footer.setSpacing(6)
        for widget in (self.summary, self.reason, self.start):
            footer.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        layout.addLayout(footer)
