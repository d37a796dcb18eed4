"""Loss, accuracy and curvature of runs, while they learn and afterwards, and the values at the pointer."""

from collections.abc import Sequence
from typing import get_args

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.render.plot.legend import Legend, LegendEntry, Swatch
from app.render.plot.runs.curve_panel import CurvePanel
from app.render.plot.runs.run_series import MEASURES, Horizontal, Measure, ShownRun, is_measured
from app.render.plot.runs.run_words import EMPTY, HINT, HORIZONTAL, reading
from app.render.plot.stepping import ACROSS, ALONG, neighbour
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    ORANGE,
    REDDISH_PURPLE,
    SHAPE_CONTRAST,
    SKY_BLUE,
    VERMILLION,
    YELLOW,
    PlotColours,
    changes_colours,
    legible,
    line_pen,
    plot_colours,
)

RUN_COLOURS = (BLUE, VERMILLION, BLUISH_GREEN, REDDISH_PURPLE, ORANGE, SKY_BLUE, YELLOW)
MOST_RUNS = len(RUN_COLOURS)  # shown at once: no two of one colour
NARROW = 520  # pixels below which two plots stand one above the other
LONGEST_NAME = 40  # characters in the legend


def run_colours(palette: QPalette) -> dict[int, QColor]:
    """The colour of each place, legible on the background of plots."""
    background = plot_colours(palette).background
    return {index: legible(colour, background, SHAPE_CONTRAST) for index, colour in enumerate(RUN_COLOURS)}


class CurvesView(QWidget):
    """Draws up to `MOST_RUNS` runs. Newer states of the same runs move the lines and leave the rest alone."""

    hovered = Signal(str)  # words about the point that is pointed at, "" when there is none any more
    view_changed = Signal()  # another scale or horizontal axis

    def __init__(self, empty: str = EMPTY, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._runs: tuple[ShownRun, ...] = ()
        self._pointed: tuple[str, int] = ("", -1)
        self._placed: list[tuple[int, int]] = []  # row and column of each panel that is seen
        self.panels: dict[Measure, CurvePanel] = {measure: CurvePanel(measure) for measure in MEASURES}
        self._build(empty)
        self.set_runs(())

    @property
    def runs(self) -> tuple[ShownRun, ...]:
        """What is on screen."""
        return self._runs

    @property
    def horizontal(self) -> Horizontal:
        """What the curves are drawn against."""
        chosen: Horizontal = self._horizontal.currentData()
        return chosen

    @property
    def logarithmic(self) -> bool:
        """Whether the loss is on a logarithmic scale."""
        return self._log.isChecked()

    def set_runs(self, runs: Sequence[ShownRun]) -> None:
        """Show these runs, complete or growing."""
        self._runs = tuple(runs)[:MOST_RUNS]
        self._pages.setCurrentIndex(1 if self._runs else 0)
        self._draw()
        self._point_at(*self._pointed, announce=False)

    def set_horizontal(self, horizontal: str) -> None:
        """Draw against epochs, steps or seconds; another word changes nothing."""
        if horizontal in get_args(Horizontal):
            self._horizontal.setCurrentIndex(self._horizontal.findData(horizontal))

    def set_logarithmic(self, on: bool) -> None:  # noqa: FBT001  a Qt slot
        """Choose the logarithmic scale of the loss, or the linear one."""
        self._log.setChecked(on)

    def add_to_header(self, widget: QWidget) -> None:
        """Put a button of whoever shows the curves at the end of the line above them."""
        self._header_row.addWidget(widget)

    def sizeHint(self) -> QSize:
        return QSize(720, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panels()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        along, across = ALONG.get(Qt.Key(event.key())), ACROSS.get(Qt.Key(event.key()))
        if self._runs and along is not None:
            shown = self._pointed_run() or self._runs[0]
            row = self._pointed[1] if self._pointed[0] == shown.id else None
            self._point_at(shown.id, neighbour(row, along, len(shown.run.epoch)))
        elif self._runs and across is not None:
            ids = [shown.id for shown in self._runs]
            place = (ids.index(self._pointed[0]) + across) % len(ids) if self._pointed[0] in ids else 0
            self._point_at(ids[place], min(max(self._pointed[1], 0), len(self._runs[place].run.epoch) - 1))
        elif event.key() == Qt.Key.Key_Escape and self._pointed[1] >= 0:
            self._point_at("", -1)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self):
            self._draw()

    # ---- putting it on screen

    def _draw(self) -> None:
        colours = run_colours(self.palette())
        for measure, panel in self.panels.items():
            measured = any(is_measured(shown.run, measure) for shown in self._runs)
            panel.setVisible(measured)
            if measured:
                logarithmic = self.logarithmic and measure != "accuracy"
                panel.show_runs(self._runs, colours, self.horizontal, logarithmic=logarithmic)
        self._place_panels()
        frame = plot_colours(self.palette())
        self._legend.set_entries(_legend(self._runs, colours, frame), frame.text)
        self._reading.setStyleSheet(f"color: {frame.muted.name()}")

    def _place_panels(self) -> None:
        """Two plots stand side by side where there is room, else one above the other; four always in two rows."""
        shown = [panel for panel in self.panels.values() if not panel.isHidden()]
        columns = 1 if len(shown) <= 2 and self.width() < NARROW else 2
        places = [(index // columns, index % columns) for index in range(len(shown))]
        if places != self._placed:
            self._placed = places
            for panel, (row, column) in zip(shown, places, strict=True):
                self._grid.addWidget(panel, row, column)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _on_view_changed(self) -> None:
        self._draw()
        self._point_at(*self._pointed, announce=False)
        self.view_changed.emit()

    # ---- reading a point

    def _pointed_run(self) -> ShownRun | None:
        return next((shown for shown in self._runs if shown.id == self._pointed[0]), None)

    def _point_at(self, run_id: str, row: int, *, announce: bool = True) -> None:
        self._pointed = run_id, row
        shown = self._pointed_run()
        if shown is None or row >= len(shown.run.epoch):
            self._pointed, shown, row = ("", -1), None, -1
        words = reading(shown.name, shown.run, row) if shown is not None and row >= 0 else ""
        self._reading.setText(words or HINT)
        for panel in self.panels.values():
            panel.point_at(run_id if words else "", row)
        if announce:
            self.hovered.emit(words)

    # ---- the widget itself

    def _header(self) -> QHBoxLayout:
        self._log = QCheckBox("Lo&garithmic loss")
        self._log.setObjectName("curves.logarithmic")
        self._log.setToolTip("Also for the gradient norm and the eigenvalue")
        self._log.toggled.connect(self._on_view_changed)
        self._horizontal = QComboBox()
        self._horizontal.setObjectName("curves.horizontal")
        for key, (text, _, _) in HORIZONTAL.items():
            self._horizontal.addItem(text, key)
        self._horizontal.currentIndexChanged.connect(self._on_view_changed)
        label = QLabel("&Against")
        label.setBuddy(self._horizontal)
        header = QHBoxLayout()
        for widget in (label, self._horizontal):
            header.addWidget(widget)
        header.addSpacing(12)
        header.addWidget(self._log)
        header.addStretch(1)
        return header

    def _build(self, empty: str) -> None:
        self._header_row = self._header()
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        for index, panel in enumerate(self.panels.values()):
            self._grid.addWidget(panel, index // 2, index % 2)
            panel.pointed_at.connect(self._point_at)
        self._legend = Legend()
        self._reading = QLabel(HINT)
        self._reading.setObjectName("curves.reading")
        self._reading.setWordWrap(True)
        self._reading.setTextFormat(Qt.TextFormat.PlainText)
        self._reading.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Two lines are kept: the plots must not jump when the pointer comes near a curve.
        self._reading.setMinimumHeight(2 * self._reading.fontMetrics().lineSpacing())
        figure = QWidget()
        rows = QVBoxLayout(figure)
        rows.setContentsMargins(10, 8, 10, 6)
        rows.setSpacing(6)
        rows.addLayout(self._header_row)
        rows.addLayout(self._grid, 1)
        rows.addWidget(self._legend)
        rows.addWidget(self._reading)
        nothing = QLabel(empty)
        nothing.setObjectName("curves.empty")
        nothing.setWordWrap(True)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setMargin(24)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(nothing)
        self._pages.addWidget(figure)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)


def _legend(runs: Sequence[ShownRun], colours: dict[int, QColor], frame: PlotColours) -> list[LegendEntry]:
    solid = Qt.PenStyle.SolidLine
    entries = [LegendEntry(_shortened(shown.name), _line_swatch(colours[shown.colour], solid)) for shown in runs]
    looks = [("train", solid, 2.0), ("test", Qt.PenStyle.DashLine, 2.0)]
    entries += [LegendEntry(word, _line_swatch(frame.muted, style, width)) for word, style, width in looks]
    entries.append(LegendEntry("batches, while learnt", _line_swatch(frame.grid, solid, 1.5)))
    return [*entries, LegendEntry("rate drops", _line_swatch(frame.muted, Qt.PenStyle.DotLine, 1.0))]


def _line_swatch(colour: QColor, style: Qt.PenStyle, width: float = 2.4) -> Swatch:
    def paint(painter: QPainter, place: QRectF) -> None:
        painter.setPen(line_pen(colour, width, style))
        middle = place.center().y()
        painter.drawLine(QPointF(place.left(), middle), QPointF(place.right(), middle))

    return paint


def _shortened(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"
