"""What the main window has to do with networks and data: their page, the dialog that imports one, and their files."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.evaluating import Evaluations
from app.actions.importing import CardTarget, export_card
from app.actions.opening import explained
from app.commands.cards import card_edit
from app.jobs.latest import LatestWork
from app.views.dialogs import DATA_FILTER, NETWORK_FILTER
from app.views.networks.import_dialog import ImportDialog
from app.views.networks.networks_page import PAGE_ID, NetworksPage
from app.views.pages.fixed_page import FixedPage
from core.errors import CorrieError
from core.naming import file_stem
from core.networks.card import NetworkCard
from core.session.document import DatasetItem, NetworkItem

CARD_FILTER = "Network card (*.toml)"

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class NetworksRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        desk = window.desk
        self._dialog: ImportDialog | None = None
        self._waiting: list[Path] = []  # files that are asked about when the dialog is closed
        desk.door.import_network = self.import_network
        window.tree.opened.connect(self._on_opened_in_tree)
        self.evaluations = Evaluations(desk.state, desk.jobs, desk.workbench, self)
        window.pages.add_fixed(
            FixedPage(id=PAGE_ID, title="Networks and data", icon=NetworksPage.icon_name, make=self._make_page)
        )

    def show_page(self) -> None:
        """Turn to the page of networks and data."""
        self._window.pages.open_page(PAGE_ID)

    def import_network(self, path: Path) -> None:
        """Ask how a network without a card is to be read. Several files are asked about one after the other."""
        if self._dialog is None:
            self._open(path)
        elif path != self._dialog.path and path not in self._waiting:
            self._waiting.append(path)

    def choose_networks(self) -> None:
        """Ask for files, then how they are to be read."""
        for path in self._window.dialogs.open_files("Import network", NETWORK_FILTER):
            self.import_network(path)

    def close(self) -> None:
        """For a window that closes: what runs for the dialog is stopped."""
        self._waiting.clear()
        if self._dialog is not None:
            self._dialog.reject()

    def export_card(self, item_id: str) -> None:
        """Ask where the card and the weights of a network should go, and write them there."""
        window = self._window
        item = window.desk.state.document.items.get(item_id)
        if not isinstance(item, NetworkItem):
            return
        chosen = window.dialogs.save_file("Export network card", f"{file_stem(item.name)}.toml", CARD_FILTER)
        if chosen is None:
            return
        stem = chosen.name.removesuffix(".toml")
        named = item if stem == file_stem(item.name) else replace(item, name=stem)
        # The dialog has asked about the card, which is nothing without the weights beside it.
        target = CardTarget(folder=chosen.parent, overwrite=chosen.exists())

        def done(path: Path) -> None:
            window.desk.file.exported.emit(path)

        work = LatestWork(self)
        work.start(item.name, lambda job: export_card(named, target, job), done, window.desk.file.failed.emit)

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

    def _open(self, path: Path) -> None:
        window = self._window
        dialog = self._dialog = ImportDialog(window.desk.state, path, window)
        dialog.imported.connect(window.desk.door.adopt)
        dialog.finished.connect(self._on_finished)
        dialog.open_data_wanted.connect(self._open_data)
        dialog.choose_wanted.connect(self._choose_another)
        dialog.show()

    def _open_data(self) -> None:
        self._window.open_paths(self._window.dialogs.open_files("Open data", DATA_FILTER))

    def _choose_another(self) -> None:
        paths = self._window.dialogs.open_files("Import network", NETWORK_FILTER)
        if paths and self._dialog is not None:
            self._dialog.open_file(paths[0])
            self._waiting += paths[1:]

    def _on_finished(self) -> None:
        self._dialog = None
        if self._waiting:
            self._open(self._waiting.pop(0))

    def _on_opened_in_tree(self, item_id: str) -> None:
        """A double click on a network or on data shows all of it."""
        if isinstance(self._window.desk.state.document.items.get(item_id), NetworkItem | DatasetItem):
            self._window.desk.selection.select(item_id)
            self.show_page()

    def _make_page(self) -> NetworksPage:
        window, actions = self._window, {spec.id for spec in self._window.actions_registry.specs}
        page = NetworksPage(window.desk.state, window.desk.selection, self.evaluations, has_action=actions.__contains__)
        page.action_wanted.connect(lambda action_id: window.actions_registry.action(action_id).trigger())
        page.card_edited.connect(self.edit_card)
        page.export_wanted.connect(self.export_card)
        page.remove_wanted.connect(window.pages.remove)
        return page
