"""Small pictures of surfaces in rows and columns with headings, under one scale, one camera and one crosshair."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPalette, QRegion
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.render.cameras import CameraLink, link_cameras
from app.render.colour_bar import ColourBar
from app.render.pointing import Place
from app.render.scales import HeightScale
from app.views.comparison.cell import SurfaceCell
from app.views.comparison.turned_label import TurnedLabel
from app.views.pages.surface_page import place_of
from app.views.pointer_link import PointerLink
from core.exchange.figures.comparison_layout import Layout
from core.landscape.surface import Surface


class SurfaceGrid(QWidget):
    """Cells are kept while the same surfaces stand in the same places, so that growing ones only redraw."""

    pointed = Signal(str)  # what all surfaces have at the shared crosshair, in one line
    camera_changed = Signal()
    opened = Signal(str)  # item id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surfaceGrid")
        self.cells: dict[str, SurfaceCell] = {}  # by item id
        self._known: dict[str, SurfaceCell] = {}  # of the layout before, to be put into the next
        self._layout: Layout | None = None
        self._mode = ""
        self._links: list[CameraLink | PointerLink] = []
        self._around: list[QWidget] = []  # headings and empty places
        self._bar = ColourBar(self)
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setSpacing(4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._inner, 1)
        row.addWidget(self._bar)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    @property
    def shown(self) -> Layout | None:
        """The layout on screen."""
        return self._layout

    def show_layout(self, layout: Layout, surfaces: Mapping[str, Surface], scale: HeightScale, mode: str) -> None:
        """Draw these surfaces, given by item id, in these places.

        Parameters
        ----------
        mode : str
            ``relief`` or ``contour``, for all of them.
        """
        if self._layout is None or mode != self._mode or not _same_places(layout, self._layout):
            self._rebuild(layout, mode)
        self._layout, self._mode = layout, mode
        unit = next(iter(surfaces.values())).loss_unit if surfaces else "nats"
        self._bar.set_title("loss", unit)
        self._bar.set_scale(scale)
        named = not any(layout.columns)
        for item in layout.cells.values():
            title = item.name if named else self._network_name(item.name)
            self.cells[item.id].show_surface(surfaces[item.id], scale, title)

    def set_camera_state(self, state: object) -> None:
        """Look at all of them from there."""
        first = next(iter(self.cells.values()), None)
        if first is not None:
            first.set_camera_state(state)

    def camera_state(self) -> dict[str, object]:
        """The point of view that all share; empty for contours."""
        first = next(iter(self.cells.values()), None)
        return {} if first is None else first.camera_state()

    def point_at(self, place: Place | None) -> None:
        """Read all surfaces at a place of their planes."""
        for cell in self.cells.values():
            cell.set_pointed(place)
        self._tell(place)

    def image(self, scale: float = 2.0) -> QImage:
        """All cells with headings and colour scale, at `scale` pixels per logical pixel."""
        picture = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(picture)
        bare = QWidget.RenderFlag.DrawChildren  # the words without the ground of the window behind them
        for widget in (*self._around, *(label for cell in self.cells.values() for label in (cell.title, cell.value))):
            widget.render(painter, widget.mapTo(self, QPoint(0, 0)), QRegion(), bare)
        for cell in self.cells.values():
            painter.drawImage(cell.view.mapTo(self, QPoint(0, 0)), cell.image(scale))
        self._bar.paint(painter, QRectF(self._bar.mapTo(self, QPoint(0, 0)), self._bar.size()))
        painter.end()
        return picture

    def _rebuild(self, layout: Layout, mode: str) -> None:
        camera = self.camera_state()
        for link in self._links:
            link.unlink()
        self._links = []
        kept = {item.id for item in layout.cells.values()} if mode == self._mode else set()
        for widget in (*self.cells.values(), *self._around):
            self._grid.removeWidget(widget)
            if not (isinstance(widget, SurfaceCell) and widget.item_id in kept):
                widget.hide()
                widget.deleteLater()
        self._known = {item_id: cell for item_id, cell in self.cells.items() if item_id in kept}
        self._around, self.cells = [], {}
        for index, words in enumerate(layout.columns):
            if words:
                self._put(_heading(words), 0, index + 1)
        for index, words in enumerate(layout.rows):
            if words:
                self._put(TurnedLabel(words), index + 1, 0)
        for row in range(len(layout.rows)):
            for column in range(len(layout.columns)):
                self._fill(layout, row, column, mode)
        for index in range(self._grid.columnCount()):
            self._grid.setColumnStretch(index, 1 if 1 <= index <= len(layout.columns) else 0)
        for index in range(self._grid.rowCount()):
            self._grid.setRowStretch(index, 1 if 1 <= index <= len(layout.rows) else 0)
        self._link()
        self.set_camera_state(camera)

    def _fill(self, layout: Layout, row: int, column: int, mode: str) -> None:
        item = layout.cells.get((row, column))
        if item is None:
            if any(layout.columns):
                self._put(_nothing(), row + 1, column + 1)
            return
        cell = self.cells[item.id] = self._known.pop(item.id) if item.id in self._known else self._fresh(item.id, mode)
        self._grid.addWidget(cell, row + 1, column + 1)

    def _fresh(self, item_id: str, mode: str) -> SurfaceCell:
        cell = SurfaceCell(item_id, mode)
        cell.pointed.connect(self._on_pointed)
        cell.camera_changed.connect(self.camera_changed)
        cell.opened.connect(self.opened)
        return cell

    def _put(self, widget: QWidget, row: int, column: int) -> None:
        self._around.append(widget)
        self._grid.addWidget(widget, row, column)

    def _link(self) -> None:
        cells = list(self.cells.values())
        if len(cells) < 2:
            return
        self._links = [PointerLink(cells, self)]
        if cells[0].mode == "relief":
            # Around the first one: what any of them does reaches it, and through it all the others.
            self._links += [link_cameras(cells[0], cell) for cell in cells[1:]]

    def _on_pointed(self, a: float, b: float) -> None:
        self._tell(place_of(a, b))

    def _tell(self, place: Place | None) -> None:
        if place is None:
            self.pointed.emit("")
            return
        values = " · ".join(f"{cell.title.text()} {cell.value_at(place)}" for cell in self.cells.values())
        self.pointed.emit(f"At ({place[0]:.3g}, {place[1]:.3g}), loss: {values}".replace("-", "−"))

    @staticmethod
    def _network_name(name: str) -> str:
        """A name without the words that all results of surfaces begin with."""
        return name.removeprefix("Surface of ")


def _same_places(one: Layout, other: Layout) -> bool:
    def places(layout: Layout) -> dict[tuple[int, int], str]:
        return {place: item.id for place, item in layout.cells.items()}

    return (one.rows, one.columns, places(one)) == (other.rows, other.columns, places(other))


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def _nothing() -> QLabel:
    label = QLabel("no surface yet")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setEnabled(False)
    return label
