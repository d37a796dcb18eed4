"""A training's checkpoints against its epochs: their own loss and the plane's, and how far they are off the plane."""

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.render.plot.legend import Legend, LegendEntry
from app.render.plot.lines.line_panel import DrawnLine, LinePanel
from app.render.plot.runs.curves_view import NARROW
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    SHAPE_CONTRAST,
    VERMILLION,
    changes_colours,
    legible,
    plot_colours,
)
from app.render.plot.swatches import line_swatch
from app.render.plot.trajectories.words import plane_loss
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

WAY = "way"


class TrajectoryChart(QWidget):
    """Two small plots. The gap between solid and dashed is what the picture of the plane does not show."""

    pointed_at = Signal(int)  # checkpoint, −1 when nothing is near

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trajectoryChart")
        self._trajectory: Trajectory | None = None
        self._surface: Surface | None = None
        self._logarithmic = True
        self.loss = LinePanel("trajectory.loss", "Loss of the checkpoints")
        self.distance = LinePanel("trajectory.distance", "Distance of the checkpoints")
        self._legend = Legend()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for panel in (self.loss, self.distance):
            panel.pointed_at.connect(self._on_pointed)
            self._row.addWidget(panel, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(6, 2, 8, 4)
        rows.addLayout(self._row, 1)
        rows.addWidget(self._legend)

    def show_trajectory(self, trajectory: Trajectory | None, surface: Surface | None, *, logarithmic: bool) -> None:
        """Draw these checkpoints; the surface of their plane gives the dashed line."""
        self._trajectory, self._surface, self._logarithmic = trajectory, surface, logarithmic
        self._draw()

    def below(self) -> FloatArray:
        """The plane's loss under each checkpoint; NaN without a surface."""
        if self._trajectory is None or self._surface is None:
            return np.full(0 if self._trajectory is None else len(self._trajectory.epoch), np.nan)
        return plane_loss(self._surface, self._trajectory.x, self._trajectory.y)

    def point_at(self, index: int | None) -> None:
        """Mark a checkpoint in both plots."""
        place = None if self._trajectory is None or index is None else float(self._trajectory.epoch[index])
        for panel in (self.loss, self.distance):
            panel.point_at(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        upright = event.size().width() < NARROW
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self):
            self._draw()

    def _draw(self) -> None:
        trajectory, frame = self._trajectory, plot_colours(self.palette())
        if trajectory is None:
            return
        own, plane, off = (
            legible(colour, frame.background, SHAPE_CONTRAST) for colour in (BLUE, VERMILLION, BLUISH_GREEN)
        )
        epoch = trajectory.epoch
        lines = [DrawnLine(key=(WAY, "own"), x=epoch, y=trajectory.loss, colour=own, look="solid")]
        entries = [LegendEntry("own loss of the checkpoint", line_swatch(own))]
        if np.isfinite(below := self.below()).any():
            lines.append(DrawnLine(key=(WAY, "plane"), x=epoch, y=below, colour=plane, look="dashed"))
            entries.append(LegendEntry("loss of the plane under it", line_swatch(plane, Qt.PenStyle.DashLine)))
        self.loss.set_labels("epoch", "mean loss", trajectory.loss_unit, short="loss")
        self.loss.show_lines(lines, logarithmic=self._logarithmic)
        self.distance.set_labels("epoch", "distance, in units of the weights", short="distance")
        self.distance.show_lines(
            [
                DrawnLine(key=(WAY, "off"), x=epoch, y=trajectory.off_plane, colour=off, look="solid"),
                DrawnLine(key=(WAY, "far"), x=epoch, y=trajectory.distance, colour=frame.muted, look="dashed"),
            ]
        )
        drops = [(float(epoch[index]), "") for index in trajectory.rate_drops]
        for panel in (self.loss, self.distance):
            panel.set_places(drops, drops=True)
        entries.append(LegendEntry("distance from the plane", line_swatch(off)))
        entries.append(LegendEntry("distance from the network", line_swatch(frame.muted, Qt.PenStyle.DashLine)))
        if drops:
            entries.append(LegendEntry("the rate drops", line_swatch(frame.muted, Qt.PenStyle.DotLine, 1.2)))
        self._legend.set_entries(entries, frame.text)

    def _on_pointed(self, key: str, epoch: float) -> None:
        found = -1
        if key and self._trajectory is not None:
            found = int(np.argmin(np.abs(self._trajectory.epoch - epoch)))
        self.pointed_at.emit(found)
