"""The recipes that come with Corrie, with a sentence on what each shows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from app.views.made import chooser, text_label
from core.training.presets import Preset, find_preset, presets

NONE = "Choose a recipe…"


class PresetChooser(QWidget):
    """Tells which recipe was chosen, each time it is."""

    chosen = Signal(object)  # Preset

    def __init__(self) -> None:
        super().__init__()
        self.box = chooser("training.preset")
        self.box.addItem(NONE)
        for preset in presets():
            self.box.addItem(preset.title, preset.key)
        self.words = text_label(name="training.preset.words")
        self.words.setEnabled(False)
        self.words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Rec&ipe", self.box)
        layout.addLayout(form)
        layout.addWidget(self.words)
        self.box.currentIndexChanged.connect(self._describe)
        self.box.activated.connect(self._on_activated)

    def show_preset(self, preset: Preset) -> None:
        """Show this one without telling anybody."""
        self.box.setCurrentIndex(self.box.findData(preset.key))

    def follow(self, architecture: str) -> None:
        """Name no recipe any more once another architecture than its own is trained."""
        preset = self._preset()
        if preset is not None and architecture and architecture != preset.recipe.architecture:
            self.box.setCurrentIndex(0)

    def _preset(self) -> Preset | None:
        key = self.box.currentData()
        return None if key is None else find_preset(key)

    def _describe(self) -> None:
        preset = self._preset()
        self.words.setVisible(preset is not None)
        if preset is not None:
            self.words.setText(f"{preset.shows} For {preset.data}; {preset.takes}.")
            self.words.setToolTip(f"Source: {preset.source}.")

    def _on_activated(self) -> None:
        if (preset := self._preset()) is not None:
            self.chosen.emit(preset)
