"""Which items of a session a report shows, and in which order."""

from collections.abc import Sequence

from core.errors import InvalidRequest
from core.session.document import DatasetItem, Document, Item, NetworkItem, ResultItem, RunItem


def chosen_items(document: Document, wanted: Sequence[str] = ()) -> tuple[Item, ...]:
    """The items that are asked for by id or name, in that order and each once; all of the session without a choice.

    Without one, networks and data come first, then trainings and results, each in the order of the session.

    Raises
    ------
    InvalidRequest
        If the session holds nothing, or a name stands for no item, or for more than one.
    """
    if not document.items:
        raise InvalidRequest(
            "The session is empty: there is nothing to report. Compute something, or choose a session with results."
        )
    if not wanted:
        return tuple(sorted(document.items.values(), key=lambda item: not isinstance(item, NetworkItem | DatasetItem)))
    return tuple({(item := document.find(name)).id: item for name in wanted}.values())


def kind_words(item: Item) -> str:
    """What sort of item it is: ``network``, ``data``, ``training`` or ``result``."""
    if isinstance(item, NetworkItem):
        return "network"
    if isinstance(item, DatasetItem):
        return "data"
    return "training" if isinstance(item, RunItem) else "result"


def results_among(items: Sequence[Item]) -> tuple[ResultItem, ...]:
    """The results of a choice, in its order."""
    return tuple(item for item in items if isinstance(item, ResultItem))


def beneath(items: Sequence[Item], document: Document) -> tuple[NetworkItem | DatasetItem, ...]:
    """Networks and data that a choice is about: those in it, and those that its results and trainings came from."""
    wanted: dict[str, None] = {}
    for item in items:
        if isinstance(item, NetworkItem | DatasetItem):
            wanted[item.id] = None
        elif isinstance(item, ResultItem):
            wanted |= dict.fromkeys((item.network_id, item.dataset_id, item.test_id))
        else:
            wanted |= dict.fromkeys((item.dataset_id, item.test_id, item.network_id))
    found = (document.items.get(name) for name in wanted)
    return tuple(item for item in found if isinstance(item, NetworkItem | DatasetItem))
