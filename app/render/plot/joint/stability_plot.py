"""Minimal against stable of several features: what a stability costs, and its correction to be picked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.render.plot.joint.bracket_plot import STABILITY, BracketPlot, FloatArray
from app.render.plot.legend import LegendEntry
from app.render.plot.picking import Picker
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, legible, line_pen, plot_colours
from app.render.plot.swatches import line_swatch

HINT = "Click a point, or press ← →, to put the box there with the ± that it is proved for."
LINES = 3  # of what is read: plots must not jump when the pointer comes near a curve
ASKED = 1.0  # the stability that was asked for


@dataclass(frozen=True, eq=False)
class PlacedRows:
    """The rows of a curve that have a correction of their own, rising."""

    x: FloatArray = field(repr=False)  # (n,), of all rows
    rows: tuple[int, ...]

    def at(self, x: float, near: float) -> int:
        del near
        return min(self.rows, key=lambda row: abs(float(self.x[row]) - x))

    def beside(self, place: int | None, step: int, *, far: bool) -> int:
        del far
        if place not in self.rows:
            return self.at(ASKED, 0.0)
        at = self.rows.index(place) + step
        return self.rows[min(max(at, 0), len(self.rows) - 1)]

    def end(self, *, last: bool) -> int:
        return self.rows[-1 if last else 0]


class StabilityPlot(BracketPlot):
    """The points are corrections of their own. One that is picked is told; the document decides about the box."""

    def __init__(self, name: str, empty: str) -> None:
        super().__init__(name, STABILITY, empty)
        self._sentences: tuple[str, ...] = ()
        self._changes: tuple[str, ...] = ()
        self._places: tuple[int, ...] = ()  # rows that can be picked, rising
        self._pickable = False
        self._mark, self._dot = pg.InfiniteLine(movable=False), pg.ScatterPlotItem(size=11)
        for depth, item in enumerate((self._mark, self._dot), start=5):
            item.setZValue(depth)
            self._plot.addItem(item, ignoreBounds=True)
        self.picker: Picker[int] = Picker(self, self._plot)
        self.picker.moved.connect(self._on_moved)
        self.picker.dropped.connect(lambda: self._read(None))
        self.setAccessibleName("Minimal against stable")
        self._reading.setMinimumHeight(LINES * self._reading.fontMetrics().lineSpacing())

    @property
    def at(self) -> int | None:
        """The row whose correction the box stands around."""
        return self.picker.at

    @property
    def held(self) -> bool:
        """Whether a hand or a key is on the curve."""
        return self.picker.held

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
        self.picker.let_go()
        self._sentences, self._places, self._changes = tuple(sentences), tuple(places), tuple(changes)
        self.set_rows(rows)
        self._offer_places()

    def set_pickable(self, *, pickable: bool) -> None:
        """Whether the box may be moved."""
        self._pickable = pickable
        self._offer_places()
        can = bool(self.places)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if can else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(HINT if can else "")
        self._read(self.at if self.held else None)

    def set_at(self, place: int | None) -> None:
        """Mark the row that the box stands around; None: none of them."""
        if place != self.at:
            self.picker.put(place)

    def _offer_places(self) -> None:
        self.picker.places = PlacedRows(self._rows[:, 0], self.places) if self.places else None

    def _on_moved(self) -> None:
        self._mark_box()
        if self.held:
            self._cursor.hide()
            self._read(self.at)

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
        super()._draw()
        if hasattr(self, "picker"):  # Qt may call before __init__ is done
            self._mark_box()

    def _mark_box(self) -> None:
        colours = plot_colours(self.palette())
        green = legible(BLUISH_GREEN, colours.background, SHAPE_CONTRAST)
        at = self.at if self.at is not None and self.at < len(self._rows) else None
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
