"""A part of the inspector with a heading that folds it away."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QToolButton, QVBoxLayout, QWidget


class FoldButton(QToolButton):
    """An arrow and a word that unfold what is below. It does not look pressed while that is unfolded."""

    def __init__(self, text: str, name: str, *, unfolded: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self._point)
        self.setChecked(unfolded)
        self._point(unfolded)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        super().initStyleOption(option)
        option.state &= ~QStyle.StateFlag.State_On

    def _point(self, unfolded: bool) -> None:  # noqa: FBT001  a Qt slot
        self.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)


class Section(QWidget):
    """A heading, and what is under it while it is unfolded."""

    def __init__(self, title: str, content: QWidget, name: str, *, unfolded: bool = True) -> None:
        super().__init__()
        self.heading = FoldButton(title, f"section.{name}", unfolded=unfolded)
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.heading)
        layout.addWidget(content)
        content.setVisible(unfolded)
        self.heading.toggled.connect(content.setVisible)
