"""Loss and accuracy along lines and curves through weight space, one or several, with the values at the pointer."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.render.pins.ground import PinGround
from app.render.plot.figure_view import ScaledFigure, write_quietly
from app.render.plot.legend import LegendEntry
from app.render.plot.lines.curve_lines import (
    LineMeasure,
    ShownCurve,
    curve_reading,
    curve_summary,
    has_classes,
    lines_of,
    middle,
    stations_of,
)
from app.render.plot.lines.line_panel import DrawnLine, LinePanel
from app.render.plot.lines.position_labels import common_label, needs_own_labels, position_label
from app.render.plot.runs.curves_view import MOST_RUNS, NARROW, run_colours
from app.render.plot.stepping import ACROSS, ALONG
from app.render.plot.style import faded, plot_colours
from app.render.plot.swatches import line_swatch, shortened
from core.review.note import PointAnchor

EMPTY = "No curve yet. It grows here as soon as its job runs; until then it waits for the jobs before it."
HINT = "Point at a curve, or press ← and → (↑ and ↓ for another curve), to read its values."
MOST_CURVES = MOST_RUNS


class LineView(ScaledFigure):
    """Draws up to `MOST_CURVES` curves over one axis; newer states of the same curves move their lines."""

    def __init__(self, empty: str = EMPTY, parent: QWidget | None = None) -> None:
        super().__init__("lines", HINT, "Lo&garithmic loss", parent)
        self.setAccessibleName("Loss along a line through weight space")
        self._curves: tuple[ShownCurve, ...] = ()
        self._pointed: tuple[str, float] | None = None
        self._stale = True  # whether the curves are not drawn yet: nobody has seen them
        self._panels: dict[LineMeasure, LinePanel] = {
            "loss": LinePanel("lines.loss", "Loss along the line"),
            "accuracy": LinePanel("lines.accuracy", "Accuracy along the line"),
        }
        self._build(empty)
        self.set_curves(())

    @property
    def curves(self) -> tuple[ShownCurve, ...]:
        """What is on screen."""
        return self._curves

    @property
    def panels(self) -> dict[LineMeasure, LinePanel]:
        """The plots, with the curves in them."""
        self.draw_now()
        return self._panels

    def set_curves(self, curves: Sequence[ShownCurve]) -> None:
        """Show these curves, complete or growing."""
        self._curves = tuple(curves)[:MOST_CURVES]
        self._show_figure(something=bool(self._curves))
        self._draw()
        self._point(self._pointed, announce=False)

    def add_to_header(self, widget: QWidget) -> None:
        """Put a widget of whoever shows the curves into the line above them."""
        self._header.insertWidget(self._header.count() - 1, widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        upright = event.size().width() < NARROW
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        along, across = ALONG.get(Qt.Key(event.key())), ACROSS.get(Qt.Key(event.key()))
        if self._curves and (along is not None or across is not None):
            self._step(along or 0, across or 0)
        elif event.key() == Qt.Key.Key_Escape and self._pointed is not None:
            self._point(None)
        else:
            super().keyPressEvent(event)

    def _step(self, along: int, across: int) -> None:
        """Walk along the curve that is read, or over to the next one at the same place."""
        ids = [shown.id for shown in self._curves]
        if self._pointed is None:
            self._point((ids[0], float(self._curves[0].curve.x[0])))
            return
        place = (ids.index(self._pointed[0]) + across) % len(ids)
        x = self._curves[place].curve.x
        index = int(np.clip(int(np.argmin(np.abs(x - self._pointed[1]))) + along, 0, len(x) - 1))
        self._point((ids[place], float(x[index])))

    def _on_pointed(self, curve_id: str, x: float) -> None:
        self._point((curve_id, x) if curve_id else None)

    def _point(self, place: tuple[str, float] | None, *, announce: bool = True) -> None:
        shown = None if place is None else next((each for each in self._curves if each.id == place[0]), None)
        self._pointed = place if shown is not None else None
        words, at = "", None
        if shown is not None and place is not None:
            index = int(np.argmin(np.abs(shown.curve.x - place[1])))
            words, at = curve_reading(shown, index), float(shown.curve.x[index])
        self._reading.setText(words or self._summary() or HINT)
        for panel in self._panels.values():
            panel.point_at(at)
        if announce:
            self.hovered.emit(words)

    def _summary(self) -> str:
        return f"{curve_summary(self._curves[0].curve)}. {HINT}" if len(self._curves) == 1 else ""

    def pin_ground(self, curve_id: str) -> PinGround:
        """A new ground for pins on the loss of that curve. Whoever keeps it asks once."""
        return self._panels["loss"].pin_ground(curve_id)

    def pointed_anchor(self, curve_id: str) -> PointAnchor | None:
        """What a note about the point of that curve that is read would be pinned to."""
        if self._pointed is None or self._pointed[0] != curve_id:
            return None
        curve = next(shown.curve for shown in self._curves if shown.id == curve_id)
        index = int(np.argmin(np.abs(curve.x - self._pointed[1])))
        loss = float(middle(curve.loss)[index])
        return PointAnchor(x=float(curve.x[index]), loss=loss if np.isfinite(loss) else None)

    def showEvent(self, event: QShowEvent) -> None:
        self.draw_now()
        super().showEvent(event)

    def _draw(self) -> None:
        """Draw the curves once somebody can see them."""
        self._stale = True
        if self.isVisible():
            self.draw_now()

    def draw_now(self) -> None:
        """Draw what changed since the last time, if anything did."""
        if not self._stale:
            return
        self._stale = False
        colours, frame = run_colours(self.palette()), plot_colours(self.palette())
        if self._curves:
            label = common_label([shown.curve for shown in self._curves])
            classes = any(has_classes(shown.curve) for shown in self._curves)
            units = {shown.curve.loss_unit for shown in self._curves}
            unit = units.pop() if len(units) == 1 else ""
            self._panels["accuracy"].setVisible(classes)
            for measure, panel in self._panels.items():
                loss = measure == "loss"
                panel.set_labels(label, "mean loss" if loss else "accuracy", unit if loss else "%")
                lines = [line for shown in self._curves for line in _drawn(shown, measure, colours[shown.colour])]
                panel.show_lines(lines, logarithmic=loss and self.logarithmic)
                panel.set_places(self._stations())
        self._legend.set_entries(self._entries(colours, frame.muted), frame.text)
        write_quietly(frame, self._reading)

    def _stations(self) -> list[tuple[float, str]]:
        """Where networks lie, of all curves together; several at one place are named once."""
        places: dict[float, str] = {}
        for shown in self._curves:
            for station in stations_of(shown.curve):
                places.setdefault(round(station.x, 6), station.name)
        return sorted(places.items())

    def _entries(self, colours: dict[int, QColor], muted: QColor) -> list[LegendEntry]:
        solid, dashed = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        own = needs_own_labels([shown.curve for shown in self._curves])
        names = [
            f"{shortened(shown.name)}: {position_label(shown.curve)}" if own else shortened(shown.name)
            for shown in self._curves
        ]
        entries = [
            LegendEntry(name, line_swatch(colours[shown.colour], solid))
            for name, shown in zip(names, self._curves, strict=True)
        ]
        several = any(len(shown.curve.loss) > 1 for shown in self._curves)
        entries.append(LegendEntry("train, median of the draws" if several else "train", line_swatch(muted, solid, 2)))
        if any(shown.curve.test_loss is not None for shown in self._curves):
            entries.append(LegendEntry("test, median" if several else "test", line_swatch(muted, dashed, 2)))
        if several:
            entries.append(LegendEntry("each draw", line_swatch(faded(muted, 0.5), solid, 1)))
        if any(shown.curve.parabola is not None for shown in self._curves):
            words = "L(0) + λt²/2, what the eigenvalue says"
            entries.append(LegendEntry(words, line_swatch(muted, Qt.PenStyle.DotLine, 2)))
        entries.append(LegendEntry("a network", line_swatch(muted, Qt.PenStyle.DotLine, 1.2)))
        return entries

    def _on_scale(self) -> None:
        self._draw()
        self._point(self._pointed, announce=False)
        self.view_changed.emit()

    def _build(self, empty: str) -> None:
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(8)
        for panel in self._panels.values():
            self._row.addWidget(panel, 1)
            panel.pointed_at.connect(self._on_pointed)
        self._arrange(empty, [self._header], [self._row], [self._legend, self._reading])


def _drawn(shown: ShownCurve, measure: LineMeasure, colour: QColor) -> list[DrawnLine]:
    return [
        DrawnLine(key=(shown.id, f"{line.look}{place}"), x=line.x, y=line.y, colour=colour, look=line.look)
        for place, line in enumerate(lines_of(shown.curve, measure))
    ]
