"""A report of a session, or of chosen items of it: what it says, before it is put on pages of any kind."""

from collections.abc import Sequence

from core import __version__
from core.exchange.readings import measures_of
from core.exchange.report.blocks import Facts, Report, Section, dated
from core.exchange.report.certainty.table import certainty_section
from core.exchange.report.choice import beneath, chosen_items, kind_words, results_among
from core.exchange.report.definitions import definitions_section
from core.exchange.report.items import item_section
from core.exchange.report.limits import limits_section
from core.exchange.report.making import hashes_section, provenance_section
from core.exchange.report.notes import notes_section
from core.exchange.report.source import Source
from core.exchange.report.together import sections_together
from core.exchange.words import count
from core.job import JobContext
from core.landscape.measures.measure import Measure
from core.session.document import DatasetItem, Document, Item, NetworkItem, RunItem, utc_now

_UNUSED = JobContext()


def composed(
    document: Document,
    *,
    title: str = "Session",
    wanted: Sequence[str] = (),
    source: Source | None = None,
    job: JobContext = _UNUSED,
) -> Report:
    """Everything that a report says; figures are drawn later, one by one.

    Parameters
    ----------
    wanted : sequence of str
        Ids or names of items, in the order in which they are to stand; all of the session without any.
    source : Source, optional
        The file of the session, if it was saved.

    Raises
    ------
    InvalidRequest
        If the session is empty, or a name stands for no item or for several.
    Cancelled
    """
    items = chosen_items(document, wanted)
    results = results_among(items)
    measures: dict[str, tuple[Measure, ...]] = {}
    sections = []
    for number, item in enumerate(items):
        job.check()
        job.progress(number, len(items), item.name)
        measures[item.id] = measures_of(item, document) if item in results else ()
        sections.append(item_section(item, number, document, measures[item.id]))
    every = [one for found in measures.values() for one in found]
    runs = [item for item in items if isinstance(item, RunItem)]
    others: tuple[Section | None, ...] = (
        certainty_section(results, document),
        notes_section(items, document),
        *sections_together(items, document),
        *sections,
        definitions_section([item.result for item in results], runs, every),
        limits_section([item.result for item in results]),
        provenance_section(items),
        hashes_section(items, document, source),
    )
    job.check()
    made = utc_now()
    return Report(
        title=title,
        made_utc=made,
        version=__version__,
        lead=f"Report made {dated(made)} by Corrie {__version__}.",
        facts=_facts(items, document, source),
        sections=tuple(section for section in others if section is not None),
    )


def _facts(items: Sequence[Item], document: Document, source: Source | None) -> Facts:
    """What the first page says of the session."""
    shown = f"{len(items)} of {count(len(document.items), 'item')}"
    chosen = "all" if len(items) == len(document.items) else f"{shown}, chosen for this report"
    kinds = [kind_words(item) for item in items]
    amounts = (
        count(kinds.count("network"), "network"),
        count(kinds.count("data"), "data set"),
        count(kinds.count("training"), "training"),
        count(kinds.count("result"), "result"),
    )
    facts = [
        ("Document", document.document_id),
        ("Begun", dated(document.created_utc)),
        ("Items", chosen),
        ("In this report", ", ".join(words for words in amounts if not words.startswith("0 "))),
    ]
    below = beneath(items, document)
    if networks := [item.name for item in below if isinstance(item, NetworkItem)]:
        facts.append(("Networks", ", ".join(networks)))
    if sets := [item.name for item in below if isinstance(item, DatasetItem)]:
        facts.append(("Data", ", ".join(sets)))
    if source is not None:
        facts += [("File", source.name), ("sha256 of the file", source.sha256)]
    return facts
