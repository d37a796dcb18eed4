"""The inspector: everything about what is selected, and what can be done with it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QStyle, QVBoxLayout, QWidget

from app.actions.computing import Computations, Pending
from app.actions.estimating import Paces
from app.actions.readings import heard_of
from app.actions.training import PendingRun, Trainings
from app.actions.wording import short, tip
from app.jobs.foretelling import estimate_words
from app.state.document_state import DocumentState
from app.state.selection import Selection
from app.views.inspector.box_panel import BoxPanel
from app.views.inspector.compute_panel import ComputePanel, Corrected, fits
from app.views.inspector.entries import Entries
from app.views.inspector.facts import Facts
from app.views.inspector.landscape.kinds import What
from app.views.inspector.landscape.surroundings import OpenedDirections
from app.views.inspector.measure_forms import Measured
from app.views.inspector.pairs_offer import PairsOffer
from app.views.inspector.pending_panel import PendingPanel
from app.views.inspector.result_panel import ResultPanel
from app.views.inspector.run_panel import RunPanel
from app.views.inspector.words import dataset_facts, network_facts, provenance_facts
from app.views.made import named, text_label, with_icon
from core.corrections.records.correction import Box, Correction
from core.corrections.records.suggestion import Suggestion, SuggestionRequest
from core.exchange.run_words import run_facts
from core.landscape.plane import Directions
from core.session.document import DatasetItem, Item, NetworkItem, ResultItem, RunItem

LONGEST_TITLE = 240  # characters
NOTHING = "Select a network to compute from it, or a result to see how it was obtained."


class Inspector(QScrollArea):
    """Follows the selection. Its panels are made anew for each item, so none shows another's values."""

    requested = Signal(object)  # Task
    verdicts_wanted = Signal(str, str)  # network id, data set id
    suggestions_wanted = Signal(str, object)  # network id, SuggestionRequest
    resume_wanted = Signal(str)  # item id
    stop_wanted = Signal(str)  # item id
    box_edited = Signal(str, object)  # item id, Box
    snap_wanted = Signal(str)  # item id
    file_wanted = Signal(str)  # network id: a file of directions is to be opened for it
    checkpoint_wanted = Signal(str, int)  # id of a run, epoch
    link_wanted = Signal(str, str, str)  # item id of an imported result, network id, data set id

    def __init__(
        self,
        state: DocumentState,
        computations: Computations,
        trainings: Trainings,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._state, self._computations, self._selection = state, computations, selection
        self._trainings = trainings
        self.compute: ComputePanel | None = None
        self.box: BoxPanel | None = None
        self._shown: Item | None = None
        self._heard: tuple[tuple[str, str], ...] = ()  # what the words about the shown result rest on
        self._paces = Paces(parent=self)
        self._paces.measured.connect(self._estimate)
        self._entries: dict[str, Entries] = {}  # by network id, as long as the session is open
        self._directions: dict[str, tuple[OpenedDirections, ...]] = {}  # by network id, the same
        selection.changed.connect(self.refresh)
        state.item_changed.connect(self._on_item_changed)
        state.item_added.connect(self._on_data_changed)
        state.item_removed.connect(self._on_data_changed)
        state.opened.connect(self._on_opened)
        for source in (computations, trainings):
            source.submitted.connect(self._on_item_changed)
            source.ended.connect(self._on_item_changed)
        self.refresh()

    def refresh(self) -> None:
        """Make the panels for what is selected now."""
        self._keep_entries()
        self._paces.forget()
        self.compute = self.box = None
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(10)
        item_id = self._selection.current_id or ""
        item = self._state.document.items.get(item_id)
        pending = self._computations.pending.get(item_id) or self._trainings.pending.get(item_id)
        self._shown = item
        if pending is not None:
            self._show_pending(layout, pending)
        elif item is not None:
            self._show_item(layout, item)
        else:
            layout.addWidget(text_label(NOTHING))
        layout.addStretch(1)
        self.setWidget(content)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setMinimumWidth(content.minimumSizeHint().width() + bar)  # there is no bar to scroll sideways

    def offer_directions(self, network_id: str, name: str, directions: Directions) -> None:
        """Offer directions that were read from a file to the form of a network, and choose them."""
        opened = OpenedDirections(name=name, directions=directions)
        known = self._directions.get(network_id, ())
        self._directions[network_id] = (opened, *(one for one in known if one.name != opened.name))
        if self.compute is not None and self.compute.network_id == network_id:
            self.compute.look_around(self._state.document, self._directions[network_id])
            if self.compute.landscape is not None:
                self.compute.landscape.directions.choose_opened(opened)

    def prepare(self, network_id: str, what: What, plane_id: str = "") -> None:
        """Select a network and turn to an analysis of it, in the plane of a result if one is named."""
        self._selection.select(network_id)
        if self.compute is not None and self.compute.landscape is not None:
            self.compute.show_landscape(what, plane_id)

    def prepare_measured(self, network_id: str, measured: Measured) -> None:
        """Select a network and turn to attacks, to its history, or to size and sharpness."""
        self._selection.select(network_id)
        if self.compute is not None:
            self.compute.show_measured(measured)

    def prepare_spectrum(self, network_id: str) -> None:
        """Select a network and turn to its spectrum."""
        self._selection.select(network_id)
        if self.compute is not None:
            self.compute.show_spectrum()

    def prepare_correction(self, network_id: str, what: Corrected) -> None:
        """Select a network and turn to the correction of a row, of its pairs of features, or of all rows."""
        self._selection.select(network_id)
        if self.compute is not None:
            self.compute.show_corrected(what)

    def show_dragged_box(self, box: Box) -> None:
        """Follow the box of the selected correction while it is dragged."""
        if self.box is not None:
            self.box.set_box(box)

    def set_verdicts(self, network_id: str, dataset_id: str, said: npt.NDArray[np.int64]) -> None:
        """Tell the form of the selected network and data what is said of every row."""
        if (
            self.compute is not None
            and self.compute.has_data
            and self._selection.current_id == network_id
            and self.compute.dataset.id == dataset_id
        ):
            self.compute.set_verdicts(said)

    def set_suggestions(self, network_id: str, request: SuggestionRequest, suggestions: Sequence[Suggestion]) -> None:
        """Tell the form of the selected network which features are worth a try."""
        if (offer := self._offer_of(network_id)) is not None:
            offer.set_suggestions(request, suggestions)

    def refuse_suggestions(self, network_id: str, request: SuggestionRequest, why: str) -> None:
        """Tell the form of the selected network why nothing can be suggested."""
        if (offer := self._offer_of(network_id)) is not None:
            offer.refuse(request, why)

    def _offer_of(self, network_id: str) -> PairsOffer | None:
        shown = self.compute if self._selection.current_id == network_id else None
        return None if shown is None or shown.correction is None else shown.correction.offer

    def _show_item(self, layout: QVBoxLayout, item: Item) -> None:
        layout.addWidget(_title(item.name))
        if isinstance(item, NetworkItem):
            self._show_network(layout, item)
        elif isinstance(item, DatasetItem):
            layout.addWidget(text_label(self._what_to_do_with(item), "data.hint"))
            layout.addWidget(Facts(dataset_facts(item)))
        elif isinstance(item, RunItem):
            self._show_run(layout, item)
        else:
            self._show_result(layout, item)

    def _what_to_do_with(self, data: DatasetItem) -> str:
        if any(fits(network, data) for network in self._state.document.networks):
            return "To compute from these data, select a network that takes them."
        return "To compute from these data, open a network that takes them (Ctrl+Shift+O)."

    def _keep_entries(self) -> None:
        if self.compute is not None:
            self._entries[self.compute.network_id] = self.compute.entries()

    def _on_opened(self) -> None:
        self.compute = None
        self._entries.clear()
        self._directions.clear()
        self.refresh()

    def _show_network(self, layout: QVBoxLayout, item: NetworkItem) -> None:
        self.compute = ComputePanel(item, self._state.document, self._directions.get(item.id, ()))
        self.compute.requested.connect(self.requested)
        self.compute.verdicts_wanted.connect(self.verdicts_wanted)
        self.compute.suggestions_wanted.connect(self.suggestions_wanted)
        self.compute.file_wanted.connect(self.file_wanted)
        self.compute.enter(self._entries.get(item.id, {}))
        self.compute.edited.connect(self._estimate)
        self._estimate()
        layout.addWidget(self.compute)
        layout.addWidget(Facts(network_facts(item)))
        if self.compute.correction is not None:
            self.verdicts_wanted.emit(item.id, self.compute.dataset.id)

    def _estimate(self) -> None:
        """Say under the button how long it will take, as soon as this machine's pace is known."""
        form = None if self.compute is None else self.compute.form
        if self.compute is None or form is None or (effort := form.effort()) is None:
            if form is not None:
                form.say(form.hint())
            return
        network, data = self.compute.network, self.compute.dataset
        curvature = effort.most.products > 0
        pace = self._paces.of(network, data, curvature=curvature)
        form.say("" if pace is None else estimate_words(effort, pace))
        self._paces.ask(network, data, curvature=curvature)

    def _show_result(self, layout: QVBoxLayout, item: ResultItem) -> None:
        self._heard = heard_of(item, self._state.document)
        if item.result.status == "partial" and not item.result.provenance.imported:  # nobody knows how it was begun
            button = named(with_icon(QPushButton("Resume"), "compute"), "resume")
            button.clicked.connect(lambda: self.resume_wanted.emit(item.id))
            layout.addWidget(button)
        if isinstance(item.result, Correction):
            self.box = BoxPanel(item.result, self._units(item))
            self.box.box_edited.connect(lambda box: self.box_edited.emit(item.id, box))
            self.box.snap_wanted.connect(lambda: self.snap_wanted.emit(item.id))
            layout.addWidget(self.box)
        panel = ResultPanel(item, self._state.document)
        panel.belonging_chosen.connect(lambda *whose: self.link_wanted.emit(item.id, *whose))
        layout.addWidget(panel)

    def _show_run(self, layout: QVBoxLayout, item: RunItem) -> None:
        panel = RunPanel(item, self._state.document)
        panel.resume_wanted.connect(lambda: self.resume_wanted.emit(item.id))
        panel.network_wanted.connect(self._selection.select)
        panel.trajectory_wanted.connect(self.requested)
        panel.checkpoint_wanted.connect(lambda epoch: self.checkpoint_wanted.emit(item.id, epoch))
        layout.addWidget(panel)
        facts = dict(run_facts(item, self._state.document))
        layout.addWidget(Facts({**facts, **provenance_facts(item.run.provenance), "Created": item.created_utc}))

    def _show_pending(self, layout: QVBoxLayout, pending: Pending | PendingRun) -> None:
        layout.addWidget(_title(pending.name))
        panel = PendingPanel(pending)
        panel.stop_wanted.connect(lambda: self.stop_wanted.emit(pending.item_id))
        layout.addWidget(panel)

    def _units(self, item: ResultItem) -> tuple[str, str]:
        data = self._state.document.items.get(item.dataset_id)
        if not isinstance(item.result, Correction) or not isinstance(data, DatasetItem) or data.features is None:
            return "", ""
        x, y = (data.features.feature(free.name).unit for free in item.result.request.free)
        return x, y

    def _on_item_changed(self, item_id: str) -> None:
        if item_id != self._selection.current_id:
            if isinstance(self._shown, ResultItem):
                self._on_data_changed(item_id)
            return
        item, before = self._state.document.items.get(item_id), self._shown
        pending = item_id in self._computations.pending or item_id in self._trainings.pending
        box = None if pending or item is None else _moved_box(item, before)
        if self.box is not None and box is not None:
            self._shown = item
            self.box.set_box(box)  # keeps the field that is being edited
        else:
            self.refresh()

    def _on_data_changed(self, item_id: str) -> None:
        """New data may fit the selected network; data that are gone can no longer be chosen.

        Other networks, runs and results are offered as partners, while the fields keep what is being entered.
        """
        item = self._state.document.items.get(item_id)
        if isinstance(self._shown, ResultItem) and self._heard != heard_of(self._shown, self._state.document):
            self.refresh()  # a spectrum or a map of the same plane changes what can be said of a surface
            return
        if isinstance(self._shown, ResultItem) and self._shown.result.provenance.imported:
            if not isinstance(item, ResultItem | RunItem):
                self.refresh()  # it may belong to a network that was opened, or no longer to one that is gone
            return
        if self.compute is None:
            return
        if isinstance(item, DatasetItem) or self.compute.data.findData(item_id) >= 0:
            self.refresh()
        else:
            self.compute.look_around(self._state.document, self._directions.get(self.compute.network_id, ()))


def _moved_box(item: Item, before: Item | None) -> Box | None:
    """The box of a correction in which nothing else has changed; None if anything else has."""
    if not isinstance(item, ResultItem) or not isinstance(before, ResultItem) or item.name != before.name:
        return None
    one, other = item.result, before.result
    if not isinstance(one, Correction) or not isinstance(other, Correction):
        return None
    same = one.status == other.status and one.accepted is other.accepted and one.stable is other.stable
    return one.box if same else None


def _title(text: str) -> QLabel:
    shortened = short(text, LONGEST_TITLE)
    label = text_label(shortened.replace("_", "_\u200b"))  # Qt takes underscores for letters, and breaks nowhere
    label.setToolTip(tip(text) if shortened != text else "")
    font = label.font()
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 1.15)
    label.setFont(font)
    return label
