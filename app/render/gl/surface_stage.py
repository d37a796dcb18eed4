"""The surface under the hand: canvas, labels over it, and what mouse, wheel and keys do."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.render.cameras import PAPER, Orbit
from app.render.gl.labels import LabelPainter
from app.render.gl.projection import Margins
from app.render.gl.surface_canvas import SurfaceCanvas

DEGREES_PER_PIXEL = 0.4
ZOOM_PER_NOTCH = 1.15
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surfaceStage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Loss surface in three dimensions")
        self.canvas = self._make_canvas()
        self._overlay = LabelOverlay(self)
        self._tag = ""
        self._held = QPointF()

    def _make_canvas(self) -> SurfaceCanvas:
        canvas = SurfaceCanvas(self, self._on_context_lost)
        canvas.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        canvas.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return canvas

    def _on_context_lost(self) -> None:
        # Not at once: the old canvas is in the middle of being set up.
        QTimer.singleShot(0, self, self._replace_canvas)

    def _replace_canvas(self) -> None:
        old = self.canvas
        self.canvas = self._make_canvas()
        self.canvas.orbit, self.canvas.margins = old.orbit, old.margins
        self.canvas.show_content(old.shown)
        old.close()
        old.widget.deleteLater()
        self.canvas.widget.setGeometry(self.rect())
        self.canvas.widget.show()
        self._overlay.raise_()
        self.refresh()

    def set_tag(self, text: str) -> None:
        """What is written beside the lowest point."""
        self._tag = text
        self.refresh()

    @property
    def orbit(self) -> Orbit:
        """The point of view."""
        return self.canvas.orbit

    def set_orbit(self, orbit: Orbit) -> None:
        """Look from there."""
        if orbit != self.canvas.orbit:
            self.canvas.orbit = orbit
            self.refresh()
            self.orbit_changed.emit()

    def refresh(self) -> None:
        """Draw again, once, when the window gets to it."""
        self.canvas.update()
        self._overlay.update()

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
        labels.write_axes(axes, view)
        if self._tag and self.canvas.lowest is not None:
            place = view.to_pixels(np.array([self.canvas.lowest]))[0]
            labels.write_tag(QPointF(*place), self._tag, palette.color(QPalette.ColorRole.Base))

    def picture(self, scale: float) -> QImage:
        """Surface and labels at `scale` pixels per logical one."""
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
        line = self.fontMetrics().height()
        self.canvas.margins = Margins(left=3.4 * line, top=0.8 * line, right=0.8 * line, bottom=2.2 * line)
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
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

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_orbit(PAPER)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        view = self.canvas.projection()
        offset = event.position() - QPointF(*view.middle)
        about = (offset.x() / view.unit, -offset.y() / view.unit)
        self.set_orbit(self.orbit.zoomed(ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120.0), about))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in KEY_TURNS:
            self.set_orbit(self.orbit.turned(*KEY_TURNS[key]))
        elif key in KEY_ZOOMS:
            self.set_orbit(self.orbit.zoomed(KEY_ZOOMS[key]))
        elif key == Qt.Key.Key_Home:
            self.set_orbit(PAPER)
        else:
            super().keyPressEvent(event)
