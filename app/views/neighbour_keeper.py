"""Tells open pages what else the session has of their plane or network, also while it grows."""

import time
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject

from app.actions.computing import Task
from app.views.desk import Desk
from app.views.pages.neighbours import Beside, neighbours_of
from app.views.pages.page import Page
from app.views.view_area import ViewArea
from core.naming import Request
from core.session.document import Result, ResultItem

LIVE_INTERVAL = 0.5  # seconds between two growing results beside a picture


class NeighbourKeeper(QObject):
    """Pages that are seen are told at once, hidden ones when they are turned to."""

    def __init__(self, desk: Desk, area: ViewArea) -> None:
        super().__init__(area)
        self._desk, self._area = desk, area
        self._stale: set[str] = set()  # pages that were not told of a change
        self._told: WeakKeyDictionary[Page, tuple[object, ...]] = WeakKeyDictionary()  # what each was told last
        self._next = 0.0
        desk.live.updated.connect(self._on_live)
        desk.live.removed.connect(self._on_changed)  # bound methods: what ends after the window reaches nobody
        for signal in (desk.state.item_added, desk.state.item_changed, desk.state.item_removed):
            signal.connect(self._on_changed)
        area.page_activated.connect(self._on_turned_to)

    def feed(self, page: Page) -> None:
        """Tell one page, if there is news for it: a session that opens has news of each of its items."""
        self._stale.discard(page.item_id)
        one = self._beside(page.item_id)
        if one is None:
            return
        everything = self._all()
        news: tuple[object, ...] = (
            *(item.id for item in self._desk.state.document.datasets),  # to test on
            *((known.id, known.name, known.network_id, known.dataset_id, known.result) for known in everything),
        )
        if self._told.get(page) != news:
            self._told[page] = news
            page.show_neighbours(neighbours_of(one, everything))

    def task_beside(self, item_id: str, request: Request) -> Task | None:
        """A request on the network and data of a result, in its very directions if it asks for given ones."""
        item, pending = self._desk.state.document.items.get(item_id), self._desk.computations.pending.get(item_id)
        owner = item if isinstance(item, ResultItem) else pending
        if owner is None:
            return None
        one = self._beside(item_id)
        axes = None if one is None else getattr(one.result, "directions", None)
        return Task(request, owner.network_id, owner.dataset_id, directions=axes)

    def refresh(self) -> None:
        """Something was added, changed or removed: tell everybody who is seen."""
        shown = self._area.shown_pages()
        for page in self._area.pages():
            if page in shown:
                self.feed(page)
            else:
                self._stale.add(page.item_id)

    def _on_changed(self, _item_id: str) -> None:
        self.refresh()

    def _on_live(self, item_id: str) -> None:
        now = time.monotonic()
        others = [page for page in self._area.shown_pages() if page.item_id != item_id]
        self._stale |= {page.item_id for page in self._area.pages()}
        if others and now >= self._next:
            self._next = now + LIVE_INTERVAL
            for page in others:
                self.feed(page)

    def _on_turned_to(self, item_id: str) -> None:
        page = self._area.page(item_id)
        if page is not None and item_id in self._stale:
            self.feed(page)

    def _all(self) -> list[Beside[Result]]:
        ids = dict.fromkeys([*(item.id for item in self._desk.state.document.results), *self._desk.live.keys()])
        return [found for item_id in ids if (found := self._beside(item_id)) is not None]

    def _beside(self, item_id: str) -> Beside[Result] | None:
        """A result with what it belongs to: as it grows, or as the document has it."""
        item, pending = self._desk.state.document.items.get(item_id), self._desk.computations.pending.get(item_id)
        snapshot = self._desk.live.get(item_id)
        if isinstance(item, ResultItem):
            result: object = snapshot if snapshot is not None else item.result
            owner, name = (item.network_id, item.dataset_id), item.name
        elif pending is not None and snapshot is not None:
            result, owner, name = snapshot, (pending.network_id, pending.dataset_id), pending.name
        else:
            return None
        # Engines give partials of their result's kind.
        return Beside(id=item_id, name=name, network_id=owner[0], dataset_id=owner[1], result=result)  # type: ignore[arg-type]
