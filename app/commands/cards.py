"""Edits of network cards.

Results refer to a network as it was fed. So a card whose preprocessing is edited stays one item only as long as
nothing was computed from it; after that the edited card becomes a network of its own, beside the old one.
"""

from dataclasses import dataclass, replace

from app.commands.command import Command
from app.commands.items import AddItems, existing, quoted
from core.errors import InvalidRequest
from core.networks.card import NetworkCard
from core.session.adding import free_name
from core.session.document import Document, NetworkItem, new_id, utc_now


@dataclass(frozen=True, eq=False)
class EditCard(Command):
    """Give a network another card: other words, or another preprocessing while nothing depends on it."""

    item_id: str
    card: NetworkCard  # its name becomes the item's

    def label(self, document: Document) -> str:
        return f"edit card of {quoted(existing(document, self.item_id).name)}"

    def apply(self, document: Document) -> Document:
        item = existing_network(document, self.item_id)
        if item.card.input != self.card.input and dependents(document, self.item_id):
            raise InvalidRequest(
                f"Results were computed from {quoted(item.name)} with its old preprocessing. Add the network with the "
                "new one as an item of its own."
            )
        if item.card == self.card and item.name == self.card.name:
            return document
        return document.with_item(replace(item, name=self.card.name, card=self.card))


def card_edit(document: Document, item_id: str, card: NetworkCard) -> Command:
    """The edit that gives a network this card: in its place, or beside it where results refer to the old card.

    Raises
    ------
    InvalidRequest
        If there is no such network.
    """
    item = existing_network(document, item_id)
    if item.card.input == card.input or not dependents(document, item_id):
        return EditCard(item_id, card)
    name = free_name(document, card.name)
    fresh = replace(item, id=new_id("network"), name=name, created_utc=utc_now(), card=replace(card, name=name))
    return AddItems((fresh,), f"edit card of {quoted(item.name)} beside it")


def dependents(document: Document, item_id: str) -> int:
    """How many results and runs refer to a network or a data set."""
    results = sum(item_id in (result.network_id, result.dataset_id) for result in document.results)
    return results + sum(item_id in (run.network_id, run.dataset_id, run.test_id) for run in document.runs)


def existing_network(document: Document, item_id: str) -> NetworkItem:
    """The network of that id. Raises `InvalidRequest` if it is gone, or is not a network."""
    item = existing(document, item_id)
    if not isinstance(item, NetworkItem):
        raise InvalidRequest(f"{quoted(item.name)} is not a network and has no network card.")
    return item
