"""``corrie export``: a figure or the numbers of one result."""

from pathlib import Path

import click

from app.cli.inputs import file_type, json_option
from app.cli.printing import print_json
from core.errors import InvalidRequest
from core.exchange.export import export_result
from core.session.document import ResultItem
from core.session.files import open_document


@click.command("export")
@click.argument("file", type=file_type)
@click.argument("item")
@click.option(
    "--to",
    "target",
    required=True,
    type=file_type,
    help="By the ending: .png .svg .pdf .csv .npz. A file that is there is replaced.",
)
@json_option
def command(file: Path, item: str, target: Path, as_json: bool) -> int:
    """Write ITEM (an id or a name, see `corrie info`) of the session FILE."""
    document = open_document(file)
    found = document.find(item)
    if not isinstance(found, ResultItem):
        raise InvalidRequest(f'"{found.name}" is no result. Export a surface, a spectrum or a correction.')
    export_result(found, document, target)
    if as_json:
        print_json({"session": str(file), "item": found.id, "file": str(target)})
    else:
        print(target)
    return 0
