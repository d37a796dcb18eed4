"""A hand for the correction view: mouse, keys, and what can be read off it."""

import shapely
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.render.plot.slices.box_geometry import Grip
from app.render.plot.slices.correction_view import CorrectionView
from core.corrections.records.correction import Box, Correction

LEFT = Qt.MouseButton.LeftButton
INSIDE = Box(centre=(30.0, 8500.0), half_width=(4.0, 1000.0))  # well inside the accepted region of the documents
NORTH_EAST, EAST, NORTH = Grip(1, 1), Grip(1, 0), Grip(0, 1)


class Hand:
    """Moves the mouse over the plot as a person would, in data units or in pixels."""

    def __init__(self, view: CorrectionView) -> None:
        self.view = view
        self.viewport = view._page.plot.viewport()

    def at(self, x: float, y: float) -> QPoint:
        box = self.view._page.plot.getViewBox()
        return self.view._page.plot.mapFromScene(box.mapViewToScene(QPointF(x, y)))

    def grip(self, grip: Grip) -> QPoint:
        scene = self.view._item.mapToScene(self.view._item.handle_position(grip))
        return self.view._page.plot.mapFromScene(scene)

    def press(self, point: QPoint) -> None:
        QTest.mouseMove(self.viewport, point)
        QTest.mousePress(self.viewport, LEFT, pos=point)

    def move(self, point: QPoint, *, shift: bool = False) -> None:
        if shift:  # QTest moves without modifiers
            event = QMouseEvent(
                QMouseEvent.Type.MouseMove,
                QPointF(point),
                QPointF(self.viewport.mapToGlobal(point)),
                Qt.MouseButton.NoButton,
                LEFT,
                Qt.KeyboardModifier.ShiftModifier,
            )
            QApplication.sendEvent(self.viewport, event)
        else:
            QTest.mouseMove(self.viewport, point)

    def release(self, point: QPoint, *, shift: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.mouseRelease(self.viewport, LEFT, modifier, point)

    def drag(self, start: QPoint, end: QPoint) -> None:
        self.press(start)
        for share in (0.3, 0.7, 1.0):
            self.move(start + (end - start) * share)
        self.release(end)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view._page.plot, key, modifier)


class Told:
    """What the view's signals said."""

    def __init__(self, view: CorrectionView) -> None:
        self.changing: list[Box] = []
        self.changed: list[tuple[Box, Box]] = []
        view.box_changing.connect(self.changing.append)
        view.box_changed.connect(lambda before, after: self.changed.append((before, after)))


def accepted_area(correction: Correction) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(p.exterior, p.holes) for p in correction.accepted])


def colour_at(view: CorrectionView, hand: Hand, x: float, y: float) -> QColor:
    image: QImage = view._page.plot.viewport().grab().toImage()
    point, scale = hand.at(x, y), image.devicePixelRatio()
    return image.pixelColor(round(point.x() * scale), round(point.y() * scale))


def text_of(view: CorrectionView, name: str) -> str:
    label = view.findChild(QLabel, name)
    assert label is not None
    return label.text()


def box_label(view: CorrectionView) -> str:
    (placed,) = view._box_label.placed
    return placed.callout.text


def near(box: Box, centre: tuple[float, float], tolerance: tuple[float, float]) -> bool:
    return all(abs(a - b) <= t for a, b, t in zip(box.centre, centre, tolerance, strict=True))


def pixel_in_data(view: CorrectionView) -> tuple[float, float]:
    x, y = view._page.plot.getViewBox().viewPixelSize()
    return float(x), float(y)


def dark_palette() -> QPalette:
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Base, "#1b1e20"),
        (QPalette.ColorRole.Text, "#eff0f1"),
        (QPalette.ColorRole.WindowText, "#eff0f1"),
    ):
        palette.setColor(role, QColor(colour))
    return palette
