"""Computations that an unexpected end of Corrie interrupted: found at the start, put into the session on request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from app.actions.holding_until_kept import HeldUntilKept
from app.actions.kept import Home
from app.commands.history import History
from app.commands.items import AddItems, quoted
from app.commands.results import ReplaceResult
from app.jobs.failure import JobFailure
from app.recovery.interrupted import InterruptedWork
from app.recovery.keeping_computations import HOME, KeptResult, kept_results
from app.state.document_state import DocumentState
from core.errors import InvalidRequest
from core.session.adding import free_name, known_dataset, known_network
from core.session.document import DatasetItem, Document, Item, NetworkItem, ResultItem, RunItem, new_id


@dataclass(frozen=True, eq=False)
class InterruptedResult:
    """A computation that was found: its file, and the session in it."""

    kept: KeptResult
    document: Document

    @property
    def item(self) -> ResultItem:
        """The partial result."""
        return self.document.results[0]

    @property
    def home(self) -> Home:
        """The session that it was computed for."""
        return Home(self.document.document_id, str(self.document.view.get(HOME, "")))


class InterruptedComputations(InterruptedWork[InterruptedResult]):
    """Their partial results go into the document with all that they were computed from.

    Their files go when the document is on the disk with them.
    """

    def __init__(
        self, state: DocumentState, history: History, held: HeldUntilKept, parent: QObject | None = None
    ) -> None:
        super().__init__(kept_results, _read, "interrupted computations", parent)
        self._state, self._history, self._held = state, history, held

    def restore(self, interrupted: Sequence[InterruptedResult]) -> None:
        for one in interrupted:
            try:
                item_id = self._join(one)
            except InvalidRequest as error:  # it refers to what it does not hold
                one.kept.release()
                self.failed.emit(JobFailure("explained", f"{one.kept.path}: {error}", ""))
                continue
            self._held.hold(one.kept, item_id)
            self.restored.emit(item_id)

    def _join(self, one: InterruptedResult) -> str:
        """Put it into the document. Returns the id that it has there."""
        document = self._state.document
        present = document.items.get(one.item.id) if document.document_id == one.home.document_id else None
        if isinstance(present, ResultItem) and present.result.request == one.item.result.request:
            if present.result.status == "partial":  # it had gone on from there
                self._history.receive(ReplaceResult(present.id, one.item.result))
            return present.id
        items = joining(one.document, document)
        self._history.receive(AddItems(items, f"restore {quoted(items[-1].name)}"))
        return items[-1].id


def joining(kept: Document, document: Document) -> tuple[Item, ...]:
    """The items of a small session as they can join another: what is there already is referred to, the result is last.

    Identifiers that are taken by something else, and names of results that are taken, are replaced.
    """
    new_ids: dict[str, str] = {"": ""}
    joined: list[Item] = []
    for item in kept.items.values():
        known = _known(item, document)
        if known is not None:
            new_ids[item.id] = known.id
            continue
        fresh = replace(item, id=new_id(item.id.rpartition("-")[0] or "item")) if item.id in document.items else item
        new_ids[item.id] = fresh.id
        joined.append(fresh)
    return tuple(_referring(item, new_ids, document) for item in joined)


def _known(item: Item, document: Document) -> Item | None:
    if isinstance(item, NetworkItem):
        found: Item = known_network(document, item)
    elif isinstance(item, DatasetItem):
        found = known_dataset(document, item)
    else:
        found = document.items.get(item.id, item) if isinstance(item, RunItem) else item
    return None if found is item or type(found) is not type(item) else found


def _referring(item: Item, new_ids: dict[str, str], document: Document) -> Item:
    if isinstance(item, RunItem):
        return replace(
            item,
            dataset_id=new_ids.get(item.dataset_id, ""),
            test_id=new_ids.get(item.test_id, ""),
            network_id=new_ids.get(item.network_id, ""),
        )
    if isinstance(item, ResultItem):
        return replace(
            item,
            name=free_name(document, item.name),
            network_id=new_ids[item.network_id],
            dataset_id=new_ids[item.dataset_id],
            test_id=new_ids.get(item.test_id, ""),
            run_id=new_ids.get(item.run_id, ""),
        )
    return item


def _read(kept: KeptResult) -> InterruptedResult | None:
    from core.session.files import open_document  # noqa: PLC0415  h5py is not needed before

    document = open_document(kept.path)
    return InterruptedResult(kept, document) if document.results else None
