"""The middle of the window: pages in tabs, in one or two panes side by side."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QTabBar, QTabWidget, QVBoxLayout, QWidget

from app.actions.wording import literal, short, tip
from app.render.cameras import CameraLink, link_cameras
from app.render.scales import shared_scale
from app.theme.icons import icon
from app.views.made import named
from app.views.pages.fixed_page import PREFIX
from app.views.pages.looks import share
from app.views.pages.page import Page
from app.views.pages.surface_page import SurfacePage
from app.views.pages.waiting_page import WaitingPage
from app.views.pointer_link import PointerLink

NARROWEST_TAB = 180  # pixels


class TitleBar(QTabBar):
    """Tabs that keep enough of their titles to be told apart; where they do not fit, they scroll."""

    def minimumTabSizeHint(self, index: int) -> QSize:
        hint = self.tabSizeHint(index)
        return hint.boundedTo(QSize(NARROWEST_TAB, hint.height()))


class Pane(QTabWidget):
    """Tabs that close, move, and go to the other side on request."""

    menu_wanted = Signal(int, QPoint)  # tab, place on the screen

    def __init__(self, name: str) -> None:
        super().__init__()
        self.titles: dict[str, str] = {}  # by item id, also of pages that were closed
        self.setTabBar(TitleBar())
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setDocumentMode(True)
        self.setObjectName(name)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUsesScrollButtons(True)
        bar = self.tabBar()
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.customContextMenuRequested.connect(self._on_menu)

    def pages(self) -> list[Page]:
        """In the order of the tabs."""
        return [page for index in range(self.count()) if isinstance(page := self.widget(index), Page)]

    def add(self, page: Page, title: str, index: int = -1) -> None:
        """Put a page there, by default behind the others."""
        self.titles[page.item_id] = title  # whoever turns to the first page of a pane wants to know
        self.insertTab(index, page, icon(page.icon_name), "")
        self.set_title(page, title)

    def set_title(self, page: Page, title: str) -> None:
        """Give the tab of a page another title, cut off if it is long; the tooltip has all of it."""
        self.titles[page.item_id] = title
        self.setTabText(self.indexOf(page), literal(short(title)))
        self.setTabToolTip(self.indexOf(page), tip(title))

    def _on_menu(self, place: QPoint) -> None:
        index = self.tabBar().tabAt(place)
        if index >= 0:
            self.menu_wanted.emit(index, self.tabBar().mapToGlobal(place))


class ViewArea(QWidget):
    """Shows pages, or the welcome where there is none. Surfaces seen side by side share scale and camera."""

    page_activated = Signal(str)  # item id of the tab that was turned to
    changed = Signal()  # what is open or where: worth keeping with the session

    def __init__(self, welcome: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view_area")
        self.linked = True
        self._closing_all = False
        self._gathering = False
        self._links: list[CameraLink | PointerLink] = []
        self._linked_pages: list[SurfacePage] = []
        self._left, self._right = Pane("pane.left"), Pane("pane.right")
        self._splitter = named(QSplitter(Qt.Orientation.Horizontal), "view_splitter")
        self._splitter.setChildrenCollapsible(False)
        for pane in (self._left, self._right):
            self._splitter.addWidget(pane)
            pane.tabCloseRequested.connect(lambda index, pane=pane: self.close_page(pane.pages()[index].item_id))
            pane.currentChanged.connect(lambda _index, pane=pane: self._on_turned(pane))
            pane.menu_wanted.connect(lambda index, place, pane=pane: self._show_menu(pane, index, place))
        self._right.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(welcome)
        self._stack.addWidget(self._splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def pages(self) -> list[Page]:
        """All open pages, those on the left first."""
        return [*self._left.pages(), *self._right.pages()]

    def open_page(self, item_id: str) -> Page | None:
        """The open page of that item; a `WaitingPage` if nobody has turned to it yet."""
        return next((page for page in self.pages() if page.item_id == item_id), None)

    def page(self, item_id: str) -> Page | None:
        """The open page of that item, which is made if it waited for that."""
        page = self.open_page(item_id)
        return self._made(page) if isinstance(page, WaitingPage) else page

    def current_page(self) -> Page | None:
        """The page that has the focus, or else the one seen on the left."""
        focused: QWidget | None = self.focusWidget()
        while focused is not None and not isinstance(focused, Page):
            focused = focused.parentWidget()
        shown = self.shown_pages()
        return focused if focused in shown else (shown[0] if shown else None)

    def shown_pages(self) -> list[Page]:
        """The pages that are seen now: one, or two side by side."""
        seen = (self._left,) if self._needs_all() else (self._left, self._right)
        current = (pane.currentWidget() for pane in seen)
        return [page for page in current if isinstance(page, Page)]

    def show_page(
        self, item_id: str, title: str, make: Callable[[], Page], *, beside: bool = False, turn: bool = True
    ) -> Page:
        """Open the page of an item if it is not open yet, and turn to it.

        Parameters
        ----------
        beside : bool
            Put a new page on the right.
        turn : bool
            False leaves a page in front that is there already.
        """
        page = self.page(item_id)
        if page is None:
            page = make()
            pane = self._right if beside and self._left.count() else self._left
            pane.add(page, title)
            self._connect(page)
        self._stack.setCurrentIndex(1)
        if turn:
            self._pane_of(page).setCurrentWidget(page)
        self._arrange()
        return page

    def add_waiting(self, page: WaitingPage, title: str, *, beside: bool) -> None:
        """Put a tab there whose page is made when somebody turns to it; on the right for `beside`."""
        if self.open_page(page.item_id) is None:
            (self._right if beside else self._left).add(page, title)
            self._arrange()

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """While tabs are added and turned to here, no page is made; at the end those are that are seen then."""
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
        self._arrange()
        for page in self.shown_pages():
            self.page_activated.emit(page.item_id)

    def turn_to(self, item_id: str) -> None:
        """Bring the open page of an item to the front of its side."""
        if (page := self.open_page(item_id)) is not None:
            self._pane_of(page).setCurrentWidget(page)

    def set_title(self, item_id: str, title: str) -> None:
        """Rename the tab of an item."""
        if (page := self.open_page(item_id)) is not None:
            pane = self._pane_of(page)
            pane.set_title(page, title)

    def reload_icons(self) -> None:
        """Draw the icons of the tabs in the colours of the theme."""
        for page in self.pages():
            pane = self._pane_of(page)
            pane.setTabIcon(pane.indexOf(page), icon(page.icon_name))

    def close_page(self, item_id: str) -> None:
        """Close the tab of an item. The item stays where it is."""
        if (page := self.open_page(item_id)) is not None:
            pane = self._pane_of(page)
            self._unlink()
            pane.removeTab(pane.indexOf(page))
            page.hide()
            page.deleteLater()
            self._arrange()

    def close_all(self) -> None:
        """Back to the welcome. The pages that come to the front meanwhile are not turned to by anybody."""
        self._closing_all = True
        for page in self.pages():
            self.close_page(page.item_id)
        self._closing_all = False

    def move_beside(self, item_id: str) -> None:
        """Take a page to the other side."""
        if (page := self.open_page(item_id)) is None:
            return
        pane = self._pane_of(page)
        other = self._right if pane is self._left else self._left
        other.add(page, pane.titles[page.item_id])
        other.setCurrentWidget(page)
        self._arrange()

    def move_to_side(self, item_id: str, *, right: bool) -> None:
        """Show a page on that side; the only page stays on the left."""
        page = self.open_page(item_id)
        if page is not None and (self._pane_of(page) is self._right) != right and len(self.pages()) > 1:
            self.move_beside(item_id)

    def set_linked(self, linked: bool) -> None:  # noqa: FBT001  a Qt slot
        """Whether surfaces side by side share camera, scale and clip level."""
        self.linked = linked
        self._unlink()
        self._arrange()

    def refresh_scales(self) -> None:
        """Give the surfaces that are seen together one scale. Called whenever one of them has grown."""
        pages = [page for page in self.shown_pages() if isinstance(page, SurfacePage)]
        surfaces = [page.surface for page in pages if page.surface is not None]
        together = self.linked and len(pages) > 1 and len(surfaces) == len(pages)
        if together:
            scale = shared_scale(surfaces, limit=max(page.limit for page in pages))
            for page in pages:
                page.set_scale(scale)
        else:
            for page in pages:
                page.set_scale(None if page.surface is None else shared_scale([page.surface], limit=page.limit))

    def _on_limit_changed(self, limit: float) -> None:
        """Linked surfaces are clipped at one loss."""
        if self.linked:
            for page in self.shown_pages():
                if isinstance(page, SurfacePage):
                    page.set_limit(limit)
        self.refresh_scales()

    def view_state(self) -> dict[str, object]:
        """Panes, tabs and how each page is looked at, as plain values."""
        return {
            "panes": [[page.item_id for page in pane.pages()] for pane in (self._left, self._right)],
            "shown": [page.item_id for page in self.shown_pages()],
            "linked": self.linked,
            "pages": {page.item_id: page.look() for page in self.pages()},
            "shares": self._splitter.sizes() if not self._right.isHidden() else [],
        }

    def restore_shares(self, sizes: object) -> None:
        """Give the two sides the room that `view_state` told of."""
        if not self._right.isHidden():
            share(self._splitter, sizes)

    def _pane_of(self, page: Page) -> Pane:
        return self._left if self._left.indexOf(page) >= 0 else self._right

    def _connect(self, page: Page) -> None:
        if isinstance(page, SurfacePage):
            page.limit_changed.connect(self._on_limit_changed)

    def _made(self, waiting: WaitingPage) -> Page:
        """Put the page itself into the tab of one that waits."""
        page, pane = waiting.make(), self._pane_of(waiting)
        index, title, in_front = pane.indexOf(waiting), pane.titles[waiting.item_id], pane.currentWidget() is waiting
        blocker = QSignalBlocker(pane)  # nobody turns to another tab
        pane.removeTab(index)
        pane.add(page, title, index)
        if in_front:
            pane.setCurrentWidget(page)
        blocker.unblock()
        waiting.deleteLater()
        self._connect(page)
        return page

    def _arrange(self) -> None:
        """Hide an empty side, show the welcome when both are, and link what is seen together."""
        if self._gathering:
            return
        if not self._left.count() and self._right.count():
            for page in self._right.pages():
                self._left.add(page, self._right.titles[page.item_id])
        was_hidden = self._right.isHidden()
        self._right.setVisible(self._right.count() > 0 and not self._needs_all())
        if was_hidden and not self._right.isHidden():
            half = max(1, self._splitter.width() // 2)
            self._splitter.setSizes([half, half])
        for page in self.shown_pages():
            if isinstance(page, WaitingPage):
                self._made(page)
        self._stack.setCurrentIndex(1 if self._left.count() else 0)
        self._link()
        self.refresh_scales()
        self.changed.emit()

    def _needs_all(self) -> bool:
        """Whether a page of many pictures or rows is in front on the left: it takes the room of the right side."""
        page = self._left.currentWidget()
        return isinstance(page, Page) and page.item_id.startswith(PREFIX)

    def _link(self) -> None:
        pages = [page for page in self.shown_pages() if isinstance(page, SurfacePage)] if self.linked else []
        if pages == self._linked_pages:
            return
        self._unlink()
        if len(pages) > 1:
            cameras = [link_cameras(pages[0].relief, page.relief) for page in pages[1:]]
            self._links = [*cameras, PointerLink(pages, self)]
        self._linked_pages = pages

    def _unlink(self) -> None:
        for link in self._links:
            link.unlink()
        self._links, self._linked_pages = [], []

    def _on_turned(self, pane: Pane) -> None:
        page = pane.currentWidget()
        if isinstance(page, Page) and not (self._closing_all or self._gathering):
            self._arrange()
            self.page_activated.emit(page.item_id)

    def _show_menu(self, pane: Pane, index: int, place: QPoint) -> None:
        page = pane.pages()[index]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        side = "right" if pane is self._left else "left"
        menu.addAction(f"Move to the {side}").triggered.connect(lambda: self.move_beside(page.item_id))
        menu.addAction("Close").triggered.connect(lambda: self.close_page(page.item_id))
        menu.popup(place)
