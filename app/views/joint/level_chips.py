"""The levels of a category in a row: which one the input has, which one it is corrected to, which one the box is at."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from app.actions.wording import tip
from app.render.plot.joint.marks import RADIUS, answer_colour, paint_correction, paint_input
from app.render.plot.style import faded, line_pen, mixed, plot_colours
from app.views.flow_row import FlowRow

LONGEST = 30  # letters of a level before it is cut short in the middle
PADDING = 9
MARK = 2 * RADIUS + 5


class LevelChip(QAbstractButton):
    """One level; checked where the box is at it. Arrow keys go to the next one, as in every group of such buttons."""

    def __init__(self, level: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(level)
        self.setCheckable(True)
        self._level, self._shown = level, shortened(level)
        self.is_present = self.is_corrected = False
        self.answer = "asking"

    def set_state(self, *, present: bool, corrected: bool, checked: bool, answer: str) -> None:
        """What is to be seen of it."""
        self.is_present, self.is_corrected, self.answer = present, corrected, answer
        self.setChecked(checked)
        notes = [text for text, said in (("now", present), ("nearest stable correction", corrected)) if said]
        self.setToolTip(tip(f"{self._level} ({', '.join(notes)})" if notes else self._level))
        self.setAccessibleDescription(", ".join(notes))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        marks = MARK * (self.is_present + self.is_corrected)
        metrics = self.fontMetrics()
        return QSize(round(metrics.horizontalAdvance(self._shown) + 2 * PADDING + marks), metrics.height() + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = plot_colours(self.palette())
        place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = answer_colour(self.answer, colours) if self.isChecked() else mixed(colours.grid, colours.text, 0.2)
        painter.setPen(line_pen(edge, 2.0 if self.isChecked() else 1.0))
        painter.setBrush(faded(edge, 0.16) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        if self.hasFocus():
            painter.setPen(line_pen(colours.text, 1.0, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(3, 3, -3, -3), place.height() / 2 - 3, place.height() / 2 - 3)
        x, middle = place.left() + PADDING - 1, place.center().y()
        for shown, paint in ((self.is_present, paint_input), (self.is_corrected, paint_correction)):
            if shown:
                paint(painter, QPointF(x + RADIUS, middle), colours)
                x += MARK
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.Text))
        painter.drawText(
            QRectF(x, place.top(), place.right() - x, place.height()), Qt.AlignmentFlag.AlignVCenter, self._shown
        )
        painter.end()


class LevelChips(QWidget):
    """All levels of one category. Clicking another level asks for it."""

    chosen = Signal(int)  # place of the level

    def __init__(
        self, name: str, levels: tuple[str, ...], allowed: tuple[int, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = FlowRow(self, spacing=5)
        self.chips: list[LevelChip] = []
        for place, level in enumerate(levels):
            chip = LevelChip(level, f"{name}.{place}")
            if allowed and place not in allowed:
                chip.setEnabled(False)
            self._group.addButton(chip, place)
            row.addWidget(chip)
            self.chips.append(chip)
        self._group.idClicked.connect(self.chosen)

    def show_levels(self, present: int, corrected: int | None, at: int | None, answer: str) -> None:
        """Which level is whose; ``at`` is that of the box."""
        for place, chip in enumerate(self.chips):
            chip.set_state(present=place == present, corrected=place == corrected, checked=place == at, answer=answer)


def shortened(level: str) -> str:
    """A level in one line, cut short in the middle if it is long: levels often differ at their ends."""
    line = " ".join(level.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]}…{line[-LONGEST // 2 + 1 :]}"
