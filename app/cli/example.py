"""``corrie example``: the built-in analysis without a window."""

from pathlib import Path

import click
import platformdirs

from app.cli.inputs import print_summary
from app.cli.workbook import INTERRUPTED, SESSION_SUFFIX, Workbook, compute_into
from core.errors import CorrieError, OutOfSpace
from core.example import example_tasks
from core.exchange.export import export_result
from core.exchange.report import write_report
from core.runtime import prepare_torch
from core.session.document import Document, ResultItem

NAMES = ("digits-and-credit",)


@click.command("example")
@click.argument("name", type=click.Choice(NAMES), default=NAMES[0], required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Session file; it is replaced.")
@click.option("--figures", type=click.Path(path_type=Path, file_okay=False), help="Folder for figures and report.")
def command(name: str, output: Path | None, figures: Path | None) -> int:  # noqa: ARG001  one example so far
    """Analyse two digit readers and a judge of credit applications: landscapes, spectrum, correction."""
    prepare_torch()
    folder = platformdirs.user_documents_path() / "Corrie" / "example" if output is None else output.parent
    session = output or folder / f"example{SESSION_SUFFIX}"
    pictures = figures or folder / "figures"
    for needed in (folder, pictures):
        _make(needed)
    workbook = Workbook(session, Document())
    complete = True
    for task in example_tasks():
        item, complete = compute_into(workbook, task.request, task.network, task.data, task.data_name)
        export_result(item, workbook.document, pictures / f"{_slug(item)}.png")
        if not complete:
            break
    report = pictures / "report.html"
    write_report(workbook.document, report)
    facts: dict[str, object] = {"session": session, "figures": pictures, "report": report}
    print_summary({**facts, "results": len(workbook.document.results)}, as_json=False)
    return 0 if complete else INTERRUPTED


def _slug(item: ResultItem) -> str:
    return "".join(character if character.isalnum() else "-" for character in item.name.lower()).strip("-")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        failure: CorrieError = OutOfSpace(f"{folder} cannot be made ({error.strerror}). Choose another place with -o.")
        raise failure from error
