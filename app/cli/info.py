"""``corrie info``: what is in a session."""

import json
from pathlib import Path

import click

from app.cli.inputs import json_option
from app.cli.summaries import summary
from core.session.document import DatasetItem, Item, NetworkItem
from core.session.files import open_document


@click.command("info")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def command(file: Path, as_json: bool) -> int:
    """List the networks, data and results in the session FILE."""
    document = open_document(file)
    items = [{"id": item.id, "name": item.name, **_facts(item)} for item in document.items.values()]
    if as_json:
        print(json.dumps({"document_id": document.document_id, "created_utc": document.created_utc, "items": items}))
        return 0
    print(f"{file}: created {document.created_utc}, {len(items)} items")
    for facts in items:
        print(f"\n{facts.pop('id')}  {facts.pop('name')}")
        for name, value in facts.items():
            print(f"    {name.replace('_', ' ')}: {value}")
    return 0


def _facts(item: Item) -> dict[str, object]:
    if isinstance(item, NetworkItem):
        return {
            "architecture": item.card.architecture or "program",
            "parameters": item.parameter_count or "in the program",
            "sha256": item.sha256,
        }
    if isinstance(item, DatasetItem):
        return {"samples": item.samples, "shape": list(item.shape), "source": item.source, "sha256": item.sha256}
    return {"network": item.network_id, "data": item.dataset_id, **summary(item.result)}
