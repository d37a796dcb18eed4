"""Surfaces of the session side by side: reliefs or contours on one scale, or the difference of two."""

import time
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.actions.computing import Computations
from app.render.cameras import PRESETS
from app.render.scales import shared_scale
from app.render.surface_widget import draws_in_software
from app.state.document_state import DocumentState
from app.state.live import LiveResults
from app.views.comparison.choice import TOO_FEW, ChoicePanel
from app.views.comparison.comparison_header import MODES, ComparisonHeader
from app.views.comparison.difference_panel import DifferencePanel
from app.views.comparison.grid import SurfaceGrid
from app.views.comparison.layouts import WAYS, arrange, chosen_for, surfaces_in
from app.views.made import text_label
from app.views.pages.page import Page
from app.views.pages.surface_header import MAX_LIMIT
from core.landscape.surface import Surface
from core.session.document import ResultItem

PAGE_ID = "page:comparison"
DEFAULT_LIMIT = 10.0  # Li et al. 2018: vmax of the contour plots
MOST_RELIEFS = 12  # canvases at once with a graphics card
MOST_RELIEFS_IN_SOFTWARE = 6
LIVE_INTERVAL = 0.5  # seconds between two pictures of growing surfaces
NOTHING = "Tick surfaces on the left, or choose a layout that finds them, to see them side by side."
HINT = "Point at a surface, or use its arrow keys, to read all of them at that place."


class ComparisonPage(Page):
    """Follows the document by itself; hidden it draws nothing."""

    icon_name = "compare"
    export_wanted = Signal(object, bool)  # Layout of result items, whether as reliefs
    difference_export_wanted = Signal(str, str)  # item ids
    open_wanted = Signal(str)  # item id

    def __init__(
        self, state: DocumentState, live: LiveResults, computations: Computations, parent: QWidget | None = None
    ) -> None:
        super().__init__(PAGE_ID, parent)
        self._state, self._live, self._computations = state, live, computations
        self._chosen: tuple[str, ...] | None = None  # None: all there are
        self._limit: float | None = None
        self._mode = "relief"
        self._camera: object = None
        self._stale, self._next = True, 0.0
        self.choice, self.header = ChoicePanel(), ComparisonHeader(DEFAULT_LIMIT)
        self.grid, self.difference = SurfaceGrid(), DifferencePanel()
        self.empty = text_label(NOTHING, "comparison.empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reading = text_label(HINT, "comparison.reading")
        self.reading.setContentsMargins(10, 2, 10, 6)
        self._build()
        self._connect()

    @property
    def mode(self) -> str:
        """``relief``, ``contour`` or ``difference``."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Show another kind of picture; another word changes nothing."""
        if mode in {name for name, _, _ in MODES}:
            self._mode = mode
            self._refresh()
            self.view_changed.emit()

    def set_limit(self, limit: float) -> None:
        """Clip all pictures at this loss."""
        self._limit = limit
        self._refresh()
        self.view_changed.emit()

    def lay_out(self, way: str) -> None:
        """Choose a layout; those of the paper's figures choose their surfaces, too."""
        document = self._state.document
        if way in ("depth", "width"):
            found = chosen_for("depth" if way == "depth" else "width", document)
            if len(found) < 2:
                self.choice.say(TOO_FEW)
                return
            self._chosen = tuple(item.id for item in found)
        self.choice.say("")
        self.choice.set_way(way)
        self._refresh()
        self.view_changed.emit()

    def compare(self, ids: tuple[str, ...]) -> None:
        """Show these surfaces."""
        self._chosen = ids
        self._refresh()
        self.view_changed.emit()

    def image(self) -> QImage:
        if self._stack.currentWidget() is self.difference:
            return self.difference.image()
        return self.grid.image() if self._stack.currentWidget() is self.grid else super().image()

    def view_state(self) -> dict[str, object]:
        return {
            "mode": self._mode,
            "way": self.choice.way,
            "chosen": None if self._chosen is None else list(self._chosen),
            "limit": self._limit,
            "camera": self.grid.camera_state() or self._camera,
            "difference": list(self.difference.pair),
            "logarithmic": self.difference.logarithmic.isChecked(),
        }

    def restore_view(self, state: dict[str, object]) -> None:
        chosen, limit, pair = state.get("chosen"), state.get("limit"), state.get("difference")
        if isinstance(chosen, list):
            self._chosen = tuple(str(item_id) for item_id in chosen)
        if isinstance(limit, int | float) and not isinstance(limit, bool) and 0 < limit < MAX_LIMIT:
            self._limit = float(limit)
        if isinstance(pair, list):
            self.difference.choose([str(item_id) for item_id in pair])
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.difference.logarithmic.setChecked(logarithmic)
        if (way := state.get("way")) in WAYS:
            self.choice.set_way(str(way))
        self._camera = state.get("camera")
        self.set_mode(str(state.get("mode", self._mode)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()

    # ---- what is shown

    def _refresh(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        self.header.set_mode(self._mode)
        surfaces = self._surfaces()
        ids = [item.id for item in surfaces]
        chosen = ids if self._chosen is None else [item_id for item_id in self._chosen if item_id in ids]
        self.choice.offer(surfaces, chosen)
        shown = [item for item in surfaces if item.id in chosen]
        results = {item.id: item.result for item in shown if isinstance(item.result, Surface)}
        scale = shared_scale(list(results.values()), limit=self._limit)
        self.header.set_limit(self._limit or max((s.request.display_limit for s in results.values()), default=10.0))
        self.header.camera.setVisible(self._mode == "relief")
        self.header.export.setEnabled(bool(shown))
        if self._mode == "difference":
            limit = self.header.limit.value()
            self.difference.offer([(item.id, item.name, results[item.id]) for item in shown], limit)
            self._stack.setCurrentWidget(self.difference)
        elif not shown:
            self._stack.setCurrentWidget(self.empty)
        else:
            mode = self._affordable(len(shown))
            layout = arrange(shown, self._state.document, self.choice.way)
            self.grid.show_layout(layout, results, scale, mode)
            if self._camera:
                self.grid.set_camera_state(self._camera)
                self._camera = None
            self._stack.setCurrentWidget(self.grid)
        self._say("")

    def _affordable(self, count: int) -> str:
        """The kind of picture for so many: each relief has an OpenGL canvas of its own."""
        most = MOST_RELIEFS_IN_SOFTWARE if draws_in_software() else MOST_RELIEFS
        return "contour" if count > most else self._mode

    def _surfaces(self) -> tuple[ResultItem, ...]:
        """All surfaces of the session, as they grow."""
        items = self._state.document.items
        found = [_grown(item, self._live.get(item.id)) for item in surfaces_in(self._state.document)]
        for pending in self._computations.pending.values():
            snapshot = self._live.get(pending.item_id)
            if isinstance(snapshot, Surface) and pending.item_id not in items:
                found.append(
                    ResultItem(
                        id=pending.item_id,
                        name=pending.name,
                        created_utc="",
                        network_id=pending.network_id,
                        dataset_id=pending.dataset_id,
                        result=snapshot,
                    )
                )
        return tuple(found)

    def _say(self, words: str) -> None:
        if words:
            self.reading.setText(words)
            return
        shown = self.grid.shown
        replaced = self._mode == "relief" and shown is not None and self._affordable(len(shown.cells)) != "relief"
        more = "So many reliefs at once would be slow here: contours are shown. " if replaced else ""
        self.reading.setText(f"{more}{HINT}")

    def _on_pointed(self, words: str) -> None:
        self._say(words)
        self.hovered.emit(words)

    def _on_choice(self) -> None:
        self.compare(self.choice.chosen)

    def _on_document(self) -> None:
        self._refresh()

    def _on_live(self, item_id: str) -> None:
        now = time.monotonic()
        grows = isinstance(self._live.get(item_id), Surface)
        if grows and (item_id in self.grid.cells or self._chosen is None) and now >= self._next:
            self._next = now + LIVE_INTERVAL
            self._refresh()

    def _on_opened(self) -> None:
        self._chosen, self._limit = None, None
        self._refresh()

    def _look_from(self, preset: str) -> None:
        self.grid.set_camera_state(PRESETS[preset].to_state())

    def _export(self) -> None:
        if self._mode == "difference":
            self.difference_export_wanted.emit(*self.difference.pair)
        elif self.grid.shown is not None:
            self.export_wanted.emit(self.grid.shown, self._mode == "relief")

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for widget in (self.empty, self.grid, self.difference):
            self._stack.addWidget(widget)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        column.addWidget(self.reading)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.choice)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([190, 700])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.choice.changed.connect(self._on_choice)
        self.choice.way_wanted.connect(self.lay_out)
        self.header.mode_wanted.connect(self.set_mode)
        self.header.limit_wanted.connect(self.set_limit)
        self.header.camera_wanted.connect(self._look_from)
        self.header.export_wanted.connect(self._export)
        self.grid.pointed.connect(self._on_pointed)
        self.grid.camera_changed.connect(self.view_changed)
        self.grid.opened.connect(self.open_wanted)
        self.difference.hovered.connect(self._on_pointed)
        self.difference.changed.connect(self.view_changed)
        state = self._state
        for signal in (state.item_added, state.item_changed, state.item_removed):
            signal.connect(self._on_document)
        state.opened.connect(self._on_opened)
        self._live.updated.connect(self._on_live)
        self._live.removed.connect(self._on_document)


def _grown(item: ResultItem, snapshot: object | None) -> ResultItem:
    return replace(item, result=snapshot) if isinstance(snapshot, Surface) else item
