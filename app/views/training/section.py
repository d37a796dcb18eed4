"""A part of the form: a heading with its fields under it, which may be switched off as a whole."""

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.views.made import named, text_label
from app.views.networks.tones import tones

LABEL_WIDTH = 15  # letters: all fields of all sections begin at one place
NARROWEST = 70  # pixels of a field
W = TypeVar("W", bound=QWidget)


class Complaint(QWidget):
    """Room for what is wrong with a field, right under it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.label = text_label(name=name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.addWidget(self.label)
        self._restyle()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        self.label.setStyleSheet(f"color: {tones(self.palette()).bad};")


class Checked(Generic[W]):
    """A field that can be complained about. Screen readers read the complaint with the field."""

    def __init__(self, field: W) -> None:
        self.field = field
        self.complaint = Complaint(f"{field.objectName()}.complaint")

    @property
    def text(self) -> str:
        """The complaint that stands there; empty if there is none."""
        return "" if self.complaint.isHidden() else self.complaint.label.text().removeprefix("⚠ ")

    def complain(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self.complaint.label.setText(f"⚠ {text}" if text else "")
        self.complaint.setVisible(bool(text))
        self.field.setAccessibleDescription(text)


class Section(QWidget):
    """Fields in two columns under a heading. With a switch, they are seen only while it is on."""

    changed = Signal()

    def __init__(self, name: str, title: str, *, switch: bool = False, tooltip: str = "") -> None:
        super().__init__()
        named(self, f"training.{name}")
        self.switch: QCheckBox | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        heading: QWidget
        if switch:
            self.switch = named(QCheckBox(title), f"training.{name}.on")
            heading = self.switch
        else:
            heading = QLabel(title)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setToolTip(tooltip)
        layout.addWidget(heading)
        self.body = QWidget()
        self._rows = QVBoxLayout(self.body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(5)
        layout.addWidget(self.body)
        if self.switch is not None:
            self.switch.toggled.connect(self.body.setVisible)
            self.switch.toggled.connect(self.changed)
            self.body.hide()

    @property
    def on(self) -> bool:
        """Whether the fields count."""
        return self.switch is None or self.switch.isChecked()

    def set_on(self, on: bool) -> None:  # noqa: FBT001  as Qt's own setters
        """Switch the fields on or off."""
        if self.switch is not None:
            self.switch.setChecked(on)

    def add(self, text: str, field: QWidget, tooltip: str = "", *, beside: QWidget | None = None) -> None:
        """A row; a mnemonic in `text` goes to the field."""
        if tooltip:
            field.setToolTip(tooltip)
        label = QLabel(text)
        label.setBuddy(field)
        label.setToolTip(field.toolTip())
        label.setFixedWidth(LABEL_WIDTH * label.fontMetrics().averageCharWidth())
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        field.setMinimumWidth(NARROWEST)  # not what its longest entry would like
        row.addWidget(field, 1)
        if beside is not None:
            row.addWidget(beside)
        self._rows.addLayout(row)

    def add_checked(self, text: str, checked: Checked[W], tooltip: str = "") -> None:
        """A row with room for a complaint under it."""
        self.add(text, checked.field, tooltip)
        self._rows.addWidget(checked.complaint)

    def add_below(self, widget: QWidget) -> None:
        """Words under the last row, or a field that needs no label."""
        self._rows.addWidget(widget)
