"""Loss, gradient norm and top eigenvalues through a training, below one another, read at one checkpoint together."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.render.plot.figure_view import ScaledFigure, figure_label, write_quietly
from app.render.plot.histories.history_words import EMPTY, HINT, caption_words, checkpoint_words
from app.render.plot.legend import LegendEntry
from app.render.plot.lines.line_panel import FAINT, DrawnLine, LinePanel
from app.render.plot.stepping import walk
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    SHAPE_CONTRAST,
    VERMILLION,
    faded,
    legible,
    plot_colours,
)
from app.render.plot.swatches import dot_swatch, line_swatch
from core.spectrum.history import History

_NAMES = {  # of each panel: its title, the label of its axis, a short one
    "loss": ("Loss through the training", "mean loss", "loss"),
    "gradient": ("Norm of the gradient through the training", "norm of the gradient ‖∇L‖₂", "‖∇L‖₂"),
    "curvature": ("Top eigenvalues through the training", "size of eigenvalue |λ|", "|λ|"),
}


class HistoryView(ScaledFigure):
    """Three plots over one axis of epochs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("history", HINT, "Lo&garithmic", parent, logarithmic=True)
        self._log.setToolTip("Of loss, gradient norm and eigenvalues: curvature often changes by decades")
        self.setAccessibleName("Curvature through a training")
        self._history: History | None = None
        self._at: int | None = None
        self.panels = {key: LinePanel(f"history.{key}", title) for key, (title, _, _) in _NAMES.items()}
        self._caption = figure_label("history.caption")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        for panel in self.panels.values():
            panel.pointed_at.connect(self._on_pointed)
        below = (self._legend, self._reading, self._caption)
        self._arrange(EMPTY, [self._header], list(self.panels.values()), below)
        self.set_history(None)

    @property
    def history(self) -> History | None:
        """What is on screen."""
        return self._history

    @property
    def caption(self) -> str:
        """The line about all of it."""
        return self._caption.text()

    def set_history(self, history: History | None) -> None:
        """Show this history, complete or growing."""
        self._history = history
        self._show_figure(something=history is not None)
        self._draw()

    def choose(self, index: int | None, *, announce: bool = True) -> None:
        """Read one checkpoint in all plots; None reads none."""
        history = self._history
        if history is None or (index is not None and not 0 <= index < len(history.epoch)):
            index = None
        changed, self._at = index != self._at, index
        words = checkpoint_words(history, index) if history is not None and index is not None else ""
        for panel in self.panels.values():
            panel.point_at(float(history.epoch[index]) if history is not None and index is not None else None)
        self._reading.setText(words or HINT)
        if announce and changed:
            self.hovered.emit(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = 0 if self._history is None else len(self._history.epoch)
        if not walk(event, self._at, count, self.choose):
            super().keyPressEvent(event)

    def _draw(self) -> None:
        frame, history = plot_colours(self.palette()), self._history
        write_quietly(frame, self._reading, self._caption)
        if history is None:
            return
        blue, green, red = (legible(c, frame.background, SHAPE_CONTRAST) for c in (BLUE, BLUISH_GREEN, VERMILLION))
        lines = {
            "loss": _losses(history, blue),
            "gradient": [_line("gradient", history.epoch, history.gradient_norm, green)],
            "curvature": _eigenvalues(history, red),
        }
        drops = [(float(history.epoch[index]), "rate falls") for index in history.rate_drops]
        for place, (key, panel) in enumerate(self.panels.items()):
            last = place == len(self.panels) - 1
            unit = history.loss_unit if key == "loss" else ""
            panel.set_labels("epoch" if last else "", _NAMES[key][1], unit, short=_NAMES[key][2])
            panel.show_lines(lines[key], logarithmic=self.logarithmic)
            panel.set_places(drops, drops=place > 0)
        self._legend.set_entries(_legend(history, (blue, green, red), frame.background, frame.muted), frame.text)
        self._caption.setText(caption_words(history))
        self.setAccessibleDescription(self._caption.text())
        self.choose(self._at, announce=False)

    def _on_pointed(self, key: str, epoch: float) -> None:
        history = self._history
        self.choose(None if not key or history is None else int(np.argmin(np.abs(history.epoch - epoch))))


def _line(key: str, x: np.ndarray, y: np.ndarray, colour: QColor, look: str = "solid") -> DrawnLine:
    return DrawnLine(key=(key, look), x=x, y=y, colour=colour, look=look)  # type: ignore[arg-type]


def _losses(history: History, colour: QColor) -> list[DrawnLine]:
    lines = [_line("loss", history.epoch, history.loss, colour)]
    if history.test_loss is not None:
        lines.append(_line("loss", history.epoch, history.test_loss, colour, "dashed"))
    return lines


def _eigenvalues(history: History, colour: QColor) -> list[DrawnLine]:
    """Sizes by rank, the first one solid; where that one is negative an open mark lies over it."""
    sizes, first = np.abs(history.eigenvalues), history.eigenvalues[:, 0]
    lines = [
        DrawnLine(key=("curvature", f"rank {rank}"), x=history.epoch, y=sizes[:, rank], colour=colour, look="faint")
        for rank in range(1, sizes.shape[1])
    ]
    lines.append(_line("curvature", history.epoch, sizes[:, 0], colour))
    if (first < 0).any():
        # Dashes that touch only themselves: single points with open marks.
        for index in np.flatnonzero(first < 0).tolist():
            place = slice(index, index + 1)
            key = ("curvature", f"negative {index}")
            lines.append(DrawnLine(key=key, x=history.epoch[place], y=sizes[place, 0], colour=colour, look="dashed"))
    return lines


def _legend(
    history: History, colours: tuple[QColor, QColor, QColor], background: QColor, muted: QColor
) -> list[LegendEntry]:
    blue, green, red = colours
    entries = [LegendEntry("train loss", line_swatch(blue))]
    if history.test_loss is not None:
        entries.append(LegendEntry("test loss", line_swatch(blue, Qt.PenStyle.DashLine)))
    entries += [LegendEntry("norm of the gradient", line_swatch(green)), LegendEntry("|λ₁|", line_swatch(red))]
    if history.eigenvalues.shape[1] > 1:
        entries.append(LegendEntry("further eigenvalues", line_swatch(faded(red, FAINT), width=1.2)))
    if (history.eigenvalues[:, 0] < 0).any():
        entries.append(LegendEntry("negative", dot_swatch(background, red)))
    if history.rate_drops:
        entries.append(LegendEntry("learning rate falls", line_swatch(muted, Qt.PenStyle.DotLine, 1.2)))
    return entries
