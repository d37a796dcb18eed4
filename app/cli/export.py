"""``corrie export``: a figure or the numbers of one result."""

from pathlib import Path

import click
from core.exchange.export import export_result

from core.errors import InvalidRequest
from core.session.document import ResultItem
from core.session.files import open_document


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("item")
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help="By the ending: .png .svg .pdf .csv .npz"
)
def command(file: Path, item: str, target: Path) -> int:
    """Write ITEM (an id or a name, see `corrie info`) of the session FILE."""
    document = open_document(file)
    found = document.find(item)
    if not isinstance(found, ResultItem):
        raise InvalidRequest(f'"{found.name}" is no result. Export a surface, a spectrum or a correction.')
    export_result(found, document, target)
    print(target)
    return 0
