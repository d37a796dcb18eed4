"""Loss, accuracy and curvature of runs, while they learn and afterwards, and the values at the pointer."""

from collections.abc import Sequence
from typing import get_args

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from app.render.plot.figure_view import ScaledFigure, write_quietly
from app.render.plot.legend import LegendEntry
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
    legible,
    plot_colours,
)
from app.render.plot.swatches import line_swatch, shortened

RUN_COLOURS = (BLUE, VERMILLION, BLUISH_GREEN, REDDISH_PURPLE, ORANGE, SKY_BLUE, YELLOW)
MOST_RUNS = len(RUN_COLOURS)  # shown at once: no two of one colour
NARROW = 520  # pixels below which two plots stand one above the other


def run_colours(palette: QPalette) -> dict[int, QColor]:
    """The colour of each place, legible on the background of plots."""
    background = plot_colours(palette).background
    return {index: legible(colour, background, SHAPE_CONTRAST) for index, colour in enumerate(RUN_COLOURS)}


class CurvesView(ScaledFigure):
    """Draws up to `MOST_RUNS` runs. Newer states of the same runs move the lines and leave the rest alone."""

    def __init__(self, empty: str = EMPTY, parent: QWidget | None = None) -> None:
        super().__init__("curves", HINT, "Lo&garithmic loss", parent)
        self._log.setToolTip("Also for the gradient norm and the eigenvalue")
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

    def set_runs(self, runs: Sequence[ShownRun]) -> None:
        """Show these runs, complete or growing."""
        self._runs = tuple(runs)[:MOST_RUNS]
        self._show_figure(something=bool(self._runs))
        self._draw()
        self._point_at(*self._pointed, announce=False)

    def set_horizontal(self, horizontal: str) -> None:
        """Draw against epochs, steps or seconds; another word changes nothing."""
        if horizontal in get_args(Horizontal):
            self._horizontal.setCurrentIndex(self._horizontal.findData(horizontal))

    def add_to_header(self, widget: QWidget) -> None:
        """Put a button of whoever shows the curves at the end of the line above them."""
        self._header.addWidget(widget)

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
        write_quietly(frame, self._reading)

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

    def _on_scale(self) -> None:
        """Another scale, or another horizontal axis."""
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

    def _build(self, empty: str) -> None:
        self._horizontal = QComboBox()
        self._horizontal.setObjectName("curves.horizontal")
        for key, (text, _, _) in HORIZONTAL.items():
            self._horizontal.addItem(text, key)
        self._horizontal.currentIndexChanged.connect(self._on_scale)
        label = QLabel("&Against")
        label.setBuddy(self._horizontal)
        self._header.insertWidget(0, label)
        self._header.insertWidget(1, self._horizontal)
        self._header.insertSpacing(2, 12)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        for index, panel in enumerate(self.panels.values()):
            self._grid.addWidget(panel, index // 2, index % 2)
            panel.pointed_at.connect(self._point_at)
        self._arrange(empty, [self._header], [self._grid], [self._legend, self._reading])


def _legend(runs: Sequence[ShownRun], colours: dict[int, QColor], frame: PlotColours) -> list[LegendEntry]:
    solid = Qt.PenStyle.SolidLine
    entries = [LegendEntry(shortened(shown.name), line_swatch(colours[shown.colour], solid)) for shown in runs]
    looks = [("train", solid, 2.0), ("test", Qt.PenStyle.DashLine, 2.0)]
    entries += [LegendEntry(word, line_swatch(frame.muted, style, width)) for word, style, width in looks]
    entries.append(LegendEntry("batches, while learnt", line_swatch(frame.grid, solid, 1.5)))
    return [*entries, LegendEntry("rate drops", line_swatch(frame.muted, Qt.PenStyle.DotLine, 1.0))]
