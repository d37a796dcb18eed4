"""A layout on screen: panels, surfaces, legend, verdicts, what is missing, and the table, one below another."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.render.plot.across.look import legend_entries
from app.render.plot.across.panel_view import PanelView
from app.render.plot.legend import Legend
from app.render.plot.style import changes_colours, plot_colours
from app.render.scales import shared_scale
from app.views.across.missing_panel import MissingPanel
from app.views.across.table_view import LayoutTable
from app.views.comparison.grid import SurfaceGrid
from app.views.made import named, text_label, with_icon
from core.exchange.figures.comparison_layout import Layout
from core.exchange.layouts.picture import Picture
from core.landscape.surface import Surface

NARROW = 640  # pixels below which panels stand one above the other
HIGHEST = 420  # pixels of the surfaces
AROUND_SURFACES = 40  # pixels above and below them


class PicturePanel(QScrollArea):
    """Draws a `Picture`; keeps its panels where it can."""

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("across.picture")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.shown: Picture | None = None
        self.panels: list[PanelView] = []
        self._columns = 0
        self.legend, self.missing, self.table = Legend(), MissingPanel(), LayoutTable()
        self.surfaces = SurfaceGrid()
        self.surfaces.pointed.connect(self.hovered)
        self.statements = text_label("", "across.statements")
        self.notes = text_label("", "across.notes")
        self.notes.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (self.statements, self.notes):
            label.setContentsMargins(10, 4, 10, 0)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = named(with_icon(QPushButton("&Copy table as CSV"), "export"), "across.copy")
        self.copy.clicked.connect(self.table.copy_csv)
        self._build()

    def show_picture(self, picture: Picture, waiting: int) -> None:
        """Draw this layout; `waiting` of its results are on their way."""
        self.shown = picture
        while len(self.panels) < len(picture.panels):
            view = PanelView()
            view.hovered.connect(self.hovered)
            self.panels.append(view)
        for view in self.panels[len(picture.panels) :]:
            self._grid.removeWidget(view)
            view.hide()
            view.deleteLater()
        del self.panels[len(picture.panels) :]
        for view, panel in zip(self.panels, picture.panels, strict=True):
            view.show_panel(panel, picture)
        self._columns = 0
        self._place_panels()
        self._show_surfaces(picture)
        self.statements.setText("\n".join(picture.statements))
        self.statements.setVisible(bool(picture.statements))
        self.notes.setText("\n".join(picture.notes))
        self.notes.setVisible(bool(picture.notes))
        self.missing.show_missing(picture.missing, waiting)
        self.table.show_table(picture.table)
        for widget in (self.table, self.copy):
            widget.setVisible(bool(picture.table.rows))
        self._show_legend()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panels()
        self.surfaces.setFixedHeight(min(HIGHEST, self.viewport().width() // 2 + AROUND_SURFACES))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self) and self.shown is not None:
            self._show_legend()

    def _show_legend(self) -> None:
        if self.shown is not None:
            frame = plot_colours(self.palette())
            self.legend.set_entries(legend_entries(self.shown, frame) if self.shown.panels else [], frame.text)

    def _show_surfaces(self, picture: Picture) -> None:
        results = {item.id: item.result for item in picture.surfaces if isinstance(item.result, Surface)}
        if results:
            cells = {(0, column): item for column, item in enumerate(picture.surfaces)}
            limit = max(surface.request.display_limit for surface in results.values())
            scale = shared_scale(list(results.values()), limit=limit)
            layout = Layout(rows=("",), columns=("",) * len(cells), cells=cells)
            self.surfaces.show_layout(layout, results, scale, "contour")
        self.surfaces.setVisible(bool(results))

    def _place_panels(self) -> None:
        columns = 2 if self.viewport().width() >= NARROW else 1
        if columns == self._columns:
            return
        self._columns = columns
        for place, view in enumerate(self.panels):
            self._grid.removeWidget(view)
            row, column = divmod(place, columns)
            alone = column == 0 and place == len(self.panels) - 1
            self._grid.addWidget(view, row, column, 1, columns if alone else 1)
            view.show()
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _build(self) -> None:
        inner = QWidget()
        inner.setAutoFillBackground(True)
        inner.setBackgroundRole(QPalette.ColorRole.Base)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(4, 4, 10, 0)
        self._grid.setSpacing(10)
        legend = QHBoxLayout()
        legend.setContentsMargins(12, 6, 12, 6)
        legend.addWidget(self.legend)
        button = QHBoxLayout()
        button.setContentsMargins(10, 4, 10, 0)
        button.addWidget(self.copy)
        button.addStretch(1)
        table = QHBoxLayout()
        table.setContentsMargins(10, 2, 10, 4)
        table.addWidget(self.table)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 10)
        column.setSpacing(4)
        column.addLayout(self._grid)
        column.addLayout(legend)
        column.addWidget(self.statements)
        column.addWidget(self.missing)
        column.addWidget(self.surfaces)
        column.addLayout(button)
        column.addLayout(table)
        column.addWidget(self.notes)
        column.addStretch(1)
        self.setWidget(inner)
