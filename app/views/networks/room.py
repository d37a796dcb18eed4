"""What the main window has to do with networks and data: their page, the dialog that imports one, and their files."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.evaluating import Evaluations
from app.actions.opening import explained
from app.commands.cards import card_edit
from app.views.networks.networks_page import PAGE_ID, NetworksPage
from app.views.pages.fixed_page import FixedPage
from core.errors import CorrieError
from core.networks.card import NetworkCard

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class NetworksRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        desk = window.desk
        self.evaluations = Evaluations(desk.state, desk.jobs, desk.workbench, self)
        window.pages.add_fixed(
            FixedPage(id=PAGE_ID, title="Networks and data", icon=NetworksPage.icon_name, make=self._make_page)
        )

    def show_page(self) -> None:
        """Turn to the page of networks and data."""
        self._window.pages.open_page(PAGE_ID)

    def edit_card(self, item_id: str, card: NetworkCard) -> None:
        """Give a network another card, as one step of undo."""
        desk = self._window.desk
        try:
            before = set(desk.state.document.items)
            desk.history.push(card_edit(desk.state.document, item_id, card))
        except CorrieError as error:
            desk.computations.failed.emit(explained(error))
            return
        for fresh in set(desk.state.document.items) - before:
            desk.selection.select(fresh)

    def _make_page(self) -> NetworksPage:
        window, actions = self._window, {spec.id for spec in self._window.actions_registry.specs}
        page = NetworksPage(window.desk.state, window.desk.selection, self.evaluations, has_action=actions.__contains__)
        page.action_wanted.connect(lambda action_id: window.actions_registry.action(action_id).trigger())
        page.card_edited.connect(self.edit_card)
        page.remove_wanted.connect(window.pages.remove)
        return page
