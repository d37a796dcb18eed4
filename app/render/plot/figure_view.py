"""What stands around plots: a switch of the scale, a legend, words about a point, a sentence where there is nothing."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMargins, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLayout, QStackedLayout, QVBoxLayout, QWidget

from app.render.plot.legend import Legend
from app.render.plot.style import PlotColours, changes_colours

Part = QWidget | QLayout

MARGINS = QMargins(10, 8, 10, 6)


def figure_label(name: str, text: str = "") -> QLabel:
    """Words beside a plot, which break into lines and are never taken for markup."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def reading_label(name: str, text: str) -> QLabel:
    """The words about a point. Two lines are kept: plots must not jump when the pointer comes near a curve."""
    label = figure_label(name, text)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setMinimumHeight(2 * label.fontMetrics().lineSpacing())
    return label


def empty_label(name: str, text: str) -> QLabel:
    """The sentence in the middle of a view that has nothing to draw."""
    label = figure_label(name, text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setMargin(24)
    return label


def selectable(label: QLabel) -> QLabel:
    """Words that can be marked with the pointer, and that the keys pass by."""
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def write_quietly(frame: PlotColours, *labels: QLabel) -> None:
    """Give words the colour of what is said beside the figure."""
    for label in labels:
        label.setStyleSheet(f"color: {frame.muted.name()}")


class FigureView(QWidget):
    """Plots with what belongs to them, or a sentence while there is nothing to draw. Its parts are named after it."""

    hovered = Signal(str)  # words about the point that is pointed at, "" when there is none any more

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._legend = Legend()
        self._pages = QStackedLayout(self)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self):
            self._draw()

    def _draw(self) -> None:
        """Draw all that follows the palette."""
        raise NotImplementedError

    def _arrange(
        self,
        empty: str,
        above: Sequence[Part],
        plots: Sequence[Part],
        below: Sequence[Part],
        margins: QMargins = MARGINS,
    ) -> None:
        """Put the parts below one another, the plots as high as there is room; until `_show_figure`, say `empty`."""
        figure = QWidget()
        rows = QVBoxLayout(figure)
        rows.setContentsMargins(margins)
        rows.setSpacing(6)
        for parts, stretch in ((above, 0), (plots, 1), (below, 0)):
            for part in parts:
                if isinstance(part, QWidget):
                    rows.addWidget(part, stretch)
                else:
                    rows.addLayout(part, stretch)
        self._pages.addWidget(empty_label(f"{self.objectName()}.empty", empty))
        self._pages.addWidget(figure)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _show_figure(self, *, something: bool) -> None:
        """Show the figure, or the sentence that says why there is none."""
        self._pages.setCurrentIndex(1 if something else 0)


class ScaledFigure(FigureView):
    """Curves on a linear or logarithmic scale, of which a point is read by the pointer or with the arrow keys."""

    view_changed = Signal()  # another scale: worth keeping

    def __init__(
        self, name: str, hint: str, scale: str, parent: QWidget | None = None, *, logarithmic: bool = False
    ) -> None:
        super().__init__(name, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._reading = reading_label(f"{name}.reading", hint)
        self._log = QCheckBox(scale)
        self._log.setObjectName(f"{name}.logarithmic")
        self._log.setChecked(logarithmic)
        self._log.toggled.connect(self._on_scale)
        self._header = QHBoxLayout()
        self._header.addWidget(self._log)
        self._header.addStretch(1)

    @property
    def logarithmic(self) -> bool:
        """Whether the scale is logarithmic."""
        return self._log.isChecked()

    @property
    def reading(self) -> str:
        """The line below the plots."""
        return self._reading.text()

    def set_logarithmic(self, on: bool) -> None:  # noqa: FBT001  a Qt slot
        """Choose the logarithmic scale, or the linear one."""
        self._log.setChecked(on)

    def _on_scale(self) -> None:
        self._draw()
        self.view_changed.emit()
