"""Before a user's Python file runs: what will happen, which function is called, and the agreement."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.views.made import named, text_label, with_icon

CONSENT = (
    "A Python file is a program. Corrie runs it only after you agree: once, in a process of its own, which calls the "
    "function below and exports the network that it returns. While it runs, it can read, change and delete your files "
    "and use the network, as any program that you start. It is ended after two minutes, or when you press Stop. Only "
    "the exported network is kept, never the code. Run files only from people you trust."
)
OUTPUT_LINES = 6


class ConsentBox(QGroupBox):
    """Agreement, factory and Run, and what the file said when it failed."""

    run_wanted = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Python file", parent)
        self.setObjectName("consent")
        self.agreed = named(QCheckBox("I &trust this file and agree that it runs"), "consent.agreed")
        self.factory = named(QComboBox(), "consent.factory")
        self.factory.setEditable(True)
        self.factory.setToolTip("A function, or a class, that takes no arguments and gives a torch.nn.Module")
        self.run = named(with_icon(QPushButton("R&un"), "compute"), "consent.run")
        self.output = named(QPlainTextEdit(), "consent.output")
        self.output.setReadOnly(True)
        self.output.setMaximumHeight(OUTPUT_LINES * self.fontMetrics().lineSpacing() + 10)
        self.output.setAccessibleName("What went wrong in the file")
        self.output.hide()
        label = QLabel("&Function that builds the network")
        label.setBuddy(self.factory)
        row = QHBoxLayout()
        row.addWidget(self.factory, 1)
        row.addWidget(self.run)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(CONSENT, "consent.text"))
        layout.addWidget(self.agreed)
        layout.addWidget(label)
        layout.addLayout(row)
        layout.addWidget(self.output)
        self.agreed.toggled.connect(self._on_changed)
        self.factory.editTextChanged.connect(self._on_changed)
        self.run.clicked.connect(self.run_wanted)
        self._on_changed()

    @property
    def ready(self) -> bool:
        """Whether the user agreed and named a function."""
        return self.agreed.isChecked() and bool(self.name)

    @property
    def name(self) -> str:
        """Of the function."""
        return self.factory.currentText().strip()

    def begin(self, factories: Sequence[str]) -> None:
        """For another file: nothing is agreed, and these functions are offered."""
        self.agreed.setChecked(False)
        self.factory.clear()
        self.factory.addItems(list(factories))
        self.show_output("")

    def show_output(self, text: str) -> None:
        """Show what went wrong; an empty text hides it."""
        self.output.setPlainText(text)
        self.output.setVisible(bool(text))

    def set_busy(self, *, busy: bool) -> None:
        """While the file runs it cannot be run again."""
        self.run.setEnabled(self.ready and not busy)

    def _on_changed(self) -> None:
        self.run.setEnabled(self.ready)
        self.run.setToolTip("" if self.ready else "Agree first, and name the function")
        self.changed.emit()
