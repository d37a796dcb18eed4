"""Which architecture weights belong to: typed, chosen from those they fit, or from all there are."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QVBoxLayout, QWidget

from app.views.made import named, text_label
from app.views.networks.checked_field import CheckedField
from core.networks.architectures.families import describe, suggestions

PATIENCE = 500  # milliseconds after the last key


class ArchitectureField(QWidget):
    """An editable list; one line says what the named architecture is."""

    changed = Signal()  # a person chose or typed another name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = named(QComboBox(), "import.architecture")
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        completer = self.box.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        edit = self.box.lineEdit()
        if edit is not None:
            edit.setPlaceholderText("such as resnet56 or mlp:784-200x5-10")
        self.field = CheckedField(self.box)
        self.about = text_label(name="import.architecture.about")
        self.about.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.field)
        layout.addWidget(self.about)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self.changed)
        self.setFocusProxy(self.box)
        self.offer((), "")
        self.box.lineEdit().textEdited.connect(self._on_edited)  # type: ignore[union-attr]  # it is editable
        self.box.activated.connect(self._on_chosen)

    @property
    def name(self) -> str | None:
        """What stands there; None for nothing."""
        return self.box.currentText().strip() or None

    def offer(self, fitting: Sequence[str], name: str) -> None:
        """Offer the names that the weights fit before all others, and show this one."""
        self.box.clear()
        self.box.addItems(list(dict.fromkeys((*fitting, *suggestions()))))
        self.box.setCurrentIndex(-1)
        self.box.setEditText(name)
        self._describe()

    def complain(self, text: str) -> None:
        """Say what is wrong with it; an empty text takes that back."""
        self.field.complain(text)

    def _on_edited(self) -> None:
        self._describe()
        self._timer.start()

    def _on_chosen(self) -> None:
        self._timer.stop()
        self._describe()
        self.changed.emit()

    def _describe(self) -> None:
        words = describe(self.name) if self.name is not None else None
        self.about.setText(words or "")
        self.about.setVisible(bool(words))
