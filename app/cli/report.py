"""``corrie report``: a session, or chosen items of it, for a review meeting and for the file."""

from pathlib import Path

import click

from app.cli.inputs import file_type, json_option
from app.cli.printing import print_json
from app.cli.progress import run_with_progress
from core.errors import InvalidRequest
from core.exchange.original.importing import open_any
from core.exchange.report.choice import chosen_items
from core.exchange.report.writing import write_report, writer_for
from core.job import JobContext


@click.command("report")
@click.argument("file", type=file_type)
@click.option(
    "--to",
    "target",
    required=True,
    type=file_type,
    help="By the ending: .pdf or .html. A file that is there is replaced.",
)
@click.option(
    "--item",
    "wanted",
    multiple=True,
    metavar="NAME",
    help="An id or a name, see `corrie info`; more than once for several, in the order of the report. Else all.",
)
@click.option("--title", default="", help="On the first page and above the others; else the name of FILE.")
@json_option
def command(file: Path, target: Path, wanted: tuple[str, ...], title: str, as_json: bool) -> int:
    """Write a report of FILE, a session, that needs neither Corrie nor a network to be read.

    Figures are vector graphics. It says what is proved, computed, sampled and unknown, defines every measure, and has
    the limits, the provenance and the hashes of everything in it.
    """
    writer_for(target)  # before anything is read
    if target.resolve() == file.resolve():
        raise InvalidRequest(f"{target} is the session itself. Give the report a name of its own.")
    document = open_any(file)
    items = chosen_items(document, wanted)

    def work(job: JobContext) -> None:
        write_report(document, target, title=title or file.name, wanted=wanted, session=file, job=job)

    run_with_progress(f"Report of {file.name}", work, lambda _result, _complete: None)
    if as_json:
        print_json({"session": str(file), "file": str(target), "items": [item.id for item in items]})
    else:
        print(target)
    return 0
