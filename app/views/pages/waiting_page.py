"""Stands in a tab for a page that nobody has turned to yet: a session may hold dozens, and each takes time to make."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from app.views.pages.page import Page


class WaitingPage(Page):
    """Shows nothing. `make` gives the page itself, as it was left; until then its view is kept as it was saved."""

    def __init__(
        self,
        item_id: str,
        icon_name: str,
        make: Callable[[], Page],
        view: Mapping[str, object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(item_id, parent)
        self.icon_name = icon_name
        self._make = make
        self._view = dict(view or {})

    def make(self) -> Page:
        """The page itself."""
        return self._make()

    def view_state(self) -> dict[str, object]:
        return dict(self._view)
