"""Whether a card and its weights are written beside the file, and what would be overwritten by it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.actions.importing import CardTarget
from app.actions.wording import tip
from app.views.made import named, text_label
from app.views.networks.checked_field import CheckedField
from core.naming import file_stem
from core.networks.card import NetworkCard


class CardTargetField(QWidget):
    """Two check boxes: write it, and replace what is there."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder, self._name = Path(), ""
        self._suffix = ".safetensors"
        self.write = named(QCheckBox("&Write a network card beside the file"), "import.write_card")
        self.write.setToolTip("So that it opens next time without a question, here and on the command line")
        self.path = text_label(name="import.card_path")
        self.path.setEnabled(False)
        self.path.setMinimumWidth(1)  # a long path is cut off rather than let it stretch everything around it
        self.replace = named(QCheckBox("Replace the files that are there"), "import.replace")
        self._field = CheckedField(self.write, self.path, self.replace)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._field)
        self.write.toggled.connect(self._on_changed)
        self.replace.toggled.connect(self._on_changed)
        self._show()

    @property
    def complaint(self) -> str:
        """What stands in the way; empty if nothing does."""
        return self._field.text

    def set_folder(self, folder: Path) -> None:
        """Of another file; nothing is written there unless it is wanted."""
        self._folder = folder
        self.write.setChecked(False)
        self.replace.setChecked(False)
        self._show()

    def set_network(self, card: NetworkCard | None, *, is_program: bool) -> None:
        """Follow the name of the network."""
        name = "" if card is None else card.name
        suffix = ".pt2" if is_program else ".safetensors"
        if (name, suffix) != (self._name, self._suffix):
            self._name, self._suffix = name, suffix
            self._show()

    def target(self) -> CardTarget | None:
        """Where it is to be written; None if it is not."""
        wanted = self.write.isChecked() and not self.isHidden()
        return CardTarget(folder=self._folder, overwrite=self.replace.isChecked()) if wanted else None

    def complain(self, text: str) -> None:
        """Say what went wrong; an empty text takes it back."""
        self._field.complain(text)

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        stem = file_stem(self._name) or "network"
        files = [self._folder / f"{stem}.toml", self._folder / f"{stem}{self._suffix}"]
        there = [path.name for path in files if path.exists()] if self.write.isChecked() else []
        self.path.setText(f"{files[0].name} and {files[1].name} in {self._folder}")
        self.path.setToolTip(tip(str(files[0])))
        self.path.setVisible(self.write.isChecked())
        self.replace.setVisible(bool(there))
        blocked = there and not self.replace.isChecked()
        self.complain(f"{there[0]} is there already. Give the network another name, or replace it." if blocked else "")
