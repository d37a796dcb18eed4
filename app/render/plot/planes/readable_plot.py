"""A flat picture of a surface that can be read: what is known at a point, by pointing at it or with the arrow keys."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.render.fields import Picture
from app.render.plot.planes.plane_canvas import frame_of
from app.render.plot.planes.plane_plot import PlanePlot
from app.render.pointing import KEY_STEPS, snapped


class ReadablePlot(PlanePlot):
    """Puts a crosshair on the grid point nearest to the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._canvas.moved.connect(self._on_moved)
        self._canvas.left.connect(self._leave)
        self._canvas.double_clicked.connect(self._on_double_clicked)

    def _draw_lines(self, picture: Picture) -> None:
        super()._draw_lines(picture)
        if self._place is not None:
            self._point_at(snapped(picture.surface, *self._place), anew=True)

    def _on_moved(self, position: QPointF) -> None:
        surface = self._surface
        place = None if surface is None else self._canvas.place_at(position, frame_of(surface))
        if surface is None or place is None:
            self._leave()
        else:
            self._point_at(snapped(surface, *place))

    def _on_double_clicked(self) -> None:
        if self._surface is not None:
            self.reset_view()

    def _show_place(self) -> None:
        self._marks.set_pointed(self._place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._place is not None:
            self._leave()
        elif key in KEY_STEPS and self._surface is not None:
            self._step(*KEY_STEPS[key])
        else:
            super().keyPressEvent(event)
