"""The table of size and sharpness over all networks of a session: for the window, the report and files alike."""

from collections.abc import Sequence

from core.errors import InvalidRequest
from core.generalisation.complexity import Complexity
from core.generalisation.table import ComplexityTable, complexity_table
from core.naming import result_name
from core.session.document import Document, ResultItem


def measured(document: Document) -> tuple[ResultItem, ...]:
    """One item of size and sharpness for each network: the newest that is complete, or else the newest.

    Twice the same network would count as two that agree.
    """
    newest: dict[str, ResultItem] = {}
    for item in document.results:
        if isinstance(item.result, Complexity):
            network = item.result.provenance.network_sha256
            earlier = newest.get(network)
            if earlier is None or item.result.status == "complete" or earlier.result.status == "partial":
                newest[network] = item
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
