"""Accuracy against the strength of every attack, with intervals and the values at the pointer (Yao et al. 2018)."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.render.plot.attacks.attack_words import (
    EMPTY,
    HINT,
    attack_colour,
    attack_dashes,
    cell_words,
    clean_reading,
    figure_words,
    judges,
)
from app.render.plot.attacks.strength_panel import StrengthPanel
from app.render.plot.figure_view import ScaledFigure, figure_label, write_quietly
from app.render.plot.legend import LegendEntry
from app.render.plot.stepping import ACROSS, ALONG
from app.render.plot.style import plot_colours
from app.render.plot.swatches import line_swatch
from core.review.note import BarAnchor
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Robustness

WIDE = 12.0  # largest over smallest strength, from which on a logarithm shows more


class StrengthView(ScaledFigure):
    """Curves of one result, complete or growing."""

    pointed = Signal(int, int)  # attack and strength that is read; −1 and −1 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("attacks", HINT, "Lo&garithmic strength", parent)
        self.setAccessibleName("Accuracy under attack")
        self._found: Robustness | None = None
        self._at = (-1, -1)
        self._chosen: bool | None = None  # what the user said of the scale
        self.panel = StrengthPanel()
        self._following = False  # the scale follows the strengths; nobody has chosen it
        self._reading.setToolTip(HINT)
        self._caption = figure_label("attacks.caption")
        self.panel.pointed_at.connect(self.point_at)
        self._arrange(EMPTY, [self._header], [self.panel], [self._legend, self._reading, self._caption])
        self.set_result(None)

    @property
    def found(self) -> Robustness | None:
        """What is on screen."""
        return self._found

    @property
    def scale_chosen(self) -> bool | None:
        """The scale that somebody has chosen; None if it follows the strengths."""
        return self._chosen

    @property
    def caption(self) -> str:
        """The line about the whole figure."""
        return self._caption.text()

    def set_logarithmic(self, on: bool) -> None:  # noqa: FBT001  a Qt slot
        """Choose the scale of the strengths; it no longer follows them."""
        self._chosen = on
        super().set_logarithmic(on)

    def set_result(self, found: Robustness | None) -> None:
        """Show this result; a newer state of the same one moves its curves."""
        self._found = found
        self._show_figure(something=found is not None)
        if found is not None and self._chosen is None:
            self._following = True
            self._log.setChecked(bool(found.epsilon[-1] > WIDE * found.epsilon[0]))
            self._following = False
        self._draw()

    @property
    def pointed_anchor(self) -> BarAnchor | None:
        """What a note about the strength that is read would be pinned to."""
        return BarAnchor(index=self._at[1]) if self._at[1] >= 0 else None

    def point_at(self, row: int, column: int, *, announce: bool = True) -> None:
        """Read one attack at one strength; −1 reads the samples as they are."""
        found = self._found
        if found is None or not (0 <= row < len(found.request.attacks) and 0 <= column < len(found.epsilon)):
            row = column = -1
        changed, self._at = (row, column) != self._at, (row, column)
        words = cell_words(found, row, column) if found is not None and row >= 0 else ""
        self._reading.setText(words or self._clean_words())
        self.panel.point_at(row, column)
        if announce and changed:
            self.hovered.emit(words)
            self.pointed.emit(row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        along, across = ALONG.get(Qt.Key(event.key())), ACROSS.get(Qt.Key(event.key()))
        found = self._found
        if found is not None and (along is not None or across is not None):
            row, column = self._at
            if row < 0:
                self.point_at(0, 0 if along is None or along > 0 else len(found.epsilon) - 1)
                return
            column = min(max(column + (along or 0), 0), len(found.epsilon) - 1)
            self.point_at((row + (across or 0)) % len(found.request.attacks), column)
        elif event.key() == Qt.Key.Key_Escape and self._at[0] >= 0:
            self.point_at(-1, -1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._at[0] < 0:
            self._reading.setText(self._clean_words())

    def _clean_words(self) -> str:
        """The samples as they are; how to read a point is said too where that leaves the plot its room."""
        if self._found is None:
            return HINT
        clean = clean_reading(self._found)
        wide = self._reading.fontMetrics().horizontalAdvance(f"{clean}. {HINT}") <= 2 * self.width()
        return f"{clean}. {HINT}" if wide else clean

    def _draw(self) -> None:
        found, frame = self._found, plot_colours(self.palette())
        self.panel.show_result(found, logarithmic=self.logarithmic)
        write_quietly(frame, self._reading, self._caption)
        if found is None:
            self._legend.set_entries([], frame.text)
            return
        entries = [
            LegendEntry(ATTACK_NAMES[kind], line_swatch(attack_colour(kind, frame), attack_dashes(kind)))
            for kind in found.request.attacks
        ]
        entries.append(LegendEntry("samples as they are", line_swatch(frame.muted, Qt.PenStyle.DotLine, 1.6)))
        if judges(found):
            entries.append(LegendEntry("95 % interval (Wilson)", line_swatch(frame.grid, Qt.PenStyle.SolidLine, 9.0)))
        self._legend.set_entries(entries, frame.text)
        self._caption.setText(figure_words(found))
        self.setAccessibleDescription(self._caption.text())
        self.point_at(*self._at, announce=False)

    def _on_scale(self) -> None:
        if not self._following:
            self._chosen = self.logarithmic
            super()._on_scale()
