"""The surface in three dimensions as pins see it: they stand on it, and turn with the camera."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF

from app.render.cameras import Orbit
from app.render.gl.picking import visible
from app.render.gl.surface_stage import SurfaceStage
from app.render.pins.ground import PinGround, Spot
from app.render.pointing import snapped
from app.render.refinement import sample
from app.render.surface_pins import point_anchor, within
from core.review.note import Anchor, PointAnchor


class StageGround(PinGround):
    """Pins over a `SurfaceStage`; one behind a part of the surface is hidden, and drawn faintly."""

    def __init__(self, stage: SurfaceStage) -> None:
        super().__init__(stage)
        self._stage = stage
        stage.placed.connect(self.moved)

    def spots_of(self, anchors: Sequence[Anchor]) -> list[Spot | None]:
        canvas = self._stage.canvas
        picture, axes = canvas.shown.picture, canvas.axes
        mesh = None if canvas.widget.isHidden() else canvas.mesh  # a first picture is not held up by its pins
        spots: list[Spot | None] = [None] * len(anchors)
        if picture is None or axes is None or mesh is None:
            return spots
        surface = picture.surface
        inside = {
            index: (anchor.x, anchor.y)
            for index, anchor in enumerate(anchors)
            if isinstance(anchor, PointAnchor) and anchor.y is not None and within(surface, anchor.x, anchor.y)
        }
        if not inside:
            return spots
        wanted = np.array(list(inside.values()))
        x = np.interp(wanted[:, 0], surface.x, mesh.x[:: mesh.factor])
        y = np.interp(wanted[:, 1], surface.y, mesh.y[:: mesh.factor])
        shares = sample(mesh.x, mesh.y, mesh.shares, x, y)
        places = np.column_stack([x, y, np.nan_to_num(shares) * axes.box.tall])
        view, rim = canvas.projection(), self.widget.rect().adjusted(-1, -1, 1, 1)
        seen = visible(view, places, mesh, axes.box)
        for index, pixels, clear in zip(inside, view.to_pixels(places), seen, strict=True):
            point = QPointF(*pixels)
            if rim.contains(point.toPoint()):
                spots[index] = Spot(point, hidden=not bool(clear))
        return spots

    def anchor_at(self, point: QPointF) -> Anchor | None:
        place, picture = self._stage.place_under(point), self._stage.canvas.shown.picture
        if place is None or picture is None:
            return None
        return point_anchor(picture.surface, snapped(picture.surface, *place))

    def reveal(self, anchor: Anchor) -> None:
        if self.spot_of(anchor) is None and not self._stage.canvas.widget.isHidden():
            orbit = self._stage.orbit
            self._stage.set_orbit(Orbit(azimuth=orbit.azimuth, elevation=orbit.elevation))
