"""What is trained on what: name, architecture, data, and how the inputs are normalised."""

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.actions.holding_out import SHARE, refusal
from app.actions.wording import sized
from app.views.inspector.entries import choose
from app.views.made import chooser, named, text_label, with_icon
from app.views.networks.presets import presets_for
from app.views.training.section import Checked, Section
from core.networks.architectures.families import InputKind, describe, suggestions
from core.session.document import DatasetItem, Document
from core.training.inputs import input_shape

HOLD_OUT = "hold out"  # in the chooser of test data
NONE = "none"
TEST_WORDS = ("test", "valid")  # in the names of data that are not to be learnt from
OWN = "own"  # normalisation by the data's own mean and deviation
NO_DATA = "There are no data in the session. Open some first (Ctrl+D), or take the built-in digits."
SMALLEST_IMAGE = 4  # height and width that C1 takes
QUICK_IMAGES = "c1_w8"  # learns the digits in seconds on any computer
OPENERS = (  # action, words
    ("open.data", "&Open data…"),
    ("open.digits", "Built-in di&gits"),
)


class SubjectFields(Section):
    """The data choosers follow the document; so does the architecture until somebody chooses one."""

    open_wanted = Signal(str)  # an action that opens data

    def __init__(self) -> None:
        super().__init__("subject", "What is trained")
        self.name = named(QLineEdit(), "training.name")
        self.name.setPlaceholderText("the architecture's name")
        box = named(QComboBox(), "training.architecture")
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        self.about = text_label(name="training.architecture.about")
        self.about.setEnabled(False)
        self.architecture = Checked(box)
        completer = box.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.data = Checked(chooser("training.data"))
        self.test = Checked(chooser("training.test"))
        self.inputs = chooser("training.inputs")
        self.add("Na&me", self.name)
        self.add_checked("&Architecture", self.architecture, "Or type another of these kinds: resnet20_w8")
        self.add_below(self.about)
        self.add_checked("Training &data", self.data)
        self._openers = _openers(self.open_wanted.emit)
        self.add_below(self._openers)
        held_out = f"held out are the last {100 * SHARE:g} % of the training data, in the order of the file"
        self.add_checked("&Test data", self.test, f"Never learnt from, only measured; {held_out}")
        self.add("&Inputs", self.inputs, "Standardised: less their own mean, by their own deviation")
        self._items: dict[str, DatasetItem] = {}
        self._proposed = ""
        self._chosen: set[QComboBox] = set()  # what the user, or the session, has chosen; the others follow the data
        for box in (self.data.field, self.test.field):
            box.activated.connect(lambda _index, box=box: self._chosen.add(box))
        self.architecture.field.activated.connect(self._on_architecture)
        line = self.architecture.field.lineEdit()
        if line is not None:
            line.textEdited.connect(self._on_architecture)
        self.data.field.currentIndexChanged.connect(self._on_data)

    @property
    def item(self) -> DatasetItem | None:
        """The chosen training data."""
        return self._items.get(self.data.field.currentData() or "")

    @property
    def test_item(self) -> DatasetItem | None:
        """The chosen test data; None for none, and for held-out data, which are made at the start."""
        return self._items.get(self.test.field.currentData() or "")

    @property
    def holds_out(self) -> bool:
        """Whether the end of the training data is kept for the test."""
        return bool(self.test.field.currentData() == HOLD_OUT)

    @property
    def architecture_name(self) -> str:
        """As it stands in the field."""
        return self.architecture.field.currentText().strip()

    def keep_choices(self) -> None:
        """What is chosen now was meant: new data in the session do not change it."""
        self._chosen |= {self.data.field, self.test.field, self.architecture.field}

    def set_document(self, document: Document) -> None:
        """Offer the data of a document; what was chosen stays chosen if it is still there."""
        self._items = {item.id: item for item in document.datasets}
        before = self.data.field.currentData()
        self.data.field.blockSignals(True)  # noqa: FBT003  Qt's own
        self.data.field.clear()
        for item in self._items.values():
            self.data.field.addItem(sized(item), item.id)
        kept = before if self.data.field in self._chosen and before in self._items else None
        choose(self.data.field, kept or _largest(self._items))
        self.data.field.blockSignals(False)  # noqa: FBT003
        self.data.field.setEnabled(bool(self._items))
        self._openers.setVisible(not self._items)
        self._on_data()

    def set_architecture(self, name: str) -> None:
        """Show this architecture, offered or not, and keep it whatever data are chosen."""
        self._chosen.add(self.architecture.field)
        self.architecture.field.setEditText(name)

    def propose_name(self, name: str) -> None:
        """A name of a recipe: it goes again when another architecture is chosen."""
        self._proposed = name
        self.name.setText(name)

    def problem(self) -> str:
        """Why these fields cannot be trained with, as far as can be said at once; each complaint under its field.

        Returns
        -------
        str
            The first complaint; empty if there is none.
        """
        item = self.item
        self.data.complain("" if item is not None else NO_DATA)
        self.test.complain(refusal(item) if item is not None and self.holds_out else self._test_problem())
        name, about = self.architecture_name, describe(self.architecture_name)
        wrong = f"There is no architecture “{name}”. Choose one from the list." if name else "Choose one."
        self.architecture.complain("" if about or item is None else wrong)  # without data there is no list yet
        return next((field.text for field in (self.data, self.test, self.architecture) if field.text), "")

    def describe(self, parameters: int | None) -> None:
        """Say what the architecture is, and how large for the chosen data."""
        count = "" if parameters is None else f"{parameters:,} parameters. "
        self.about.setText(f"{count}{describe(self.architecture_name) or ''}")
        self.about.setVisible(bool(self.about.text()))

    def _test_problem(self) -> str:
        item, test = self.item, self.test_item
        return "" if item is None or test is None else _mismatch(item, test)

    def _on_architecture(self) -> None:
        self._chosen.add(self.architecture.field)
        if self._proposed and self.name.text() == self._proposed:
            self.name.clear()

    def _on_data(self) -> None:
        self._fill_tests()
        self._fill_inputs()
        self._fill_architectures()
        self.changed.emit()

    def _fill_tests(self) -> None:
        field, before = self.test.field, self.test.field.currentData()
        field.blockSignals(True)  # noqa: FBT003
        field.clear()
        field.addItem(f"hold out {100 * SHARE:g} %", HOLD_OUT)
        field.addItem("none", NONE)
        for item in self._items.values():
            if item is not self.item:
                field.addItem(sized(item), item.id)
        kept = before if field in self._chosen and field.findData(before) >= 0 else None
        choose(field, kept or self._likely_test())
        field.blockSignals(False)  # noqa: FBT003

    def _likely_test(self) -> str:
        """Data of the session that call themselves test data and are of the same kind, or else held-out ones."""
        item = self.item
        for other in self._items.values() if item is not None else ():
            named_so = any(word in other.name.casefold() for word in TEST_WORDS)
            if other is not item and named_so and item is not None and not _mismatch(item, other):
                return other.id
        return HOLD_OUT

    def _fill_inputs(self) -> None:
        before, item = self.inputs.currentText(), self.item
        self.inputs.blockSignals(True)  # noqa: FBT003
        self.inputs.clear()
        self.inputs.addItem("standardised", OWN)
        for preset in presets_for(input_shape(item.shape)) if item is not None else ():
            self.inputs.addItem(preset.title, preset.title)
        choose(self.inputs, before)
        self.inputs.blockSignals(False)  # noqa: FBT003

    def _fill_architectures(self) -> None:
        box, item, before = self.architecture.field, self.item, self.architecture_name
        box.blockSignals(True)  # noqa: FBT003  Qt's own
        box.clear()
        quick = "" if item is None else quick_architecture(item)
        if item is not None:
            kind = kind_of_input(input_shape(item.shape))
            names = [name for name in suggestions(kind) if not name.startswith("mlp:")]
            box.addItems([name for name in dict.fromkeys((quick, *names, fully_connected(item))) if name])
        box.setEditText(before if box in self._chosen and before else quick)
        box.blockSignals(False)  # noqa: FBT003


def fully_connected(item: DatasetItem) -> str:
    """Two hidden layers between the inputs and the outputs of these data; empty where nothing is to be learnt."""
    outputs = len(item.targets) or len(item.classes)
    return f"mlp:{math.prod(input_shape(item.shape))}-64x2-{outputs}" if outputs else ""


def quick_architecture(item: DatasetItem) -> str:
    """What a first training of such data takes: small, so that it ends before anybody wonders."""
    shape = input_shape(item.shape)
    kind = kind_of_input(shape)
    if kind == "image":
        return QUICK_IMAGES if min(shape[1:]) >= SMALLEST_IMAGE else fully_connected(item)
    return fully_connected(item) if kind == "table" else next(iter(suggestions(kind)), "")


def _openers(wanted: Callable[[str], object]) -> QWidget:
    """Ways to data, where there are none."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for action, text in OPENERS:
        button = named(with_icon(QPushButton(text), "data"), f"training.{action}")
        button.clicked.connect(lambda _checked, action=action: wanted(action))
        layout.addWidget(button)
    return row


def _largest(items: Mapping[str, DatasetItem]) -> str | None:
    return max(items, key=lambda key: items[key].samples, default=None)


def _mismatch(item: DatasetItem, test: DatasetItem) -> str:
    """Why a network that learns from the one cannot be tested on the other, in a sentence; empty if it can."""
    if input_shape(item.shape) != input_shape(test.shape):
        have, want = (" × ".join(map(str, one.shape)) for one in (test, item))
        return f"Their samples have the shape {have}, those of the training data {want}. Choose other test data."
    if len(item.classes) != len(test.classes) or bool(item.targets) != bool(test.targets):
        return "They have other classes than the training data. Choose other test data."
    return ""


def kind_of_input(shape: tuple[int, ...]) -> InputKind:
    """What sort of samples have this shape, channels first."""
    return {1: "table", 2: "drawing"}.get(len(shape), "image")  # type: ignore[return-value]  # these are its words
