"""The import of a user's own network: what the file is, how it is fed, how it does on data."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.actions.importing import NetworkSource, TrialOnData, look_into, take_in, try_on
from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.state.document_state import DocumentState
from app.views.inspector.compute_panel import takes
from app.views.made import named, text_label
from app.views.networks.card_form import CardForm
from app.views.networks.card_target import CardTargetField
from app.views.networks.layers_table import LayersTable
from app.views.networks.number_lists import parse_shape, shape_text
from app.views.networks.source_panel import SourcePanel
from app.views.networks.trial_panel import TrialPanel
from core.errors import InvalidRequest
from core.networks.card import InputCard
from core.networks.layers import layers_of
from core.networks.options import CIFAR_NOTE, PLAIN_NOTE
from core.session.document import DatasetItem, NetworkItem

if TYPE_CHECKING:
    from core.networks.preview import NetworkPreview

PATIENCE = 400  # milliseconds after the last key
SIZE = (1080, 780)
NARROWEST = 300  # pixels of the fields


class ImportDialog(QDialog):
    """Opens a file in the background, shows what it is, and hands over the finished item."""

    imported = Signal(object, object)  # NetworkItem, Path
    choose_wanted = Signal()
    open_data_wanted = Signal()

    def __init__(self, state: DocumentState, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle("Import network")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._state, self.path = state, path
        self._preview: NetworkPreview | None = None
        self._shape_typed = self._taking_in = False
        self._described = ""  # what stands in the description without anybody having written it
        self._reading, self._trying = LatestWork(self), LatestWork(self)
        self._look_soon, self._try_soon = self._alarm(self._look), self._alarm(self._try)
        self.source = SourcePanel()
        self.form = CardForm("import", shape_editable=True)
        self.target = CardTargetField()
        self.notes = text_label(name="import.notes")
        self.summary = text_label(name="import.summary")
        self.layers = LayersTable("import.layers")
        self.trial = TrialPanel()
        self.status = text_label(name="import.status")
        self.bar = named(QProgressBar(), "import.progress")
        self.stop = named(QPushButton("&Stop"), "import.stop")
        self.accept_button = named(QPushButton("Import"), "import.accept")
        self.cancel = named(QPushButton("Cancel"), "import.cancel")
        self._lay_out()
        self._connect()
        self.resize(*SIZE)
        self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Begin with another file."""
        self._reading.stop()
        self._trying.stop()
        self.path, self._preview, self._shape_typed = path, None, False
        self.source.set_path(path)
        self.form.empty()
        self.target.set_folder(path.parent)
        self.target.setVisible(self.source.kind != "network card")
        self.layers.set_layers([])
        self.notes.setText("")
        self.summary.setText("")
        self.trial.clear("")
        self._fill_data()
        if self.source.kind not in {None, "Python"}:
            self._look()
        self._show_state()

    def reject(self) -> None:
        """Close. What runs in the background is stopped, a child process with it."""
        self._reading.stop()
        self._trying.stop()
        super().reject()

    def _alarm(self, ring: Callable[[], object]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=PATIENCE)
        timer.timeout.connect(ring)
        return timer

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(10)
        parts: tuple[QWidget, ...] = (self.source, self.form, self.target)
        for widget in parts:
            column.addWidget(widget)
        column.addStretch(1)
        left.setMinimumWidth(NARROWEST)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(10, 0, 0, 0)
        beside.setSpacing(8)
        parts = (self.summary, self.notes, self.trial)
        for widget in parts:
            beside.addWidget(widget)
        title = QLabel("Parameters by &layer")
        title.setBuddy(self.layers)
        beside.addWidget(title)
        beside.addWidget(self.layers, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        for half in (left, right):
            splitter.addWidget(_scrolling(half))
        splitter.setSizes([SIZE[0] * 5 // 11, SIZE[0] * 6 // 11])
        buttons = QHBoxLayout()
        buttons.addWidget(self.status, 1)
        self.bar.setFixedSize(140, 12)
        self.bar.setTextVisible(False)
        self.accept_button.setDefault(True)
        parts = (self.bar, self.stop, self.cancel, self.accept_button)
        for widget in parts:
            buttons.addWidget(widget)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.accept_button)
        layout = QVBoxLayout(self)
        layout.addWidget(splitter, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.source.choose_wanted.connect(self.choose_wanted)
        self.source.changed.connect(self._look)
        self.source.run_wanted.connect(self._look)
        self.form.shape_changed.connect(self._on_shape)
        self.form.changed.connect(self._on_card)
        self.form.names_wanted.connect(self._take_names)
        self.target.changed.connect(self._show_state)
        self.trial.data_chosen.connect(self._try)
        self.trial.open_data_wanted.connect(self.open_data_wanted)
        self.trial.input_wanted.connect(self._take_input)
        self._reading.busy_changed.connect(self._show_state)
        self._trying.busy_changed.connect(self._show_state)
        for work in (self._reading, self._trying):
            work.progressed.connect(self._show_progress)
        self.stop.clicked.connect(self._on_stop)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._on_import)
        self._state.item_added.connect(self._on_item_added)
        self._state.item_removed.connect(self._fill_data)
        self._state.opened.connect(self.reject)  # the network was meant for the session before

    # ---- reading the file

    def _look(self) -> None:
        """Open the file with what is said of it."""
        if self.source.kind == "Python" and not self.source.consent.ready:
            return
        self._trying.stop()
        self.source.complain("")
        self.form.shape.complain("")
        self.trial.clear("")
        source = NetworkSource(
            path=self.path,
            architecture=self.source.architecture.name if self.source.kind == "weights" else None,
            input_card=self._typed_input(),
            factory=self.source.consent.name if self.source.kind == "Python" else None,
            agreed=self.source.kind == "Python" and self.source.consent.agreed.isChecked(),
        )
        self._reading.start(self.path.name, lambda job: look_into(source, job), self._on_preview, self._on_unreadable)

    def _typed_input(self) -> InputCard | None:
        """What a person says of the input; None if they have not said the shape."""
        if not self._shape_typed:
            return None
        try:
            shape = parse_shape(self.form.shape.field.text())
        except InvalidRequest:
            return None
        return self.form.input_card_of(shape) or InputCard(shape=shape)

    def _on_preview(self, preview: "NetworkPreview") -> None:
        first, self._preview = self._preview is None, preview
        card, network = preview.network.card, preview.network
        typed = None if first else self.form.words()
        if typed is not None:
            name, classes, description = typed
            classes = classes if len(classes) == preview.outputs else card.classes
            card = replace(card, name=name or card.name, classes=classes, description=description)
        self.form.set_card(card, preview.outputs)
        if self.source.kind == "weights":
            self.source.architecture.offer([one.architecture for one in preview.suggestions], card.architecture or "")
        self.source.set_facts(preview.size_bytes, network.sha256)
        self.summary.setText(
            f"{preview.parameters:,} parameters; input {shape_text(preview.input_shape)}; {preview.outputs:,} outputs"
        )
        self._show_notes()
        self.layers.set_layers(layers_of({name: tuple(p.shape) for name, p in network.module.named_parameters()}))
        self._fill_data()
        self._show_state()
        self._try()

    def _on_unreadable(self, failure: JobFailure) -> None:
        self._preview = None
        self.layers.set_layers([])
        self.summary.setText("")
        self.notes.setText("")
        if self._shape_typed and self.source.kind != "Python":
            self.form.shape.complain(failure.message)
        else:
            self.source.complain(failure.message)
        self._show_state()

    # ---- trying it

    def _fill_data(self) -> None:
        shape = None if self._preview is None else self._preview.input_shape
        items = [] if shape is None else [item for item in self._state.document.datasets if takes(shape, item)]
        self.trial.set_data(items)
        if shape is not None and not items:
            self.trial.clear(
                f"No data in this session have the shape {shape_text(shape)} that this network takes. "
                "Open some to see whether it is fed as it was in training."
            )

    def _on_item_added(self, item_id: str) -> None:
        item = self._state.document.items.get(item_id)
        if self._preview is not None and isinstance(item, DatasetItem) and takes(self._preview.input_shape, item):
            self._fill_data()
            self._try()

    def _try(self) -> None:
        """Run the network on the chosen data as the fields say that it is fed."""
        data = self._state.document.items.get(self.trial.data.currentData() or "")
        given = self.form.input_card()
        if self._preview is None or not isinstance(data, DatasetItem) or given is None or self._reading.busy:
            return
        network, names = self._preview.network, self.form.words()[1]
        self.trial.clear("Trying it on some samples…")

        def done(tried: TrialOnData) -> None:
            self.trial.show_trial(tried, names)

        self._trying.start(
            data.name,
            lambda job: try_on(network, given, data, job),
            done,
            lambda failure: self.trial.clear(failure.message),
        )

    def _take_input(self, card: InputCard) -> None:
        self.form.set_input(card)
        self._on_card()
        self._try()

    def _take_names(self) -> None:
        data = self._state.document.items.get(self.trial.data.currentData() or "")
        if isinstance(data, DatasetItem) and data.classes:
            self.form.set_classes(data.classes)
        else:
            self.form.classes.complain("Choose data with named classes at the right first.")

    # ---- fields

    def _on_shape(self) -> None:
        self._shape_typed = True
        if self.source.kind != "Python":
            self._look_soon.start()
        self._show_state()

    def _show_notes(self) -> None:
        """What was assumed, without what a person has said since."""
        if self._preview is None:
            return
        notes, given = self._preview.notes, self.form.input_card()
        fed_otherwise = given is not None and given != self._preview.network.card.input
        said = [note for note in notes if not (fed_otherwise and note in (CIFAR_NOTE, PLAIN_NOTE))]
        self.notes.setText(" ".join(said))
        if self.form.words()[2] in (" ".join(notes), self._described):  # nobody has written another description
            self._described = " ".join(said)
            self.form.set_description(self._described)

    def _on_card(self) -> None:
        self._show_notes()
        self._try_soon.start()
        self._show_state()

    def _on_stop(self) -> None:
        taking, reading = self._taking_in, self._reading.busy
        self._taking_in = False
        self._reading.stop()
        self._trying.stop()
        if reading and not taking and self._preview is None:
            self.source.complain("It was stopped before it was read. Choose it again, or change a field.")
        if not reading:
            self.trial.clear("It was stopped.")
        self._show_state()

    def _show_progress(self, done: int, total: int, text: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setToolTip(text)

    def _show_state(self) -> None:
        """What can be pressed now, and why not."""
        busy = self._reading.busy or self._trying.busy
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        if not busy:
            self.bar.setRange(0, 0)
        self.source.consent.set_busy(busy=self._reading.busy)
        card = None if self._preview is None else self.form.card()
        program = None if self._preview is None else self._preview.network.program
        self.target.set_network(card, is_program=program is not None)
        self.accept_button.setEnabled(card is not None and not self._reading.busy and not self.target.complaint)
        self.status.setText(self._why_not(has_card=card is not None))

    def _why_not(self, *, has_card: bool) -> str:
        if self._taking_in:
            return "Importing…"
        if self._reading.busy:
            return f"Reading {self.path.name}…"
        if self._preview is None:
            waits = self.source.kind == "Python" and not self.source.consent.output.toPlainText()
            return "Agree, then press Run." if waits else "The file could not be read yet."
        if not has_card or self.target.complaint:
            return "Correct what is marked with ⚠."
        return "Trying it on data…" if self._trying.busy else ""

    # ---- into the session

    def _on_import(self) -> None:
        card = self.form.card()
        if self._preview is None or card is None:
            return
        network, target = self._preview.network, self.target.target()
        self._trying.stop()
        self._taking_in = True
        self._reading.start(
            card.name, lambda job: take_in(network, card, target, job), self._on_taken_in, self._on_not_taken_in
        )

    def _on_taken_in(self, item: NetworkItem) -> None:
        self._taking_in = False
        self.imported.emit(item, self.path)
        self.accept()

    def _on_not_taken_in(self, failure: JobFailure) -> None:
        self._taking_in = False
        self.target.complain(failure.message)
        self._show_state()


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(content)
    return area
