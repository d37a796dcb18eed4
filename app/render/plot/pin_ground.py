"""A flat plot that pins are stuck into: places in the units of its axes, pixels of its viewport."""

from collections.abc import Callable, Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from app.render.pins.ground import PinGround, Spot
from core.review.note import Anchor

Point = tuple[float, float]
SLACK = 2.0  # pixels beyond the rim of a plot where what lies on it is still seen


class PlotGround(PinGround):
    """A plot of `make_plot`.

    Parameters
    ----------
    place : callable
        Where an anchor lies, in the units of the axes; None if that is no place of this plot.
    anchor : callable
        What a note would be about at a point in the units of the axes; None for nothing.
    show_all : callable, optional
        Zooms out to all of the plot, for what is to be seen and is not.
    """

    def __init__(
        self,
        plot: pg.PlotWidget,
        place: Callable[[Anchor], Point | None],
        anchor: Callable[[float, float], Anchor | None],
        show_all: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(plot.viewport())
        self._plot, self._place, self._anchor, self._show_all = plot, place, anchor, show_all
        view = plot.getViewBox()
        view.sigTransformChanged.connect(self.moved)
        view.sigResized.connect(self.moved)

    def spots_of(self, anchors: Sequence[Anchor]) -> list[Spot | None]:
        view, to_viewport = self._plot.getViewBox(), self._plot.viewportTransform()
        rim = view.sceneBoundingRect().adjusted(-SLACK, -SLACK, SLACK, SLACK)
        to_scene = view.childTransform() * view.sceneTransform()  # once: there may be hundreds of pins
        spots: list[Spot | None] = []
        for place in map(self._place, anchors):
            scene = None if place is None else to_scene.map(QPointF(*place))
            spots.append(Spot(to_viewport.map(scene)) if scene is not None and rim.contains(scene) else None)
        return spots

    def anchor_at(self, point: QPointF) -> Anchor | None:
        view = self._plot.getViewBox()
        inverse, _ = self._plot.viewportTransform().inverted()
        scene = inverse.map(point)
        if not view.sceneBoundingRect().contains(scene):
            return None
        place = view.mapSceneToView(scene)
        return self._anchor(place.x(), place.y())

    def reveal(self, anchor: Anchor) -> None:
        if self._place(anchor) is not None and self.spot_of(anchor) is None and self._show_all is not None:
            self._show_all()
