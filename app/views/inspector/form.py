"""What the forms that ask for a computation have in common."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.actions.computing import Task
from app.views.made import named, text_label, with_icon
from core.errors import CorrieError
from core.landscape.effort import Effort
from core.naming import Request


class RequestForm(QWidget):
    """Fields, a button that computes, and a place for the sentence if the fields contradict each other."""

    requested = Signal(object)  # the request
    edited = Signal()  # the fields may describe another request now

    def __init__(self, button_text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = QFormLayout()
        self.fields.setContentsMargins(0, 0, 0, 0)
        self.fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.button = named(with_icon(QPushButton(button_text), "compute"), f"compute.{name}")
        self.button.setMinimumHeight(30)
        self.complaint = text_label(name=f"complaint.{name}")
        self.complaint.hide()
        self.note = text_label(name=f"note.{name}")  # how long it will take
        self.note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 10, 8, 8)
        layout.addLayout(self.fields)
        layout.addWidget(self.complaint)
        layout.addWidget(self.button)
        layout.addWidget(self.note)
        layout.addStretch(1)
        self.button.clicked.connect(self._on_clicked)

    def request(self) -> Request:
        """The request that the fields describe. Raises `CorrieError` if they contradict each other."""
        raise NotImplementedError

    def watch(self) -> None:
        """Emit `edited` whenever a field changes. Call it once all fields are there."""
        for whole in self.findChildren(QSpinBox):
            whole.valueChanged.connect(self.edited)
        for number in self.findChildren(QDoubleSpinBox):
            number.valueChanged.connect(self.edited)
        for choice in self.findChildren(QComboBox):
            choice.currentIndexChanged.connect(self.edited)

    def effort(self) -> Effort | None:
        """The work that the fields describe; None if they contradict each other, or nobody can say."""
        return None

    def hint(self) -> str:
        """What is missing before anything can be computed, to be said before the button is pressed."""
        return ""

    def task(self, request: Request, network_id: str, dataset_id: str) -> Task:
        """The request with the items of the document that it is about."""
        return Task(request, network_id, dataset_id)

    def entered(self) -> None:
        """Entries were put back into the fields; a form that depends on them looks again."""

    def say(self, text: str) -> None:
        """Put a note under the button; an empty text takes it away."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def add_row(self, text: str, layout: QHBoxLayout, field: QWidget) -> None:
        """A row of several widgets; the mnemonic in `text` goes to `field`."""
        label = QLabel(text)
        label.setBuddy(field)
        self.fields.addRow(label, layout)

    def complain(self, text: str) -> None:
        """Say what is wrong with the fields; an empty text takes it back."""
        self.complaint.setText(text)
        self.complaint.setVisible(bool(text))

    def _on_clicked(self) -> None:
        try:
            request = self.request()
        except CorrieError as error:
            self.complain(str(error))
            return
        self.complain("")
        # Later, because whoever answers may select the new result, and this form is then gone.
        QTimer.singleShot(0, self, lambda: self.requested.emit(request))
