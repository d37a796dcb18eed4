"""Minimal against stable of several features: what a stability costs, and its correction to be picked."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent

from app.render.plot.joint.bracket_plot import STABILITY, BracketPlot, FloatArray
from app.render.plot.legend import LegendEntry
from app.render.plot.stepping import ALONG
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, legible, line_pen, plot_colours
from app.render.plot.swatches import line_swatch

HINT = "Click a point, or press ← →, to put the box there with the ± that it is proved for."
LINES = 3  # of what is read: plots must not jump when the pointer comes near a curve
ASKED = 1.0  # the stability that was asked for


class StabilityPlot(BracketPlot):
    """The points are corrections of their own. One that is picked is told; the document decides about the box."""

    picking = Signal(int)  # row, at every step while a hand or a key is on the curve
    picked = Signal(int)  # once, when it lets go
    dropped = Signal()  # Esc: back to the box as it was

    def __init__(self, name: str, empty: str) -> None:
        self._sentences: tuple[str, ...] = ()
        self._changes: tuple[str, ...] = ()
        self._places: tuple[int, ...] = ()  # rows that can be picked, rising
        self._pickable = False
        self._at: int | None = None  # row of the box, if it is one of them
        self._before: int | None = None
        self._held = self._by_key = False
        self._mark, self._dot = pg.InfiniteLine(movable=False), pg.ScatterPlotItem(size=11)
        super().__init__(name, STABILITY, empty)
        self.setAccessibleName("Minimal against stable")
        self._reading.setMinimumHeight(LINES * self._reading.fontMetrics().lineSpacing())

    @property
    def at(self) -> int | None:
        """The row whose correction the box stands around."""
        return self._at

    @property
    def held(self) -> bool:
        """Whether a hand or a key is on the curve."""
        return self._held

    @property
    def places(self) -> tuple[int, ...]:
        """The rows that can be picked, rising."""
        return self._places if self._pickable else ()

    def set_curve(
        self, rows: FloatArray, sentences: Sequence[str], places: Sequence[int], changes: Sequence[str] = ()
    ) -> None:
        """Show rows as `set_rows` does; what is said of each, "" for what the numbers say; and which can be picked.

        Parameters
        ----------
        changes : what the correction of each row changes, as a tip beside the pointer has it
        """
        self._sentences, self._places, self._held = tuple(sentences), tuple(places), False
        self._changes = tuple(changes)
        self.set_rows(rows)

    def set_pickable(self, *, pickable: bool) -> None:
        """Whether the box may be moved."""
        self._pickable = pickable
        can = bool(self.places)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if can else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(HINT if can else "")
        self._read(self._at if self._held else None)

    def set_at(self, place: int | None) -> None:
        """Mark the row that the box stands around; None: none of them."""
        if place != self._at:
            self._at = place
            self._mark_box()

    # ---- the pointer and the keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and self.places and self._on_mouse(event):
            return True
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        left = event.button() is Qt.MouseButton.LeftButton
        if event.type() is QEvent.Type.MouseButtonPress and left:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._pick(self._near(event.position()))
            return True
        if event.type() is QEvent.Type.MouseButtonRelease and left:
            self._let_go()
            return True
        if event.type() is QEvent.Type.MouseMove and self._held and not self._by_key:
            self._pick(self._near(event.position()))
            return True
        return event.type() is QEvent.Type.MouseButtonDblClick

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, places = Qt.Key(event.key()), self.places
        if places and (step := ALONG.get(key)) is not None:
            self._pick(self._beside(step), by_key=True)
        elif places and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._pick(places[0 if key == Qt.Key.Key_Home else -1], by_key=True)
        elif key == Qt.Key.Key_Escape and self._held:
            self._put_back()
            self._read(None)
            self.dropped.emit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and Qt.Key(event.key()) in {*ALONG, Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._let_go()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._by_key:
            self._let_go()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """A drag ends without a trace when its page is turned away: no release will come from there."""
        if self._held:
            self._put_back()
            self.dropped.emit()
        super().hideEvent(event)

    def _near(self, position: QPointF) -> int:
        """The row nearest to the pointer that can be picked."""
        x = float(self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(position.toPoint())).x())
        return min(self._places, key=lambda place: abs(float(self._rows[place, 0]) - x))

    def _beside(self, step: int) -> int:
        """The next row to a side that can be picked; from nowhere what was asked for."""
        if self._at not in self._places:
            return min(self._places, key=lambda place: abs(float(self._rows[place, 0]) - ASKED))
        at = self._places.index(self._at) + step
        return self._places[min(max(at, 0), len(self._places) - 1)]

    def _pick(self, place: int, *, by_key: bool = False) -> None:
        if not self._held:
            self._held, self._by_key, self._before = True, by_key, self._at
        self._cursor.hide()
        moved, self._at = place != self._at, place
        self._mark_box()
        self._read(place)
        if moved:
            self.picking.emit(place)

    def _let_go(self) -> None:
        held, self._held = self._held, False
        self._by_key = False
        if held and self._at is not None:
            self.picked.emit(self._at)

    def _put_back(self) -> None:
        self._held = self._by_key = False
        self._at = self._before
        self._mark_box()

    # ---- drawing

    def _read(self, at: int | None) -> None:
        super()._read(at)
        known = at is not None and at < len(self._changes)
        self._plot.setToolTip(self._changes[at] if at is not None and known else "")

    def _sentence(self, at: int | None) -> str:
        if at is not None and at < len(self._sentences) and self._sentences[at]:
            return self._sentences[at]
        return HINT if at is None and self.places and len(self._rows) else super()._sentence(at)

    def _draw(self) -> None:
        if self._mark.scene() is None:
            for depth, item in enumerate((self._mark, self._dot), start=5):
                item.setZValue(depth)
                self._plot.addItem(item, ignoreBounds=True)
        super()._draw()
        self._mark_box()

    def _mark_box(self) -> None:
        colours = plot_colours(self.palette())
        green = legible(BLUISH_GREEN, colours.background, SHAPE_CONTRAST)
        at = self._at if self._at is not None and self._at < len(self._rows) else None
        self._mark.setVisible(at is not None)
        self._mark.setPen(line_pen(green, 1.4, Qt.PenStyle.DashLine))
        self._dot.setBrush(green)
        self._dot.setPen(line_pen(colours.text, 1.5))
        if at is None:
            self._dot.setData([], [])
        else:
            self._mark.setPos(float(self._rows[at, 0]))
            self._dot.setData([self._rows[at, 0]], [self._rows[at, 2]])

    def _entries(self) -> list[LegendEntry]:
        colours = plot_colours(self.palette())
        green = legible(BLUISH_GREEN, colours.background, SHAPE_CONTRAST)
        return [*super()._entries(), LegendEntry("the box", line_swatch(green, Qt.PenStyle.DashLine))]
