"""The file that a network is imported from: what it is, and what it does not say itself."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.actions.importing import factories_in
from app.actions.wording import short, tip
from app.views.made import named, text_label
from app.views.networks.architecture_field import ArchitectureField
from app.views.networks.checked_field import CheckedField
from app.views.networks.consent_box import ConsentBox
from core.errors import CorrieError
from core.networks.file_kinds import FileKind, kind_of_file

WORDS: dict[FileKind, str] = {
    "network card": "Network card",
    "program": "Program (torch.export)",
    "ONNX": "ONNX",
    "TorchScript": "TorchScript",
    "weights": "Weights of a built-in architecture",
    "Python": "Python file with a factory",
}


class SourcePanel(QWidget):
    """File, architecture of weights, consent of a Python file."""

    choose_wanted = Signal()
    changed = Signal()  # another architecture is named
    run_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import.source")
        self.kind: FileKind | None = None
        self.file = CheckedField(text_label(name="import.file"))
        self.file.field.setMinimumWidth(1)  # a long name is cut off rather than let it stretch everything around it
        self.choose = named(QPushButton("&Choose…"), "import.choose")
        self.choose.setToolTip("Another file")
        self.facts = text_label(name="import.facts")
        self.facts.setEnabled(False)
        self.architecture = ArchitectureField()
        self.consent = ConsentBox()
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.choose)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow("File", row)
        self._form.addRow("", self.facts)
        self._form.addRow(self.file.complaint)  # across the form: beside the button a long sentence would be cut off
        label = QLabel("Arc&hitecture")
        label.setBuddy(self.architecture.box)
        self._form.addRow(label, self.architecture)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._form)
        layout.addWidget(self.consent)
        self.choose.clicked.connect(self.choose_wanted)
        self.architecture.changed.connect(self.changed)
        self.consent.run_wanted.connect(self.run_wanted)

    def set_path(self, path: Path) -> None:
        """Show another file. Nothing of it but its name and the list of an archive is read."""
        self.file.field.setText(short(path.name))
        self.file.field.setToolTip(tip(str(path)))
        self.complain("")
        try:
            self.kind = kind_of_file(path)
        except CorrieError as error:
            self.kind = None
            self.file.complain(str(error))
        self.facts.setText(WORDS[self.kind] if self.kind is not None else "")
        self.architecture.offer((), "")
        self._form.setRowVisible(self.architecture, self.kind == "weights")
        self.consent.setVisible(self.kind == "Python")
        self.consent.begin(factories_in(path) if self.kind == "Python" else ())

    def set_facts(self, size_bytes: int, sha256: str) -> None:
        """Show what is known once the file was read."""
        if self.kind is not None:
            self.facts.setText(f"{WORDS[self.kind]}, {size_bytes / 1e6:,.3g} MB, sha256 {sha256[:16]}…")
            self.facts.setToolTip(sha256)

    def complain(self, text: str) -> None:
        """Say what is wrong beside what could mend it; an empty text takes that back."""
        self.file.complain(text if self.kind not in {"weights", "Python"} else "")
        self.architecture.complain(text if self.kind == "weights" else "")
        self.consent.show_output(text if self.kind == "Python" else "")
