"""``corrie info``: what is in a session."""

from pathlib import Path

import click

from app.cli.inputs import file_type, json_option
from app.cli.machine import Values, result_values, run_values
from app.cli.printing import print_json
from app.cli.summaries import summary
from app.cli.tables import Facts, lined_up
from core.exchange.original.importing import open_any
from core.exchange.run_words import run_facts
from core.exchange.words import count as counted
from core.review.tables import note_to_table
from core.session.document import DatasetItem, Document, Item, NetworkItem, RunItem


@click.command("info")
@click.argument("file", type=file_type)
@json_option
def command(file: Path, as_json: bool) -> int:
    """List the networks, data and results in FILE, a session or a file of loss-landscape."""
    document = open_any(file)
    if as_json:
        items = [_values(item, document) for item in document.items.values()]
        head = {"session": str(file), "document_id": document.document_id, "created_utc": document.created_utc}
        notes = [{"number": number, **note_to_table(note)} for number, note in enumerate(document.notes.values(), 1)]
        print_json({**head, "items": items, "notes": notes})
        return 0
    count = len(document.items)
    said = f"{file}: created {document.created_utc}, {count} {'item' if count == 1 else 'items'}"
    print(f"{said}{_notes(document)}")
    for item in document.items.values():
        print(f"\n{item.id}  {item.name}")
        print(lined_up(_facts(item, document), indent="    "))
    return 0


def _notes(document: Document) -> str:
    """How many notes there are; nothing where there are none."""
    if not document.notes:
        return ""
    left = sum(not note.resolved for note in document.notes.values())
    return f", {counted(len(document.notes), 'note')} of which {left} {'is' if left == 1 else 'are'} open"


def _facts(item: Item, document: Document) -> Facts:
    if isinstance(item, NetworkItem):
        count = item.parameter_count
        return [
            ("architecture", item.card.architecture or "self-contained program (.pt2)"),
            ("input", " × ".join(map(str, item.card.input.shape))),
            ("parameters", "in the program" if count is None else f"{count:,}"),
            ("classes", ", ".join(item.card.classes) or "not named"),
            ("sha256", item.sha256),
        ]
    if isinstance(item, DatasetItem):
        kept = "in the session" if item.data is not None else f"at {item.origin}"
        return [
            ("samples", f"{item.samples:,} of shape {' × '.join(map(str, item.shape))}, {kept}"),
            *([("predicts", ", ".join(item.targets))] if item.targets else []),
            ("source", item.source),
            ("sha256", item.sha256),
        ]
    if isinstance(item, RunItem):
        return [(name.lower(), value) for name, value in run_facts(item, document)]
    return [fact for fact in summary(item, document) if fact[0] != "result"]


def _values(item: Item, document: Document) -> Values:
    if isinstance(item, NetworkItem):
        facts: Values = {
            "kind": "network",
            "architecture": item.card.architecture,
            "input_shape": list(item.card.input.shape),
            "parameters": item.parameter_count,
            "classes": list(item.card.classes),
            "origin": item.origin,
            "sha256": item.sha256,
        }
    elif isinstance(item, DatasetItem):
        facts = {
            "kind": "data",
            "samples": item.samples,
            "shape": list(item.shape),
            "classes": list(item.classes),
            "targets": list(item.targets),
            "source": item.source,
            "origin": item.origin,
            "kept": item.data is not None,
            "sha256": item.sha256,
        }
    elif isinstance(item, RunItem):
        facts = run_values(item)
    else:
        facts = result_values(item, document)
    return {"id": item.id, "name": item.name, **{k: v for k, v in facts.items() if k not in ("item", "name")}}
