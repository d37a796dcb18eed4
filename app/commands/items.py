"""Edits of the list of items: adding, removing, renaming."""

from dataclasses import dataclass, replace

from app.commands.command import Command
from core.errors import InvalidRequest
from core.session.document import Document, Item, ResultItem, RunItem


@dataclass(frozen=True, eq=False)
class AddItems(Command):
    """Put networks, data or results into the session: what was opened, imported or computed."""

    items: tuple[Item, ...]
    text: str = ""  # what the Edit menu says, such as ``compute “Surface of ResNet-56”``; without, that they are added

    def label(self, document: Document) -> str:  # noqa: ARG002  the new items are not in it
        if self.text:
            return self.text
        return f"add {quoted(self.items[0].name)}" if len(self.items) == 1 else f"add {len(self.items)} items"

    def apply(self, document: Document) -> Document:
        for item in self.items:
            if item.id in document.items:
                raise InvalidRequest(f"The session already holds an item {item.id}. Give the new one another id.")
            document = document.with_item(item)
        for item in self.items:
            _check_references(item, document)
        return document


@dataclass(frozen=True, eq=False)
class RemoveItem(Command):
    """Take an item out of the session, and with it the results that were computed from it."""

    item_id: str

    def label(self, document: Document) -> str:
        return f"remove {quoted(existing(document, self.item_id).name)}"

    def apply(self, document: Document) -> Document:
        existing(document, self.item_id)
        return document.without(self.item_id)


@dataclass(frozen=True, eq=False)
class RenameItem(Command):
    """Give an item another name. White space around the name is dropped."""

    item_id: str
    name: str

    def label(self, document: Document) -> str:
        return f"rename {quoted(existing(document, self.item_id).name)}"

    def apply(self, document: Document) -> Document:
        item = existing(document, self.item_id)
        name = " ".join(self.name.split())
        if not name:
            raise InvalidRequest("A name needs at least one letter. Type one, or press Escape to keep the old name.")
        return document if name == item.name else document.with_item(replace(item, name=name))


def existing(document: Document, item_id: str) -> Item:
    """The item of that id. Raises `InvalidRequest` if it is gone."""
    if item_id not in document.items:
        raise InvalidRequest(f"There is no item {item_id} in this session. It was removed: undo brings it back.")
    return document.items[item_id]


def quoted(name: str) -> str:
    """A name as menus and messages show it: in quotation marks, the end cut off if it is long."""
    return f"“{name if len(name) <= 40 else name[:39] + '…'}”"


def _check_references(item: Item, document: Document) -> None:
    """A result must not lose what it was computed from; an empty reference says that there is nothing to refer to."""
    if not isinstance(item, ResultItem | RunItem):
        return
    references = [("network", item.network_id), ("data set", item.dataset_id)]
    if isinstance(item, RunItem):
        references.append(("test data set", item.test_id))
    for kind, reference in references:
        if reference and reference not in document.items:
            raise InvalidRequest(
                f"{quoted(item.name)} was computed from a {kind} that is no longer in the session. "
                f"Undo the removal of the {kind}, then compute again."
            )
