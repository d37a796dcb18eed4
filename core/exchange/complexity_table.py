"""The table of size and sharpness over all networks of a session: for the window, the report and files alike."""

from core.errors import InvalidRequest
from core.generalisation.complexity import Complexity
from core.generalisation.table import ComplexityTable, complexity_table
from core.session.document import Document, ResultItem


def measured(document: Document) -> tuple[ResultItem, ...]:
    """The items of size and sharpness, the newest of each network that was measured in the same way."""
    newest: dict[tuple[str, str, object], ResultItem] = {}
    for item in document.results:
        if isinstance(item.result, Complexity):
            made = item.result.provenance
            key = (made.network_sha256, made.data_sha256, item.result.request)
            newest.pop(key, None)
            newest[key] = item
    return tuple(newest.values())


def session_table(document: Document) -> ComplexityTable:
    """One row per network that was measured. Raises `InvalidRequest` if none was."""
    items = measured(document)
    if not items:
        raise InvalidRequest(
            "No network of this session has been measured. Measure size and sharpness of at least two, with a test set."
        )
    return complexity_table(
        [(_name(item, document), item.result) for item in items if isinstance(item.result, Complexity)]
    )


def _name(item: ResultItem, document: Document) -> str:
    """The network's own name, or the item's where several items are about one network."""
    network = document.items.get(item.network_id)
    alone = sum(other.network_id == item.network_id for other in measured(document)) == 1
    return network.name if network is not None and alone else item.name
