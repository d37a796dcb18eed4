"""A flat picture of a surface that can be read: what is known at a point, by pointing at it or with the arrow keys."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.render.fields import Picture
from app.render.plot.planes.plane_plot import PlanePlot, cell_borders
from app.render.pointing import KEY_STEPS, snapped


class ReadablePlot(PlanePlot):
    """Puts a crosshair on the grid point nearest to the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._plot.viewport().installEventFilter(self)
        self._plot.viewport().setMouseTracking(True)

    def _draw_lines(self, picture: Picture) -> None:
        super()._draw_lines(picture)
        if self._place is not None:
            self._point_at(snapped(picture.surface, *self._place), anew=True)

    def _on_mouse_moved(self, position: QPointF) -> None:
        view = self._plot.getViewBox()
        if self._surface is None or not view.sceneBoundingRect().contains(position):
            self._leave()
            return
        place = view.mapSceneToView(position)
        borders = cell_borders(self._surface.x), cell_borders(self._surface.y)
        if borders[0][0] <= place.x() <= borders[0][-1] and borders[1][0] <= place.y() <= borders[1][-1]:
            self._point_at(snapped(self._surface, place.x(), place.y()))
        else:
            self._leave()

    def _show_place(self) -> None:
        self._marks.set_pointed(self._place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._leave()
        if event.type() == QEvent.Type.MouseButtonDblClick and self._surface is not None:
            self.reset_view()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._place is not None:
            self._leave()
        elif key in KEY_STEPS and self._surface is not None:
            self._step(*KEY_STEPS[key])
        else:
            super().keyPressEvent(event)
