"""Keeps the pins in the pages that are seen, and passes on what a hand does with them."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QObject, QPoint, Signal

from app.render.pins.ground import PinGround
from app.render.pins.layer import PinLayer
from app.render.pins.pin import Pin
from app.views.pages.page import Page
from app.views.view_area import ViewArea


class PinKeeper(QObject):
    """A layer of pins over every picture of a page that was seen; each shows the pins of the page's item."""

    opened = Signal(str)  # id of a note whose pin was pressed
    pointed = Signal(str, object)  # item id, Anchor: a note is to be pinned there
    menu_wanted = Signal(str, object, QPoint)  # item id, Anchor or None, place on the screen

    def __init__(self, area: ViewArea) -> None:
        super().__init__(area)
        self._area = area
        self._pins: Mapping[str, Sequence[Pin]] = {}  # by item id
        self._current = ""
        self._placing = False
        area.changed.connect(self.refresh)
        area.page_activated.connect(self.refresh)

    def set_pins(self, pins: Mapping[str, Sequence[Pin]], current: str) -> None:
        """Show these, by the id of their item."""
        self._pins, self._current = pins, current
        self.refresh()

    def set_placing(self, placing: bool) -> None:  # noqa: FBT001  a mode
        """Whether the next click in a picture pins a note."""
        self._placing = placing
        self.refresh()

    def refresh(self) -> None:
        """Give every picture that is seen what belongs into it. A picture of which there was none gets a layer."""
        for page in self._area.shown_pages():
            for layer in self._layers(page):
                layer.set_placing(self._placing)
                layer.set_pins(self._pins.get(page.item_id, ()), self._current)

    def layers(self, page: Page) -> Sequence[PinLayer]:
        """Those over the pictures of a page."""
        return tuple(self._layers(page))

    def _layers(self, page: Page) -> Iterator[PinLayer]:
        for ground in page.pin_grounds():
            known = ground.findChild(PinLayer)
            yield known if known is not None else self._new_layer(page, ground)

    def _new_layer(self, page: Page, ground: PinGround) -> PinLayer:
        item_id, layer = page.item_id, PinLayer(ground)
        layer.opened.connect(self.opened)
        layer.pointed.connect(lambda anchor: self.pointed.emit(item_id, anchor))
        layer.menu_wanted.connect(lambda anchor, place: self.menu_wanted.emit(item_id, anchor, place))
        page.view_changed.connect(self.refresh)  # another picture of it may be there now
        return layer
