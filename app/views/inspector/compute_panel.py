"""What can be computed from a network: on which data, and a form for each kind of analysis."""

from functools import partial
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QTabWidget, QVBoxLayout, QWidget

from app.actions.wording import sized
from app.views.inspector.cases_form import CasesForm
from app.views.inspector.correction_form import CorrectionForm
from app.views.inspector.entries import Entries, choose, enter, entries_of
from app.views.inspector.form import RequestForm
from app.views.inspector.form_choice import FormChoice
from app.views.inspector.image_correction_form import ImageCorrectionForm
from app.views.inspector.landscape.form import LandscapeForm
from app.views.inspector.landscape.kinds import What
from app.views.inspector.landscape.surroundings import OpenedDirections, Surroundings, surroundings_of
from app.views.inspector.measure_forms import Measured, MeasureForms
from app.views.inspector.spectrum_form import Held, SpectrumForm
from app.views.inspector.wanted_choice import Said
from app.views.made import chooser, named, text_label
from app.views.networks.sample_images import is_picture
from core.data.storing import restore_dataset
from core.errors import CorrieError
from core.session.document import DatasetItem, Document, NetworkItem
from core.session.known import known_spectrum

Corrected = Literal["row", "pairs", "cases"]


class ComputePanel(QWidget):
    """The forms for one network. Data that cannot be fed to it are not offered."""

    requested = Signal(object)  # Task
    verdicts_wanted = Signal(str, str)  # network id, data set id
    suggestions_wanted = Signal(str, object)  # network id, SuggestionRequest
    file_wanted = Signal(str)  # network id: a file of directions is to be opened for it
    edited = Signal()  # another request is described, or another form is shown

    def __init__(
        self,
        network: NetworkItem,
        document: Document,
        opened: tuple[OpenedDirections, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compute_panel")
        self._network, self._document, self._opened = network, document, opened
        self.landscape: LandscapeForm | None = None
        self.spectrum: SpectrumForm | None = None
        self.measures: MeasureForms | None = None
        self.data = chooser("compute.data", self)
        for item in document.datasets:
            if fits(network, item):
                self.data.addItem(sized(item), item.id)
        self.tabs = named(QTabWidget(self), "compute.tabs")
        self.tabs.setDocumentMode(True)
        self._choice = FormChoice(self.tabs, self)
        self.correction: CorrectionForm | None = None
        self.images: ImageCorrectionForm | None = None
        self.cases: CasesForm | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        if self.data.count() == 0:
            for widget in (self.data, self.tabs, self._choice):
                widget.hide()
            layout.addWidget(text_label(_no_data(network), "compute.no_data"))
            return
        row = QFormLayout()
        row.addRow("D&ata", self.data)
        layout.addLayout(row)
        layout.addWidget(self._choice)
        layout.addWidget(self.tabs, 1)
        self.data.currentIndexChanged.connect(self._fill)
        self.tabs.currentChanged.connect(self.edited)
        self.tabs.currentChanged.connect(self._look_at_images)
        self._fill()

    @property
    def network_id(self) -> str:
        """Of the network that the forms are for."""
        return self._network.id

    @property
    def has_data(self) -> bool:
        """Whether there are data that can be fed to the network."""
        return isinstance(self._document.items.get(self.data.currentData() or ""), DatasetItem)

    @property
    def dataset(self) -> DatasetItem:
        """The chosen data."""
        item = self._document.items[self.data.currentData()]
        if not isinstance(item, DatasetItem):
            raise TypeError(f"{item.id} is no data set")
        return item

    def entries(self) -> Entries:
        """What stands in the fields, for `enter`."""
        chosen: Entries = {"data": self.data.currentData(), "tab": self.tabs.tabText(self.tabs.currentIndex())}
        return chosen | entries_of(self._forms())

    def enter(self, entries: Entries) -> None:
        """Put back what stood in the fields of this network before."""
        choose(self.data, entries.get("data"))
        enter(self._forms(), entries)
        for form in self._forms():
            if isinstance(form, RequestForm):
                form.entered()
        for index in range(self.tabs.count()):
            if self.tabs.tabText(index) == entries.get("tab"):
                self.tabs.setCurrentIndex(index)

    def look_around(self, document: Document, opened: tuple[OpenedDirections, ...]) -> None:
        """Offer what is in the session now; the fields keep what is entered."""
        self._document, self._opened = document, opened
        if self.landscape is not None and self.has_data:
            self.landscape.look_around(self._surroundings())
        if self.spectrum is not None and self.has_data:
            self.spectrum.look_around(self._held())
        if self.measures is not None and self.has_data:
            self.measures.look_around(document, self._surroundings())

    def show_landscape(self, what: What, plane_id: str = "") -> None:
        """Turn to an analysis of the landscape, in the plane of a result if one is named."""
        if self.landscape is not None:
            self.tabs.setCurrentWidget(self.landscape)
            self.landscape.choose(what, plane_id)
            self.landscape.what.setFocus()

    def show_measured(self, measured: Measured) -> None:
        """Turn to attacks, to the curvature through training, or to size and sharpness."""
        if self.measures is not None:
            self.tabs.setCurrentWidget(self.measures.form(measured))
            self.measures.form(measured).setFocus()

    def show_spectrum(self) -> None:
        """Turn to the spectrum."""
        if self.spectrum is not None:
            self.tabs.setCurrentWidget(self.spectrum)
            self.spectrum.top.setFocus()

    def show_corrected(self, what: Corrected) -> None:
        """Turn to the correction of a row, or, of a table, the pairs of its features or all rejected rows."""
        if self.correction is None and self.images is None:
            known = [item for item in self._document.datasets if is_corrected(self._network, item)]
            place = next((found for item in known if (found := self.data.findData(item.id)) >= 0), -1)
            if place >= 0:
                self.data.setCurrentIndex(place)
        if self.images is not None and what == "row":
            self.tabs.setCurrentWidget(self.images)
            self.images.row.setFocus()
        if self.correction is None or self.cases is None:
            return
        form = self.cases if what == "cases" else self.correction
        self.tabs.setCurrentWidget(form)
        (self.correction.offer.pairs if what == "pairs" else form).setFocus()

    def set_verdicts(self, said: Said) -> None:
        """Tell the forms what is said of every sample of the chosen data."""
        for form in (self.correction, self.cases, self.images):
            if form is not None:
                form.set_verdicts(said)

    @property
    def form(self) -> RequestForm | None:
        """The form that is shown."""
        shown = self.tabs.currentWidget()
        return shown if isinstance(shown, RequestForm) else None

    @property
    def network(self) -> NetworkItem:
        """The network that the forms are for."""
        return self._network

    def _surroundings(self) -> Surroundings:
        tests = tuple(item for item in self._document.datasets if fits(self._network, item))
        return surroundings_of(self._network, self.dataset, self._document, tests, self._opened)

    def _forms(self) -> list[QWidget]:
        return [form for index in range(self.tabs.count()) if (form := self.tabs.widget(index)) is not None]

    def _fill(self) -> None:
        self._make_forms()
        self._choice.refresh()

    def _make_forms(self) -> None:
        for form in self._forms():
            form.deleteLater()
        self.tabs.clear()
        self.correction = self.cases = self.images = None
        item = self.dataset
        self.landscape = LandscapeForm(self._surroundings())
        self.landscape.file_wanted.connect(lambda: self.file_wanted.emit(self._network.id))
        self.landscape.edited.connect(self.edited)
        self._add("Landscape", self.landscape)
        self.spectrum = SpectrumForm(item.samples, self._network, known=self._held())
        self.spectrum.edited.connect(self.edited)
        self._add("Spectrum", self.spectrum)
        self.measures = MeasureForms(self._network, item, self._document, self._surroundings())
        for title, form in self.measures:
            form.edited.connect(self.edited)
            self._add(title, form)
        if item.features is not None:
            try:
                data = restore_dataset(item)
                self.correction = CorrectionForm(data, item.features)
                self.cases = CasesForm(data, item.features, self._other_networks)
            except CorrieError as error:
                self.tabs.addTab(text_label(str(error)), "Correction")
                return
            self.tabs.setCurrentIndex(self._add("Correction", self.correction))
            self.correction.offer.suggestions_wanted.connect(partial(self.suggestions_wanted.emit, self._network.id))
            self._add("Cases", self.cases)
            self.verdicts_wanted.emit(self._network.id, item.id)
        elif takes_pictures(self._network, item):
            self._add_images(item)

    def _add_images(self, item: DatasetItem) -> None:
        channels, height, width = self._network.card.input.shape
        shape, classes = (channels, height, width), self._network.card.classes
        self.images = ImageCorrectionForm(item, partial(restore_dataset, item), shape, classes)
        self.images.verdicts_wanted.connect(partial(self.verdicts_wanted.emit, self._network.id, item.id))
        self._add("Correction", self.images)

    def _look_at_images(self) -> None:
        if self.images is not None and self.tabs.currentWidget() is self.images:
            self.images.look()

    def _other_networks(self) -> tuple[str, ...]:
        """Those of the session that take the chosen data as well, by sha256."""
        others = [item for item in self._document.networks if item.sha256 != self._network.sha256]
        return tuple(dict.fromkeys(item.sha256 for item in others if fits(item, self.dataset)))

    def _held(self) -> Held:
        document, network, data = self._document, self._network, self.dataset
        return lambda request: known_spectrum(document, request, network.sha256, data.sha256, data.samples)

    def _add(self, title: str, form: RequestForm) -> int:
        form.requested.connect(
            lambda request: self.requested.emit(form.task(request, self._network.id, self.dataset.id))
        )
        return self.tabs.addTab(form, title)


def fits(network: NetworkItem, data: DatasetItem) -> bool:
    """Whether samples of that shape can be fed to the network, channels first, last, or missing."""
    return takes(network.card.input.shape, data)


def takes_pictures(network: NetworkItem, data: DatasetItem) -> bool:
    """Whether data are pictures of classes, which the network takes as such: they have handles."""
    pictures = len(network.card.input.shape) == 3 and is_picture(data.shape) and data.features is None
    return pictures and not data.targets and fits(network, data)


def is_corrected(network: NetworkItem, data: DatasetItem) -> bool:
    """Whether a sample of the data can be corrected: a row of a table with a feature card, or a picture."""
    return fits(network, data) and (data.features is not None or takes_pictures(network, data))


def takes(shape: tuple[int, ...], data: DatasetItem) -> bool:
    """Whether samples can be fed to a network that takes inputs of that shape."""
    possible = [shape]
    if len(shape) == 3:
        possible.append((*shape[1:], shape[0]))
        if shape[0] == 1:
            possible.append(shape[1:])
    return data.shape in possible


def _no_data(network: NetworkItem) -> str:
    shape = " × ".join(map(str, network.card.input.shape))
    return f"No data in this session have the shape {shape} that this network takes. Open some (Ctrl+D)."
