"""The page of all networks and data of the session: two tables, and the chosen item in full below them."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions.evaluating import Evaluations
from app.actions.wording import short, sized
from app.commands.cards import dependents
from app.state.document_state import DocumentState
from app.state.selection import Selection
from app.views.inspector.compute_panel import fits
from app.views.inspector.fields import whole_number
from app.views.made import chooser, named, text_label, with_icon
from app.views.networks.data_details import DataDetails
from app.views.networks.item_table import ItemTable
from app.views.networks.network_details import NetworkDetails
from app.views.networks.rows import (
    DATA_COLUMNS,
    NETWORK_COLUMNS,
    DataRow,
    NetworkRow,
    data_row,
    network_row,
)
from app.views.pages.page import Page
from core.session.document import DatasetItem, NetworkItem

PAGE_ID = "page:networks"
EMPTY_WIDTH = 400  # pixels
READABLE = 560  # pixels; where there are fewer, the page scrolls
EVALUATED = 2000  # samples that a table is usually evaluated on
EMPTY = (
    "This session has no networks and no data yet. Import a network: weights, a .pt2 program, ONNX, TorchScript or a "
    "Python file. Then open data that it takes, or get a public data set."
)
NOTHING_CHOSEN = "Select a network or a data set above to see all of it."
BUTTONS = (
    ("networks.import", "Import network…", "network"),
    ("open.data", "Open data…", "data"),
    ("open.get_data", "Get data…", "open"),
    ("open.make_card", "Make feature card…", "note"),
)


class NetworksPage(Page):
    """Follows the document. Everything it wants done, it says by signals or by the actions of the window."""

    action_wanted = Signal(str)  # id of an action of the window
    card_edited = Signal(str, object)  # item id, NetworkCard
    export_wanted = Signal(str)  # item id of a network
    remove_wanted = Signal(str)  # item id

    icon_name = "network"

    def __init__(
        self,
        state: DocumentState,
        selection: Selection,
        evaluations: Evaluations,
        *,
        has_action: Callable[[str], bool],
    ) -> None:
        super().__init__(PAGE_ID)
        self._state, self._selection, self._evaluations = state, selection, evaluations
        self._has_action = has_action
        self._counted: dict[str, int] = {}  # parameters of programs, by sha256
        self._shown_id = ""  # of the item whose details are shown
        self._refreshing = False
        self.networks: ItemTable[NetworkRow] = ItemTable("networks.table", "Networks", NETWORK_COLUMNS)
        self.data: ItemTable[DataRow] = ItemTable("data.table", "Data", DATA_COLUMNS)
        self.filter = named(QLineEdit(), "networks.filter")
        self.filter.setPlaceholderText("Filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter networks and data")
        self.evaluate_on = chooser("networks.evaluate_on")
        self.samples = whole_number("networks.samples", 1, 10_000_000, EVALUATED, "Samples from all over the data")
        self.evaluate = named(with_icon(QPushButton("&Evaluate"), "compute"), "networks.evaluate")
        self.evaluate.setToolTip("Loss and accuracy of every network that takes these data")
        self.network_details = NetworkDetails()
        self.data_details = DataDetails()
        self.network_count, self.data_count = QLabel(), QLabel()
        self._lay_out()
        self._connect()
        self.refresh()

    def view_state(self) -> dict[str, object]:
        return {"filter": self.filter.text(), "data": self.evaluate_on.currentData(), "samples": self.samples.value()}

    def restore_view(self, state: dict[str, object]) -> None:
        self.filter.setText(str(state.get("filter") or ""))
        if (index := self.evaluate_on.findData(state.get("data"))) >= 0:
            self.evaluate_on.setCurrentIndex(index)
        samples = state.get("samples")
        if isinstance(samples, int):
            self.samples.setValue(samples)

    def refresh(self) -> None:
        """Show what the document holds now."""
        document = self._state.document
        self._refreshing = True
        self._fill_choice()
        data = self._chosen_data()
        rows = []
        for item in document.networks:
            known = None if data is None else self._evaluations.of(item, data)
            parameters = self._counted.get(item.sha256) if item.program is not None else item.parameter_count
            rows.append(network_row(item, document, parameters, known))
        self.networks.set_rows(rows)
        self.data.set_rows([data_row(item, document) for item in document.datasets])
        self.network_count.setText(f"<b>Networks</b> ({len(document.networks)})")
        self.data_count.setText(f"<b>Data</b> ({len(document.datasets)})")
        self._pages.setCurrentIndex(1 if document.networks or document.datasets else 0)
        self._refreshing = False
        self._show_buttons()
        self._show_details(self._shown_id)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        for action_id, text, icon_name in BUTTONS:
            bar.addWidget(self._button(action_id, text, icon_name, "networks.bar"))
        bar.addStretch(1)
        self.filter.setMaximumWidth(200)
        bar.addWidget(self.filter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty())
        self._pages.addWidget(self._tables())
        content = QWidget()
        content.setMinimumWidth(READABLE)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addLayout(bar)
        layout.addWidget(self._pages, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolling(content))

    def _button(self, action_id: str, text: str, icon_name: str, prefix: str) -> QPushButton:
        button = named(with_icon(QPushButton(text), icon_name), f"{prefix}.{action_id}")
        button.clicked.connect(lambda: self.action_wanted.emit(action_id))
        button.setVisible(self._has_action(action_id))
        return button

    def _empty(self) -> QWidget:
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setSpacing(12)
        words = text_label(EMPTY, "networks.empty")
        words.setFixedWidth(EMPTY_WIDTH)
        words.setMinimumHeight(words.heightForWidth(EMPTY_WIDTH))  # its layout asks for less, and cuts the last line
        column.addStretch(1)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        for action_id, text, icon_name in (BUTTONS[0], BUTTONS[1], BUTTONS[2]):
            button = self._button(action_id, text, icon_name, "networks.empty")
            button.setFixedWidth(220)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return empty

    def _tables(self) -> QWidget:
        ask = QHBoxLayout()
        ask.addWidget(self.network_count)
        ask.addStretch(1)
        for text, field in (("&on", self.evaluate_on), ("&up to", self.samples)):
            label = QLabel(text)
            label.setBuddy(field)
            ask.addWidget(label)
            ask.addWidget(field)
        ask.insertWidget(2, self.evaluate)
        self.evaluate_on.setMinimumWidth(150)
        ask.addWidget(QLabel("samples"))
        splitter = named(QSplitter(Qt.Orientation.Vertical), "networks.splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(_with_heading(ask, self.networks))
        heading = QHBoxLayout()
        heading.addWidget(self.data_count)
        heading.addStretch(1)
        splitter.addWidget(_with_heading(heading, self.data))
        self._details = QStackedWidget()
        nothing = text_label(NOTHING_CHOSEN, "networks.nothing_chosen")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setEnabled(False)
        for page in (nothing, self.network_details, self.data_details):
            self._details.addWidget(page)
        splitter.addWidget(_scrolling(self._details))
        for index, stretch in enumerate((3, 2, 5)):
            splitter.setStretchFactor(index, stretch)
        splitter.setSizes([150, 130, 320])
        return splitter

    def _connect(self) -> None:
        self.filter.textChanged.connect(self.networks.set_filter)
        self.filter.textChanged.connect(self.data.set_filter)
        self.filter.textChanged.connect(self.view_changed)
        self.evaluate.clicked.connect(self._on_evaluate)
        self.evaluate_on.currentIndexChanged.connect(self._on_choice)
        self.samples.valueChanged.connect(self.view_changed)
        for table in (self.networks, self.data):
            table.chosen.connect(self._on_chosen)
            table.remove_wanted.connect(self.remove_wanted)
        self.network_details.apply_wanted.connect(self.card_edited)
        self.network_details.export_wanted.connect(self.export_wanted)
        self.network_details.remove_wanted.connect(self.remove_wanted)
        self.network_details.counted.connect(self._on_counted)
        self.data_details.remove_wanted.connect(self.remove_wanted)
        self._state.document_changed.connect(self.refresh)
        self._state.opened.connect(self._on_opened)
        self._evaluations.changed.connect(self.refresh)
        self._selection.changed.connect(self._on_selected)
        self._on_selected()

    def _fill_choice(self) -> None:
        """The data that networks can be evaluated on."""
        wanted = [(sized(item), item.id) for item in self._state.document.datasets]
        have = [(self.evaluate_on.itemText(i), self.evaluate_on.itemData(i)) for i in range(self.evaluate_on.count())]
        if wanted == have:
            return
        chosen = self.evaluate_on.currentData()
        self.evaluate_on.clear()
        for text, item_id in wanted:
            self.evaluate_on.addItem(text, item_id)
        self.evaluate_on.setCurrentIndex(max(0, self.evaluate_on.findData(chosen)))

    def _chosen_data(self) -> DatasetItem | None:
        item = self._state.document.items.get(self.evaluate_on.currentData() or "")
        return item if isinstance(item, DatasetItem) else None

    def _fitting(self) -> list[NetworkItem]:
        data = self._chosen_data()
        return [] if data is None else [item for item in self._state.document.networks if fits(item, data)]

    def _show_buttons(self) -> None:
        busy, fitting = self._evaluations.busy, self._fitting()
        self.evaluate.setText("Stop" if busy else "&Evaluate")
        self.evaluate.setEnabled(busy or bool(fitting))
        data = self._chosen_data()
        if data is None:
            reason = "Open data first"
        elif not fitting:
            reason = f"No network of this session takes samples of the shape of {short(data.name)}"
        else:
            reason = (
                f"Loss and accuracy of {len(fitting)} of {len(self._state.document.networks)} networks on these data"
            )
        self.evaluate.setToolTip("Stop evaluating; what is known by now stays" if busy else reason)

    def _on_evaluate(self) -> None:
        data = self._chosen_data()
        if self._evaluations.busy:
            self._evaluations.stop()
        elif data is not None and self._fitting():
            self._evaluations.ask(self._fitting(), data, self.samples.value())

    def _on_choice(self) -> None:
        if not self._refreshing:
            self.refresh()
            self.view_changed.emit()

    def _on_counted(self, sha256: str, parameters: int) -> None:
        self._counted[sha256] = parameters
        self.refresh()

    def _on_chosen(self, item_id: str) -> None:
        other = self.data if self.sender() is self.networks else self.networks
        other.select_id(None)
        self._show_details(item_id)
        self._selection.select(item_id)

    def _on_selected(self) -> None:
        """Follow the tree, as far as it selects a network or data."""
        item_id = self._selection.current_id or ""
        item = self._state.document.items.get(item_id)
        if isinstance(item, NetworkItem | DatasetItem):
            self.networks.select_id(item_id if isinstance(item, NetworkItem) else None)
            self.data.select_id(item_id if isinstance(item, DatasetItem) else None)
            self._show_details(item_id)

    def _show_details(self, item_id: str) -> None:
        item = self._state.document.items.get(item_id)
        self._shown_id = item_id if item is not None else ""
        if isinstance(item, NetworkItem):
            self.network_details.set_item(item, dependents(self._state.document, item.id))
            self._details.setCurrentWidget(self.network_details)
        elif isinstance(item, DatasetItem):
            self.data_details.set_item(item)
            self._details.setCurrentWidget(self.data_details)
        else:
            self._details.setCurrentIndex(0)

    def _on_opened(self) -> None:
        self._shown_id = ""
        self._counted.clear()
        self.refresh()


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(content)
    return area


def _with_heading(heading: QHBoxLayout, table: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 4, 0, 0)
    column.addLayout(heading)
    column.addWidget(table, 1)
    return box
