"""Edits of a run: a training that went on, with the network that came of it."""

from dataclasses import dataclass, replace

from app.commands.command import Command
from app.commands.items import existing, quoted
from core.errors import InvalidRequest
from core.session.adding import free_name
from core.session.document import Document, NetworkItem, RunItem
from core.training.run import Run


@dataclass(frozen=True, eq=False)
class ReplaceRun(Command):
    """Put a training that went on in the place of the partial one, and its network in the place of the earlier one.

    The network keeps its id and name, so that what is set up for it stays, unless results were computed from it: those
    belong to the weights as they were then, and the network of now becomes an item of its own.
    """

    item_id: str
    run: Run
    network: NetworkItem | None = None

    def label(self, document: Document) -> str:
        verb = "complete" if self.run.status == "complete" else "continue"
        return f"{verb} {quoted(existing(document, self.item_id).name)}"

    def apply(self, document: Document) -> Document:
        item = existing_run(document, self.item_id)
        if item.run is self.run:
            return document
        if self.network is None:
            return document.with_item(replace(item, run=self.run))
        network = _in_place(self.network, item, document)
        document = document.with_item(network)
        return document.with_item(replace(item, run=self.run, network_id=network.id))


def existing_run(document: Document, item_id: str) -> RunItem:
    """The run of that id. Raises `InvalidRequest` if it is gone, or is not a run."""
    item = existing(document, item_id)
    if not isinstance(item, RunItem):
        raise InvalidRequest(f"{quoted(item.name)} is not a training run. Select one under Runs.")
    return item


def _in_place(network: NetworkItem, item: RunItem, document: Document) -> NetworkItem:
    """The new network under the id of the earlier one if nothing hangs on that, else under a name of its own."""
    earlier = document.items.get(item.network_id)
    if not isinstance(earlier, NetworkItem):
        return replace(network, name=free_name(document, item.name) if _taken(document, item) else item.name)
    if any(result.network_id == earlier.id for result in document.results):
        return replace(network, name=free_name(document, earlier.name))
    return replace(network, id=earlier.id, name=earlier.name)


def _taken(document: Document, item: RunItem) -> bool:
    return any(network.name == item.name for network in document.networks)
