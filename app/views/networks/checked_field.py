"""A field with room for what is wrong with its content, right under it."""

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.made import text_label
from app.views.networks.tones import tones

W = TypeVar("W", bound=QWidget)


class CheckedField(QWidget, Generic[W]):
    """Holds one field; `complain` puts a sentence under it, which screen readers read with the field."""

    def __init__(self, field: W, *beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.complaint = text_label(name=f"{field.objectName()}.complaint")
        self.complaint.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(field)
        for widget in beside:
            layout.addWidget(widget)
        layout.addWidget(self.complaint)
        self.setFocusProxy(field)
        self._restyle()

    @property
    def text(self) -> str:
        """The complaint that stands there; empty if there is none."""
        return "" if self.complaint.isHidden() else self.complaint.text()

    def complain(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self.complaint.setText(f"⚠ {text}" if text else "")
        self.complaint.setVisible(bool(text))
        self.field.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        sheet = f"color: {tones(self.palette()).bad};"
        if sheet != self.complaint.styleSheet():
            self.complaint.setStyleSheet(sheet)
