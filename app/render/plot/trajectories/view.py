"""The way a training took: over its plane, and against its epochs with the loss that the plane does not show."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.render.colormaps import DEFAULT_LOSS_MAP
from app.render.plot.planes.map_plot import MapPlot, PlaneMap
from app.render.plot.runs.curve_panel import NEAR
from app.render.plot.stepping import walk
from app.render.plot.style import PlotColours
from app.render.plot.trajectories.chart import TrajectoryChart
from app.render.plot.trajectories.item import TrajectoryItem
from app.render.plot.trajectories.words import loss_scale, trajectory_caption, trajectory_reading, variance_axes
from app.render.surface_words import reading
from core.exchange.plane_words import axis_labels
from core.landscape.plane import FloatArray, Range
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

if TYPE_CHECKING:
    from app.render.scales import HeightScale

EMPTY = "No trajectory yet. It grows here as soon as its job runs; until then it waits for the jobs before it."
MARGIN = 0.15  # of the way's extent around it
BARE = 21  # cells a side where no surface is known


def way_range(places: FloatArray) -> Range:
    """From where to where an axis reaches that shows the checkpoints and the network at zero, with a margin."""
    known = np.append(places[np.isfinite(places)], 0.0)
    low, high = float(known.min()), float(known.max())
    spread = (high - low) or 1.0
    return low - MARGIN * spread, high + MARGIN * spread


class TrajectoryMap(MapPlot):
    """The plane with the way over it; the pointer finds checkpoints before cells."""

    checkpoint_pointed = Signal(int)  # −1 when none is any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY, bar="loss", unit="nats", parent=parent)
        self.setObjectName("trajectoryMap")
        self.setAccessibleName("The way of the training over the plane")
        self.way = TrajectoryItem(self._plot.getViewBox(), z=30)
        self.way.set_font(self.font())

    def _on_moved(self, position: QPointF) -> None:
        view = self._plot.getViewBox()
        inside = view.sceneBoundingRect().contains(position)
        found = self.way.nearest(view.mapFromScene(position)) if inside else None
        if found is not None and found[1] < NEAR / 2:
            self._marks.set_pointed(None)
            self.checkpoint_pointed.emit(found[0])
        else:
            self.checkpoint_pointed.emit(-1)
            super()._on_moved(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the view around it walks along the way

    def _restyle(self) -> PlotColours:
        if hasattr(self, "way"):
            self.way.set_font(self.font())
        return super()._restyle()


class TrajectoryView(QWidget):
    """Map above, charts below, one mark in all of them."""

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trajectoryView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._trajectory: Trajectory | None = None
        self._surface: Surface | None = None
        self._chosen: int | None = None
        self._logarithmic = True
        self.map, self.chart = TrajectoryMap(self), TrajectoryChart(self)
        self.map.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.map.reader = self._read_cell
        self.map.hovered.connect(self.hovered)
        self.map.checkpoint_pointed.connect(self._on_pointed)
        self.chart.pointed_at.connect(self._on_pointed)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.map)
        splitter.addWidget(self.chart)
        splitter.setStretchFactor(0, 5)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.set_trajectory(None)

    @property
    def trajectory(self) -> Trajectory | None:
        """What is on screen."""
        return self._trajectory

    @property
    def surface(self) -> Surface | None:
        """The surface under the way."""
        return self._surface

    @property
    def chosen(self) -> int | None:
        """The checkpoint that is read."""
        return self._chosen

    def set_trajectory(self, trajectory: Trajectory | None) -> None:
        """Show this way, complete or growing."""
        self._trajectory = trajectory
        self._draw()

    def set_surface(self, surface: Surface | None) -> None:
        """Show this surface of the same plane under the way; None: none is known."""
        self._surface = surface
        self._draw()

    def set_logarithmic(self, on: bool) -> None:  # noqa: FBT001  a Qt slot
        """Choose the logarithmic scale of the loss against epochs, or the linear one."""
        self._logarithmic = on
        self.chart.show_trajectory(self._trajectory, self._surface, logarithmic=on)

    def choose(self, index: int | None) -> None:
        """Read a checkpoint; None reads none."""
        trajectory = self._trajectory
        if trajectory is None or index is None or not 0 <= index < len(trajectory.epoch):
            index = None
        changed = index != self._chosen
        self._chosen = index
        self.map.way.set_chosen(index)
        self.chart.point_at(index)
        if index is not None and trajectory is not None:
            self.hovered.emit(trajectory_reading(trajectory, index, float(self.chart.below()[index])))
        elif changed:
            self.hovered.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = 0 if self._trajectory is None else len(self._trajectory.epoch)
        if not walk(event, self._chosen, count, self.choose):
            super().keyPressEvent(event)

    def _draw(self) -> None:
        trajectory, surface = self._trajectory, self._surface
        self.chart.setVisible(trajectory is not None)
        self.chart.show_trajectory(trajectory, surface, logarithmic=self._logarithmic)
        if trajectory is None:
            self.map.set_map(None)
            return
        scale = loss_scale(surface, trajectory)
        self.map.set_bar("loss", trajectory.loss_unit)
        self.map.set_map(_map_of(trajectory, surface, scale))
        self.map.way.set_trajectory(trajectory, scale, DEFAULT_LOSS_MAP)
        self.choose(self._chosen)

    def _on_pointed(self, index: int) -> None:
        self.choose(index if index >= 0 else None)

    def _read_cell(self, row: int, column: int) -> str:
        surface = self._surface
        return "" if surface is None else reading(surface, float(surface.x[column]), float(surface.y[row]))


def _map_of(trajectory: Trajectory, surface: Surface | None, scale: "HeightScale") -> PlaneMap:
    labels = axis_labels(trajectory.request.directions)
    if surface is not None:
        x, y, values = surface.x, surface.y, surface.loss
    else:
        x, y = (np.linspace(*way_range(places), BARE) for places in (trajectory.x, trajectory.y))
        values = np.full((BARE, BARE), np.nan)
    return PlaneMap(
        x=x,
        y=y,
        values=values,
        scale=scale,
        colours=DEFAULT_LOSS_MAP,
        axes=variance_axes(trajectory, labels),
        caption=trajectory_caption(trajectory, surface),
        lines_of=surface,
        lines_scale=scale,
    )
