"""How one feature may change: range, stability, step, price and direction, or the levels of a category."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.actions.wording import tip
from app.views.inspector.fields import NumberField
from app.views.inspector.freedom.settings import Settings
from app.views.made import chooser, named, text_label
from core.data.tables.features import Change

DIRECTIONS: dict[Change, str] = {"may": "both ways", "up": "only up", "down": "only down"}
MOST = 1e15
LEVEL_ROWS = 5  # that are seen at once


class Details(QWidget):
    """Shows the settings of one feature and tells what becomes of them. Its fields are named after their form."""

    edited = Signal(object)  # Settings

    def __init__(self, form: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{form}.details")
        self._settings: Settings | None = None
        self.low, self.high = self._number(f"{form}.low"), self._number(f"{form}.high")
        self.half_width = self._number(f"{form}.half_width", least=0.0)
        self.half_width.setToolTip("The correction has to hold for every value that is off by so much")
        self.step = self._number(f"{form}.step", least=0.0)
        self.step.setToolTip("Values are whole multiples of it; 0: any number")
        self.step.setSpecialValueText("any number")
        self.price = self._number(f"{form}.price", least=0.0)
        self.price.setToolTip("What one unit of change costs in the distance; 0: a change over the whole range costs 1")
        self.price.setSpecialValueText("1 over the range")
        self.direction = chooser(f"{form}.direction")
        self.level_price = self._number(f"{form}.level_price", least=0.0)
        self.level_price.setToolTip("What any change of the category costs in the distance")
        self.levels = named(QListWidget(), f"{form}.levels")
        self.levels.setAccessibleName("Levels that may be chosen")
        self.levels.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.now = text_label(name=f"{form}.now")
        self.now.setMinimumWidth(1)  # a long name is cut off rather than let it stretch the inspector
        self._pages = QStackedLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.now)
        layout.addLayout(self._pages)
        self._pages.addWidget(self._for_numbers())
        self._pages.addWidget(self._for_levels())
        self.direction.currentIndexChanged.connect(self._on_edited)
        self.levels.itemChanged.connect(self._on_edited)

    def show_settings(self, settings: Settings, loosest: Change) -> None:
        """Show these; ``loosest`` is the direction that the card allows."""
        self._settings = None  # nothing is told while the fields are filled
        if settings.sort == "category":
            self._show_levels(settings)
        else:
            self._show_numbers(settings, loosest)
        self._pages.setCurrentIndex(1 if settings.sort == "category" else 0)
        self._settings = settings

    def _show_numbers(self, settings: Settings, loosest: Change) -> None:
        unit = f" {settings.unit}" if settings.unit else ""
        step = settings.step or (settings.high - settings.low) / 100 or 1.0
        for field, value in (
            (self.low, settings.low),
            (self.high, settings.high),
            (self.half_width, settings.half_width),
            (self.step, settings.step),
        ):
            field.setSingleStep(step)
            field.setSuffix(unit if field is self.half_width or field is self.step else "")
            field.setValue(value)
        self.price.setSingleStep(0.1)
        self.price.setValue(settings.price)
        with QSignalBlocker(self.direction):
            self.direction.clear()
            for change in DIRECTIONS if loosest == "may" else (loosest,):
                self.direction.addItem(DIRECTIONS[change], change)
            self.direction.setCurrentIndex(max(0, self.direction.findData(settings.change)))

    def _show_levels(self, settings: Settings) -> None:
        with QSignalBlocker(self.levels):
            self.levels.clear()
            for place, level in enumerate(settings.levels):
                item = QListWidgetItem(level)
                item.setToolTip(tip(level))
                item.setFlags(
                    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
                )
                allowed = place in settings.allowed
                item.setCheckState(Qt.CheckState.Checked if allowed else Qt.CheckState.Unchecked)
                self.levels.addItem(item)
        rows = min(LEVEL_ROWS, len(settings.levels))
        row = self.levels.sizeHintForRow(0)
        self.levels.setFixedHeight(rows * row + 2 * self.levels.frameWidth() + 2)
        self.level_price.setValue(settings.price)

    def _on_edited(self) -> None:
        if (settings := self._settings) is None:
            return
        if settings.sort == "category":
            ticked = [
                place
                for place in range(self.levels.count())
                if self.levels.item(place).checkState() is Qt.CheckState.Checked
            ]
            self._settings = replace(settings, allowed=tuple(ticked), price=self.level_price.value())
        else:
            self._settings = replace(
                settings,
                low=self.low.value(),
                high=self.high.value(),
                half_width=self.half_width.value(),
                step=self.step.value(),
                price=self.price.value(),
                change=self.direction.currentData(),
            )
        self.edited.emit(self._settings)

    def _number(self, name: str, least: float = -MOST) -> NumberField:
        field = NumberField(name, least, MOST, 0.0)
        field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        field.setMinimumWidth(52)
        field.valueChanged.connect(self._on_edited)
        return field

    def _for_numbers(self) -> QWidget:
        page, form = _form()
        form.addRow("From", _beside(self.low, "to", self.high))
        form.addRow("Stable for ±", self.half_width)
        form.addRow("In steps of", self.step)
        form.addRow("Price per unit", self.price)
        form.addRow("May go", self.direction)
        return page

    def _for_levels(self) -> QWidget:
        page, form = _form()
        form.addRow(self.levels)
        form.addRow("Price of a change", self.level_price)
        return page


def _form() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 2)
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(3)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    column.addLayout(form)
    column.addStretch(1)
    return page, form


def _beside(first: QWidget, word: str, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    row.addWidget(first, 1)
    row.addWidget(QLabel(word))
    row.addWidget(second, 1)
    return row
