"""Several networks or trainings in one layout: the figures of Yao et al. 2018, and robust beside plain twins."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.actions.computing import Computations, Task
from app.state.document_state import DocumentState
from app.views.across.choice import MemberChoice
from app.views.across.picture_panel import PicturePanel
from app.views.made import named, text_label, with_icon
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from core.errors import InvalidRequest
from core.exchange.layouts.laying_out import NOTHING, default_choice, lay_out, members_of
from core.exchange.layouts.picture import KINDS, Kind, Missing

PAGE_ID = "page:across"
HINT = "Point at a mark to read it. Drag to move a panel, double-click to see all of it again."
MORE = " Train networks, such as a sweep of batch sizes in the training lab, or open some."


class AcrossPage(Page):
    """Follows the document by itself; hidden it draws nothing."""

    icon_name = "compare"
    export_wanted = Signal(object)  # Picture
    queued = Signal()  # something was asked for: its own page may have come to the front

    def __init__(self, state: DocumentState, computations: Computations, parent: QWidget | None = None) -> None:
        super().__init__(PAGE_ID, parent)
        self._state, self._computations = state, computations
        self._kind: Kind = "figure3"
        self._chosen: dict[Kind, tuple[str, ...]] = {}  # what somebody ticked; else the choice of the layout
        self._stale = True
        self.choice, self.picture = MemberChoice(), PicturePanel()
        self.title = text_label("", "across.title")
        self.subtitle = text_label("", "across.subtitle")
        self.reading = text_label(HINT, "across.reading")
        self.export = named(with_icon(QPushButton("E&xport…"), "export"), "across.export")
        self._build()
        self._connect()

    @property
    def kind(self) -> Kind:
        """Which layout is shown."""
        return self._kind

    def lay_out(self, kind: str) -> None:
        """Show another layout; another word changes nothing."""
        if kind in KINDS:
            self._kind = next(known for known in KINDS if known == kind)
            self._refresh()
            self.view_changed.emit()

    def choose(self, ids: Sequence[str]) -> None:
        """Let these take part in the layout that is shown."""
        self._chosen[self._kind] = tuple(ids)
        self._refresh()
        self.view_changed.emit()

    def compute(self, missing: Sequence[Missing]) -> None:
        """Queue what is missing; a request that cannot be made is said below the layout."""
        for one in missing:
            if one.request is not None:
                task = Task(one.request, one.network_id, one.dataset_id, one.test_id, one.run_id, one.directions)
                try:
                    self._computations.submit_task(task)
                except InvalidRequest as error:
                    self.reading.setText(str(error))
        self.queued.emit()
        self._refresh()

    def image(self) -> QImage:
        inner = self.picture.widget()
        return picture_of(inner) if inner is not None else super().image()

    def view_state(self) -> dict[str, object]:
        return {"kind": self._kind, "chosen": {kind: list(ids) for kind, ids in self._chosen.items()}}

    def restore_view(self, state: dict[str, object]) -> None:
        chosen = state.get("chosen")
        if isinstance(chosen, dict):
            for kind in KINDS:
                if isinstance(ids := chosen.get(kind), list):
                    self._chosen[kind] = tuple(str(item_id) for item_id in ids)
        self.lay_out(str(state.get("kind", self._kind)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()

    # ---- what is shown

    def _refresh(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        document, kind = self._state.document, self._kind
        members = members_of(kind, document)
        wanted = self._chosen.get(kind)
        chosen = default_choice(kind, members) if wanted is None else wanted
        picture = lay_out(kind, document, chosen)
        missing = tuple(one for one in picture.missing if not self._is_pending(one))
        waiting = len(picture.missing) - len(missing)
        self.choice.offer(kind, members, chosen, "" if members else NOTHING[kind] + MORE)
        self.title.setText(picture.title)
        self.subtitle.setText(picture.subtitle)
        self.export.setEnabled(bool(picture.names and picture.panels))
        self.picture.show_picture(replace(picture, missing=missing), waiting)

    def _is_pending(self, missing: Missing) -> bool:
        return any(
            type(pending.request) is type(missing.request)
            and (pending.network_id, pending.task.run_id) == (missing.network_id, missing.run_id)
            for pending in self._computations.pending.values()
        )

    def _on_pointed(self, words: str) -> None:
        self.reading.setText(words or HINT)
        self.hovered.emit(words)

    def _on_document(self) -> None:
        self._refresh()

    def _on_opened(self) -> None:
        self._chosen = {}
        self._refresh()

    def _export(self) -> None:
        if self.picture.shown is not None:
            self.export_wanted.emit(lay_out(self._kind, self._state.document, self._chosen.get(self._kind)))

    def _build(self) -> None:
        font = self.title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self.title.setFont(font)
        self.subtitle.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        head = QHBoxLayout()
        head.setContentsMargins(10, 6, 8, 4)
        head.addLayout(words, 1)
        head.addWidget(self.export)
        self.reading.setContentsMargins(10, 2, 10, 6)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.picture, 1)
        column.addWidget(self.reading)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.choice)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([230, 700])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.choice.changed.connect(lambda: self.choose(self.choice.chosen))
        self.choice.kind_wanted.connect(self.lay_out)
        self.picture.hovered.connect(self._on_pointed)
        self.picture.missing.wanted.connect(self.compute)
        self.export.clicked.connect(self._export)
        state = self._state
        for signal in (state.item_added, state.item_changed, state.item_removed):
            signal.connect(self._on_document)
        state.opened.connect(self._on_opened)
        for ended in (self._computations.submitted, self._computations.ended):
            ended.connect(self._on_document)
