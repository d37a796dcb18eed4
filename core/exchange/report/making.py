"""How everything in a report came about: dates, arithmetic, threads, seeds, versions, and the hashes of all of it."""

from collections.abc import Iterator, Mapping, Sequence

from core.exchange.report.blocks import Block, FactTable, Section, Words, columns, dated
from core.exchange.report.choice import beneath, kind_words
from core.exchange.report.source import Source
from core.exchange.words import count, duration, whole
from core.provenance import Provenance
from core.session.document import Document, Item, ResultItem, RunItem
from core.session.json_text import record_to_table

_HEADS = ("What", "Dated", "Samples", "Computing time", "Arithmetic", "Threads", "Seeds")
_NONE = "—"


def provenance_section(items: Sequence[Item]) -> Section | None:
    """A row for each result and training, and the versions they were computed with; nothing without any."""
    made = [item for item in items if isinstance(item, ResultItem | RunItem)]
    if not made:
        return None
    rows = [(item.name, dated(item.created_utc), *_making(_provenance(item)), _seeds(_request(item))) for item in made]
    by_versions: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for item in made:
        by_versions.setdefault(tuple(_provenance(item).versions.items()), []).append(item.name)
    tables: list[Block] = [
        FactTable(caption=_of_whom(names, len(made)), facts=list(versions) or [("Versions", "not recorded")])
        for versions, names in by_versions.items()
    ]
    return Section(
        anchor="provenance", title="Provenance", blocks=(columns("How each came about", _HEADS, rows), *tables)
    )


def hashes_section(items: Sequence[Item], document: Document, source: Source | None) -> Section:
    """SHA-256 of the session's file and of its manifest, of the networks and of the data: what this report is about."""
    facts = [("Document", document.document_id)]
    blocks: list[Block] = []
    if source is None:
        blocks.append(
            Words(text="The session was not saved when this report was made: there is no file to have a hash.")
        )
    else:
        facts += [
            ("File", source.name),
            ("Length", count(source.length, "byte")),
            ("Written", dated(source.written_utc)),
            ("sha256 of the file", source.sha256),
            ("sha256 of its manifest", source.manifest),
        ]
        if source.changed:
            note = "The session has changes that were not saved when this report was made, and are not in that file."
            blocks.append(Words(text=note, look="partial"))
        if source.replaced:
            note = "The file was written again after this session was read from it or saved to it: it may hold another."
            blocks.append(Words(text=note, look="partial"))
    blocks.append(FactTable(caption="Session", facts=facts))
    below = beneath(items, document)
    if below:
        rows = [(item.name, kind_words(item), item.sha256) for item in below]
        blocks.append(columns("Networks and data", ("Name", "What", "sha256"), rows))
    known = {item.sha256 for item in below}
    if others := _others(items, known):
        text = (
            "What a provenance calls data are the very samples that were used: where these are only the first of a "
            "set, their SHA-256 is not that of the set."
        )
        blocks += [Words(text=text), columns("Further ones in the provenance", ("Used by", "What", "sha256"), others)]
    text = (
        "Two files with the same SHA-256 are the same, byte by byte. The manifest holds the SHA-256 of every array "
        "of the session; that of weights and data is of their values, and does not change when the session is saved "
        "again."
    )
    return Section(anchor="hashes", title="Hashes", blocks=(Words(text=text), *blocks))


def _making(made: Provenance) -> tuple[str, str, str, str]:
    if made.imported:
        return _NONE, _NONE, f"not recorded: read from {made.imported}", _NONE
    arithmetic = f"{made.dtype} on {made.device}"
    return whole(made.samples), duration(made.seconds), arithmetic, str(made.threads)


def _others(items: Sequence[Item], known: set[str]) -> list[tuple[str, str, str]]:
    """Fingerprints that results carry and no item of the session has."""
    rows = []
    for item in items:
        if isinstance(item, ResultItem | RunItem):
            made = _provenance(item)
            named = (("network", made.network_sha256), ("data", made.data_sha256), ("test data", made.test_sha256))
            rows += [(item.name, what, sha256) for what, sha256 in named if sha256 and sha256 not in known]
    return rows


def _seeds(request: object) -> str:
    """Every seed of a request: its own, and that of its directions."""
    return ", ".join(dict.fromkeys(_found_seeds(record_to_table(request)))) or "none"


def _found_seeds(table: Mapping[str, object]) -> Iterator[str]:
    for name, value in table.items():
        if name == "seed" and isinstance(value, int):
            yield str(value)
        elif isinstance(value, Mapping):
            yield from _found_seeds(value)


def _provenance(item: ResultItem | RunItem) -> Provenance:
    return item.run.provenance if isinstance(item, RunItem) else item.result.provenance


def _request(item: ResultItem | RunItem) -> object:
    return item.run.request if isinstance(item, RunItem) else item.result.request


def _of_whom(names: Sequence[str], of: int) -> str:
    return "Versions" if len(names) == of else f"Versions of {', '.join(names)}"
