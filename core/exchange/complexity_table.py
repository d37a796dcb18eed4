"""The table of size and sharpness over all networks of a session: for the window, the report and files alike."""

from collections.abc import Sequence

from core.errors import InvalidRequest
from core.generalisation.complexity import Complexity
from core.generalisation.table import ComplexityTable, complexity_table
from core.naming import result_name
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
    results = [item.result for item in items if isinstance(item.result, Complexity)]
    return complexity_table(list(zip(_names(items, document), results, strict=True)))


def _names(items: Sequence[ResultItem], document: Document) -> list[str]:
    """The networks' own names, those of the items where networks share one."""
    networks = [document.items.get(item.network_id) for item in items]
    names = [item.name if network is None else network.name for item, network in zip(items, networks, strict=True)]
    prefixes = [result_name(item.result.request, "") for item in items]
    return [
        name if names.count(name) == 1 else item.name.removeprefix(prefix)
        for name, item, prefix in zip(names, items, prefixes, strict=True)
    ]
