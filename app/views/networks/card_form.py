"""The fields of a network card, with what is wrong right under each."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from app.views.made import chooser, named
from app.views.networks.checked_field import CheckedField
from app.views.networks.number_lists import (
    names_text,
    numbers_text,
    parse_names,
    parse_numbers,
    parse_shape,
    shape_text,
)
from app.views.networks.presets import preset_of, presets_for
from core.errors import InvalidRequest
from core.networks.card import InputCard, NetworkCard

V = TypeVar("V")

DESCRIPTION_LINES = 3


class CardForm(QWidget):
    """Name, input, preprocessing, classes and description of one network."""

    changed = Signal()  # a person changed a field
    shape_changed = Signal()  # a person changed the input shape
    names_wanted = Signal()  # the class names of the sample data are wanted

    def __init__(self, prefix: str, *, shape_editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = CheckedField(named(QLineEdit(), f"{prefix}.name"))
        self.shape = CheckedField(named(QLineEdit(), f"{prefix}.shape"))
        self.shape.field.setPlaceholderText("such as 3 × 32 × 32, of one sample")
        self.shape.field.setReadOnly(not shape_editable)
        self.shape.field.setToolTip("Shape of one sample as the network takes it, channels first")
        self.preset = chooser(f"{prefix}.preset")
        self.mean = CheckedField(named(QLineEdit(), f"{prefix}.mean"))
        self.mean.field.setToolTip("In the units of the data file; one number, or one per channel or column")
        self.std = CheckedField(named(QLineEdit(), f"{prefix}.std"))
        self.std.field.setToolTip("In the units of the data file; one number, or one per channel or column")
        self.classes = CheckedField(named(QLineEdit(), f"{prefix}.classes"))
        self.classes.field.setPlaceholderText("names in the order of the outputs, with commas between")
        self.from_data = named(QPushButton("From the data"), f"{prefix}.classes_from_data")
        self.from_data.setToolTip("Take the class names of the sample data")
        self.from_data.clicked.connect(self.names_wanted)
        self.description = named(QPlainTextEdit(), f"{prefix}.description")
        self.description.setTabChangesFocus(True)
        self.description.setPlaceholderText("how it was trained, by whom, what for")
        self.description.setFixedHeight((DESCRIPTION_LINES + 1) * self.fontMetrics().lineSpacing())
        self._card: NetworkCard | None = None
        self._outputs: int | None = None
        self._filling = False
        self._lay_out()
        self._connect()

    def set_card(self, card: NetworkCard, outputs: int | None = None) -> None:
        """Fill the fields.

        Parameters
        ----------
        outputs : int, optional
            Of the network, which the class names are counted against.
        """
        self._card, self._outputs = card, outputs
        self._fill(self.name.field, card.name)
        self._fill(self.classes.field, names_text(card.classes))
        self.set_description(card.description)
        self.set_input(card.input)

    def set_input(self, card: InputCard) -> None:
        """Fill shape, mean and std."""
        self._fill(self.shape.field, shape_text(card.shape))
        self._fill(self.mean.field, numbers_text(card.mean))
        self._fill(self.std.field, numbers_text(card.std))
        self._show_presets(card)

    def set_description(self, text: str) -> None:
        """Fill in a description, without saying that a person did."""
        if text != self.description.toPlainText():
            self._filling = True
            self.description.setPlainText(text)
            self._filling = False

    def set_classes(self, names: tuple[str, ...]) -> None:
        """Fill in class names, as if they had been typed."""
        self._fill(self.classes.field, names_text(names))
        self.changed.emit()

    def empty(self) -> None:
        """Forget the network: nothing is known yet."""
        self._card, self._outputs = None, None
        for field in (self.name, self.shape, self.mean, self.std, self.classes):
            self._fill(field.field, "")
            field.complain("")
        self.set_description("")
        self.preset.clear()

    def words(self) -> tuple[str, tuple[str, ...], str]:
        """Name, classes and description as they stand there, right or wrong."""
        name = " ".join(self.name.field.text().split())
        return name, parse_names(self.classes.field.text()), self.description.toPlainText().strip()

    def input_card_of(self, shape: tuple[int, ...]) -> InputCard | None:
        """Mean and std as they stand there for inputs of a shape; None if they do not fit it or are no numbers."""
        try:
            mean, std = parse_numbers(self.mean.field.text()), parse_numbers(self.std.field.text(), positive=True)
            return InputCard(shape=shape, mean=mean, std=std)
        except InvalidRequest:
            return None

    def input_card(self) -> InputCard | None:
        """What the fields say of the input; None if they are wrong, which is then said beside them."""
        shape = self._read(self.shape, parse_shape)
        mean = self._read(self.mean, parse_numbers)
        std = self._read(self.std, lambda text: parse_numbers(text, positive=True))
        if shape is None or mean is None or std is None:
            return None
        fit = {self.mean: mean, self.std: std}
        for field, values in fit.items():
            if len(values) not in (1, shape[0]):
                what = "channels" if len(shape) == 3 else "columns"
                field.complain(f"{len(values)} numbers for {shape[0]} {what}. Type one number, or {shape[0]}.")
                return None
        return InputCard(shape=shape, mean=mean, std=std)

    def card(self) -> NetworkCard | None:
        """The card that the fields describe; None if one is wrong, which is then said beside it."""
        if self._card is None:
            return None
        given = self.input_card()
        name, classes, description = self.words()
        self.name.complain("" if name else "Give the network a name.")
        self.classes.complain(self._about_classes(classes))
        if given is None or self.name.text or self.classes.text:
            return None
        return replace(self._card, name=name, input=given, classes=classes, description=description)

    def _about_classes(self, names: tuple[str, ...]) -> str:
        if names and self._outputs is not None and len(names) != self._outputs:
            return f"{len(names)} names for {self._outputs} outputs. Name every output, or none."
        twice = next((name for name in names if names.count(name) > 1), None)
        return f"Two classes are called {twice}. Give each its own name." if twice is not None else ""

    def _read(self, field: CheckedField[QLineEdit], parse: Callable[[str], V]) -> V | None:
        try:
            value = parse(field.field.text())
        except InvalidRequest as error:
            field.complain(str(error))
            return None
        field.complain("")
        return value

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        classes = QHBoxLayout()
        classes.addWidget(self.classes, 1)
        classes.addWidget(self.from_data, 0, Qt.AlignmentFlag.AlignTop)
        rows: tuple[tuple[str, QWidget | QHBoxLayout, QWidget], ...] = (
            ("N&ame", self.name, self.name.field),
            ("&Input shape", self.shape, self.shape.field),
            ("&Preprocessing", self.preset, self.preset),
            ("&Mean", self.mean, self.mean.field),
            ("S&td", self.std, self.std.field),
            ("&Classes", classes, self.classes.field),
            ("D&escription", self.description, self.description),
        )
        for text, content, buddy in rows:
            label = QLabel(text)
            label.setBuddy(buddy)
            form.addRow(label, content)

    def _connect(self) -> None:
        for field in (self.name, self.mean, self.std, self.classes):
            field.field.textEdited.connect(self._on_edited)
        self.shape.field.textEdited.connect(self._on_shape)
        self.description.textChanged.connect(self._on_edited)
        self.preset.activated.connect(self._on_preset)

    def _on_edited(self) -> None:
        if not self._filling:
            if (given := self.input_card()) is not None:
                self._show_presets(given)
            self.changed.emit()

    def _on_shape(self) -> None:
        if self._read(self.shape, parse_shape) is not None:
            self.shape_changed.emit()

    def _on_preset(self, index: int) -> None:
        shape = self._read(self.shape, parse_shape)
        found = (
            None
            if shape is None
            else next((one for one in presets_for(shape) if one.title == self.preset.itemText(index)), None)
        )
        if found is not None and shape is not None:
            self.set_input(found.card(shape))
            self.changed.emit()

    def _show_presets(self, card: InputCard) -> None:
        self.preset.clear()
        for preset in presets_for(card.shape):
            self.preset.addItem(preset.title)
        found = preset_of(card)
        if found is None:
            self.preset.addItem("as typed below")
            self.preset.setCurrentIndex(self.preset.count() - 1)
        else:
            self.preset.setCurrentText(found.title)

    def _fill(self, field: QLineEdit, text: str) -> None:
        field.setText(text)
        field.setCursorPosition(0)
        field.setToolTip(text if field is self.classes.field else field.toolTip())
