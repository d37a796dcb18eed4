"""Losses of fresh initialisations against the levels of the planes around the trained network."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.render.plot.figure_view import empty_label
from app.render.plot.lines.level_marks import Level, LevelMarks
from app.render.plot.runs.curve_panel import NEAR, LossAxis
from app.render.plot.stepping import walk
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    ORANGE,
    VERMILLION,
    apply_style,
    changes_colours,
    faded,
    legible,
    line_pen,
    make_plot,
    set_axis_label,
)
from core.exchange.words import count, number
from core.landscape.initialisation import Initialisations
from core.landscape.plane import FloatArray

EMPTY = "No initialisations yet. They appear here as soon as their job runs; until then it waits for those before it."
COLUMNS = ("statistics as initialised", "statistics of the samples, as training sees it")
SPREAD = 0.32  # of a column that its points are spread over, so that equal losses do not hide one another


class InitialisationsView(QWidget):
    """Two columns of points, one pair per initialisation, on a logarithmic scale with the levels behind them."""

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("initialisationsView")
        self.setAccessibleName("Losses of fresh initialisations")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._shown: Initialisations | None = None
        self._levels: tuple[Level, ...] = ()
        self._chosen: int | None = None
        self._build()
        self._restyle()
        self.set_initialisations(None)

    @property
    def shown(self) -> Initialisations | None:
        """What is on screen."""
        return self._shown

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels behind the points, the trained network's own among them."""
        return self._marks.levels

    @property
    def caption(self) -> str:
        """The line below the plot."""
        return self._caption.text()

    def set_initialisations(self, shown: Initialisations | None) -> None:
        """Show these, complete or growing."""
        self._shown = shown
        self._draw()

    def set_levels(self, levels: Sequence[Level]) -> None:
        """Compare with these levels of surfaces."""
        self._levels = tuple(levels)
        self._draw()

    def choose(self, index: int | None) -> None:
        """Read one initialisation; None reads none."""
        changed, self._chosen = index != self._chosen, index
        if changed:
            self._draw_points()
            self.hovered.emit(
                "" if index is None or self._shown is None else initialisation_reading(self._shown, index)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = 0 if self._shown is None else len(self._shown.seed)
        if not walk(event, self._chosen, count, self.choose):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.choose(None)
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._plot.enableAutoRange()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self):
            self._restyle()
            self._draw()

    def _draw(self) -> None:
        shown = self._shown
        self._pages.setCurrentIndex(0 if shown is None else 1)
        if shown is None:
            return
        set_axis_label(self._plot, "left", "mean loss", shown.loss_unit)
        own = Level(words=f"the trained network: {number(shown.centre_loss, 3)}", loss=shown.centre_loss)
        trained, others = (legible(colour, self._frame.background) for colour in (BLUISH_GREEN, ORANGE))
        marked = [(own, trained), *((level, others) for level in self._levels)]
        self._marks.set_levels(
            [(_place(level.loss), level, colour) for level, colour in marked if np.isfinite(_place(level.loss))]
        )
        self._draw_points()
        known = np.concatenate([shown.loss, shown.calibrated_loss, [level.loss for level, _ in marked]])
        known = known[np.isfinite(known) & (known > 0)]
        if len(known):
            low, high = _place(float(known.min())), _place(float(known.max()))
            self._plot.setYRange(low, high + 0.06 * (high - low), padding=0.06)
        self._caption.setText(initialisations_caption(shown))
        self.setAccessibleDescription(self._caption.text())

    def _draw_points(self) -> None:
        shown = self._shown
        if shown is None:
            return
        blue, red = (legible(colour, self._frame.background, 3.0) for colour in (BLUE, VERMILLION))
        spots, lines = [], []
        for index in range(len(shown.seed)):
            places = self._places(index)
            chosen = index == self._chosen
            if np.isfinite(places).all():
                lines.append(places)
            for (x, y), colour in zip(places.tolist(), (blue, red), strict=True):
                if np.isfinite(y):
                    pen = line_pen(self._frame.text, 2.0 if chosen else 0.8)
                    spots.append({"pos": (x, y), "brush": faded(colour, 0.85), "pen": pen, "size": 13 if chosen else 9})
        self._dots.setData(spots)
        pairs = np.array([[*line[0], *line[1]] for line in lines]).reshape(-1, 2, 2)
        self._joins.setData(
            pairs[:, :, 0].ravel(), pairs[:, :, 1].ravel(), connect="pairs", pen=line_pen(faded(self._frame.muted, 0.5))
        )

    def _places(self, index: int) -> FloatArray:
        """Where the two points of an initialisation are: (2, 2)."""
        shown = self._shown
        if shown is None:
            return np.full((2, 2), np.nan)
        shift = SPREAD * ((index + 0.5) / len(shown.seed) - 0.5)
        losses = (float(shown.loss[index]), float(shown.calibrated_loss[index]))
        return np.array([[column + shift, _place(loss)] for column, loss in enumerate(losses)])

    def _on_moved(self, place: QPointF) -> None:
        view, shown = self._plot.getViewBox(), self._shown
        if shown is None or not view.sceneBoundingRect().contains(place):
            self.choose(None)
            return
        here, pixel = view.mapSceneToView(place), view.viewPixelSize()
        places = np.stack([self._places(index) for index in range(len(shown.seed))])
        far = np.hypot((places[:, :, 0] - here.x()) / pixel[0], (places[:, :, 1] - here.y()) / pixel[1])
        far = np.where(np.isnan(far), np.inf, far).min(axis=1)
        nearest = int(np.argmin(far))
        self.choose(nearest if far[nearest] < NEAR / 2 else None)

    def _build(self) -> None:
        axis = LossAxis("left")
        axis.logarithmic = True
        self._plot = make_plot(self, left=axis)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.getAxis("bottom").setTicks([list(enumerate(COLUMNS))])
        self._plot.setXRange(-0.5, 1.9, padding=0)
        self._plot.setMouseEnabled(x=False, y=True)
        self._joins, self._dots = pg.PlotDataItem(), pg.ScatterPlotItem()
        for item in (self._joins, self._dots):
            self._plot.addItem(item, ignoreBounds=True)
        self._marks = LevelMarks(self._plot.getViewBox(), z=-5)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.viewport().installEventFilter(self)
        self._caption = QLabel()
        self._caption.setObjectName("initialisationsCaption")
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(10, 4, 10, 6)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(6, 6, 10, 0)
        column.addWidget(self._plot, 1)
        column.addWidget(self._caption)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty_label("", EMPTY))
        self._pages.addWidget(content)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _restyle(self) -> None:
        self._frame = apply_style(self._plot, self.palette())
        self._plot.getAxis("bottom").setGrid(False)
        self._marks.set_look(self._frame, self.font())
        quiet = QPalette(self.palette())
        quiet.setColor(QPalette.ColorRole.WindowText, self._frame.muted)
        self._caption.setPalette(quiet)


def initialisation_reading(shown: Initialisations, index: int) -> str:
    """All that is known of one initialisation."""
    parts = [f"seed {int(shown.seed[index])}"]
    for words, value in (("as initialised", shown.loss[index]), ("calibrated", shown.calibrated_loss[index])):
        parts.append(f"loss {words} {number(float(value))}" if not np.isnan(value) else f"{words} not computed yet")
    if np.isfinite(shown.accuracy[index]):
        parts.append(f"accuracy {number(100 * float(shown.accuracy[index]), 3)} %")
    parts.append(f"{number(float(shown.distance[index]), 3)} from the trained network")
    return " · ".join(parts)


def initialisations_caption(shown: Initialisations) -> str:
    """How many there are, and how they spread."""
    known = shown.calibrated_loss[np.isfinite(shown.calibrated_loss)]
    parts = [f"{count(len(shown.seed), 'initialisation')}, {len(known):,} computed"]
    if shown.status == "partial":
        parts[0] = f"Partial: {parts[0]}"
    if len(known):
        parts.append(
            f"calibrated loss {number(float(np.median(known)), 3)} in the middle, "
            f"{number(float(known.min()), 3)} to {number(float(known.max()), 3)}"
        )
    lost = int(np.count_nonzero(np.isinf(shown.loss) | np.isinf(shown.calibrated_loss)))
    if lost:
        parts.append(f"{lost:,} without a finite loss, not drawn")
    return " · ".join(parts)


def _place(loss: float) -> float:
    return float(np.log10(loss)) if np.isfinite(loss) and loss > 0 else float("nan")
