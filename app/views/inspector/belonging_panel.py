"""Whose an imported result is: the network and the data, which its file does not say."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from app.actions.wording import short, sized, tip
from app.views.inspector.compute_panel import fits
from app.views.inspector.landscape.choices import refill
from app.views.made import chooser, text_label
from core.session.document import Document, ResultItem

NOT_SAID = ("not said", "")


class BelongingPanel(QWidget):
    """Two choosers; whoever owns them links the result."""

    chosen = Signal(str, str)  # network id, data set id; "" for none

    def __init__(self, item: ResultItem, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("belonging")
        self._document = document
        self.network, self.data = chooser("belonging.network"), chooser("belonging.data")
        self.network.setToolTip("Figures, reports and other results of its plane then name this network")
        self.data.setToolTip("The data on which the losses were computed")
        refill(self.network, [NOT_SAID, *((short(each.name), each.id) for each in document.networks)])
        self.network.setCurrentIndex(max(0, self.network.findData(item.network_id)))
        self._offer_data(item.dataset_id)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("Net&work", self.network)
        form.addRow("D&ata", self.data)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        file = short(item.result.provenance.imported)
        words = f"Read from {file}, which does not say whose it is."
        if not document.networks:
            words += " Open its network to link it."
        said = text_label(words, "belonging.words")
        said.setToolTip(tip(item.result.provenance.imported))
        layout.addWidget(said)
        layout.addLayout(form)
        self.network.setEnabled(bool(document.networks))
        self.network.activated.connect(self._on_network)
        self.data.activated.connect(self._tell)

    def _offer_data(self, wanted: str) -> None:
        network = next((each for each in self._document.networks if each.id == self.network.currentData()), None)
        data = [] if network is None else [each for each in self._document.datasets if fits(network, each)]
        refill(self.data, [NOT_SAID, *((sized(each), each.id) for each in data)])
        self.data.setCurrentIndex(max(0, self.data.findData(wanted)))
        self.data.setEnabled(bool(data))

    def _on_network(self) -> None:
        self._offer_data(str(self.data.currentData() or ""))
        self._tell()

    def _tell(self) -> None:
        whose = str(self.network.currentData() or ""), str(self.data.currentData() or "")
        # Later: whoever answers changes the item, and this panel is then gone in the middle of its own event.
        QTimer.singleShot(0, self, lambda: self.chosen.emit(*whose))
