"""``corrie export``: a figure or the numbers of one result."""

from pathlib import Path

import click

from app.cli.inputs import file_type, json_option
from app.cli.printing import print_json
from core.errors import InvalidRequest
from core.exchange.export import export_result, export_runs
from core.session.document import Document, ResultItem, RunItem
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
    """Write ITEM (an id or a name, see `corrie info`) of the session FILE.

    The word "runs" stands for all trainings in one comparison, the name of a sweep for those of the sweep.
    """
    document = open_document(file)
    together = _runs(document, item)
    if together:
        export_runs(together, document, target)
        _tell(file, [run.id for run in together], target, as_json=as_json)
        return 0
    found = document.find(item)
    if not isinstance(found, ResultItem | RunItem):
        raise InvalidRequest(f'"{found.name}" is no result. Export a surface, a spectrum, a correction or a run.')
    export_result(found, document, target)
    _tell(file, found.id, target, as_json=as_json)
    return 0


def _runs(document: Document, wanted: str) -> tuple[RunItem, ...]:
    """The runs that the word means together; none where it means one item."""
    if wanted in document.items or any(item.name == wanted for item in document.items.values()):
        return ()
    return document.runs if wanted == "runs" else tuple(run for run in document.runs if run.sweep == wanted)


def _tell(file: Path, item: str | list[str], target: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"session": str(file), "item": item, "file": str(target)})
    else:
        print(target)
