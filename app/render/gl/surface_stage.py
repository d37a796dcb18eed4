"""The surface under the hand: canvas, labels over it, and what mouse, wheel and keys do."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QStyle, QWidget

from app.render.cameras import PAPER, Orbit
from app.render.first_pictures import first_pictures
from app.render.gl.box_lines import wall_ends
from app.render.gl.crosshair import Crosshair
from app.render.gl.labels import FLAT, LabelPainter
from app.render.gl.motion import CameraMotion
from app.render.gl.picking import pick
from app.render.gl.projection import Margins
from app.render.gl.surface_canvas import Shown, SurfaceCanvas
from app.render.pointing import KEY_STEPS, Place
from app.render.surface_words import initial_losses, initial_words

DEGREES_PER_PIXEL = 0.4
ZOOM_PER_NOTCH = 1.15
REST = 160  # milliseconds without a move after which the surface is drawn in full again
KEY_TURNS = {
    Qt.Key.Key_Left: (5.0, 0.0),
    Qt.Key.Key_Right: (-5.0, 0.0),
    Qt.Key.Key_Up: (0.0, 5.0),
    Qt.Key.Key_Down: (0.0, -5.0),
}
KEY_ZOOMS = {Qt.Key.Key_Plus: ZOOM_PER_NOTCH, Qt.Key.Key_Equal: ZOOM_PER_NOTCH, Qt.Key.Key_Minus: 1 / ZOOM_PER_NOTCH}


class LabelOverlay(QWidget):
    """Lies over the canvas and lets the mouse through."""

    def __init__(self, stage: "SurfaceStage") -> None:
        super().__init__(stage)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._stage = stage

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._stage.paint_labels(painter)
        if self._stage.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)  # the labels leave theirs, which would veil the surface
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class SurfaceStage(QWidget):
    """Turn with the left button, move with the middle or right one or with Shift, zoom with the wheel."""

    orbit_changed = Signal()  # after the point of view moved, by hand or by `set_orbit`
    pointed_at = Signal(object)  # place (a, b) of the surface in the plane under the pointer, or None
    turntable_changed = Signal(bool)  # whether the surface turns by itself
    placed = Signal()  # points of the surface are elsewhere on the screen now, or of another surface
    stepped = Signal(int, int)  # the crosshair is to go so many grid points up and to the right

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surfaceStage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Loss surface in three dimensions")
        self.canvas = self._make_canvas()
        self.canvas.widget.hide()  # until it is its turn: see `begin`
        self._overlay = LabelOverlay(self)
        self._crosshair: tuple[int, int, str] | None = None
        self._bare = False
        self._held = QPointF()
        self._motion = CameraMotion(self, lambda: self.orbit, self._move_to)
        self._motion.turning_changed.connect(self.turntable_changed)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._come_to_rest)

    def _make_canvas(self) -> SurfaceCanvas:
        canvas = SurfaceCanvas(self, self._on_context_lost)
        canvas.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        canvas.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return canvas

    def prepare(self) -> None:
        """Make the triangles and what is laid over them, ahead of the first picture."""
        if self.isVisible() and self.canvas.mesh is not None:
            self.canvas.laid  # noqa: B018  made when it is first read

    def begin(self) -> bool:
        """Show the canvas, which until then is not even prepared. Whether somebody will see it."""
        if not self.isVisible():
            return False
        self.canvas.widget.show()
        self._overlay.raise_()
        self.refresh()
        return True

    def show_content(self, shown: Shown) -> None:
        """Draw this from now on; one of several small views when it is its turn."""
        self.canvas.show_content(shown)
        if not self._bare:
            self.canvas.update()
        elif self.isVisible() and not self.canvas.settled:
            first_pictures().ask(self)
        self.placed.emit()

    @property
    def begun(self) -> bool:
        """Whether the canvas has drawn its picture, or nobody would see it."""
        return self.canvas.settled or not self.isVisible()

    def _on_context_lost(self) -> None:
        # Not at once: the old canvas is in the middle of being set up.
        QTimer.singleShot(0, self, self._replace_canvas)

    def _replace_canvas(self) -> None:
        old = self.canvas
        self.canvas = self._make_canvas()
        self.canvas.orbit, self.canvas.margins, self.canvas.moving = old.orbit, old.margins, False
        self.canvas.show_content(old.shown)
        self.canvas.update()
        old.close()
        old.widget.deleteLater()
        self.canvas.widget.setGeometry(self.rect())
        self.canvas.widget.show()
        self._overlay.raise_()
        self.refresh()

    def set_crosshair(self, row: int, column: int, words: str) -> None:
        """Let the two cuts through that grid point be seen on the surface, with words beside the point."""
        self._crosshair = (row, column, words)
        self._overlay.update()

    def set_bare(self, bare: bool) -> None:  # noqa: FBT001  a Qt slot
        """Leave the words at axes and marks away, and use their room for the surface."""
        self._bare = bare
        self._leave_margins()
        self.refresh()

    def remove_crosshair(self) -> None:
        """Nothing is pointed at any more."""
        if self._crosshair is not None:
            self._crosshair = None
            self._overlay.update()

    @property
    def orbit(self) -> Orbit:
        """The point of view."""
        return self.canvas.orbit

    @property
    def at_rest(self) -> bool:
        """Whether the camera stands still and the surface is drawn in full."""
        return self.begun and not (self._motion.under_way or self.canvas.moving)

    @property
    def turntable(self) -> bool:
        """Whether the surface turns by itself."""
        return self._motion.turning

    def set_turntable(self, turning: bool) -> None:  # noqa: FBT001  a Qt slot
        """Let the surface turn by itself, until a hand stops it."""
        if turning and self.isVisible():
            self._motion.turn()
        else:
            self._motion.stop()

    def set_orbit(self, orbit: Orbit) -> None:
        """Look from there, at once."""
        self._motion.stop()
        self._move_to(orbit)

    def go_to(self, orbit: Orbit) -> None:
        """Look from there after a short way; at once where nobody sees it or animations are not wanted."""
        animated = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0
        if self.isVisible() and animated and orbit != self.orbit:
            self._motion.go(orbit)
        else:
            self.set_orbit(orbit)

    def _move_to(self, orbit: Orbit) -> None:
        if orbit != self.canvas.orbit:
            self.canvas.orbit = orbit
            if self.isVisible():
                self.canvas.moving = True
                self._rest.start()
            self.refresh()
            self.orbit_changed.emit()

    def _come_to_rest(self) -> None:
        self.canvas.moving = False
        self.canvas.update()

    def refresh(self) -> None:
        """Draw again, once, when the window gets to it."""
        self.canvas.update()
        self._overlay.update()
        self.placed.emit()

    # ---- labels

    def label_font(self) -> QFont:
        """The window's font, a little smaller."""
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.92))
        return font

    def paint_labels(self, painter: QPainter) -> None:
        """Write ticks, titles and the tag in the stage's own coordinates."""
        axes = self.canvas.axes
        if axes is None:
            return
        view = self.canvas.projection()
        palette = self.palette()
        labels = LabelPainter(painter, QRectF(self.rect()), self.label_font(), palette.color(QPalette.ColorRole.Text))
        if not self._bare:
            labels.write_axes(axes, view)
        ground = palette.color(QPalette.ColorRole.Base)
        if self._crosshair is not None and self.canvas.mesh is not None:
            row, column, words = self._crosshair
            crosshair = Crosshair(self.canvas.mesh, axes.box, row, column)
            crosshair.paint(painter, view)
            if np.isfinite(crosshair.place).all():
                labels.write_tag(QPointF(*view.to_pixels(crosshair.place[None])[0]), words, ground)
        laid = self.canvas.laid if self.canvas.ready and not self._bare else None
        for tag in laid.tags if laid is not None else ():
            labels.write_tag(QPointF(*view.to_pixels(np.array([tag.place]))[0]), tag.text, ground)
        picture, overlays = self.canvas.shown.picture, self.canvas.shown.overlays
        losses = initial_losses(overlays)
        if losses.size and picture is not None and view.up[2] > FLAT:  # from above, no level can be told
            height = float(picture.scale.shares(losses).max()) * axes.box.tall
            ends = view.to_pixels(wall_ends(axes, view, height))
            labels.write_tag(QPointF(*ends[int(ends[:, 0].argmax())]), initial_words(overlays), ground)

    def picture(self, scale: float) -> QImage:
        """Surface and labels at `scale` pixels per logical one."""
        self.canvas.widget.show()  # a picture of a canvas whose turn has not come
        pixels = self.canvas.picture(scale)
        height, width = pixels.shape[:2]
        fine = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBX8888)
        result = fine.scaled(
            round(self.width() * scale),
            round(self.height() * scale),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        result.setDevicePixelRatio(scale)
        painter = QPainter(result)
        self.paint_labels(painter)
        painter.end()
        return result

    # ---- the hand

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.canvas.widget.setGeometry(self.rect())
        self._overlay.setGeometry(self.rect())
        self._leave_margins()
        self.placed.emit()
        super().resizeEvent(event)

    def _leave_margins(self) -> None:
        """Room for the labels of the axes, where there are any."""
        line = self.fontMetrics().height()
        self.canvas.margins = Margins(left=3.4 * line, top=0.8 * line, right=0.8 * line, bottom=2.2 * line)
        if self._bare:
            self.canvas.margins = Margins(left=4.0, top=4.0, right=4.0, bottom=4.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._motion.stop()
        self._held = event.position()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = event.position() - self._held
        self._held = event.position()
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.buttons() & Qt.MouseButton.LeftButton and not shifted:
            self.set_orbit(self.orbit.turned(-moved.x() * DEGREES_PER_PIXEL, moved.y() * DEGREES_PER_PIXEL))
        elif event.buttons():
            unit = self.canvas.projection().unit
            pan = (self.orbit.pan[0] + moved.x() / unit, self.orbit.pan[1] - moved.y() / unit)
            self.set_orbit(
                Orbit(azimuth=self.orbit.azimuth, elevation=self.orbit.elevation, zoom=self.orbit.zoom, pan=pan)
            )
        elif not self._motion.under_way:
            self.pointed_at.emit(self.place_under(event.position()))

    def place_under(self, position: QPointF) -> Place | None:
        """Where in the plane the surface under a pixel is."""
        mesh, axes, picture = self.canvas.mesh, self.canvas.axes, self.canvas.shown.picture
        if mesh is None or axes is None or picture is None:
            return None
        found = pick(self.canvas.projection(), (position.x(), position.y()), mesh, axes.box)
        if found is None:
            return None
        x, y = picture.surface.x, picture.surface.y
        own_x, own_y = mesh.x[:: mesh.factor], mesh.y[:: mesh.factor]
        return float(np.interp(found[0], own_x, x)), float(np.interp(found[1], own_y, y))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed_at.emit(None)
        super().leaveEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.canvas.settled:
            first_pictures().ask(self)

    def hideEvent(self, event: QHideEvent) -> None:
        first_pictures().forget(self)
        self._motion.stop()
        self._rest.stop()
        self.canvas.moving = False
        super().hideEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.go_to(PAPER)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        view = self.canvas.projection()
        offset = event.position() - QPointF(*view.middle)
        about = (offset.x() / view.unit, -offset.y() / view.unit)
        self.set_orbit(self.orbit.zoomed(ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120.0), about))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in KEY_STEPS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.stepped.emit(*KEY_STEPS[key])
        elif key == Qt.Key.Key_Escape and self._crosshair is not None:
            self.pointed_at.emit(None)
        elif key in KEY_TURNS:
            self.set_orbit(self.orbit.turned(*KEY_TURNS[key]))
        elif key in KEY_ZOOMS:
            self.set_orbit(self.orbit.zoomed(KEY_ZOOMS[key]))
        elif key == Qt.Key.Key_Home:
            self.go_to(PAPER)
        else:
            super().keyPressEvent(event)
