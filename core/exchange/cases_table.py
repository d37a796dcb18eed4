"""The tables of cases of a session, those about the same rows side by side: for the window, the report and files."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.corrections.records.cases import Cases
from core.corrections.records.cases_compared import CasesTable, cases_table, same_question
from core.errors import InvalidRequest
from core.session.document import Document, ResultItem


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparedCases:
    """Results about the same question, and the table over them."""

    items: tuple[ResultItem, ...]
    title: str  # what may change, and of which data
    table: CasesTable


def tabulated(document: Document) -> tuple[tuple[ResultItem, ...], ...]:
    """Results of each question, one for each network: the newest that is complete, or else the newest."""
    questions: dict[tuple[object, ...], dict[str, ResultItem]] = {}
    for item in document.results:
        if isinstance(item.result, Cases):
            newest = questions.setdefault(same_question(item.result), {})
            network = item.result.provenance.network_sha256
            earlier = newest.get(network)
            if earlier is None or item.result.status == "complete" or earlier.result.status == "partial":
                newest[network] = item
    return tuple(tuple(items.values()) for items in questions.values())


def compared_cases(document: Document) -> tuple[ComparedCases, ...]:
    """A table for each question, the one about most networks first. Raises `InvalidRequest` if there is none."""
    groups = sorted(tabulated(document), key=len, reverse=True)
    if not groups:
        raise InvalidRequest("This session has no table of cases. Correct the rejected rows of a table first.")
    return tuple(
        ComparedCases(items=items, title=_title(items[0], document), table=cases_table(_named(items, document)))
        for items in groups
    )


def _title(item: ResultItem, document: Document) -> str:
    data = document.items.get(item.dataset_id)
    found = item.result
    names = ", ".join(found.names) if isinstance(found, Cases) else ""
    return f"{names}, of {item.dataset_id if data is None else data.name}"


def _named(items: Sequence[ResultItem], document: Document) -> list[tuple[str, Cases]]:
    """With the networks' own names, those of the items where networks share one."""
    networks = [document.items.get(item.network_id) for item in items]
    names = [item.name if network is None else network.name for item, network in zip(items, networks, strict=True)]
    return [
        (name if names.count(name) == 1 else item.name, item.result)
        for name, item in zip(names, items, strict=True)
        if isinstance(item.result, Cases)
    ]
