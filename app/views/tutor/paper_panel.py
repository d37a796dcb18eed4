"""The paper with all that stands around it: the verdict above, legend, a sentence and the tools below."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.views.flow_row import FlowRow
from app.views.made import named, text_label, with_icon
from app.views.tutor.legend import Legend
from app.views.tutor.paper import Paper
from app.views.tutor.verdict_bar import VerdictBar
from app.views.tutor.words import FULL


class PaperPanel(QWidget):
    """The tools act on the paper; what is judged and suggested is the page's affair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paper, self.verdict, self.legend = Paper(), VerdictBar(), Legend()
        self.note = text_label(name="tutor.note")
        self.note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.undo = _tool("tutor.undo", "Undo", "undo", "Take the last stroke back", QKeySequence.StandardKey.Undo)
        self.redo = _tool("tutor.redo", "Redo", "redo", "Draw it again", QKeySequence.StandardKey.Redo)
        self.delete = _tool(
            "tutor.delete",
            "Delete stroke",
            "",
            "Take the chosen stroke away; click one to choose it",
            QKeySequence.StandardKey.Delete,
        )
        self.clear = _tool("tutor.clear", "Clear", "", "Take all strokes away")
        tools = FlowRow()
        for button in (self.undo, self.redo, self.delete, self.clear):
            tools.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 6, 8)
        column.setSpacing(4)
        column.addWidget(self.verdict)
        column.addWidget(self.paper, 1)
        column.addWidget(self.legend)
        column.addWidget(self.note)
        column.addLayout(tools)
        self.undo.clicked.connect(self.paper.take_back)
        self.redo.clicked.connect(self.paper.put_back)
        self.delete.clicked.connect(self.paper.delete_chosen)
        self.clear.clicked.connect(self._on_clear)
        self.paper.full.connect(self._on_full)

    def show_state(self) -> None:
        """Tools and legend follow what is on the paper."""
        paper, sketch = self.paper, self.paper.sketch
        self.undo.setEnabled(sketch.can_undo)
        self.redo.setEnabled(sketch.can_redo)
        self.delete.setEnabled(paper.chosen is not None)
        self.clear.setEnabled(bool(sketch.strokes))
        self.legend.setVisible(paper.lesson is not None and bool(paper.lesson.free))

    def _on_clear(self) -> None:
        self.paper.put(())

    def _on_full(self) -> None:
        self.note.setText(FULL)


def _tool(name: str, text: str, icon_name: str, hint: str, keys: QKeySequence.StandardKey | None = None) -> QPushButton:
    button = named(QPushButton(text), name)
    if icon_name:
        with_icon(button, icon_name)
    if keys is not None:
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        hint = f"{hint} ({native} on the paper)"
    button.setToolTip(hint)
    return button
