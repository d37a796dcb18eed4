"""Names and values in two columns, that can be selected and copied."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QWidget

from app.actions.wording import tip
from app.views.made import text_label

LONGEST_TEXT = 1000  # characters of any fact, such as a description
WIDEST_NAME = 96  # pixels before a name goes on in a second line, so that the values have room
LONGEST = 46  # characters of a fingerprint or path before it is shortened; the tooltip has all of it


class Facts(QWidget):
    """A read-only list of facts."""

    def __init__(self, facts: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, value in facts.items():
            label = text_label(name)
            label.setEnabled(False)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setMinimumWidth(min(label.fontMetrics().horizontalAdvance(name) + 4, WIDEST_NAME))
            label.setMaximumWidth(WIDEST_NAME + 4)
            text = text_label(_shortened(value))
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setToolTip(tip(value) if text.text() != value else "")
            text.setAccessibleName(f"{name}: {value}")
            form.addRow(label, text)


def _shortened(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}…"
    if len(value) <= LONGEST or " " in value:
        return value
    return f"{value[: LONGEST // 2]}…{value[-8:]}"
